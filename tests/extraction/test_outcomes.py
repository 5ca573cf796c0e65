"""What an answer comes to, and what is told of it: nothing, a picture, JSON of many kinds, texts, several pages."""

from __future__ import annotations

import json

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Extraction, Source
from tests.support.histories import Post
from tests.support.post_copies import SITE, TEXT, URL, make_page

REST, JOBS = f"{SITE}/wp-json/wp/v2/posts", f"{SITE}/jobs/"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0"
POST = Post("/2019/01/02/one/", 71, "One")
AT = "2021-03-01T00:00:00Z"
WORDS = "The mill of Oxley is closed, says the clerk, and nobody opens it again."
OTHER_TEXTS = [{"title": "A", "text": WORDS * 9}]
FEED_ITEM = {"id": "1", "url": SITE + POST.path, "title": "One", "content_html": POST.content}
FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [FEED_ITEM]}


def read(
    body: bytes, url: str | None, kind: str, status: int = 200, source: Source = "live", at: str | None = AT
) -> Extraction:
    return extract(Capture(body, url, at, source, status, content_type=kind))


def list_kinds(found: Extraction) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.kind) for problem in found.problems]


@pytest.mark.parametrize(
    ("body", "url", "status", "outcome", "result"),
    [
        (b"", URL, 200, "unreadable", "empty"),
        (b" \n", URL, 200, "unreadable", "empty"),
        (b" \n", JOBS, 200, "unreadable", "empty"),
        (b" \n", URL, 404, "missing", ""),
        (PICTURE, URL, 200, "other", "format"),
        (PICTURE, JOBS, 200, "other", ""),
        (PICTURE, URL, 404, "missing", ""),
        (b"User-agent: *\nDisallow: /x", f"{SITE}/robots.txt", 200, "robots", ""),
        (b"Words", URL, 500, "error", "status"),
        (b"Page not found\n\nThe page you requested could not be found.", URL, 200, "soft404", "soft404"),
        (b"Foreign Policy\n\nread more\n\nOlder entries", f"{SITE}/category/x/", 200, "listing", ""),
        (WORDS.encode(), URL, 200, "brief", ""),
        (WORDS.encode(), None, 200, "unreadable", "unreadable"),  # nothing says that it is the site's
    ],
)
def test_what_is_no_page_of_the_site_is_told_where_a_post_was_asked_for(
    body: bytes, url: str | None, status: int, outcome: str, result: str
) -> None:
    found = read(body, url, "text/plain", status)
    assert (found.outcome, list_kinds(found)) == (outcome, [(None, result)] if result else [])


@pytest.mark.parametrize(
    ("source", "at", "result"),
    [("file", None, [("captured_at", "missing")]), ("file", AT, []), ("live", None, []), ("wayback", None, [])],
)
def test_a_file_without_an_instant_is_told_alone(
    source: Source, at: str | None, result: list[tuple[str | None, str]]
) -> None:
    assert list_kinds(read(make_page(), URL, "text/html", source=source, at=at)) == result


@pytest.mark.parametrize(
    ("value", "url", "outcome", "result", "count"),
    [
        ([POST.rest()], REST, "rest", [], 1),
        ([POST.rest()], None, "rest", [], 1),
        ([], REST, "rest", [], 0),
        (FEED, f"{SITE}/feed/json", "feed", [], 1),
        ({"post": {"slug": "post", "_links": {}}}, REST, "rest", [], 0),
        ([{"link": SITE + POST.path}], REST, "rest", [], 0),
        ([{"ID": 7, "post_title": "A", "post_date": "2019-01-01 00:00:00"}], None, "rest", [("body", "unread")], 0),
        ([POST.rest() | {"status": "draft"}], None, "rest", [(None, "unpublished")], 0),
        ({"name": "Desk"}, REST, "other", [], 0),
        ({"name": "Desk"}, None, "other", [], 0),
        (OTHER_TEXTS, None, "unreadable", [(None, "unreadable")], 0),
        (OTHER_TEXTS, REST, "rest", [], 0),
    ],
)
def test_json_is_posts_or_another_answer_or_of_no_known_shape(
    value: object, url: str | None, outcome: str, result: list[tuple[str | None, str]], count: int
) -> None:
    found = read(json.dumps(value).encode(), url, "application/json")
    assert (found.outcome, list_kinds(found), len(found.readings)) == (outcome, result, count)


PAGES = [make_page(), make_page(TEXT.replace("31", "32")).replace(b"/two-lamps/", b"/three-lamps/")]


@pytest.mark.parametrize(
    ("pages", "url", "outcome", "result", "count"),
    [
        (PAGES, URL, "brief", [], 2),
        (PAGES, JOBS, "feed", [], 2),
        (PAGES, None, "feed", [("captured_at", "missing")], 2),
        ([PAGES[0], PAGES[0]], URL, "brief", [], 1),
        ([PAGES[0], PAGES[0]], None, "brief", [("captured_at", "missing")], 1),
        ([PAGES[0], b"<html><head><title>A frame</title></head><body>Words.</body></html>"], URL, "brief", [], 1),
    ],
)
def test_a_file_of_several_pages_is_a_post_s_where_it_has_its_address(
    pages: list[bytes], url: str | None, outcome: str, result: list[tuple[str | None, str]], count: int
) -> None:
    found = read(b"".join(pages), url, "text/html", source="live" if url else "file", at=AT if url else None)
    assert (found.outcome, list_kinds(found), len(found.readings)) == (outcome, result, count)


@pytest.mark.parametrize(
    "seam", [b"</HTML>", b"</html>\n\n<!-- by a cache -->", b"</html>\x0c", b"</html>\xe9", b"</html>\xc2\x85"]
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_of_several_pages_is_split_at_their_ends_alone(mark: bytes, seam: bytes) -> None:
    page, other = (page.partition(b"</html>")[0] for page in PAGES)
    found = read(mark + page + seam + other, URL, "text/html")
    assert len(found.readings) == (2 if seam[7:].strip() == b"" else 1)


_ITEM = "<article><h2 class='entry-title'><a href='/2019/01/0{}/one/'>One</a></h2></article>"
_HEADINGS = "<h3><a href='/2019/01/02/one/'>One</a></h3><h3><a href='/2019/01/03/two/'>Two</a></h3>"


@pytest.mark.parametrize(
    ("markup", "url", "outcome"),
    [
        (_ITEM.format(2) + _ITEM.format(3), JOBS, "listing"),
        (_ITEM.format(2), JOBS, "page"),
        ('<script type="application/ld+json">{"@type": "CollectionPage"}</script>', JOBS, "listing"),
        (f"{_HEADINGS}<h2><a href='/2019/01/04/three/'>Three</a></h2>", JOBS, "listing"),
        (_HEADINGS, JOBS, "page"),
        (f"<p>{WORDS}</p><p>The site is under construction.</p>", JOBS, "maintenance"),
        (f"<b>Policy Summary</b><p>{WORDS}</p><b>Analysis:</b><p>{WORDS}</p>", None, "brief"),
        (f"<b>Summary</b><p>{WORDS}</p>", None, "page"),
    ],
)
def test_a_page_without_a_class_or_a_post_s_address_is_known_by_what_is_in_it(
    markup: str, url: str | None, outcome: str
) -> None:
    page = f"<html><head><title>U.S. RESIST NEWS</title></head><body>{markup}</body></html>"
    assert read(page.encode(), url, "text/html").outcome == outcome


_GONE = (
    "<html lang='{lang}'><title>{title}</title><body class='{kind}'><main><h1>{title}</h1><p>Search?</p></main></body>"
)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("fr-FR", "Page non trouvée"),
        ("de-DE", "Seite wurde nicht gefunden."),
        ("es-ES", "Página no encontrada"),
        ("pl-PL", "Nie znaleziono strony"),
        ("zh-CN", "未找到页面"),
        ("en-US", "This article is no longer available"),
        ("en-US", "Sorry, the page you are looking for no longer exists."),
    ],
)
@pytest.mark.parametrize("kind", ["", "page page-id-9"])
def test_words_that_a_page_is_not_there_are_a_soft_404(lang: str, title: str, kind: str) -> None:
    found = read(_GONE.format(lang=lang, title=title, kind=kind).encode(), URL, "text/html")
    assert (found.outcome, list_kinds(found)) == ("soft404", [(None, "soft404")])


def test_a_static_page_at_the_address_of_a_post_is_a_soft_404() -> None:
    page = _GONE.format(lang="en-US", title="About our archive", kind="page page-id-9").encode()
    assert read(page, URL, "text/html").outcome == "soft404"
    assert read(page, JOBS, "text/html").outcome == "page"
