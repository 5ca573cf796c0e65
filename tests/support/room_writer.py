"""Nights pressed into seconds: an archive is written beside its readers.

`python -m tests.support.room_writer FOLDER --commits 300` does it. Each commit leaves facts that any
reader can check against each other: see tests/support/room_facts.py.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.archive import SqliteArchive
from scraper.records import Author, Brief, FoundAddress, PhotoCredit, Resource, Section
from tests.support.specimens import SITE, ingest_capture, make_brief, make_page, open_archive

BRIEFS, VERSION = "room/briefs", "room/version"  # keys of `memory`: what each commit says of itself
OLD = 12  # briefs that are there from the beginning
DOMAINS = ("Economics", "Environment", "Foreign Policy", "Technology")
_NIGHT = 40  # commits from the begin of a run to its end
_MORE = 5  # each so many commits one is of a new brief, one finds addresses, one leaves an address out


def make_version(number: int, version: int) -> Brief:
    """The brief with this number as it is in one version, which everything in it names."""
    domain = DOMAINS[number % len(DOMAINS)]
    keeping = f"They keep{version:06}link it"
    opening = f"The ferries begin{version:06}body to run."
    sections = (Section(None, opening), Section("Analysis", f"They may stop{version:06}text at night."))
    return make_brief(
        f"/2021/{1 + number % 12:02}/01/ferry-{number}/",
        label=f"Brief #{number}—{domain}",
        number=number,
        domain=domain,
        title=f"Ferry {number:04} in{version:06}title",
        published=f"2021-{1 + number % 12:02}-01",
        body="\n\n".join(part for section in sections for part in (section.heading, section.text) if part),
        body_html=f"<p>{opening}</p><h3>Analysis</h3><p>{sections[1].text}</p>",
        sections=sections,
        authors=(Author(f"Hand {number % 9}", role=f"Analyst{version:06}role"), Author("Io Vale")),
        resources=tuple(
            Resource("Resistance Resources", f"Keepers {n}", f"https://r{n}.example/", keeping, "")
            for n in (number % 5, 7)
        ),
        photo_credits=(PhotoCredit(f"Photo by Mo{version:06}photo", "Mo", "Unsplash", None),),
    )  # fmt: skip


class Night:
    """One writer: what it commits next, and how much it has committed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.briefs, self.version, self.commits = folder, 0, 0, 0

    def begin(self) -> None:
        """The first briefs, one commit for all; where an earlier writer has begun, go on after its last version."""
        with open_archive(self.folder, batch=OLD) as there:
            self.briefs, self.version = (int(there.recall(key) or 0) for key in (BRIEFS, VERSION))
            for _ in range(OLD - self.briefs):
                self._take(there, self.briefs)
        self.commits += 1

    def run(self, commits: int, *, pause: float = 0) -> None:
        """A run of the nightly from its begin to its end, `pause` seconds after each commit."""
        with open_archive(self.folder) as there:
            there.begin_run("nightly", {"start": SITE})
            for turn in range(commits):
                if turn % _MORE == 1:
                    address = f"{SITE}/2026/01/01/found-{self.version}/"
                    there.add_found([FoundAddress(address, "sitemap", "2026-01-01T00:00:00Z")])
                    there.add_skipped_address(address, "robots")
                self._take(there, self.briefs if turn % _MORE == 0 else self.version % self.briefs)
                self.commits += 1
                time.sleep(pause)
            there.finish_run("finished", {"requests": commits})
        self.commits += 2

    def _take(self, there: SqliteArchive, number: int) -> None:
        self.version += 1
        self.briefs = max(self.briefs, number + 1)
        there.remember(BRIEFS, str(self.briefs))
        there.remember(VERSION, str(self.version))
        at = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(minutes=self.version)
        page, read = make_page(make_version(number, self.version), at.strftime("%Y-%m-%dT%H:%M:%SZ"), source="live")
        ingest_capture(there, page, read)


def version(database: Path) -> int:
    """The newest version that was committed."""
    with closing(sqlite3.connect(database)) as db:
        return int(db.execute("SELECT value FROM memory WHERE key = ?", (VERSION,)).fetchone()[0])


def checkpoint(folder: Path) -> tuple[int, int]:
    """Move what the log holds into the database as far as readers let it: pages in the log, pages that were moved."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        _, pages, moved = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return pages, moved


def main() -> None:
    """Write until there were as many commits, or seconds; how many commits there were is the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--pause", type=float, default=0)
    given = parser.parse_args()
    night, until = Night(given.folder), time.monotonic() + given.seconds
    night.begin()
    while night.commits < given.commits and time.monotonic() < until:
        night.run(_NIGHT, pause=given.pause)
        checkpoint(given.folder)
    print(night.commits)


if __name__ == "__main__":
    main()
