"""What `make serve` refuses, each with one line; and what the pages say of themselves to other programs."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html

from reading_room.__main__ import serve
from scraper.errors import UNAVAILABLE, USAGE
from tests.support.room import ODD, SHARED, answers, fill_room
from tests.support.scrapy_running import ROOT
from tests.support.specimens import SITE, ingest_capture, make_brief, make_page, open_archive, read_rows
from tests.support.waiting import LIMIT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("a folder") / "of mine")


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT)


def _room(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors."""
    run = CliRunner().invoke(serve, [str(folder / "archive.db"), *words])
    return run.exit_code, run.stdout, run.stderr


def test_a_port_in_use_is_one_line(folder: Path, busy_port: int) -> None:
    free = busy_port + 1 if busy_port < 65535 else busy_port - 1
    line = f"Error: port {busy_port} is in use: briefs serve --port {free}\n"
    assert _room(folder, "--port", str(busy_port)) == (UNAVAILABLE, "", line)


@pytest.mark.parametrize("port", ["abc", "70000", "-1", ""])
def test_what_is_no_port_is_one_line(folder: Path, port: str) -> None:
    assert _room(folder, f"--port={port}") == (USAGE, "", "Error: PORT is a number from 1 to 65535\n")


def test_port_nought_is_refused_to_those_who_type_it(folder: Path) -> None:
    run = _run("make", "serve", f"DB={folder / 'archive.db'}", "PORT=0")
    assert (run.returncode, run.stderr.partition("\n")[0]) == (USAGE, "Error: PORT is a number from 1 to 65535")


def test_paths_may_have_spaces(folder: Path, busy_port: int) -> None:
    given = (f"DB={folder / 'archive.db'}", f"WARCS={folder / 'warcs'}")
    run = _run("make", "serve", *given, f"PORT={busy_port}", "ARGS=--get /-/databases.json")
    assert '"archive"' in run.stdout, run.stderr  # nothing listens for --get: the port may be taken
    for words in (("demo",), ("crawl",), ("probe",), ("pictures",)):
        result = _run("make", "--dry-run", *words, *given).stdout
        assert f'"{folder / "archive.db"}"' in result, result


def _page(folder: Path, path: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    return html.fromstring(answers(folder / "archive.db", path)[0].text)


def _meta(page: Any, name: str) -> list[str]:  # noqa: ANN401 - as above
    return [str(item) for item in page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")]


def test_a_brief_tells_programs_what_it_is(folder: Path) -> None:
    ((number,),) = read_rows(folder, f"SELECT id FROM briefs WHERE path = '{SHARED}'")
    page = _page(folder, f"/archive/briefs/{number}")
    assert page.findtext(".//title").startswith("Two Hands on the Switch – Technology Policy Brief #7 – ")
    assert _meta(page, "og:title") == [page.findtext(".//title")]
    assert _meta(page, "og:type") == ["article"]
    assert _meta(page, "article:published_time") == _meta(page, "citation_publication_date") == ["2022-05-05"]
    assert _meta(page, "citation_author") == ["Fenn, Ada", "Vale, Io"]
    assert _meta(page, "citation_public_url") == [SITE + SHARED]
    assert _meta(page, "description") == _meta(page, "og:description") != []
    assert not any("@" in item or "mailto:" in item for item in page.xpath("//meta/@content"))


def test_scraped_markup_stays_text_in_the_head(folder: Path) -> None:
    ((number,),) = read_rows(folder, "SELECT id FROM briefs WHERE title LIKE '%DROP TABLE%'")
    page = _page(folder, f"/archive/briefs/{number}")
    assert _meta(page, "citation_title") == [ODD]
    assert _meta(page, "og:title")[0].startswith(ODD)


def test_the_front_page_tells_programs_what_it_is(folder: Path) -> None:
    page = _page(folder, "/")
    assert _meta(page, "og:type") == ["website"]
    assert "policy briefs" in _meta(page, "description")[0]
    (icon,) = page.xpath("//link[@rel='icon']/@href")
    assert answers(folder / "archive.db", icon)[0].headers["content-type"].startswith("image/")


def test_a_loopback_address_is_called_permanent_by_nobody(folder: Path) -> None:
    at_home, public = (
        answers(folder / "archive.db", "/archive/briefs/1", public_url=url)[0].text
        for url in (None, "https://room.example")
    )
    assert ("--public-url" in at_home, "Permanent address" in at_home) == (True, False)
    assert ("--public-url" in public, "Permanent address" in public) == (False, True)


def test_a_series_is_not_called_a_policy_domain(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        ingest_capture(there, *make_page(make_brief("/2026/01/02/one/", domain="Primary Preview Series")))
        ingest_capture(there, *make_page(make_brief("/2026/01/03/two/", domain="Environment")))
    result = read_rows(tmp_path, "SELECT id, domain FROM briefs ORDER BY path")
    assert [name for _, name in result] == ["Primary Preview Series", "Environment"]
    names = [_page(tmp_path, f"/archive/briefs/{number}").xpath("//dt/text()") for number, _ in result]
    assert ["Series or label" in item for item in names] == [True, False]
    assert ["Policy domain" in item for item in names] == [False, True]


def test_an_address_of_nothing_is_told_in_plain_words(folder: Path) -> None:
    (page,) = answers(folder / "archive.db", "/nope")
    assert page.status_code == 404
    assert "There is no page at this address" in page.text
    assert "Database not found" not in page.text
