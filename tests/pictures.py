"""`python -m tests.pictures demo.db demo-warcs`: the pictures of README and docs, taken of the sample archive."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from scraper.errors import FAILED, OK
from tests.debian import find_browser
from tests.support.serving import ROOT, serve_room

TARGET = ROOT / "docs" / "img"
LARGEST = 200_000  # bytes of one picture
_HOST = "briefs.example"  # what stands in the pictures' citations: ports change
_BRIEF = "/2020/05/19/aid-convoys-and-the-ondine-truce/"


@dataclass(frozen=True)
class Picture:
    """What is shown: a path, so many pixels of it from the top, or from an element on; and to which reader."""

    name: str
    path: str
    height: int
    top: str | None = None
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"
    runs_scripts: bool = True


def main() -> int:
    """Take all pictures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("database", type=Path, help="of `make demo`; it is not changed")
    parser.add_argument("warcs", type=Path)
    options = parser.parse_args()
    sizes = _take_pictures(options.database, options.warcs)
    for name, size in sizes.items():
        print(f"{name} {size:,} bytes{' is too large' if size > LARGEST else ''}")
    return OK if max(sizes.values()) <= LARGEST else FAILED


def _take_pictures(database: Path, warcs: Path) -> dict[str, int]:
    """The pictures' names and sizes in bytes."""
    TARGET.mkdir(exist_ok=True)
    with serve_room(database, "--warcs", str(warcs.absolute())) as server, sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {_HOST}:80 {server.removeprefix('http://')}"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        taken = {picture.name: _take(browser, picture) for picture in _pictures(database)}
        browser.close()
    return taken


def _pictures(database: Path) -> tuple[Picture, ...]:
    with closing(sqlite3.connect(database)) as db:
        brief = db.execute("SELECT id FROM briefs WHERE path = ?", (_BRIEF,)).fetchone()[0]
        capture = db.execute("SELECT max(id) FROM captures WHERE path = ? AND source = 'live'", (_BRIEF,)).fetchone()[0]
        older = db.execute("SELECT id FROM captures WHERE path = ? ORDER BY captured_at", (_BRIEF,)).fetchone()[0]
        author = db.execute("SELECT author_id FROM brief_authors GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").fetchone()[
            0
        ]
    return (
        Picture("front", "/", 940),
        Picture("brief", f"/archive/briefs/{brief}", 790),
        Picture("versions", f"/archive/briefs/{brief}", 640, "#versions"),
        Picture("search", "/archive/search?q=harbor+pilots", 900),
        Picture("table", "/archive/brief_list?domain=Foreign+Policy&_sort_desc=published", 900),
        Picture("chart", "/charts/posts-by-month", 900),
        Picture("network", "/charts/network", 640),
        Picture("compare", f"/compare?a={brief}@{older}&b={brief}", 900),
        Picture("guide", "/guide", 900),
        Picture("captured", f"/-/captured/{capture}", 900),
        Picture("author", f"/archive/authors/{author}", 900),
        Picture("dark", f"/archive/briefs/{brief}", 790, scheme="dark"),
        Picture("phone", f"/archive/briefs/{brief}", 844, width=390),
        Picture("print", f"/archive/briefs/{brief}", 1000, width=794, media="print"),
        Picture("no-scripts", "/archive/search?q=harbor+pilots", 900, runs_scripts=False),
    )


def _take(browser: Browser, picture: Picture) -> int:
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        reduced_motion="reduce",
        color_scheme=picture.scheme,
        java_script_enabled=picture.runs_scripts,
    )
    page.emulate_media(media=picture.media)
    answer = page.goto(f"http://{_HOST}{picture.path}", wait_until="networkidle")
    assert answer is not None and answer.ok, picture
    if picture.top:
        page.locator(picture.top).evaluate("place => place.scrollIntoView()")
    target = TARGET / f"{picture.name}.png"
    page.screenshot(path=target)
    page.close()
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
