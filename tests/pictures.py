"""`python -m tests.pictures archive.db warcs`: the pictures of README and docs, taken of the sample site's archive."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from demo.posts import sample_posts
from scraper.errors import FAILED, OK
from tests.debian import find_browser
from tests.scrapy_running import scrapy
from tests.serving import ROOT, served
from tests.specimens import SITE

TARGET = ROOT / "docs" / "img"
LARGEST = 200_000  # bytes of one picture
_HOST = "briefs.example"  # what stands in the pictures' citations: ports change
_BRIEF = "/2020/05/19/aid-convoys-and-the-ondine-truce/"
# What the older copy of the brief said, so that there are versions to show.
_ONCE = ((b"Ondine Truce</h1>", b"Ondine Cease-Fire</h1>"), (b"by 35 percent", b"by 25 percent"))
# The sample site's posts are invented, some of its writers' names are not: in the pictures all are. 7 and 8 make 56.
_FIRST = ("Ada", "Io", "Mo", "Una", "Ben", "Cleo", "Dov")
_LAST = ("Fenn", "Vale", "Lind", "Wren", "Marsh", "Pike", "Holt", "Quill")


@dataclass(frozen=True)
class Picture:
    """What is shown: a path, so many pixels of it from the top, or from an element on."""

    name: str
    path: str
    height: int
    top: str | None = None


def main() -> int:
    """Take all pictures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("database", type=Path, help="of `make demo`; it is not changed")
    parser.add_argument("warcs", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _with_versions(options.database, options.warcs, Path(folder))
        _with_invented_names(Path(folder) / "archive.db")
        sizes = _taken(Path(folder))
    for name, size in sizes.items():
        print(f"{name} {size:,} bytes{' is too large' if size > LARGEST else ''}")
    return OK if max(sizes.values()) <= LARGEST else FAILED


def _with_versions(database: Path, warcs: Path, folder: Path) -> None:
    """A copy of the archive in the folder, with an older copy of one brief's page taken in."""
    with closing(sqlite3.connect(database)) as there, closing(sqlite3.connect(folder / "archive.db")) as copy:
        there.backup(copy)
    shutil.copytree(warcs, folder / "warcs")
    page = next(post.page for post in sample_posts() if post.path == _BRIEF)
    for now, once in _ONCE:
        page = page.replace(now, once)
    older = folder / "older.html"
    older.write_bytes(page)
    done = scrapy(folder, "ingest", older, "--url", SITE + _BRIEF, "--captured-at", "2020-05-20T06:12:00Z")
    assert done.returncode == OK, done.stderr


def _with_invented_names(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        authors = db.execute("SELECT id FROM authors WHERE kind = 'person' ORDER BY id").fetchall()
        for number, (author,) in enumerate(authors):
            name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}"
            db.execute("UPDATE authors SET name = ? WHERE id = ?", (name, author))
            db.execute("UPDATE brief_authors SET name_as_published = ? WHERE author_id = ?", (name, author))
        db.execute("DELETE FROM evidence WHERE field = 'authors'")  # it names the writers, too


def _taken(folder: Path) -> dict[str, int]:
    """The pictures' names and sizes in bytes."""
    TARGET.mkdir(exist_ok=True)
    with served(folder / "archive.db", "--warcs", str(folder / "warcs")) as server, sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {_HOST}:80 {server.removeprefix('http://')}"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        taken = {picture.name: _take(page, picture) for picture in _pictures(folder)}
        browser.close()
    return taken


def _pictures(folder: Path) -> tuple[Picture, ...]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        brief = db.execute("SELECT id FROM briefs WHERE path = ?", (_BRIEF,)).fetchone()[0]
        capture = db.execute("SELECT max(id) FROM captures WHERE path = ? AND source = 'live'", (_BRIEF,)).fetchone()[0]
        author = db.execute("SELECT author_id FROM brief_authors GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").fetchone()[
            0
        ]
    return (
        Picture("front", "/", 940),
        Picture("brief", f"/archive/briefs/{brief}", 1100),
        Picture("versions", f"/archive/briefs/{brief}", 640, "#versions"),
        Picture("search", "/archive/search?q=harbor+pilots", 900),
        Picture("table", "/archive/brief_list?domain=Foreign+Policy&_sort_desc=published", 900),
        Picture("chart", "/-/dashboards/briefs", 900),
        Picture("captured", f"/-/captured/{capture}", 900),
        Picture("author", f"/archive/authors/{author}", 900),
    )


def _take(page: Page, picture: Picture) -> int:
    page.set_viewport_size({"width": 1280, "height": picture.height})
    answer = page.goto(f"http://{_HOST}{picture.path}", wait_until="networkidle")
    assert answer is not None and answer.ok, picture
    if picture.top:
        page.locator(picture.top).evaluate("one => one.scrollIntoView()")
    target = TARGET / f"{picture.name}.png"
    page.screenshot(path=target)
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
