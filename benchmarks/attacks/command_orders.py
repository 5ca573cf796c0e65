"""The commands that fill an archive, in many orders.

A small site, a Wayback, a Common Crawl, a WARC file and a text hold versions of the same posts; crawl, wayback,
commoncrawl and ingest take them in, in another order each time. Every table is compared, row by row; what is of today
counts as one instant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.attacks.outcome import Outcome
from tests.support.archive_tables import Rows, compare_tables, read_tables
from tests.support.commoncrawl_server import Shelf, serve_common_crawl
from tests.support.loopback import Pages, serve_pages
from tests.support.recorded_answers import ABSENCES, Version, serve_recorded_wayback
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, html, posts_of, robots, sitemap
from tests.support.warc_writing import Warc

NEW = "https://www.usresistnews.org"
POSTS = [Post(number, NEW) for number in range(1, 7)]
COMMANDS = ("live", "wayback", "commoncrawl", "warc", "text")
LOST = "/2019/03/10/never-copied/"
_TODAY = re.compile(rf"{datetime.now(UTC):%Y-%m}-\d\dT\d\d:\d\d:\d\dZ")
_SHOWN = 12


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Try `number` orders beside the one of COMMANDS."""
    outcome, chance = Outcome("orders of commands"), random.Random(seed)
    with ExitStack() as stack:
        words = serve_sources(stack, folder)
        first = fill_archive(folder / "first", words, COMMANDS)
        for turn in range(number):
            order = chance.sample(COMMANDS, len(COMMANDS)) if turn else list(reversed(COMMANDS))
            lines = compare_tables(first, fill_archive(folder / str(turn), words, order))
            outcome.tries += 1
            outcome.note("lost", len(lines), "\n    ".join([" ".join(order), *lines[:_SHOWN]]))
    return outcome


def serve_sources(stack: ExitStack, folder: Path) -> dict[str, Sequence[str | Path]]:
    """Serve what the commands ask for; return the words of each command."""
    site = stack.enter_context(serve_pages(_build_site()))
    wayback = stack.enter_context(serve_recorded_wayback(*_list_versions()))
    wayback.always = [(LOST, ABSENCES["not archived"])]
    crawl = stack.enter_context(serve_common_crawl(_build_shelf()))
    text = folder / "note.txt"
    text.write_text(f"{POSTS[3].link}\n\nThe harbour plan\n\nBrief #4—Foreign Policy\n\nPolicy Summary\n\nA quay.\n")
    return {
        "live": ("crawl", "briefs", "-a", f"start={site.url}/", "-a", "force=1"),
        "wayback": ("crawl", "wayback", "-a", f"archive={wayback.url}"),
        "commoncrawl": ("crawl", "commoncrawl", "-a", f"index={crawl.url}"),
        "warc": ("ingest", _build_warc().save(folder, name="old")),
        "text": ("ingest", text),
    }


def _build_site() -> Pages:
    """Every post but the fifth, which only the Wayback has."""
    posts = [replace(post, host="") for post in POSTS if post.number != 5]
    listing = html("".join(post.item() for post in posts))
    pages = posts_of([post for post in POSTS if post.number != 5])
    return pages | {"/robots.txt": robots(""), "/wp-sitemap.xml": sitemap(posts), "/": listing}


def _list_versions() -> list[Version]:
    return [
        Version(POSTS[0].path, "20250101000000", POSTS[0].page()),
        Version(POSTS[1].path, "20250101000000", _edit(POSTS[1], b"three firms")),
        Version(POSTS[4].path, "20250101000000", POSTS[4].page()),
        Version(POSTS[5].path, "20250301000000", _edit(POSTS[5], b"four firms")),
        Version(LOST, "20250101000000", b"x"),
    ]


def _build_shelf() -> Shelf:
    shelf = Shelf("CC-MAIN-2025-13")
    for post in (POSTS[2], POSTS[0], POSTS[1]):
        shelf.page(post.link, f"2025020100000{post.number}", post.page())
    return shelf


def _build_warc() -> Warc:
    warc = Warc().page(1, _edit(POSTS[5], b"five firms"), url=POSTS[5].link, warc={"WARC-Date": "2025-02-02T00:00:00Z"})
    return warc.page(2, POSTS[1].page(), url=POSTS[1].link, warc={"WARC-Date": "2025-02-03T00:00:00Z"})


def _edit(post: Post, words: bytes) -> bytes:
    return post.page().replace(b"two firms", words)


def fill_archive(folder: Path, words: dict[str, Sequence[str | Path]], order: Sequence[str]) -> dict[str, Rows]:
    folder.mkdir()
    for command in order:
        scrapy(folder, *words[command])
    filled = read_tables(folder / "archive.db")
    return {name: [tuple(map(_forget_clock, row)) for row in rows] for name, rows in filled.items()}


def _forget_clock(value: object) -> object:
    return _TODAY.sub("now", value) if isinstance(value, str) else value
