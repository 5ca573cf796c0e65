"""Texts that want to be more than texts, in a real browser: nothing of theirs runs, loads or leads anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.browser import Room
from tests.support.room import HOSTILE, ODD, SCRIPT
from tests.support.waiting import LIMIT

_INJECTED = """() => new Promise((told) => {
  addEventListener("securitypolicyviolation", (event) => told(event.effectiveDirective));
  setTimeout(() => told("nothing stopped it"), 2000);
  const script = document.createElement("script");
  script.textContent = "document.title = 'taken over'";
  document.body.append(script);
})"""
_HANDLER = """() => new Promise((told) => {
  addEventListener("securitypolicyviolation", (event) => told(event.effectiveDirective));
  setTimeout(() => told("nothing stopped it"), 2000);
  const text = document.createElement("p");
  document.body.append(text);
  text.innerHTML = "<img src='data:,' onerror='document.title = `taken over`'>";
})"""


@pytest.fixture(scope="module")
def hostile(room_folder: Path) -> list[str]:
    """The addresses where texts of the hostile brief are shown."""
    with closing(sqlite3.connect(room_folder / "archive.db")) as db:
        brief = db.execute("SELECT id FROM briefs WHERE path = ?", (HOSTILE,)).fetchone()[0]
        author = db.execute("SELECT author_id FROM brief_authors WHERE brief_id = ?", (brief,)).fetchone()[0]
        resource = db.execute("SELECT resource_id FROM brief_resources WHERE brief_id = ?", (brief,)).fetchone()[0]
    return [
        f"/archive/briefs/{brief}",
        f"/archive/authors/{author}",
        f"/archive/resources/{resource}",
        "/archive/domains/~3Cscript~3Ealert~281~29~3C~2Fscript~3E",
        "/archive/brief_list?published=2023-06-06&_facet=domain&_facet=authors",
        "/archive/briefs?path=" + quote(HOSTILE),
        f"/archive/brief_resources?brief_id={brief}",
        f"/archive/sections?brief_id={brief}",
        f"/archive/photo_credits?brief_id={brief}",
        "/archive/search?q=drop+table",
        "/archive/evidence_of?path=" + quote(HOSTILE),
    ]


def test_hostile_texts_are_texts(reader: Room, hostile: list[str]) -> None:
    with reader.visit() as visit:  # a dialog, a script of theirs, a request elsewhere is a trouble of the visit
        for path in hostile:
            page = visit.open(path)
            assert "<script>alert(1)" in page.locator("body").inner_text(), path
            assert page.locator("a[href^='javascript:' i]").count() == 0, path
            assert page.locator("[onclick], [onerror], [onload]").count() == 0, path
            assert "49" not in page.title(), path


def test_the_title_of_a_hostile_brief_is_its_heading_word_for_word(reader: Room, hostile: list[str]) -> None:
    with reader.visit() as visit:
        page = visit.open(hostile[0])
        assert page.locator("h1").inner_text() == ODD
        assert SCRIPT in page.title()


@pytest.mark.parametrize(
    "typed", [SCRIPT, "\"'><img src=x onerror=alert(1)>", "{{7*7}} OR 1=1 --", "javascript:alert(1)"]
)
def test_what_is_typed_is_text_too(reader: Room, typed: str) -> None:
    with reader.visit() as visit:
        for address, status in (
            ("/archive/search?q=", 200),
            ("/archive/brief_list?_search=", 200),
            ("/archive/gaps?domain=", 200 if typed == SCRIPT else 400),  # a domain of that name is there
            ("/archive?sql=", 400),
        ):
            page = visit.open(address + quote(typed), status=status)
            assert page.locator("img").count() == 0
            assert page.locator("a[href^='javascript:' i]").count() == 0


@pytest.mark.parametrize(("attack", "stopped"), [(_INJECTED, "script-src-elem"), (_HANDLER, "script-src-attr")])
def test_the_policy_is_alive(reader: Room, attack: str, stopped: str) -> None:
    result = reader.browser.new_page()  # not a visit: the browser tells what it stops as an error
    result.set_default_timeout(LIMIT * 1000)
    try:
        for path in ("/", "/archive/brief_list", "/archive/search?q=harbour", "/archive/nosuchtable"):
            result.goto(reader.server + path)
            assert result.evaluate(attack) == stopped
            assert result.title() != "taken over"
    finally:
        result.close()
