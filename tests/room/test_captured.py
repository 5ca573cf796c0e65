"""A page as captured: shown in a frame in which nothing runs or loads, and only where it is one post's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from reading_room.pages.sanitise import sanitise_page
from scraper.records import Brief
from tests.support.browser import browse_room
from tests.support.filled_archive import edit_database
from tests.support.room import answers
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_reading,
    open_archive,
    read_rows,
)
from tests.support.web_server import Quiet, at_work

ELSE = "/2022/02/02/second/"
TEXT = "urn:sha256:" + "cd" * 32
MEMENTO = f"https://web.archive.org/web/20210601120000id_/{SITE}{ELSE}"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
PAGE = (Path(__file__).parent / "harmful.html").read_text(encoding="utf-8")  # EVIL: a server that counts its calls


@dataclass(frozen=True, eq=False)
class TrapArchive:
    """An archive with pages that call a server, which counts who comes."""

    folder: Path
    calls: list[str]

    def number(self, path: str) -> int:
        return int(read_rows(self.folder, "SELECT min(id) FROM captures WHERE path = ?", path)[0][0])

    @cache  # noqa: B019 - as long as the module's tests
    def show_pages(self, *paths: str, warcs: bool = True) -> list[Any]:
        return answers(self.folder / "archive.db", *paths, warcs=self.folder / "warcs" if warcs else None)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrapArchive]:
    calls: list[str] = []

    class Counting(Quiet):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        do_POST = do_GET

    with at_work(Counting) as server:
        yield TrapArchive(_fill_archive(tmp_path_factory.mktemp("kept"), server), calls)


def _fill_archive(folder: Path, server: str) -> Path:
    with open_archive(folder) as there:
        page = PAGE.replace("EVIL", server).replace("PIXEL", PIXEL)
        ingest_capture(there, make_capture(page.encode()), make_extraction(make_reading(make_brief())))
        second = replace(make_capture(b"<p>Second.</p>", path=ELSE), memento=MEMENTO)
        ingest_capture(there, second, make_extraction(make_reading(make_brief(ELSE)), path=ELSE))
        plain = replace(
            make_capture(b"Plain <script>text</script> of ada@mail.example", path=TEXT), content_type="text/plain"
        )
        drawer = replace(plain, url=None, captured_at=None, status=None, headers=(), source="file")
        ingest_capture(
            there, drawer, replace(make_extraction(make_reading(_drawer(), fidelity=1), at=None, path=TEXT), url=None)
        )
        feed = (make_reading(make_brief(ELSE), fidelity=2), make_reading(make_brief(), fidelity=2))
        ingest_capture(
            there, make_capture(b"<rss/>", path="/feed/"), make_extraction(*feed, path="/feed/", outcome="feed")
        )
        ingest_capture(there, make_capture(b"A list.", path="/"), make_extraction(path="/", outcome="listing"))
        ingest_capture(
            there, make_capture(b"No.", path="/gone/", status=404), make_extraction(path="/gone/", outcome="missing")
        )
        ingest_capture(there, make_capture(b"\x89PNG", path="/2020/01/01/picture/"), _of("/2020/01/01/picture/"))
        ingest_capture(there, make_capture(b"<p>Secret</p>", path="/2020/01/01/secret/"), _of("/2020/01/01/secret/"))
    edit_database(folder / "archive.db", "UPDATE pages SET status = 'withdrawn' WHERE path = '/2020/01/01/secret/'")
    return folder


def _of(path: str) -> Any:  # noqa: ANN401
    return make_extraction(make_reading(make_brief(path)), path=path)


def _drawer() -> Brief:
    return make_brief(TEXT, url=None, title="From a drawer", published=None)


def _tree(answer: Any) -> Any:  # noqa: ANN401 - a response of httpx, a tree of lxml
    return html.fromstring(answer.text)


def test_the_facts_of_a_capture_are_told(trap: TrapArchive) -> None:
    number = trap.number(PATH)
    (answer,) = trap.show_pages(f"/-/captured/{number}")
    page = _tree(answer)
    result = " ".join(page.text_content().split())
    assert answer.status_code == 200
    assert f"Address {SITE}{PATH}" in result
    assert "Captured 1 June 2021, 12:00 UTC, from the Wayback Machine" in result
    assert "HTTP status 200" in result
    assert read_rows(trap.folder, "SELECT digest FROM captures WHERE id = ?", number)[0][0] in result
    assert "verified just now" in result
    assert "scripts, pictures, linked styles, frames and forms are removed" in result
    (frame,) = page.xpath("//iframe")
    assert (frame.get("sandbox"), frame.get("src")) == ("", f"/-/captured/{number}/page")


def test_the_frame_has_a_policy_of_its_own(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number(PATH)}/page")
    assert answer.headers.get_list("content-security-policy") == [POLICY]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_what_runs_loads_or_leads_away_is_taken_out(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number(PATH)}/page")
    page = _tree(answer)
    assert page.xpath("//script | //link | //meta | //base | //iframe | //object | //embed | //form | //video") == []
    assert page.xpath("//@*[starts-with(name(), 'on')] | //@srcset | //@poster | //@background | //@action") == []
    assert page.xpath("//@src") == [PIXEL]
    assert page.xpath("//@href") == ["#told"]
    assert re.findall(r"url|@import|image-set|alert", answer.text.replace("urn:", "")) == []
    assert [where for where in page.xpath("//@*[contains(., '127.0.0.1')]") if where.attrname != "title"] == []


def test_words_and_styles_stay(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number(PATH)}/page")
    page = _tree(answer)
    result = " ".join(page.text_content().split())
    for words in ("The pact was signed.", "cell", "[picture: A river]", "The end.", "Go"):
        assert words in result
    assert "color: rgb(1, 2, 3)" in answer.text
    assert page.xpath("//a[@id='out']/@title")[0].endswith("/?to=[e-mail left out]")


def test_no_address_is_left(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number(PATH)}/page")
    assert "mail.example" not in answer.text
    assert "cfemail" not in answer.text
    result = " ".join(_tree(answer).text_content().split())
    assert "Write to [e-mail left out], [e-mail left out], [e-mail left out] or [e-mail left out]. The pact" in result


def test_a_browser_asks_nobody_for_anything(trap: TrapArchive) -> None:
    number = trap.number(PATH)
    with browse_room(trap.folder / "archive.db", "--warcs", str(trap.folder / "warcs")) as room:
        for path in (f"/-/captured/{number}", f"/-/captured/{number}/page"):  # in the frame, and on its own
            with room.visit() as visit:
                visit.open(path).wait_for_load_state("networkidle")
        with room.visit() as visit:
            page = visit.open(f"/-/captured/{number}")
            frame = page.frame_locator("iframe")
            assert "The pact was signed." in frame.locator("#told").inner_text()
            assert frame.locator("#told").evaluate("one => getComputedStyle(one).color") == "rgb(1, 2, 3)"
            for link in ("#out", "button", "#in"):
                frame.locator(link).click()
            assert visit.faults() == []
            # Playwright looks into a frame by scripts, which cannot run there either.
            visit.troubles[:] = [trouble for trouble in visit.troubles if "Blocked script execution" not in trouble]
        with room.visit((360, 740)) as visit:
            visit.open(f"/-/captured/{trap.number(TEXT)}").wait_for_load_state("networkidle")
    assert trap.calls == []


def test_texts_are_shown_as_text(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number(TEXT)}/page")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.text == "Plain <script>text</script> of [e-mail left out]"


@pytest.mark.parametrize("path", ["/feed/", "/", "/gone/", "/2020/01/01/secret/"])
def test_only_pages_of_single_posts_are_shown(trap: TrapArchive, path: str) -> None:
    number = trap.number(path)
    for answer in trap.show_pages(f"/-/captured/{number}", f"/-/captured/{number}/page"):
        assert answer.status_code == 404
        assert f"Capture {number} is not shown" in answer.text
        assert "Secret" not in answer.text


def test_captures_that_are_not_there(trap: TrapArchive) -> None:
    for answer in trap.show_pages("/-/captured/987654", "/-/captured/987654/page"):
        assert answer.status_code == 404
        assert "There is no capture 987654" in answer.text
    assert [answer.status_code for answer in trap.show_pages("/-/captured/x", f"/-/captured/{'9' * 30}")] == [404, 404]


def test_without_the_kept_pages_it_says_so(trap: TrapArchive) -> None:
    number = trap.number(ELSE)
    page, frame = trap.show_pages(f"/-/captured/{number}", f"/-/captured/{number}/page", warcs=False)
    assert (page.status_code, frame.status_code) == (200, 404)
    assert "was started without the folder of kept pages" in page.text
    assert "iframe" not in page.text
    assert MEMENTO.replace("id_", "") in page.text


def test_what_is_no_page_is_not_shown(trap: TrapArchive) -> None:
    (answer,) = trap.show_pages(f"/-/captured/{trap.number('/2020/01/01/picture/')}")
    assert answer.status_code == 200
    assert "neither a page nor text" in answer.text


@pytest.mark.parametrize("harm", ["gone", "cut", "other", "altered"])
def test_missing_and_damaged_bytes_are_no_error(tmp_path: Path, harm: str) -> None:
    _fill_archive(tmp_path, "http://127.0.0.1:1")
    number = read_rows(tmp_path, "SELECT id FROM captures WHERE path = ?", PATH)[0][0]
    for file in (tmp_path / "warcs").glob("*.gz"):
        if harm == "gone":
            file.unlink()
        else:
            file.write_bytes({"cut": file.read_bytes()[:700], "other": b"no gzip " * 9000}.get(harm, file.read_bytes()))
    if harm == "altered":
        edit_database(tmp_path / "archive.db", f"UPDATE captures SET digest = 'sha256:{'0' * 64}' WHERE id = {number}")
    trap = TrapArchive(tmp_path, [])
    page, frame = trap.show_pages(f"/-/captured/{number}", f"/-/captured/{number}/page")
    assert (page.status_code, frame.status_code) == (200, 404)
    assert ("another digest now" if harm == "altered" else "missing or damaged") in page.text
    assert frame.headers["content-security-policy"] == POLICY


@given(st.text(st.sampled_from("<>/='\" &@%40abscript:url(data;\\75rl\x00")), st.sampled_from(["text/html", None]))
def test_any_bytes_are_made_harmless(text: str, content_type: str | None) -> None:
    page: Any = html.fromstring(sanitise_page(f"<p>{text}".encode(), content_type, None))
    assert page.xpath("//script | //@src | //@*[starts-with(name(), 'on')]") == []
    assert [link for link in page.xpath("//@href") if not link.startswith("#")] == []


def test_addresses_in_long_lines_cost_little() -> None:
    shown = sanitise_page(b"<p>" + b"<b>a@b.example</b> " * 20_000, "text/html", None)
    assert "b.example" not in shown
    assert shown.count("[e-mail left out]") == 20_000
