"""The archive as it was on a day is what the captures up to that day alone would have made of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.schema import doc as schema_doc
from scraper.records import Author, Brief, Capture, Category, Extraction, PhotoCredit, Section
from tests.support.specimens import PATH, ingest_capture, make_brief, make_page, make_resource, open_archive

pytestmark = pytest.mark.services

_AS_OF = schema_doc.load_metadata()["queries"]["as_of"]["sql"]
# What an archive says today, without the views that the query reads.
_TODAY = """SELECT path, kind, label, number, domain, title, published, dateline, body,
    (SELECT group_concat(name_as_published, '; ') FROM (SELECT name_as_published FROM brief_authors
        WHERE brief_id = briefs.id ORDER BY position)) AS authors,
    (SELECT group_concat(text, '; ') FROM (SELECT text FROM brief_resources
        WHERE brief_id = briefs.id ORDER BY position)) AS resources,
    (SELECT group_concat(text, '; ') FROM (SELECT text FROM photo_credits
        WHERE brief_id = briefs.id ORDER BY position)) AS photo_credits,
    (SELECT group_concat(name_as_published, '; ') FROM (SELECT name_as_published FROM brief_categories
        WHERE brief_id = briefs.id ORDER BY name_as_published)) AS categories
    FROM briefs"""
_WORDS = st.sampled_from(["River", "Forest", "Harbour"])
_DAYS = st.sampled_from([f"2021-01-{day:02}" for day in range(1, 7)])
_LABELS = [(None, None, None), ("Brief #7—Environment", 7, "Environment"), ("Brief #8—Fishing", 8, "Fishing")]


def _brief(path: str, label: tuple[str | None, int | None, str | None], **values: object) -> Brief:
    body = values["body"]
    sections = (Section(None, str(body)),) if body else ()
    return make_brief(path, label=label[0], number=label[1], domain=label[2], sections=sections, **values)


_BRIEFS = st.builds(
    _brief,
    st.sampled_from([PATH, "/2020/03/06/other/"]),
    st.sampled_from(_LABELS),
    kind=st.sampled_from(["brief", "post"]),
    title=st.none() | _WORDS,
    published=st.sampled_from([None, "2020-03-05", "2020-03-06"]),
    dateline=st.sampled_from([None, "2020-03-04"]),
    body=st.none() | _WORDS,
    authors=st.lists(_WORDS.map(Author), max_size=2, unique=True).map(tuple),
    resources=st.lists(st.builds(make_resource, _WORDS), max_size=2).map(tuple),
    photo_credits=st.lists(st.builds(PhotoCredit, _WORDS, _WORDS, st.none(), st.none()), max_size=1).map(tuple),
    categories=st.lists(st.builds(Category, _WORDS, st.sampled_from("ab")), max_size=2).map(tuple),
)
_TAKINGS = st.builds(
    lambda result, at, fidelity: make_page(result, at and f"{at}T08:00:00Z", fidelity=fidelity),
    _BRIEFS,
    st.none() | _DAYS,
    st.sampled_from([0, 2, 3, 3, 3]),
)


def _ask_archive(captures: list[tuple[Capture, Extraction]], sql: str, **values: str) -> dict[str, dict[str, Any]]:
    """The answer of an archive of these captures, by path."""
    with TemporaryDirectory() as name:
        with open_archive(Path(name), batch=100) as opened:
            for page, result in captures:
                ingest_capture(opened, page, result)
        with closing(sqlite3.connect(Path(name) / "archive.db")) as db:
            db.row_factory = sqlite3.Row
            return {row["path"]: dict(row) for row in db.execute(sql, values)}


@given(st.lists(_TAKINGS, min_size=1, max_size=8), _DAYS)
@settings(max_examples=30, deadline=None)
def test_as_of_a_day_is_the_fold_of_what_was_captured_up_to_it(captures: list[Any], day: str) -> None:
    up_to = [item for item in captures if (item[1].captured_at or "")[:10] <= day]
    expected = _ask_archive(up_to, _TODAY)
    found = _ask_archive(captures, _AS_OF, date=day)
    assert {path: {name: row[name] for name in expected[path]} for path, row in found.items()} == expected


@pytest.mark.parametrize(
    ("day", "title"),
    [("2020-12-31", None), ("2021-01-01", "First"), ("2021-06-30", "First"), ("2021-07-01", "Then"), ("", "Then")],
)
def test_as_of_by_examples(day: str, title: str | None) -> None:
    captures = [
        make_page(make_brief(title="First"), "2021-01-01T23:00:00Z"),
        make_page(make_brief(title="Then"), "2021-07-01T00:00:00Z"),
    ]
    found = _ask_archive(captures, _AS_OF, date=day)
    assert [row["title"] for row in found.values()] == ([title] if title else [])


def test_what_is_no_day_finds_nothing() -> None:
    assert _ask_archive([make_page(make_brief())], _AS_OF, date="last week") == {}
