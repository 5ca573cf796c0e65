"""Make the sample archive: serve and crawl the sample site, then ingest saved copies of some posts."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from demo.posts import list_older_copies
from demo.server import serve_site
from demo.site import render_post
from scraper.errors import OK
from scraper.sample_site import SAMPLE_HOME

_COUNTS = """SELECT (SELECT count(*) FROM briefs), (SELECT min(published) FROM briefs),
    (SELECT max(published) FROM briefs), (SELECT count(*) FROM authors), (SELECT count(*) FROM resources),
    (SELECT count(*) FROM captures)"""


@dataclass(frozen=True, slots=True)
class SampleArchive:
    """The paths of the sample archive, and the command that shows it."""

    database: Path
    warcs: Path
    show: str

    def make(self, port: int | None = None) -> int:
        """Make the archive and return the exit code; a second run changes nothing. Raises OSError for a used port."""
        with serve_site(port) as start:
            code = self._run_command("crawl", "--start", start)
        if code == OK:
            code = self._ingest_older_copies()
        if code == OK:
            self._print_summary()
        return code

    def _ingest_older_copies(self) -> int:
        """Ingest the saved copies; prints errors only."""
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder) / "saved-pages"  # in the names of the copies in the archive, so the same on every run
            saved.mkdir()
            for number, copy in enumerate(list_older_copies(), 1):
                page = saved / f"{number}.html"
                page.write_bytes(render_post(copy.post))
                metadata = {"url": SAMPLE_HOME + copy.post.path, "captured_at": copy.captured_at}
                page.with_suffix(".meta.json").write_text(json.dumps(metadata), encoding="utf-8")
            code = self._run_command("ingest", saved.name, folder=folder, quiet=True)
        if code == OK:
            print(f"Besides: {len(list_older_copies())} pages that somebody saved on earlier days")
        return code

    def _run_command(self, *arguments: str, folder: str | None = None, quiet: bool = False) -> int:
        """Run a command of ours on this archive, in a folder, and return its exit code."""
        places = ("--db", str(self.database.absolute()), "--warcs", str(self.warcs.absolute()))
        command = [sys.executable, "-m", "scraper.console.main", *arguments, *places]
        output = subprocess.DEVNULL if quiet else None
        return subprocess.run(command, cwd=folder, stdout=output, check=False).returncode  # noqa: S603

    def _print_summary(self) -> None:
        with closing(sqlite3.connect(f"{self.database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            briefs, first, last, authors, resources, captures = db.execute(_COUNTS).fetchone()
        summary = f"{briefs} invented posts of {first} to {last}, {authors} authors, {resources} resources"
        print(f"{self.database}: a sample archive of {summary}, {captures} captures. To open it:")
        print(self.show)
