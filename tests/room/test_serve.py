"""`make serve`, as a reader types it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import pytest
from click.testing import CliRunner

from reading_room.__main__ import serve
from scraper.errors import CONFIG, DATA, USAGE
from tests.support.room import fill_room
from tests.support.scrapy_running import ROOT
from tests.support.waiting import LIMIT, wait_for


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive under another name than archive.db."""
    made = fill_room(tmp_path_factory.mktemp("room"))
    (made / "archive.db").rename(made / "copy.db")
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["make", "serve", f"DB={folder / 'copy.db'}", f"WARCS={folder / 'warcs'}", f"PORT={port}"]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as server:
        try:
            yield _answering(f"http://127.0.0.1:{port}", server)
        finally:
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(server.pid, signal.SIGTERM)
            server.communicate(timeout=LIMIT)


def _answering(address: str, server: subprocess.Popen[str]) -> str:
    def answers() -> bool:
        assert server.poll() is None, server.stderr and server.stderr.read()
        try:
            urllib.request.urlopen(address + "/-/versions.json", timeout=LIMIT).close()
        except (URLError, ConnectionError):
            return False
        return True

    wait_for(answers, "an answer of the room")
    return address


def _got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=LIMIT) as answer:
        return str(answer.read().decode())


def test_the_database_is_always_the_archive(address: str) -> None:
    assert "Harbour Levy" in _got(address + "/archive/brief_list?_search=levy")
    assert [item["name"] for item in json.loads(_got(address + "/-/databases.json"))] == ["archive"]


def test_the_ready_query_answers_as_it_always_did(address: str) -> None:
    (found,) = json.loads(_got(address + "/archive/search.json?q=levy&_shape=array"))
    assert found["title"] == "The Harbour Levy"


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    missing = CliRunner().invoke(serve, [str(tmp_path / "none.db")])
    assert (missing.exit_code, "no archive yet" in missing.output) == (DATA, True)
    (tmp_path / "notes.db").write_text("No database.")
    other = CliRunner().invoke(serve, [str(tmp_path / "notes.db")])
    assert (other.exit_code, "no SQLite database" in other.output) == (CONFIG, True)
    assert [run.output.count("\n") for run in (missing, other)] == [1, 1]


def test_what_is_cited_is_the_public_address(folder: Path) -> None:
    asked = [str(folder / "copy.db"), "--get", "/-/cite/1.txt", "--public-url"]
    words = [sys.executable, "-m", "reading_room", *asked, "https://briefs.example.org"]
    cited = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "https://briefs.example.org/archive/briefs/1" in cited, cited
    wrong = CliRunner().invoke(serve, [*asked, "briefs.example.org/room"])
    assert (wrong.exit_code, "https://briefs.example.org" in wrong.output) == (USAGE, True)


def test_the_help_teaches() -> None:
    result = CliRunner().invoke(serve, ["--help"]).output
    assert all(word in result for word in ("--warcs", "--immutable", "--no-sql", "--public-url", "--port"))
