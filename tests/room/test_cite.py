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
from tests.support.citing_program import render_bibliography
from tests.support.room import HOSTILE, MEMENTO, SHARED, VERSIONED, answers, fill_room
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_reading,
    open_archive,
    read_rows,
)

KEY = "2021:04:04:harbour-levy"
FED, BARE = "/2023/01/01/fed/", "/2023/02/02/bare/"
# Titles as they are cited, with one mark at the end.
ENDED = {
    "Why?": "Why?",
    "Stop!": "Stop!",
    "The End.": "The End.",
    "Wait…": "Wait…",
    "He said “No.”": "He said “No.”",
    "Of ships:": "Of ships.",
    "U.S. v. Levy (again)": "U.S. v. Levy (again).",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = fill_room(tmp_path_factory.mktemp("room"))
    with open_archive(made) as there:
        fed = make_reading(
            make_brief(FED, authors=(Author("A B"), Author("C D"), Author("E F")), title="Why?"), fidelity=2
        )
        ingest_capture(
            there, make_capture(b"<rss/>", path="/feed/"), make_extraction(fed, path="/feed/", outcome="feed")
        )
        ingest_capture(
            there,
            *make_page(make_brief(BARE, title=None, published=None, authors=(), label="Brief #1: Bare", url=None)),
        )
        for number, title in enumerate(ENDED):
            ingest_capture(
                there, *make_page(make_brief(f"/2023/03/03/{number}/", title=title, authors=(Author("Sam Poe Jr."),)))
            )
    return made


def _number(folder: Path, path: str) -> int:
    return int(read_rows(folder, "SELECT id FROM briefs WHERE path = ?", path)[0][0])


def _captures(folder: Path) -> list[tuple[int, str]]:
    sql = """SELECT id, digest FROM readings JOIN captures ON id = capture_id
        WHERE brief_path = ? ORDER BY captured_at"""
    return read_rows(folder, sql, VERSIONED)


@cache
def _cite(folder: Path, path: str, form: str, version: object = None) -> str:
    asked = "" if version is None else f"?version={version}"
    (answer,) = answers(
        folder / "archive.db", f"/-/cite/{_number(folder, path)}.{form}{asked}", public_url="http://room.example"
    )
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_in_words(folder: Path) -> None:
    number, (newest, digest) = _number(folder, VERSIONED), _captures(folder)[-1]
    assert _cite(folder, VERSIONED, "txt") == (
        f"Ada Fenn. “The Harbour Levy.” U.S. RESIST NEWS, 4 April 2021. {SITE}{VERSIONED}. "
        f"Archived 2 February 2024 at http://room.example/-/captured/{newest} ({digest}). "
        f"Read at http://room.example/archive/briefs/{number}.\n"
    )


def test_a_version_names_its_own_capture(folder: Path) -> None:
    number, ((first, digest), (second, shown), _) = _number(folder, VERSIONED), _captures(folder)
    old = _cite(folder, VERSIONED, "txt", first)
    assert "“The Harbor Levy.”" in old
    assert f"Archived 1 May 2021 at http://room.example/-/captured/{first} ({digest})." in old
    assert old.endswith(f"Read at http://room.example/archive/briefs/{number}?version={first}.\n")
    public = _cite(folder, VERSIONED, "txt", second)
    assert f"Archived 1 January 2022 at {MEMENTO.replace('id_', '')} ({shown})." in public


def test_bibtex_is_read_by_pybtex(folder: Path) -> None:
    number, ((first, digest), *_) = _number(folder, VERSIONED), _captures(folder)
    entries = parse_string(_cite(folder, VERSIONED, "bib", first), "bibtex").entries
    fields = entries[KEY].fields
    assert list(entries) == [KEY]
    assert (fields["title"], fields["urldate"]) == ("{The Harbor Levy}", "2021-05-01")
    assert fields["note"] == (
        rf"Archived 1 May 2021 at \url{{http://room.example/-/captured/{first}}} ({digest}). "
        rf"Read at \url{{http://room.example/archive/briefs/{number}?version={first}}}"
    )


def test_citeproc_reads_the_json(folder: Path) -> None:
    (item,) = json.loads(_cite(folder, VERSIONED, "json", _captures(folder)[1][0]))
    assert item["id"] == KEY
    assert item["accessed"] == {"date-parts": [[2022, 1, 1]]}
    assert item["archive_location"] == MEMENTO.replace("id_", "")
    assert f"Read at http://room.example/archive/briefs/{_number(folder, VERSIONED)}?version=" in item["note"]
    (line,) = render_bibliography([item])
    assert "Fenn, A." in line
    assert "The Harbour Levy" in line


def test_the_page_has_the_same_citations_to_copy(folder: Path) -> None:
    number = _number(folder, VERSIONED)
    (answer,) = answers(
        folder / "archive.db",
        f"/archive/briefs/{number}?version={_captures(folder)[0][0]}",
        public_url="http://room.example",
    )
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


def test_one_mark_ends_each_part_in_the_citation_and_in_the_query(folder: Path) -> None:
    for number, cited in enumerate(ENDED.values()):
        path = f"/2023/03/03/{number}/"
        (result,) = answers(folder / "archive.db", f"/archive/cite.json?brief={path}&_shape=array")
        for text in (_cite(folder, path, "txt"), result.json()[0]["citation"]):
            assert text.startswith(f"Sam Poe Jr. “{cited}” U.S. RESIST NEWS, "), text
            assert ".. " not in text


def test_what_is_unknown_is_left_out(folder: Path) -> None:
    result = _cite(folder, BARE, "txt")
    assert result.startswith("“Brief #1: Bare.” U.S. RESIST NEWS, n.d. Archived 1 June 2021 at ")
    (query,) = answers(folder / "archive.db", f"/archive/cite.json?brief={BARE}&_shape=array")
    assert query.json()[0]["citation"].startswith("“Brief #1: Bare.” U.S. RESIST NEWS, n.d. Captured 2021-06-01 (")


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


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.2:8001", "[::1]:8001"])
def test_addresses_of_this_machine_are_not_printed(folder: Path, host: str) -> None:
    number, ((first, digest), (second, _), _) = _number(folder, VERSIONED), _captures(folder)
    cited = [f"/-/cite/{number}.{form}?version={first}" for form in ("txt", "bib", "json")]
    text, bib, csl, public, page = answers(
        folder / "archive.db",
        *cited,
        f"/-/cite/{number}.txt?version={second}",
        f"/archive/briefs/{number}?version={first}",
        public_url=f"http://{host}",
    )
    assert text.text.endswith(f"{SITE}{VERSIONED}. Archived 1 May 2021 ({digest}).\n")
    assert parse_string(bib.text, "bibtex").entries[KEY].fields["note"] == f"Archived 1 May 2021 ({digest})"
    (item,) = json.loads(csl.text)
    assert (item["note"], "archive" in item, "archive_location" in item) == (
        f"Archived 1 May 2021 ({digest})",
        False,
        False,
    )
    assert f"Archived 1 January 2022 at {MEMENTO.replace('id_', '')}" in public.text
    assert host.partition(":8001")[0] not in text.text + bib.text + csl.text + public.text
    shown: Any = html.fromstring(page.text)
    assert shown.xpath("//*[@class='room-citation']/text()") == [text.text.strip()]
    assert f"http://{host}/-/captured/{first}" in shown.xpath("//section[@aria-labelledby='cite']//a/@href")


def _memento(at: str) -> str:
    return f"https://web.archive.org/web/{at}id_/{SITE}{PATH}"


def _copy_named(folder: Path) -> tuple[str, str]:
    """The citation in words, and what stands under it."""
    text, page = answers(folder / "archive.db", "/-/cite/1.txt", "/archive/briefs/1", public_url="http://room.example")
    shown: Any = html.fromstring(page.text)
    (note,) = shown.xpath("//section[@aria-labelledby='cite']/p[@class='room-note']")
    return str(text.text), str(note.text_content())


def test_a_copy_that_was_cut_short_is_not_cited(tmp_path: Path) -> None:
    whole, cut = _memento("20210601120000"), _memento("20230601120000")
    with open_archive(tmp_path) as there:
        page, result = make_page(make_brief())
        ingest_capture(there, replace(page, memento=whole), result)
        page, result = make_page(make_brief(body="The pact was"), "2023-06-01T12:00:00Z", fidelity=0)
        ingest_capture(there, replace(page, memento=cut, truncated=True), result)
    (text,) = answers(tmp_path / "archive.db", "/-/cite/1.txt")
    assert "web/20210601120000/" in text.text
    assert "20230601120000" not in text.text


def test_the_copy_is_the_one_that_was_read_though_a_memento_shows_another_text(tmp_path: Path) -> None:
    role = (Author("Ada Fenn", role="Editor"),)  # no revision tells of it
    with open_archive(tmp_path) as there:
        ingest_capture(there, *make_page(make_brief(authors=role), "2022-06-01T12:00:00Z"))
        page, result = make_page(make_brief(), "2021-06-01T12:00:00Z")
        ingest_capture(there, replace(page, memento=_memento("20210601120000")), result)
    text, note = _copy_named(tmp_path)
    (read,) = read_rows(tmp_path, "SELECT capture_id FROM briefs")[0]
    assert f"Archived 1 June 2022 at http://room.example/-/captured/{read} (" in text
    assert "Copy that it was read from: http://room.example" in note
    assert "captured 1 June 2022, 12:00 UTC" in note


def test_a_memento_that_shows_the_same_is_named_so(tmp_path: Path) -> None:
    page, result = make_page(make_brief(), "2021-06-01T12:00:00Z", source="live")
    other = replace(page, body=page.body + b" ", captured_at="2021-05-01T12:00:00Z", source="wayback")
    with open_archive(tmp_path) as there:
        ingest_capture(
            there, replace(other, memento=_memento("20210501120000")), replace(result, captured_at=other.captured_at)
        )
        ingest_capture(there, page, result)
    read = read_rows(tmp_path, "SELECT captured_at FROM briefs JOIN captures ON captures.id = capture_id")
    assert read == [(page.captured_at,)]
    text, note = _copy_named(tmp_path)
    assert "Archived 1 May 2021 at https://web.archive.org/web/20210501120000/" in text
    assert "Archived copy with the same content: https://web.archive.org/web/20210501120000/" in note
    assert "captured 1 May 2021, 12:00 UTC" in note
