"""Citations of the reading room: in words, by pybtex and by citeproc, of today's brief and of one version of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pybtex.database import parse_string  # type: ignore[import-untyped]

from scraper.records import Author
from tests.citing_program import rendered
from tests.room import HOSTILE, MEMENTO, SHARED, VERSIONED, answers, filled
from tests.specimens import PATH, SITE, archive, brief, capture, extraction, reading, rows, taking

KEY = "2021:04:04:harbour-levy"
FED, BARE = "/2023/01/01/fed/", "/2023/02/02/bare/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = filled(tmp_path_factory.mktemp("room"))
    with archive(made) as there:
        fed = reading(brief(FED, authors=(Author("A B"), Author("C D"), Author("E F")), title="Why?"), fidelity=2)
        there.take(capture(b"<rss/>", path="/feed/"), extraction(fed, path="/feed/", outcome="feed"))
        there.take(*taking(brief(BARE, title=None, published=None, authors=(), label="Brief #1: Bare", url=None)))
    return made


def _number(folder: Path, path: str) -> int:
    return int(rows(folder, "SELECT id FROM briefs WHERE path = ?", path)[0][0])


def _captures(folder: Path) -> list[tuple[int, str]]:
    sql = """SELECT id, digest FROM readings JOIN captures ON id = capture_id
        WHERE brief_path = ? ORDER BY captured_at"""
    return rows(folder, sql, VERSIONED)


@cache
def _cite(folder: Path, path: str, form: str, version: object = None) -> str:
    asked = "" if version is None else f"?version={version}"
    (answer,) = answers(folder / "archive.db", f"/-/cite/{_number(folder, path)}.{form}{asked}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_in_words(folder: Path) -> None:
    number, (newest, digest) = _number(folder, VERSIONED), _captures(folder)[-1]
    assert _cite(folder, VERSIONED, "txt") == (
        f"Ada Fenn. “The Harbour Levy.” U.S. RESIST NEWS, 4 April 2021. {SITE}{VERSIONED}. "
        f"Archived 2 February 2024 at http://localhost/-/captured/{newest} ({digest}). "
        f"Read at http://localhost/archive/briefs/{number}.\n"
    )


def test_a_version_names_its_own_capture(folder: Path) -> None:
    number, ((first, digest), (second, shown), _) = _number(folder, VERSIONED), _captures(folder)
    old = _cite(folder, VERSIONED, "txt", first)
    assert "“The Harbor Levy.”" in old
    assert f"Archived 1 May 2021 at http://localhost/-/captured/{first} ({digest})." in old
    assert old.endswith(f"Read at http://localhost/archive/briefs/{number}?version={first}.\n")
    public = _cite(folder, VERSIONED, "txt", second)
    assert f"Archived 1 January 2022 at {MEMENTO.replace('id_', '')} ({shown})." in public


def test_bibtex_is_read_by_pybtex(folder: Path) -> None:
    number, ((first, digest), *_) = _number(folder, VERSIONED), _captures(folder)
    entries = parse_string(_cite(folder, VERSIONED, "bib", first), "bibtex").entries
    fields = entries[KEY].fields
    assert list(entries) == [KEY]
    assert (fields["title"], fields["urldate"]) == ("{The Harbor Levy}", "2021-05-01")
    assert fields["note"] == (
        rf"Archived 1 May 2021 at \url{{http://localhost/-/captured/{first}}} ({digest}). "
        rf"Read at \url{{http://localhost/archive/briefs/{number}?version={first}}}"
    )


def test_citeproc_reads_the_json(folder: Path) -> None:
    (item,) = json.loads(_cite(folder, VERSIONED, "json", _captures(folder)[1][0]))
    assert item["id"] == KEY
    assert item["accessed"] == {"date-parts": [[2022, 1, 1]]}
    assert item["archive_location"] == MEMENTO.replace("id_", "")
    assert f"Read at http://localhost/archive/briefs/{_number(folder, VERSIONED)}?version=" in item["note"]
    (line,) = rendered([item])
    assert "Fenn, A." in line
    assert "The Harbour Levy" in line


def test_the_page_has_the_same_citations_to_copy(folder: Path) -> None:
    number = _number(folder, VERSIONED)
    (answer,) = answers(folder / "archive.db", f"/archive/briefs/{number}?version={_captures(folder)[0][0]}")
    page: Any = html.fromstring(answer.text)
    for form in ("txt", "bib", "json"):
        (area,) = page.xpath(f"//textarea[@id='cite-{form}']")
        assert "readonly" in area.attrib
        assert area.text.strip() == _cite(folder, VERSIONED, form, _captures(folder)[0][0]).strip()
        assert page.xpath(f"//label[@for='cite-{form}']")
    downloads = page.xpath("//section[@aria-labelledby='cite']//details//a/@href")
    assert [link.partition("?")[0].rpartition(".")[2] for link in downloads] == ["txt", "bib", "json"]
    assert all(f"version={_captures(folder)[0][0]}" in link for link in downloads)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("txt", "text/plain"), ("bib", "application/x-bibtex"), ("json", "application/vnd.citationstyles.csl+json")],
)
def test_downloads_have_names_and_types(folder: Path, form: str, media_type: str) -> None:
    number = _number(folder, SHARED)
    (answer,) = answers(folder / "archive.db", f"/-/cite/{number}.{form}")
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"] == f'attachment; filename="brief-{number}.{form}"'
    assert "mail.example" not in answer.text


def test_several_authors_and_a_question(folder: Path) -> None:
    assert _cite(folder, SHARED, "txt").startswith("Ada Fenn and Io Vale. “Two Hands on the Switch.”")
    fed = _cite(folder, FED, "txt")
    assert fed.startswith("A B, C D, and E F. “Why?” U.S. RESIST NEWS,")
    assert "Archived" not in fed  # no capture of it is shown to anyone: it stood in a feed


def test_what_is_unknown_is_left_out(folder: Path) -> None:
    told = _cite(folder, BARE, "txt")
    assert told.startswith("“Brief #1: Bare.” U.S. RESIST NEWS, n.d. Archived 1 June 2021 at ")


def test_a_hostile_brief_is_cited_as_text(folder: Path) -> None:
    (entry,) = parse_string(_cite(folder, HOSTILE, "bib"), "bibtex").entries.values()
    assert "alert(1)" in entry.fields["title"]
    (item,) = json.loads(_cite(folder, HOSTILE, "json"))
    assert item["title"].startswith("<script>alert(1)</script>{{ 7*7 }}")
    assert "<script>" in _cite(folder, HOSTILE, "txt")


@pytest.mark.parametrize("path", ["/-/cite/987654.txt", "/-/cite/1.bib?version=x", "/-/cite/1.json?version=999999"])
def test_what_is_not_there_is_not_cited(folder: Path, path: str) -> None:
    (answer,) = answers(folder / "archive.db", path)
    assert answer.status_code == 404
    assert "There is no brief 987654" in answer.text or "has no version" in answer.text


def test_other_forms_are_unknown(folder: Path) -> None:
    for answer in answers(folder / "archive.db", "/-/cite/1.exe", "/-/cite/1", "/-/cite/x.txt"):
        assert answer.status_code == 404


def test_a_copy_that_was_cut_short_is_not_cited(tmp_path: Path) -> None:
    whole, cut = (f"https://web.archive.org/web/{at}id_/{SITE}{PATH}" for at in ("20210601120000", "20230601120000"))
    with archive(tmp_path) as there:
        page, told = taking(brief())
        there.take(replace(page, memento=whole), told)
        page, told = taking(brief(body="The pact was"), "2023-06-01T12:00:00Z", fidelity=0)
        there.take(replace(page, memento=cut, truncated=True), told)
    (text,) = answers(tmp_path / "archive.db", "/-/cite/1.txt")
    assert "web/20210601120000/" in text.text
    assert "20230601120000" not in text.text
