"""Kill a crawl again and again at random moments, and say what that lost and what it made the site answer twice."""

from __future__ import annotations

import random
import sqlite3
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.address import identity, is_post
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.wordpress.server import WordPress

_ALL = "SELECT path, kind, label, number, domain, title, published, body, posted_by FROM briefs ORDER BY path"
_POSTS = "SELECT path, outcome FROM captures ORDER BY path"


@dataclass
class Kills:
    """Over all runs that were killed and the one that was left to end."""

    killed: int = 0
    again: list[str] = field(default_factory=list)  # post pages that were stored, and asked for again
    in_flight: list[int] = field(default_factory=list)  # for each kill: asked for by then, and not stored
    runs: list[int] = field(default_factory=list)  # posts that each run asked for
    returncode: int = -1  # of the last run


def crawl_killed(site: WordPress, folder: Path, kills: int, chance: random.Random, longest: float) -> Kills:
    """Crawl, killing the process after up to `longest` seconds, `kills` times; then once to the end."""
    counts, stored = Kills(), set[str]()
    site.take_requests()
    for _ in range(kills):
        if _kill_command(command(folder, "crawl", "briefs", "-a", f"start={site.url}"), chance.uniform(0.2, longest)):
            counts.killed += 1
        stored = _note(counts, site, stored, folder)
    counts.returncode = scrapy(folder, "crawl", "briefs", "-a", f"start={site.url}").returncode
    _note(counts, site, stored, folder)
    return counts


def difference(first: Path, other: Path) -> list[Any]:
    """Rows of briefs, and outcomes of post pages, that only one of two archives has."""
    return [row for sql in (_ALL, _POSTS) for row in _rows(first, sql) ^ _rows(other, sql)]


def _kill_command(words: list[str], seconds: float) -> bool:
    """Whether the process was still at work when it was killed."""
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        alive = process.poll() is None
        process.kill()
    return alive


def _note(kills: Kills, site: WordPress, stored: set[str], folder: Path) -> set[str]:
    """Note what a run asked for; the posts that are stored now."""
    asked = [path for path in map(identity, site.take_requests()) if is_post(path)]
    now = {path for path, _ in _rows(folder, _POSTS)}
    kills.again += [path for path in asked if path in stored]
    kills.in_flight.append(len(set(asked) - now))
    kills.runs.append(len(asked))
    return now


def _rows(folder: Path, sql: str) -> set[Any]:
    if not (folder / "archive.db").exists():
        return set()
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone() is None:
            return set()
        return {row for row in db.execute(sql) if is_post(row[0])}
