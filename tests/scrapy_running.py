"""Our own commands, run as a user runs them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from tests import warm_start
from tests.waiting import LIMIT
from tests.web_server import Quiet, at_work

ROOT = Path(__file__).parent.parent
TEXT = """Brief #7—Foreign Policy

The harbour master of Aldmouth asked for a second lamp. The council has not answered.

Resistance Resources

Friends of the Lamp: they keep the light.

This Brief was submitted by USRESIST NEWS Foreign Policy Analyst Ada Wren: Contact
"""


def scrapy(
    folder: Path, *args: str | Path, limit: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ARGS…` on the archive in `folder`; `limit` is called in the new process before anything else."""
    if limit is None:
        return warm_start.run(words_of(folder, *args), ROOT, LIMIT)
    words = command(folder, *args)
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit, timeout=LIMIT)


def command(folder: Path, *args: str | Path) -> list[str]:
    """The whole command line, for a process that is to be stopped, killed or limited."""
    return [sys.executable, "-W", "error::ResourceWarning", "-m", "scraper.console.main", *words_of(folder, *args)]


def words_of(folder: Path, *args: str | Path) -> list[str]:
    """What stands behind `scrapy` on the command line."""
    return [*map(str, args), "-s", f"ARCHIVE_DB={folder / 'archive.db'}", "-s", f"WARCS_DIR={folder / 'warcs'}"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The files of a folder on a loopback server; gives its address."""

    class Files(Quiet, SimpleHTTPRequestHandler):
        pass

    with at_work(partial(Files, directory=str(folder))) as url:
        yield url
