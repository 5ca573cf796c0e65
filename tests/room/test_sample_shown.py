"""Every page, citation and export of a sample archive says that it is one, and none of a real archive does."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from datasette.utils import escape_fts  # type: ignore[import-untyped]
from lxml import html
from pyarrow import parquet

from pipelines.exports.request import FORMATS
from pipelines.schema.doc import read_metadata
from scraper.errors import OK
from scraper.sample_site import SAMPLE_PUBLISHER
from tests.support.filled_archive import query_database
from tests.support.scrapy_running import scrapy
from tests.support.serving import serve_room

NOTE = "Sample: every brief here is invented."
PUBLISHER = "U.S. RESIST NEWS"
_QUERIES = read_metadata()["databases"]["archive"]["queries"]
_FILES = {"csv-tables": "briefs.csv", "bagit": "data/README.txt"}  # of a folder the one to read first


@pytest.fixture(scope="module")
def room(sample: Path) -> Iterator[str]:
    with serve_room(sample / "archive.db", "--warcs", str(sample / "warcs")) as address:
        yield address


def get(address: str) -> tuple[str, dict[str, str]]:
    """The text there, whatever its status, and the headers by their names in small letters."""
    try:
        answer = urlopen(address)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.read().decode(), {name.lower(): value for name, value in answer.headers.items()}


def export_sample(folder: Path, name: str, target: Path) -> str:
    """The text of what is exported, or of the file of it that people read first."""
    ran = scrapy(folder, "export", name, "-o", target)
    assert ran.returncode == OK, ran.stderr
    if name == "warc":
        return gzip.decompress(target.read_bytes())[:4000].decode("utf-8", "replace")
    if name == "wacz":
        with zipfile.ZipFile(target) as package:
            return package.read("datapackage.json").decode()
    if name == "parquet":
        return str(parquet.read_table(target / "briefs").to_pylist())
    return (target / _FILES[name] if name in _FILES else target).read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_each_export_says_that_nobody_published_it(sample: Path, tmp_path: Path, name: str) -> None:
    text = export_sample(sample, name, tmp_path / "out")
    assert SAMPLE_PUBLISHER in text
    assert PUBLISHER not in text.replace("U.S. RESIST NEWS EDITORIAL", "")
    if name == "bagit":
        bag = tmp_path / "out"
        assert SAMPLE_PUBLISHER in (bag / "bag-info.txt").read_text()
        found = query_database(bag / "data/objects/archive.db", "select distinct publisher from brief_list")
        assert found == [(SAMPLE_PUBLISHER,)]


@pytest.mark.parametrize("name", FORMATS)
def test_each_export_of_real_briefs_names_their_publisher(pristine: Path, tmp_path: Path, name: str) -> None:
    text = export_sample(pristine, name, tmp_path / "out")
    assert PUBLISHER in text
    assert "SAMPLE" not in text


def test_each_row_of_a_table_says_so(sample: Path, tmp_path: Path) -> None:
    for name in ("csv", "csv-tables"):
        rows = list(csv.DictReader(io.StringIO(export_sample(sample, name, tmp_path / name), newline="")))
        assert {row["publisher"] for row in rows} == {SAMPLE_PUBLISHER}
    lines = export_sample(sample, "jsonl", tmp_path / "jsonl").splitlines()
    assert {json.loads(line)["publisher"] for line in lines} == {SAMPLE_PUBLISHER}


def paths(folder: Path) -> list[str]:
    """An address of each kind of page."""
    brief, capture = query_database(
        folder / "archive.db", "select id, capture_id from briefs where path like '%/harbour-levy/'"
    )[0]
    older = f"select id from captures where path like '%/harbour-levy/' and id <> {capture}"
    version = query_database(folder / "archive.db", older)[0][0]
    return [
        *("/", "/archive", f"/archive/briefs/{brief}", f"/archive/briefs/{brief}?version={version}"),
        *(f"/-/captured/{capture}", "/archive/authors/1", "/archive/domains/Economics", "/archive/resources/1"),
        *("/archive/brief_list", "/archive/captures", "/archive/search", "/archive/search?q=levy"),
        *("/archive?sql=select+1", "/charts", "/charts/posts", "/-/versions"),
        *("/archive/briefs/999999", "/archive/nosuchtable", "/archive?sql=select+nonsense"),  # errors are pages, too
    ]


def test_each_page_has_the_note_once(sample: Path, room: str) -> None:
    for path in paths(sample):
        text, headers = get(room + path)
        assert text.count(NOTE) == 1, path
        page = html.fromstring(text)
        assert (page.findtext(".//title") or "").startswith("SAMPLE: "), path
        assert headers["x-archive-sample"], path
        assert "the live site" not in text, path


def test_the_page_as_captured_says_so_itself(sample: Path, room: str) -> None:
    for (number,) in query_database(sample / "archive.db", "select id from captures where outcome = 'brief' limit 60"):
        assert "every brief here is invented" in get(f"{room}/-/captured/{number}/page")[0]


def test_each_ready_query_opens_with_it(room: str) -> None:
    for name, query in _QUERIES.items():
        asked = "&".join(f"{parameter}=1" for parameter in query.get("params", ()))
        assert NOTE in get(f"{room}/archive/{name}?{asked}")[0], name


@pytest.mark.parametrize("form", ["txt", "bib", "json"])
@pytest.mark.parametrize("version", [False, True])
def test_each_citation_says_so(sample: Path, room: str, form: str, version: bool) -> None:
    for brief, capture in query_database(sample / "archive.db", "select id, capture_id from briefs"):
        text, headers = get(f"{room}/-/cite/{brief}.{form}" + (f"?version={capture}" if version else ""))
        assert SAMPLE_PUBLISHER in text
        assert f"{PUBLISHER}," not in text
        assert "SAMPLE-brief-" in headers["content-disposition"]


def test_what_readers_take_away_says_so(room: str) -> None:
    feed, _ = get(f"{room}/archive/newest.atom")
    assert "<title>SAMPLE: Newest posts</title>" in feed
    assert feed.count("<title>SAMPLE: ") == feed.count("<entry>") + 1
    assert "usresistnews.org" not in feed
    rows = list(csv.DictReader(io.StringIO(get(f"{room}/archive/brief_list.csv?_stream=on")[0])))
    assert {row["publisher"] for row in rows} == {SAMPLE_PUBLISHER}
    _, headers = get(f"{room}/archive/authors.csv?_stream=on&_dl=on")
    assert "SAMPLE-authors.csv" in headers["content-disposition"]
    assert json.loads(get(f"{room}/archive/briefs.json")[0])["source"] == SAMPLE_PUBLISHER
    (cited,) = json.loads(get(f"{room}/archive/cite.json?brief=1&_shape=array")[0])
    assert SAMPLE_PUBLISHER in cited["citation"]


def test_a_bare_file_says_so_in_any_program(sample: Path) -> None:
    with closing(sqlite3.connect(sample / "archive.db")) as db:
        assert db.execute("select distinct publisher from brief_list").fetchall() == [(SAMPLE_PUBLISHER,)]
        db.create_function("escape_fts", 1, escape_fts)  # which any Datasette has
        nothing = dict.fromkeys(_QUERIES["newest"]["params"], "")
        newest = db.execute(_QUERIES["newest"]["sql"], nothing).fetchall()
    assert newest and all("SAMPLE" in str(row) for row in newest)


def test_a_real_archive_says_nothing_of_it(pristine: Path) -> None:
    with serve_room(pristine / "archive.db") as room:
        for path in ("/", "/archive/brief_list", "/archive/briefs/1", "/archive/newest.atom", "/-/cite/1.txt"):
            text, headers = get(room + path)
            assert NOTE not in text and "SAMPLE" not in text, path
            assert "x-archive-sample" not in headers
