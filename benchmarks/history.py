"""A history of 6,000 records through a real pywb behind web.archive.org's dialect: what is lost, what it costs.

Run `make test` once first, it builds pywb; then `.venv/bin/python -m benchmarks.history [POSTS]`, 6 records each.
"""

from __future__ import annotations

import gzip
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.pywb.front import Front, Told, front
from tests.pywb.history import NOTHING, base32
from tests.pywb.server import pywb
from tests.support.histories import NEW, OLD, Post
from tests.support.scrapy_running import ROOT, command
from tests.support.warc_writing import IDENTICAL, Warc

POSTS = 1000
REFUSE = 997  # every so many requests are refused once
_ROWS = "SELECT path, captured_at, status, payload_sha1 FROM captures"
_STATES = "SELECT state, count(*) FROM mementos GROUP BY state ORDER BY state"
Row = tuple[str, str, int, str]  # path, instant, status, digest


class History:
    """Writes the records and knows which captures they are to become."""

    def __init__(self) -> None:
        self.warc = Warc()
        self.expected: set[Row] = set()

    def add(self, path: str, year: int, body: bytes, *, host: str = NEW, status: str = "200 OK", **more: str) -> None:
        """One answer that is to become a capture; `more` are headers, `_` for `-`."""
        date = f"{year}-05-06T07:08:09Z"
        http = [(name.replace("_", "-"), value) for name, value in more.items()]
        self.warc.page(0, body, url=host + path, status=status, http=http, warc={"WARC-Date": date})
        self.expected.add((path, date, int(status[:3]), f"sha1:{base32(body)}"))

    def again(self, path: str, year: int, body: bytes, *, revisit: bool) -> None:
        """The same bytes, another year: no capture is to come of it."""
        told = {"WARC-Date": f"{year}-05-06T07:08:09Z"}
        if revisit:
            told |= {"WARC-Profile": IDENTICAL, "WARC-Payload-Digest": f"sha1:{base32(body)}"}
        self.warc.page(
            0, b"" if revisit else body, url=NEW + path, kind="revisit" if revisit else "response", warc=told
        )


def history(posts: int) -> History:
    """Of each post two versions, one of them thrice, a redirect to it, and that it is gone."""
    made = History()
    for n in range(1, posts + 1):
        path = f"/2019/{n % 12 + 1:02}/{n % 28 + 1:02}/brief-{n}/"
        post = Post(path, n, f"The lamp of pier {n}")
        first = post.html()
        edited = gzip.compress(replace(post, host=OLD, title=f"The lamps of pier {n}").html(), mtime=0)
        made.add(path, 2019, first, host="http://usresistnews.org")
        made.again(path, 2020, first, revisit=True)
        made.again(path, 2021, first, revisit=False)
        made.add(path, 2022, edited, host=OLD, Content_Encoding="gzip")
        made.add(f"/?p={n}", 2022, b"", status="301 Moved Permanently", Location=NEW + path)
        made.add(path, 2025, NOTHING + b"<!-- %d -->" % n, status="404 Not Found")
    return made


def main(posts: int) -> None:
    """Fetch it all, then say what is there, what is not, and what it took."""
    made = history(posts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with pywb(folder / "pywb", made.warc.save(folder)) as url, front(url) as archive:
            archive.change = lambda _, told: _sometimes(archive, told)
            begun = time.monotonic()
            words = command(folder, "crawl", "wayback", "-a", f"archive={archive.url}", "-s", "BUSY_PAUSE=0.1")
            run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
            seconds = time.monotonic() - begun
        print(f"exit code {run.returncode}\n{run.stdout}{run.stderr}")
        _tell(folder, made, archive, seconds)


def _sometimes(archive: Front, told: Told) -> Told:
    return Told(429, b"Too Many Requests") if len(archive.asked) % REFUSE == 0 else told


def _tell(folder: Path, made: History, archive: Front, seconds: float) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        captures = set(db.execute(_ROWS))
        states = dict(db.execute(_STATES))
    print(f"records: {len(made.warc.records)}, captures that they are: {len(made.expected)}, lines: {states}")
    print(f"captures lost: {len(made.expected - captures)}; not expected: {len(captures - made.expected)}")
    print(f"requests: {len(archive.asked)}, {len(archive.asked) / len(captures):.3f} a capture")
    twice = len(archive.replayed) - len(set(archive.replayed))
    print(f"copies asked for twice (refused the first time): {twice}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"seconds: {seconds:.0f}, {used.ru_utime + used.ru_stime:.0f} of them our CPU; {used.ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS)
