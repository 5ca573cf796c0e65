"""Every table and view opens as a page, as CSV and as JSON, whole and with readable labels."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd  # type: ignore[import-untyped]
import pytest

from pipelines.schema import doc as schema_doc
from scraper.records import Author
from tests.support.room import HOSTILE, SCRIPT, SHARED, answer, answers, fill_room, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive, read_rows

TABLES = schema_doc.load_metadata()["tables"]
Get = Callable[[str], Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, f"/archive/{path}".replace("/.", ".").rstrip("/")))


def _csv(get: Get, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(get(path).text)))


@pytest.mark.parametrize("table", TABLES)
def test_it_opens_as_a_page_as_csv_and_as_json(table: str, get: Get, folder: Path) -> None:
    page = get(table)
    assert page.status_code == 200
    assert TABLES[table]["description"][:40] in unescape(page.text)
    ((count,),) = read_rows(folder, f"SELECT count(*) FROM {table}")
    result = get(f"{table}.json").json()
    assert [name for name in result["columns"] if name not in ("rowid", "rank", table)] == list(
        TABLES[table]["columns"]
    )
    assert {facet["name"] for facet in result["facet_results"].values()} == {
        facet if isinstance(facet, str) else facet["array"] for facet in TABLES[table].get("facets", ())
    }
    listed = get(f"{table}.csv?_stream=on&_labels=on")
    assert listed.headers["content-type"].startswith("text/plain")
    assert len(list(csv.reader(StringIO(listed.text.replace("\0", ""))))) == count + 1


def test_whatever_a_foreign_key_points_to_has_a_label() -> None:
    with closing(schema_doc.create_schema()) as db:
        for table in TABLES:
            for target, column in db.execute(f'SELECT "table", "to" FROM pragma_foreign_key_list(\'{table}\')'):
                assert "label_column" in TABLES[target] or TABLES[target].get("hidden") or column == "name", target


def test_readers_see_no_plumbing(get: Get) -> None:
    page = get("").text
    shown = set(re.findall(r'<dt><a href="/archive/(\w+)"', page))
    result = {name for name, table in TABLES.items() if not table.get("hidden")}
    assert result <= shown
    assert not {name for name, table in TABLES.items() if table.get("hidden")} & shown


@pytest.mark.parametrize(
    ("path", "label", "expected"),
    [
        ("brief_authors", "author_id_label", "Io Vale"),
        ("brief_authors", "brief_id_label", "Two Hands on the Switch"),
        ("brief_resources", "resource_id_label", "Switch Watch"),
        ("revisions", "brief_id_label", "The Harbour Levy"),
        ("evidence", "capture_id_label", "2024-02-02T00:00:00Z"),
        ("captures", "path_label", SHARED),
    ],
)
def test_csv_has_words_beside_ids(get: Get, path: str, label: str, expected: str) -> None:
    assert expected in {row[label] for row in _csv(get, f"{path}.csv?_stream=on&_labels=on")}


def test_briefs_are_counted_by_author_and_by_resource(get: Get, folder: Path) -> None:
    writers = get("brief_authors.json?_labels=on").json()["facet_results"]["author_id"]["results"]
    sql = "SELECT name, count(*) FROM brief_authors JOIN authors ON authors.id = author_id GROUP BY author_id"
    counts = dict(read_rows(folder, sql))
    assert len(writers) >= 20
    assert all(counts[writer["label"]] == writer["count"] for writer in writers)
    recommended = get("brief_resources.json?_labels=on").json()["facet_results"]["resource_id"]["results"]
    assert all(isinstance(resource["label"], str) for resource in recommended)
    assert f"author_id={writers[0]['value']}" in writers[0]["toggle_url"]


def test_the_list_of_briefs_is_for_spreadsheets(get: Get, folder: Path) -> None:
    listed = _csv(get, "brief_list.csv?_stream=on")
    assert [(len(listed),)] == read_rows(folder, "SELECT count(*) FROM briefs")
    (shared,) = (row for row in listed if row["path"] == SHARED)
    assert (shared["year"], shared["authors"]) == ("2022", "Ada Fenn; Io Vale")
    years = get("brief_list.json").json()["facet_results"]["year"]["results"]
    sql = "SELECT CAST(substr(published, 1, 4) AS INTEGER) AS y, count(*) FROM briefs WHERE y IS NOT NULL GROUP BY y"
    assert {year["value"]: year["count"] for year in years} == dict(read_rows(folder, sql))
    narrowed = get("brief_list.json?year=2022&domain=Technology&_search=switch&_sort=title&_shape=array").json()
    assert [row["path"] for row in narrowed] == [SHARED]


def test_csv_has_nothing_that_a_spreadsheet_runs(get: Get) -> None:
    odd = (
        "select '=1+1' as \"@a\", '-x' as b, char(9) || '=2' as c, -3 as d, '-3.5' as e, "
        "'+49 1' as f, 'a=b' as g, null as h"
    )
    guarded, raw = (list(csv.reader(StringIO(get(f".csv?sql={quote(odd)}{more}").text))) for more in ("", "&_raw=on"))
    assert guarded == [["'@a", *"bcdefgh"], ["'=1+1", "'-x", "'\t=2", "-3", "-3.5", "'+49 1", "a=b", ""]]
    assert raw == [["@a", *"bcdefgh"], ["=1+1", "-x", "\t=2", "-3", "-3.5", "+49 1", "a=b", ""]]
    (result,) = get(f".json?_shape=array&sql={quote(odd)}").json()
    assert list(result.values()) == ["=1+1", "-x", "\t=2", -3, "-3.5", "+49 1", "a=b", None]
    assert pd.read_csv(StringIO(get(f".csv?sql={quote(odd)}").text))[["d", "e"]].to_numpy().tolist() == [[-3, -3.5]]


def test_csv_is_guarded_as_a_stream_with_labels_and_in_queries(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        ingest_capture(there, *make_page(make_brief(title="=cmd()", authors=(Author("@ada"),))))
    listed, labelled, found, raw = answers(
        tmp_path / "archive.db",
        *("/archive/brief_list.csv?_stream=on", "/archive/brief_authors.csv?_stream=on&_labels=on"),
        *("/archive/newest.csv", "/archive/brief_list.csv?_stream=on&_raw=on"),
    )
    assert [",'=cmd()" in item.text for item in (listed, labelled, found)] == [True] * 3
    assert ",'@ada" in labelled.text
    assert ",=cmd(),@ada," in raw.text


def test_hostile_labels_are_text(get: Get, folder: Path) -> None:
    ((number,),) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", HOSTILE)
    for path in (f"brief_authors?brief_id={number}", f"brief_resources?brief_id={number}", f"brief_list?id={number}"):
        page = get(path).text
        assert SCRIPT not in page, path
        assert "&lt;script&gt;" in page, path


@pytest.mark.parametrize(
    ("path", "name"),
    [("archive?sql=select+id+from+briefs", "SQL of your own"), ("archive/authors_by_briefs", "Authors")],
)
def test_rows_are_called_after_what_they_are_of(folder: Path, path: str, name: str) -> None:
    with open_room(folder / "archive.db") as (room, runner):
        assert f"Rows of {name}<" in runner.run(answer(room, f"/{path}")).text
