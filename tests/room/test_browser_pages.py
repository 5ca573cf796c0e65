"""Every kind of page in a real browser: it opens without complaint, axe finds no grave fault, it fits a telephone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.maintenance.withdraw import withdraw_post
from pipelines.schema.doc import read_metadata
from tests.support.browser import DESKTOP, NARROW, Room, browse_room
from tests.support.room import HOSTILE, SHARED, VERSIONED
from tests.support.saved_posts import list_saved_posts
from tests.support.specimens import make_settings

# What a parameter of a ready query is given, so that it answers with a few rows.
_GIVEN = {
    "q": "harbour",
    "domain": "Economics",
    "author": "",
    "year": "2021",
    "day": "2020-01-01",
    "date": "2017-12-31",
    "path": VERSIONED,
    "brief": "2",
}
_FEW = "_size=12"  # rows of one kind tell axe the same, and colours of a hundred take it longest
_ACROSS, _UPRIGHT = (1046, 718), (718, 1046)  # pixels of A4 within margins of a centimetre
_LONG = "x" * 200  # no word is too long for a telephone
_LENGTHEN = """word => document.querySelectorAll('main :is(h1, h2, h3, p, li, dt, dd, summary, a, span)').forEach(
    element => { if (!element.children.length && !element.closest('table')) element.textContent = word; })"""
_CANNED = read_metadata()["databases"]["archive"]["queries"]
# The address of each kind of page that is the same in every archive, and its status.
_PAGES = {
    "/": 200,
    "/archive": 200,
    "/archive/domains/Economics": 200,
    f"/archive/brief_list?{_FEW}": 200,
    "/archive/brief_list?domain=Economics&_facet=published": 200,
    f"/archive/captures?{_FEW}": 200,
    "/archive/search": 200,
    "/archive/search?q=harbour": 200,
    "/archive/search?q=harbour&domain=Economics&year=2021": 200,
    "/archive/search?q=nothingofthekind": 200,
    f"/archive/search?q={_LONG}": 200,
    f"/archive/search?year={_LONG}&author={_LONG}&domain={_LONG}": 400,
    "/archive/search?q=%2312+OR+levy&sort=newest": 200,
    "/archive/domian?x=1": 404,
    "/archive/newest?domain=Economics": 200,
    "/archive/newest?domain=Nonsense": 400,
    "/b/12": 200,
    "/download": 200,
    f"/archive/brief_list?_search=%22{_LONG}": 200,
    f"/archive/brief_list?_next={_LONG}": 400,
    "/archive?sql=select+title%2C+%3Aday+as+day+from+briefs+limit+3&day=1": 200,
    "/archive?sql=select+nonsense": 400,
    "/archive/nosuchtable": 404,
    "/archive/briefs/999999": 404,
    "/charts": 200,
    "/charts/posts-by-month?domain=Economics": 200,
    "/charts/resources": 200,
    "/guide": 200,
}


@pytest.fixture(scope="module")
def tomb_id(room_folder: Path) -> int:
    """The number of a brief that was withdrawn."""
    path = list_saved_posts()[0].path
    with closing(sqlite3.connect(room_folder / "archive.db")) as db:
        number = db.execute("SELECT id FROM briefs WHERE path = ?", (path,)).fetchone()[0]
    withdraw_post(make_settings(room_folder), path, "asked by its author")
    return int(number)


@pytest.fixture(scope="module")
def reader(room_folder: Path, tomb_id: int) -> Iterator[Room]:  # the archive is complete before it is served
    with browse_room(room_folder / "archive.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(room_folder: Path, tomb_id: int) -> dict[str, int]:
    """The address of each kind of page, and its status."""
    with closing(sqlite3.connect(room_folder / "archive.db")) as db:
        briefs = dict(db.execute("SELECT path, id FROM briefs"))
        captures = [row[0] for row in db.execute("SELECT id FROM captures WHERE path = ? ORDER BY id", (VERSIONED,))]
        ada, river = (
            db.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()[0]
            for table, name in (("authors", "Ada Fenn"), ("resources", "River Keepers"))
        )
    versioned = f"/archive/briefs/{briefs[VERSIONED]}"
    return _PAGES | {
        versioned: 200,
        f"{versioned}?version={captures[0]}": 200,
        f"/archive/briefs/{briefs[SHARED]}": 200,
        f"/archive/briefs/{briefs[HOSTILE]}": 200,
        f"/archive/authors/{ada}": 200,
        f"/archive/resources/{river}": 200,
        f"/archive/captures/{captures[0]}": 200,
        f"{versioned}?q=levy": 200,
        f"/compare?a={briefs[VERSIONED]}@{captures[0]}&b={briefs[SHARED]}": 200,
        f"/archive/briefs/{tomb_id}": 410,
    }


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])
def test_no_page_has_a_grave_fault(reader: Room, pages: dict[str, int], size: tuple[int, int]) -> None:
    """Every second page in the dark and on a phone, the others as a screen reader has them; `make axe` asks on all."""
    with reader.visit(size) as visit:
        found = {}
        for number, (path, status) in enumerate(list(pages.items())[:: 2 if size == NARROW else 1]):
            page = visit.open(path, status)
            found[path] = visit.faults(in_dark=size == DESKTOP and number % 2 == 0)
            found[path] += [*visit.untold(), *visit.find_skipped_headings()] if size == DESKTOP and number % 2 else []
            assert page.title().strip(), path
            assert page.locator("h1").count() == 1, path
        assert {path: faults for path, faults in found.items() if faults} == {}


def test_every_ready_query_opens_and_fits(reader: Room) -> None:
    with reader.visit(NARROW) as visit:
        for name, query in _CANNED.items():
            given = "&".join(f"{parameter}={_GIVEN.get(parameter, '')}" for parameter in query.get("params", ()))
            page = visit.open(f"/archive/{name}?{given}")
            assert page.locator("h1").inner_text() == query["title"]
            assert visit.too_wide() <= 0, name


@pytest.mark.parametrize(
    ("path", "paper"),
    [
        *((path, _ACROSS) for path in ("/archive/brief_list", f"/archive/briefs?{_FEW}", f"/archive/captures?{_FEW}")),
        *((path, _ACROSS) for path in ("/archive?sql=select+*+from+evidence+limit+9", "/archive/authors_by_briefs")),
        *(
            (path, _UPRIGHT)
            for path in ("/archive/newest", "/archive/gaps", "/charts/posts-by-month", "/archive/briefs/2")
        ),
    ],
)
def test_nothing_is_printed_beyond_the_paper(reader: Room, path: str, paper: tuple[int, int]) -> None:
    with reader.visit(paper) as visit:
        visit.open(path).emulate_media(media="print")
        assert visit.too_wide() <= 0
        assert visit.page.locator("form input[type=submit]:visible, .dropdown-menu-icon:visible").count() == 0


def test_what_is_tapped_is_large_enough_for_a_thumb(reader: Room) -> None:
    with reader.visit(NARROW, has_touch=True) as visit:
        for path in ("/", "/archive/brief_list", "/archive/search?q=harbour"):
            page = visit.open(path)
            boxes = [field.bounding_box() for field in page.locator("input:visible, button:visible").all()]
            small = [box for box in boxes if box and box["height"] < 24]  # WCAG 2.2, 2.5.8: 24 pixels
            assert boxes
            assert small == [], path


def test_the_text_of_a_brief_has_a_readable_measure_and_any_word_fits(reader: Room, pages: dict[str, int]) -> None:
    brief = next(path for path, status in pages.items() if status == 200 and re.fullmatch(r"/archive/briefs/\d+", path))
    with reader.visit(DESKTOP) as visit:
        box = visit.open(brief).locator(".room-prose").bounding_box()
        assert box is not None
        assert box["width"] >= 600
    with reader.visit(NARROW) as visit:
        for path in (brief, "/"):
            visit.open(path).evaluate(_LENGTHEN, _LONG)
            assert visit.too_wide() <= 0, path


def test_a_trouble_on_a_page_is_taken_down(reader: Room) -> None:
    with pytest.raises(AssertionError, match="dialog: here"), reader.visit() as visit:
        visit.open("/").evaluate("alert('here')")
    with pytest.raises(AssertionError, match=r"elsewhere: http://other\.example/x\.png"), reader.visit() as visit:
        page = visit.open("/")
        with page.expect_console_message():  # the policy's word that it was stopped
            page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://other.example/x.png'}))")
    with pytest.raises(AssertionError, match=r"404: .*/nothing"), reader.visit() as visit:
        page = visit.open("/")
        with page.expect_response("**/nothing"):
            page.evaluate("fetch('/nothing')")
