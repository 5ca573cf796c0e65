"""The sample archive: the sample site is served and crawled, then the saved copies of some posts are taken in."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from demo.posts import older_copies
from demo.server import serve_site
from demo.site import render_post
from scraper.errors import OK
from scraper.sample_site import SAMPLE_HOME

_COUNTS = """SELECT (SELECT count(*) FROM briefs), (SELECT min(published) FROM briefs),
    (SELECT max(published) FROM briefs), (SELECT count(*) FROM authors), (SELECT count(*) FROM resources),
    (SELECT count(*) FROM captures)"""


@dataclass(frozen=True, slots=True)
class SampleArchive:
    """Where the sample archive is, or is to be, and the command that shows it to people."""

    database: Path
    warcs: Path
    show: str

    def make(self, port: int | None = None) -> int:
        """Make it, or bring it up to date, which changes nothing; the exit code. Raises OSError for a port in use."""
        with serve_site(port) as start:
            code = self._run("crawl", "--start", start)
        if code == OK:
            code = self._take_older_copies()
        if code == OK:
            self._tell()
        return code

    def _take_older_copies(self) -> int:
        """Take in what an archivist has saved of the site; only what goes wrong is printed."""
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder) / "saved-pages"  # the copies' names in the archive begin with it, on every run
            saved.mkdir()
            for number, copy in enumerate(older_copies(), 1):
                page = saved / f"{number}.html"
                page.write_bytes(render_post(copy.post))
                told = {"url": SAMPLE_HOME + copy.post.path, "captured_at": copy.captured_at}
                page.with_suffix(".meta.json").write_text(json.dumps(told), encoding="utf-8")
            code = self._run("ingest", saved.name, folder=folder, quiet=True)
        if code == OK:
            print(f"Besides: {len(older_copies())} pages that somebody saved on earlier days")
        return code

    def _run(self, *words: str, folder: str | None = None, quiet: bool = False) -> int:
        """Run one of our commands on this archive, in a folder; its exit code."""
        places = ("--db", str(self.database.absolute()), "--warcs", str(self.warcs.absolute()))
        command = [sys.executable, "-m", "scraper.console.main", *words, *places]
        output = subprocess.DEVNULL if quiet else None
        return subprocess.run(command, cwd=folder, stdout=output, check=False).returncode  # noqa: S603

    def _tell(self) -> None:
        with closing(sqlite3.connect(f"{self.database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            briefs, first, last, authors, resources, captures = db.execute(_COUNTS).fetchone()
        what = f"{briefs} invented posts of {first} to {last}, {authors} authors, {resources} resources"
        print(f"{self.database}: a sample archive of {what}, {captures} captures. To look at it:")
        print(self.show)
