"""A kept page that wants to run and load things, shown in the frame of a real browser: it does neither."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scraper.errors import OK
from tests.support.browser import NARROW, Room, browse_room
from tests.support.saved_posts import list_saved_posts
from tests.support.scrapy_running import scrapy
from tests.support.specimens import SITE
from tests.support.waiting import LIMIT

_POST = list_saved_posts()[1]
_HOSTILE = b"""<script>parent.document.title = 'taken over'</script><script src="http://other.example/a.js"></script>
<img src="http://other.example/b.png" onerror="alert(1)"><iframe src="http://other.example/c"></iframe>
<link rel="stylesheet" href="http://other.example/d.css"><style>@import url(http://other.example/e.css);
p { background: url(http://other.example/f.png) }</style><meta http-equiv="refresh" content="0; url=http://other.example/g">
<form action="http://other.example/h"><input name="x"></form><svg onload="alert(2)"></svg>
<a href="javascript:alert(3)" onclick="alert(4)">Follow me</a><object data="http://other.example/i"></object>
<video autoplay src="http://other.example/j.mp4"></video><base href="http://other.example/"></body>"""
# What the page could do if something of it were left.
_LOADING = """document.body.append(Object.assign(new Image(), { src: "/room/room.css" }))"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("captured")
    page = folder / "page.html"
    page.write_bytes(_POST.page.replace(b"</body>", _HOSTILE))
    done = scrapy(folder, "ingest", page, "--url", SITE + _POST.path, "--captured-at", "2025-12-31")
    assert done.returncode == OK, done.stderr
    with browse_room(folder / "archive.db", "--warcs", str(folder / "warcs")) as opened:
        yield opened


@pytest.mark.parametrize("size", [(1280, 900), NARROW], ids=["desktop", "narrow"])
def test_the_frame_shows_the_words_and_loads_nothing(room: Room, size: tuple[int, int]) -> None:
    with room.visit(size) as visit:  # a request elsewhere, a dialog and a word in the console are its troubles
        page = visit.open("/archive/briefs/1")
        title = page.locator("h1").inner_text()
        page.get_by_role("link", name="See the page as captured").click()
        page.wait_for_url("**/-/captured/*")
        frame = page.frame_locator("iframe")
        assert title in frame.locator("body").inner_text()
        assert "Follow me" in frame.locator("body").inner_text()
        assert (
            frame.locator("script, iframe, object, form, link, base, video, a[href], [onclick], [onload]").count() == 0
        )
        assert len(page.frames) == 2
        assert page.title().startswith("As captured")
        assert visit.faults() == []


def test_the_frame_could_not_load_even_what_were_left_in_it(room: Room) -> None:
    page = room.browser.new_page()  # not a visit: what is stopped is told as an error in the console
    page.set_default_timeout(LIMIT * 1000)
    try:
        answer = page.goto(room.server + "/-/captured/1/page")
        assert answer is not None
        with page.expect_console_message(lambda result: "Content Security Policy" in result.text) as result:
            page.evaluate(_LOADING)
        assert "img-src" in result.value.text
        assert page.evaluate("self.origin") == "null"  # of no origin: it cannot read what else is served here
    finally:
        page.close()


def test_the_frame_holds_no_keyboard(room: Room) -> None:
    with room.visit() as visit:
        page = visit.open("/-/captured/1")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText") == "Datasette":  # the last link, below the frame
                return
        raise AssertionError("the end of the page was not reached")
