"""Charts: each draws fields that its query really gives, with the SQL box off too, and tells what is true."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from pipelines.schema.doc import read_metadata
from tests.support.room import SCRIPT, answers, filled
from tests.support.specimens import open_archive

_TOLD = read_metadata()
DASHBOARDS: dict[str, Any] = _TOLD["plugins"]["datasette-dashboards"]
QUERIES: dict[str, Any] = _TOLD["databases"]["archive"]["queries"]
CHARTS = [(slug, name) for slug, dashboard in DASHBOARDS.items() for name in dashboard["charts"]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("room")) / "archive.db"


@pytest.fixture
def db(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as there:
        yield there


def chart(slug: str, name: str) -> Any:  # noqa: ANN401 - what YAML brings
    return DASHBOARDS[slug]["charts"][name]


def parsed(text: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    return html.fromstring(text)


def encodings(display: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each channel of a picture and of its layers."""
    for part in (display, *display.get("layer", ())):
        for channel, told in part.get("encoding", {}).items():
            yield from ((channel, one) for one in (told if isinstance(told, list) else [told]))


def figures(database: Path, query: str, **values: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in values.items())
    (told,) = answers(database, f"/archive/{query}.json?_shape=array&{asked}", sql=False)
    found: list[dict[str, Any]] = told.json()
    return found


@pytest.mark.parametrize(("slug", "name"), CHARTS)
def test_a_chart_draws_only_what_its_query_gives(database: Path, slug: str, name: str) -> None:
    told = chart(slug, name)
    made = {one["as"] for step in told["display"].get("transform", ()) for one in step.get("window", ())}
    drawn = {one["field"] for _, one in encodings(told["display"]) if "field" in one}
    rows = figures(database, told["canned"])
    assert len(drawn) > 1
    assert len(rows) > 1
    assert drawn - made <= set(rows[0])


@pytest.mark.parametrize(("slug", "name"), CHARTS)
def test_a_chart_has_words_for_everything(slug: str, name: str) -> None:
    told = chart(slug, name)
    channels = [
        (channel, one) for channel, one in encodings(told["display"]) if channel in ("x", "y", "color", "tooltip")
    ]
    assert told["title"]
    assert told["description"].endswith(".")
    assert {"x", "y", "tooltip"} <= {channel for channel, _ in channels}
    unnamed = [(channel, one) for channel, one in channels if "field" in one and not one.get("title")]
    assert all("axis" in one and one["axis"] is None for _, one in unnamed), unnamed


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_each_choice_is_a_parameter_of_a_query(slug: str) -> None:
    dashboard = DASHBOARDS[slug]
    asked = {name for told in dashboard["charts"].values() for name in QUERIES[told["canned"]]["params"]}
    assert set(dashboard["filters"]) <= asked
    assert all(QUERIES[told["canned"]]["title"] for told in dashboard["charts"].values())


@pytest.mark.parametrize("sql", [True, False])
def test_pages_hand_each_chart_to_the_script_and_link_its_table(database: Path, sql: bool) -> None:
    asked = "?domain=Foreign+Policy"
    paths = [f"/-/dashboards/{slug}{asked}" for slug in DASHBOARDS]
    single = [f"/-/dashboards/{slug}/{name}{asked}" for slug, name in CHARTS]
    drawn: list[Any] = []
    tables: set[str] = set()
    for told in answers(database, *paths, *single, sql=sql):
        assert told.status_code == 200
        assert "unsafe-eval" not in told.headers["content-security-policy"]
        page = parsed(told.text)
        places = page.xpath("//*[@data-chart]")
        drawn += [json.loads(place.get("data-chart")) for place in places]
        for place in places:  # a query is handed the filters that it has
            params = QUERIES[json.loads(place.get("data-chart"))["canned"]]["params"]
            assert place.get("aria-label")
            assert place.get("data-filters") == (asked[1:] if "domain" in params else "")
        tables |= set(page.xpath("//section//p/a/@href"))
    assert len(drawn) == 2 * len(CHARTS)
    assert all(chart(*known) in drawn for known in CHARTS)
    assert len(tables) == 3 * len(CHARTS)
    for path, told in zip(sorted(tables), answers(database, *sorted(tables), sql=sql), strict=True):
        assert told.status_code == 200, path
        name = urlsplit(path).path.rpartition("/")[2].partition(".")[0]
        assert ("domain" in parse_qs(urlsplit(path).query)) == ("domain" in QUERIES[name]["params"])


def test_names_from_pages_are_text(database: Path) -> None:
    for told in answers(database, "/-/dashboards/briefs", f"/-/dashboards/briefs?domain={SCRIPT}'\"%3E"):
        page = parsed(told.text)
        assert SCRIPT in page.xpath("//select/option/@value")
        assert not page.xpath("//script[not(@nonce) or contains(., 'alert(1)')]")
        assert all(link.split("?")[0].startswith("/") for link in page.xpath("//main//a/@href"))
    (_, asked) = page.xpath("//*[@data-chart]")[0].get("data-filters").split("=")
    assert asked.startswith("%3Cscript")


def test_the_list_names_each(database: Path) -> None:
    (told,) = answers(database, "/-/dashboards")
    links = parsed(told.text).xpath("//main//li/a")
    assert [link.text for link in links] == [dashboard["title"] for dashboard in DASHBOARDS.values()]
    assert [link.get("href") for link in links] == [f"/-/dashboards/{slug}" for slug in DASHBOARDS]


def test_every_dated_brief_is_in_a_month(database: Path, db: sqlite3.Connection) -> None:
    rows = figures(database, "briefs_by_month")
    (dated,) = db.execute("SELECT count(*) FROM briefs WHERE published IS NOT NULL").fetchone()
    assert sum(row["briefs"] for row in rows) == dated
    assert len({row["domain"] for row in rows}) == 8
    (early,) = db.execute("SELECT count(*) FROM briefs WHERE published BETWEEN '2018' AND '2020'").fetchone()
    assert sum(row["briefs"] for row in figures(database, "briefs_by_month", **{"from": "2018", "to": "2019"})) == early
    (small,) = figures(database, "briefs_by_month", domain=SCRIPT)
    assert (small["domain"], small["briefs"]) == (SCRIPT, 1)


def test_every_author_is_new_once(database: Path, db: sqlite3.Connection) -> None:
    rows = figures(database, "authors_by_quarter")
    sql = "SELECT count(DISTINCT author_id) FROM brief_authors JOIN briefs ON id = brief_id WHERE published IS NOT NULL"
    assert sum(row["authors"] for row in rows if row["writers"] == "new") == db.execute(sql).fetchone()[0]
    assert rows[0]["writers"] == "new"
    assert {row["first_month"][5:] for row in rows if row["quarter"].endswith("Q3")} == {"07"}


def test_the_busiest_are_those_with_most_briefs(database: Path, db: sqlite3.Connection) -> None:
    rows = figures(database, "busiest_authors")
    counts: dict[int, int] = {}
    for row in rows:
        counts[row["author_id"]] = counts.get(row["author_id"], 0) + row["briefs"]
    sql = """SELECT count(DISTINCT brief_id) AS briefs FROM brief_authors JOIN briefs ON id = brief_id
        WHERE published IS NOT NULL GROUP BY author_id ORDER BY briefs DESC LIMIT 15"""
    assert sorted(counts.values(), reverse=True) == [row[0] for row in db.execute(sql)]


def test_missing_numbers_are_those_of_the_gaps(database: Path, db: sqlite3.Connection) -> None:
    rows = figures(database, "numbers_by_year")
    gaps = "SELECT count(*) FROM number_gaps JOIN domains ON domain = name WHERE kind = 'gap' AND canonical"
    assert sum(row["missing"] for row in rows) == db.execute(gaps).fetchone()[0]
    there = """SELECT count(*) FROM (SELECT DISTINCT domain, number FROM briefs JOIN domains ON domain = name
        WHERE canonical AND number BETWEEN 0 AND 9999)"""
    assert sum(row["present"] for row in rows) == db.execute(there).fetchone()[0]
    assert all(0 < row["percent"] <= 100 for row in rows)


def test_an_empty_archive_has_charts_without_figures(tmp_path: Path) -> None:
    with open_archive(tmp_path):
        pass
    pages = [f"/-/dashboards/{slug}/{name}" for slug, name in CHARTS]
    queries = [f"/archive/{chart(*known)['canned']}.json?_shape=array" for known in CHARTS]
    told = answers(tmp_path / "archive.db", *pages, *queries)
    assert {one.status_code for one in told} == {200}
    assert [one.json() for one in told[len(pages) :]] == [[]] * len(CHARTS)
