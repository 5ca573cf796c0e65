"""Search and facets as a reader with a mouse or a thumb uses them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.support.browser import DESKTOP, NARROW, Room

_ROWS = re.compile(r"([\d,]+) row")


@pytest.mark.parametrize("start", ["/", "/archive/brief_list", "/archive/search"])
def test_what_is_typed_is_found_and_marked(reader: Room, start: str) -> None:
    with reader.visit() as visit:
        page = visit.open(start)
        field = page.get_by_role("searchbox").first
        field.fill("owners object")
        field.press("Enter")
        page.wait_for_url("**/archive/search?**")
        assert page.get_by_role("heading", name="The Harbour Levy").count() == 1
        assert {mark.lower() for mark in page.locator("main mark").all_inner_texts()} == {"owners", "object"}
        assert page.get_by_role("searchbox").first.input_value() == "owners object"


def test_filters_narrow_a_search_and_can_be_dropped(reader: Room) -> None:
    with reader.visit(NARROW) as visit:
        page = visit.open("/archive/search?q=harbor")
        before = _read_count(page)
        page.get_by_label("Domain").select_option(value="Foreign Policy")
        page.get_by_role("search", name="Briefs").get_by_role("button").click()
        page.wait_for_url("**domain=Foreign*")
        assert 0 < _read_count(page) < before
        page.get_by_role("link", name=re.compile("Drop domain")).click()
        page.wait_for_url(lambda url: "Foreign" not in url)
        assert _read_count(page) == before


def test_nothing_found_says_so_and_shows_the_way_out(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/search?q=harbour&domain=Technology")
        assert page.get_by_role("heading", name="Nothing found").is_visible()
        page.get_by_role("link", name=re.compile("without domain")).click()
        page.wait_for_url(lambda url: "Technology" not in url)
        assert _read_count(page) == 1


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])
def test_a_facet_filters_the_list_of_briefs(reader: Room, size: tuple[int, int]) -> None:
    with reader.visit(size) as visit:
        page = visit.open("/archive/brief_list")
        before = _rows(page)
        value = page.locator("#facet-domain li", has_text="Environment")
        result = int(value.locator(".room-note").inner_text())
        value.get_by_role("link").click()
        page.wait_for_url("**domain=Environment*")
        assert _rows(page) == result < before
        shown = page.locator("td.col-domain").all_inner_texts()
        assert len(shown) == result
        assert set(shown) == {"Environment"}
        page.get_by_role("link", name="Remove domain: Environment").click()
        page.wait_for_url(lambda url: "Environment" not in url)
        assert _rows(page) == before


def test_a_table_is_sorted_by_its_heading_and_a_row_leads_to_its_brief(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive/brief_list")
        page.locator("th.col-title a").click()
        page.wait_for_url("**_sort=title*")
        titled = page.locator("td.col-title a").last  # those without a title come first
        title = titled.inner_text()
        titled.click()
        page.wait_for_url("**/archive/briefs/*")
        assert page.locator("h1").inner_text() == title


def test_sql_of_ones_own_is_asked_and_answered(reader: Room) -> None:
    with reader.visit() as visit:
        page = visit.open("/archive")
        page.locator(".CodeMirror").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("select count(*) as briefs from briefs where domain = :domain")
        page.get_by_role("button", name="Run SQL").click()
        page.wait_for_url("**sql=select**")
        page.get_by_label("domain").fill("Environment")
        page.get_by_role("button", name="Run SQL").click()
        page.wait_for_url("**domain=Environment*")
        assert int(page.locator("td.col-briefs").inner_text()) == 9


def _rows(page: Page) -> int:
    return _number(_ROWS, page.locator("h2").first.inner_text())


def _read_count(page: Page) -> int:
    return _number(re.compile(r"([\d,]+) posts? found"), page.get_by_role("status").inner_text())


def _number(shape: re.Pattern[str], text: str) -> int:
    found = shape.search(text)
    assert found is not None, text
    return int(found[1].replace(",", ""))
