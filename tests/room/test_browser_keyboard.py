"""A reader without a mouse: everything is reached by Tab in its order, seen when reached, and opened by a key."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Room
from tests.support.room import VERSIONED

# The thing in focus: its name, and whether a reader sees that it has the focus.
_IN_FOCUS = r"""() => {
  const one = document.activeElement, shown = one.closest(".CodeMirror") || one;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  const label = one.getAttribute("aria-label") || one.innerText || one.labels?.[0]?.innerText;
  const name = label || one.value || one.tagName;
  return [one === document.body ? "" : name.trim().replace(/\s+/g, " "), outlined && inside];
}"""
_MOST = 150  # presses of Tab on one page


@pytest.fixture(scope="module")
def brief(room_folder: Path) -> str:
    with closing(sqlite3.connect(room_folder / "archive.db")) as db:
        return f"/archive/briefs/{db.execute('SELECT id FROM briefs WHERE path = ?', (VERSIONED,)).fetchone()[0]}"


def test_the_first_key_offers_the_text(reader: Room, brief: str) -> None:
    with reader.visit() as visit:
        for path in ("/", "/archive/brief_list", "/archive/search?q=harbour", brief):
            page = visit.open(path)
            page.keyboard.press("Tab")
            assert page.evaluate(_IN_FOCUS) == ["Skip to the text", True]
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.tagName") == "MAIN"
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('main') !== null"), path


def test_everything_in_focus_is_seen_to_be(reader: Room, brief: str) -> None:
    with reader.visit() as visit:
        for path in ("/", "/archive", "/archive/brief_list?_size=3", "/archive/search?q=harbour", brief):
            reached = _all_reached(visit.open(path))
            assert reached
            assert [name for name, seen in reached if not seen] == [], path


def test_the_second_key_offers_the_rows_of_a_table(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/brief_list?_size=3&_sort=title")
        _tab_to(page, "Skip to the rows")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#room-rows') !== null")
        assert page.locator("th[aria-sort=ascending]").inner_text().startswith("title")


def test_a_search_from_typing_to_citing(reader: Room, brief: str) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/brief_list")
        _tab_to(page, "Search the archive")
        page.keyboard.type("harbour levy")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/archive/search\?.*q=harbour\+levy"))
        _tab_to(page, "The Harbour Levy")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(brief))
        assert page.locator("h1").inner_text() == "The Harbour Levy"
        _tab_to(page, "Cite")
        page.keyboard.press("Enter")
        _tab_to(page, "BibTeX to copy")
        page.keyboard.press(" ")
        _tab_to(page, "BibTeX")
        assert "@misc{2021:04:04:harbour-levy" in page.evaluate("document.activeElement.value")


def test_a_facet_is_chosen_and_given_up(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/brief_list?_size=3")
        before = _rows_told(page)
        _tab_to(page, "Economics only, as domain")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("domain=Economics"))
        assert 0 < _rows_told(page) < before
        _tab_to(page, "Remove domain: Economics")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "domain=Economics" not in url)
        assert _rows_told(page) == before


def test_the_menu_of_a_column(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/briefs?_size=3")
        _tab_to(page, "What to do with kind")
        page.keyboard.press("Enter")
        assert page.evaluate(_IN_FOCUS) == ["Sort ascending", True]
        page.keyboard.press("Escape")
        assert page.evaluate(_IN_FOCUS) == ["What to do with kind", True]
        page.keyboard.press(" ")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("_sort=kind"))


def test_what_is_folded_unfolds_by_space(reader: Room, brief: str) -> None:
    with reader.visit() as visit:
        for path in ("/archive/brief_list", brief):
            page = visit.open(path)
            folded = page.locator("details:not([open]) > summary")
            assert folded.count(), path
            folded.first.focus()
            page.keyboard.press(" ")
            assert page.evaluate("document.activeElement.parentElement.open") is True


def _all_reached(page: Page) -> list[tuple[str, bool]]:
    """What Tab reaches from the top of the page until it leaves it."""
    reached: list[tuple[str, bool]] = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(_IN_FOCUS)
        if not name:
            return reached
        reached.append((name, seen))
    return reached


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what bears this name has the focus. Raises AssertionError if nothing reached does."""
    reached = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_IN_FOCUS)[0])
        if reached[-1] == name:
            return
    raise AssertionError(f"{name} is not among {reached}")


def _rows_told(page: Page) -> int:
    found = re.match(r"([\d,]+) row", page.locator("h2").first.inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))
