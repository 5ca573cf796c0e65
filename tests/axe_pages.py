"""`python -m tests.axe_pages demo.db demo-warcs`: all of axe on every kind of page, by day and night, wide and narrow.

The tests look for grave faults on some pages; this looks for all faults on all of them, which takes minutes.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from pipelines.schema.doc import read_metadata
from reading_room.charts.chart_list import CHARTS, PAGES
from scraper.errors import FAILED, OK
from tests.debian import find_browser
from tests.support.serving import serve_room

# Off by default in axe: they are of WCAG 2.2, or judge less surely.
_MORE = {name: {"enabled": True} for name in ("target-size", "label-content-name-mismatch", "p-as-heading")}
_OPTIONS = {"resultTypes": ["violations"], "rules": _MORE}
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_GIVEN = {"q": "harbour", "domain": "Economics", "date": "2021-01-01", "day": "2017-01-01", "path": "1", "brief": "1"}
_FIXED = (
    *("/", "/archive", "/archive?sql=select+title+from+briefs+limit+3", "/archive?sql=select+nonsense", "/api"),
    *("/archive/brief_list", "/archive/brief_list?domain=Economics&_facet=kind", "/archive/briefs?_size=3"),
    *(
        "/archive/captures?_size=3",
        "/archive/captures/1",
        "/archive/search",
        "/archive/search?q=harbour&domain=Economics",
    ),
    *("/archive/search?q=the&page=2", "/archive/search?q=nothingofthekind", "/archive/search?domain=Imigration"),
    *("/archive/authors/1", "/archive/domains/Economics", "/archive/resources/1", "/archive/domains", "/b/12"),
    *(
        "/archive/nothing",
        "/archive/briefs/99999",
        "/archive/brief_list?domian=x",
        "/charts",
        "/compare?a=1&b=2",
        "/guide",
        "/download",
        "/compare",
        "/compare?a=1&b=2",
    ),
    *("/-/captured/1", "/archive/briefs/1?q=the", "/archive/brief_list?_search=nothingofthekind"),
)


@dataclass(frozen=True)
class Mode:
    """How a reader looks at the pages."""

    name: str
    width: int
    scheme: Literal["light", "dark"] = "light"
    zoom: float = 1


MODES = (
    Mode("light", 1280),
    Mode("dark", 1280, "dark"),
    Mode("390 px", 390),
    Mode("320 px", 320),
    Mode("200 %", 640, zoom=2),  # as a window of 1280 pixels shows it
)


def main() -> int:
    """Look at all pages; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.axe_pages", description=__doc__)
    parser.add_argument("database", type=Path, help="of `make demo`; it is not changed")
    parser.add_argument("warcs", type=Path)
    parser.add_argument("--only", default="", help="pages whose address has this")
    options = parser.parse_args()
    if not options.database.exists():
        parser.error(f"{options.database} is not there: give `make demo` first")
    paths = [path for path in dict.fromkeys(_list_paths(options.database)) if options.only in path]
    faults = 0
    arguments = ("--warcs", str(options.warcs.absolute()))
    with serve_room(options.database, *arguments) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for mode in MODES:
            found = list(_look(browser, server, mode, paths))
            faults += len(found)
            print(f"{mode.name}: {len(paths)} pages, {len(found)} faults", *found, sep="\n  ", flush=True)
        browser.close()
    return FAILED if faults else OK


def _list_paths(database: Path) -> Iterator[str]:
    yield from _FIXED
    with closing(sqlite3.connect(database)) as db:
        versioned = "SELECT brief_id, max(capture_id) FROM revisions GROUP BY brief_id ORDER BY count(*) DESC LIMIT 1"
        for brief_id, capture_id in db.execute(versioned):
            yield from (f"/archive/briefs/{brief_id}", f"/archive/briefs/{brief_id}?version={capture_id}")
    metadata = read_metadata()
    for name, query in metadata["databases"]["archive"]["queries"].items():
        given = "&".join(f"{parameter}={_GIVEN.get(parameter, '')}" for parameter in query.get("params", ()))
        yield f"/archive/{name}?{given}"
    yield from (f"/charts/{name}" for name in (*PAGES, *CHARTS))


def _look(browser: Browser, server: str, mode: Mode, paths: list[str]) -> Iterator[str]:
    context = browser.new_context(
        viewport={"width": mode.width, "height": 900},
        color_scheme=mode.scheme,
        device_scale_factor=mode.zoom,
        reduced_motion="reduce",
    )
    page = context.new_page()
    for path in paths:
        page.goto(server + path)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        yield from (f"{path}: {fault}" for fault in _ask_axe(page))
        if (pixels := cast(int, page.evaluate(_TOO_WIDE))) > 0:
            yield f"{path}: {pixels} pixels too wide"
    context.close()


def _ask_axe(page: Page) -> Iterator[str]:
    found: list[dict[str, Any]] = Axe().run(page, options=_OPTIONS).response["violations"]
    for fault in found:
        yield f"{fault['id']} ({fault['impact']}, {len(fault['nodes'])} times): {fault['nodes'][0]['html'][:160]}"


if __name__ == "__main__":
    sys.exit(main())
