"""Our own commands, run as a user runs them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from tests.support import warm_start
from tests.support.waiting import LIMIT
from tests.support.web_server import Quiet, at_work

_PLAIN = re.compile(r"\.venv/bin/briefs(?! serve)((?: [\w./:@=,+-]+)+)(?: +# .*)?")  # nothing for a shell
ROOT = Path(__file__).parents[2]
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


def run_line(line: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a line of a document in a folder: by a shell, or without the wait for imports where it needs none."""
    if plain := _PLAIN.fullmatch(line):
        return warm_start.run(plain[1].split(), folder, LIMIT, environment=environment)
    words = ["sh", "-c", line]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def command(folder: Path, *args: str | Path) -> list[str]:
    """The whole command line, for a process that is to be stopped, killed or limited."""
    return [sys.executable, "-W", "error::ResourceWarning", "-m", "scraper.console.main", *words_of(folder, *args)]


def words_of(folder: Path, *args: str | Path) -> list[str]:
    """What stands behind `scrapy` on the command line."""
    return [*map(str, args), "-s", f"ARCHIVE_DB={folder / 'archive.db'}", "-s", f"WARCS_DIR={folder / 'warcs'}"]


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """The files of a folder on a loopback server; gives its address."""

    class Files(Quiet, SimpleHTTPRequestHandler):
        pass

    with at_work(partial(Files, directory=str(folder))) as url:
        yield url
