"""Lists over all briefs are answered by index: the plans that SQLite makes, and that they find what they should."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.schema import doc as schema_doc
from reading_room.pages import home_page
from scraper.records import Section
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive, read_rows

QUERIES = schema_doc.load_metadata()["queries"]
_LONG = "It was agreed that the harbour keeps its levy, and that nobody is asked again before the spring."


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    with closing(schema_doc.create_schema()) as connection:
        yield connection


def _explain(db: sqlite3.Connection, sql: str) -> str:
    return "\n".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", defaultdict(str, date="2021-05-05")))


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        ("SELECT id FROM brief_list WHERE year = '2021'", ["SEARCH briefs USING INDEX briefs_year"]),
        ("SELECT year, count(*) FROM brief_list GROUP BY year", ["SCAN briefs USING COVERING INDEX briefs_year"]),
        (
            "SELECT domain, count(*) FROM brief_list WHERE year = '2021' GROUP BY domain",
            ["SEARCH briefs USING COVERING INDEX briefs_year"],
        ),
        (
            "SELECT * FROM duplicates",
            [
                "SCAN briefs USING INDEX briefs_body",  # texts are read only for what it finds
                "SEARCH briefs USING INDEX briefs_body (<expr>=? AND <expr>=?)",
                "SCAN briefs USING COVERING INDEX briefs_title",
                "SEARCH briefs USING INDEX briefs_title (title=? AND label=?)",
                "USING INDEX briefs_wp_id",
            ],
        ),
        (home_page._YEARS, ["SCAN briefs USING COVERING INDEX briefs_year"]),
        ("SELECT count(*) FROM number_gaps", ["USING COVERING INDEX briefs_domain"]),
        (QUERIES["as_of"]["sql"], ["SEARCH readings USING COVERING INDEX readings_brief_path (brief_path=?)"]),
        (QUERIES["as_of"]["sql"], ["CO-ROUTINE dated", "SCAN briefs USING COVERING INDEX briefs_published"]),
        (QUERIES["as_of"]["sql"], ["MATERIALIZE taken", "SCAN captures USING COVERING INDEX captures_captured_at"]),
        (QUERIES["briefs_by_month"]["sql"], ["SCAN briefs USING COVERING INDEX briefs_domain_published"]),
        (QUERIES["briefs_by_year"]["sql"], ["SCAN briefs USING COVERING INDEX briefs_domain_published"]),
        (QUERIES["numbers_by_year"]["sql"], ["SCAN briefs USING COVERING INDEX briefs_domain"]),
        (QUERIES["author_spellings"]["sql"], ["SCAN briefs USING COVERING INDEX briefs_domain"]),
    ],
)
def test_the_plan_reads_an_index(db: sqlite3.Connection, sql: str, steps: list[str]) -> None:
    plan = _explain(db, sql)
    loose = plan.replace("COVERING ", "")  # newer releases of SQLite cover more
    assert [step for step in steps if step not in plan and step not in loose] == [], plan
    assert "SCAN brief_values" not in plan


def test_texts_that_differ_in_capitals_only_are_told(tmp_path: Path) -> None:
    bodies = {
        "one": f"{_LONG} {_LONG}",
        "two": f"{_LONG.upper()} {_LONG}",
        "middle": f"{_LONG[:-8]} weeks. {_LONG}"[: 2 * len(_LONG) + 1],  # as long, and alike at both ends
        "short": "The pact.",
        "short again": "The PACT.",
        "none": None,
        "none again": None,
    }
    with open_archive(tmp_path) as there:
        for name, body in bodies.items():
            brief = make_brief(f"/2021/01/01/{name.replace(' ', '-')}/", title=name, label=None)
            sections = (Section(None, body),) if body else ()
            ingest_capture(there, *make_page(replace(brief, body=body, body_html=None, sections=sections)))
    rows = read_rows(tmp_path, "SELECT briefs, paths FROM duplicates WHERE same = 'body'")
    assert rows == [(2, "/2021/01/01/one/ /2021/01/01/two/"), (2, "/2021/01/01/short-again/ /2021/01/01/short/")]
