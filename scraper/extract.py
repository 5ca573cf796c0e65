"""extract(capture) -> Extraction: what one capture tells. Pure: no network, no clock, no database."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import urlsplit

from scraper.address import SITE_HOSTS, absolute, identity, strip_wayback
from scraper.decode import decode
from scraper.discovery import found_in_feed, found_in_listing, found_in_rest, found_in_sitemap
from scraper.layouts import Generic, HtmlLayout, looks_of
from scraper.layouts.feed import FeedItem, feed_items
from scraper.layouts.rest import RestPost, rest_posts
from scraper.layouts.text import TextPost
from scraper.lines import lines_of_text
from scraper.page import Page
from scraper.posts import read_post
from scraper.recognise import recognise, recognise_text
from scraper.records import Capture, Extraction, Outcome, Problem
from scraper.wording.site import names_site

_log = logging.getLogger(__name__)
EXTRACTOR = "1"  # raised when a rule changes what is read; stands on every evidence row
_XML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(\w[\w:.-]*)", re.DOTALL)


def media_kind(capture: Capture) -> str:
    """html, rest, feed, sitemap, robots, text or other: by the bytes first, for content types lie."""
    head = capture.body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    stated = (capture.content_type or "").partition(";")[0].strip().lower()
    root = _XML.match(head)
    name = root[1].lower().rpartition(b":")[2] if root else b""
    if name in (b"rss", b"feed", b"rdf"):
        return "feed"
    if name in (b"urlset", b"sitemapindex"):
        return "sitemap"
    if head[:1] in (b"{", b"[") and ("json" in stated or _is_json(capture.body)):
        return "rest"
    if stated.startswith(("image/", "video/", "audio/", "font/")) or head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ):
        return "other"
    if head.count(b"\0") in range(1, len(head) // 4) and not capture.body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "other"
    if stated in ("application/pdf", "text/css", "application/javascript", "text/javascript", "application/zip"):
        return "other"
    if capture.url and urlsplit(capture.url).path == "/robots.txt" and name not in (b"html", b"!doctype"):
        return "robots"
    looks_html = re.search(
        rb"<(?:!doctype html|html|head|body|div|p|article|h1|meta|title)\b", capture.body[:65536], re.I
    )
    if stated == "text/plain" and not head.lower().startswith((b"<!doctype", b"<html")):
        return "text"
    return "html" if looks_html or "html" in stated else "text"


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _status_outcome(status: int | None) -> Outcome | None:
    if status is None or 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return "redirect"
    return "missing" if status in (404, 410) else "error"


def _location(capture: Capture, url: str | None) -> str | None:
    stated = next((value for name, value in capture.headers if name.lower() == "location"), None)
    try:
        return absolute(stated, url) if stated else None
    except ValueError:  # such as a bracket that is no IPv6 address: it leads nowhere
        return None


def extract(capture: Capture, hosts: frozenset[str] = SITE_HOSTS) -> Extraction:
    """Everything the capture tells: its outcome, and the posts it holds with evidence and problems.

    `hosts` are the site's own, without www. Raises nothing: what cannot be read is a problem.
    """
    try:
        return _extract(capture, hosts)
    except Exception as error:  # one page's surprise must not cost the run or the page: its bytes are kept, it is told
        _log.exception("extract failed on %s", capture.url or capture.name)
        problem = Problem(
            None, "fault", f"A rule failed on this page ({type(error).__name__}: {error}); please report it."
        )
        path = identity(capture.url) if capture.url else "urn:" + capture.digest
        return Extraction(path, capture.url, capture.captured_at, "unreadable", None, None, problems=(problem,))


def _extract(capture: Capture, hosts: frozenset[str]) -> Extraction:
    url = strip_wayback(capture.url)[0] if capture.url else None
    path = identity(url) if url else "urn:" + capture.digest
    by_status = _status_outcome(capture.status)
    if by_status == "redirect":
        return Extraction(path, url, capture.captured_at, by_status, None, None, location=_location(capture, url))
    if not capture.body.strip():
        outcome: Outcome = by_status or "unreadable"
        problems = () if by_status else (Problem(None, "empty", "The capture has no bytes to read."),)
        return Extraction(path, url, capture.captured_at, outcome, None, None, problems=problems)
    kind = media_kind(capture)
    if kind in ("other", "robots"):
        outcome = by_status or ("robots" if kind == "robots" else "other")
        return Extraction(path, url, capture.captured_at, outcome, None, None)
    if kind == "html":
        return _from_html(capture, url, path, by_status, hosts)
    if by_status:
        return Extraction(path, url, capture.captured_at, by_status, None, None)
    if kind == "text":
        return _from_text(capture, url, path, hosts)
    return _from_machine(capture, url, path, kind, hosts)


def _from_html(
    capture: Capture, url: str | None, path: str, by_status: Outcome | None, hosts: frozenset[str]
) -> Extraction:
    page = Page(capture.body, capture.content_type, url)
    known = recognise(page, path if url else None)
    problems = [Problem(None, "charset", "Some bytes stand for no character.")] if "\ufffd" in page.text else []
    outcome: Outcome = known.outcome
    if by_status:
        outcome = known.outcome if known.outcome in ("challenge", "maintenance", "parked") else by_status
    if outcome != "brief":
        if outcome in ("soft404", "challenge", "maintenance", "parked"):
            problems.append(Problem(None, outcome, f"No page of the site's own: {known.reason}."))
        found = found_in_listing(page.tree, url, hosts) if outcome in ("listing", "page") and url else ()
        return Extraction(path, url, capture.captured_at, outcome, None, page.charset, (), tuple(problems), found)
    layout, page, doubts = _look(page)
    truncated = capture.truncated or page.truncated
    if truncated:
        problems.append(Problem("body", "truncated", "The page is cut off: what follows is not in the capture."))
    reading = read_post(layout, url, path, hosts, truncated=truncated)
    if reading.brief.body is None and reading.brief.title is None:
        problems.append(Problem(None, "unreadable", "No headline and no text were found."))
        return Extraction(path, url, capture.captured_at, "unreadable", layout.name, page.charset, (), tuple(problems))
    if layout.name == "generic" and reading.brief.kind == "post" and not names_site(page.text):
        problems.append(Problem(None, "parked", "Neither a brief's wording nor the site's name: another owner's page."))
        return Extraction(path, url, capture.captured_at, "parked", None, page.charset, (), tuple(problems))
    found = found_in_listing(page.tree, url, hosts) if url else ()
    everything = (*problems, *doubts)
    return Extraction(path, url, capture.captured_at, "brief", layout.name, page.charset, (reading,), everything, found)


def _look(page: Page) -> tuple[HtmlLayout, Page, tuple[Problem, ...]]:
    """The look of a single page; none or two are told, and the page is read all the same."""
    looks = looks_of(page)
    if not looks and _lost(page):
        page = page.lenient()
        looks = looks_of(page)
    if not looks:
        return Generic(page), page, (Problem(None, "look", "No known look fits: the generic one read it."),)
    names = " and ".join(look.name for look in looks)
    doubts = (Problem(None, "look", f"Two looks fit: {names}; the first read it."),) if len(looks) > 1 else ()
    return looks[0](page), page, doubts


def _lost(page: Page) -> bool:
    """Whether the bytes name an article's container that the parsed tree does not hold."""
    names = ("entry-content", "et_pb_post_content")
    return any(name in page.text for name in names) and not page.classed(*names)


def _from_text(capture: Capture, url: str | None, path: str, hosts: frozenset[str]) -> Extraction:
    text, charset = decode(capture.body, capture.content_type)
    known = recognise_text([line.text for line in lines_of_text(text)], path if url else None)
    if known.outcome != "brief":
        return Extraction(path, url, capture.captured_at, known.outcome, None, charset)
    layout = TextPost(text, url)
    if not layout.lines():
        problem = Problem(None, "unreadable", "The text has no line that editors wrote.")
        return Extraction(path, url, capture.captured_at, "unreadable", "text", charset, problems=(problem,))
    problems = (Problem("body", "truncated", "The text is known to be cut off."),) if capture.truncated else ()
    reading = read_post(layout, url, path, hosts, truncated=capture.truncated)
    return Extraction(path, url, capture.captured_at, "brief", "text", charset, (reading,), problems)


def _from_machine(capture: Capture, url: str | None, path: str, kind: str, hosts: frozenset[str]) -> Extraction:
    """Sitemaps, feeds and REST answers: addresses, and posts where the text is there whole."""
    if kind == "sitemap":
        addresses = found_in_sitemap(capture.body, url, hosts)
        return Extraction(path, url, capture.captured_at, "sitemap", None, None, found=addresses)
    if kind == "feed":
        items = [FeedItem(item) for item in feed_items(capture.body)]
        readings = tuple(read_post(item, None, path, hosts, truncated=capture.truncated) for item in items)
        found = found_in_feed(capture.body, url, hosts)
        return Extraction(path, url, capture.captured_at, "feed", "feed", None, readings, found=found)
    try:
        posts = rest_posts(capture.body)
    except (ValueError, RecursionError) as error:
        problem = Problem(None, "unreadable", f"Not the JSON that REST answers with: {error}.")
        return Extraction(path, url, capture.captured_at, "unreadable", None, None, problems=(problem,))
    readings = tuple(read_post(RestPost(post), None, path, hosts, truncated=False) for post in posts)
    found = found_in_rest(capture.body, url, hosts)
    return Extraction(path, url, capture.captured_at, "rest", "rest", None, readings, found=found)
