"""The reading room as its readers meet it: a server process on a port of its own on loopback."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.support.waiting import LIMIT, wait_for

ROOT = Path(__file__).parents[2]
_RUNNING = re.compile(r"Uvicorn running on (http://[\d.]+:\d+)")


@contextmanager
def serve_room(database: Path, *arguments: str, log: Path | None = None) -> Iterator[str]:
    """The base address, no slash at its end, of `python -m reading_room` on the database; it ends with the block.

    What the server says on stderr stands in `log`. Raises AssertionError with it if the server does not start, or dies.
    """
    command = [sys.executable, "-m", "reading_room", str(database.absolute()), "--port", "0", *arguments]
    with run_server(command, log=log) as address:
        yield address


@contextmanager
def run_server(command: list[str], *, log: Path | None = None) -> Iterator[str]:
    """The base address of any server that uvicorn runs, as `serve_room`."""
    with tempfile.TemporaryDirectory() as folder:
        said = log or Path(folder) / "stderr"
        with said.open("wb") as stderr:
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            yield _address(process, said)
            assert process.poll() is None, f"the server died:\n{_text(said)}"
        finally:
            _end(process)


def get(address: str) -> str:
    """The text there; raises HTTPError for all but good news."""
    with urlopen(address) as answer:
        text: str = answer.read().decode()
    return text


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    def look() -> re.Match[str] | None:
        assert process.poll() is None, f"the server did not start:\n{_text(said)}"
        return _RUNNING.search(_text(said))

    return wait_for(look, "the server's address")[1]


def _text(said: Path) -> str:
    return said.read_text(encoding="utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
