"""What kind of file a capture holds."""

from __future__ import annotations

import re

from scraper.discovery import wordpress_export
from scraper.discovery.json_posts import read_posts
from scraper.discovery.json_values import is_json_viewer, parse_dump
from scraper.discovery.xml_items import find_foreign_root, find_root
from scraper.markup.charset import narrow_text
from scraper.records import Capture
from scraper.url_reading import split_address

_TABLE = re.compile(rb"\bpost_(?:content|title)\b")  # columns of WordPress's table of posts
_OBJECT = re.compile(rb"\{\s*\\?\"[\w:-]+\\?\"\s*:")
_DOCUMENT = re.compile(rb"<(?:html|head|body)\b|<!doctype\s+html", re.IGNORECASE)
_PAGE_BEFORE_JSON = re.compile(rb"</html>\s*[\[{]")
_ELEMENT = re.compile(rb"<(?:!doctype html|html|head|body|div|p|article|h1|meta|title)\b", re.IGNORECASE)


def detect_media_kind(capture: Capture) -> str:
    """html, rest, feed, export, sitemap, table, xml, robots, text or other, by the bytes: content types lie."""
    head = narrow_text(capture.body[:65536])
    stated = (capture.content_type or "").partition(";")[0].strip().lower()
    if root := find_root(head):
        name = root[0]
        if name in ("urlset", "sitemapindex"):
            return "sitemap"
        return "export" if wordpress_export.is_export(capture.body) else "feed"
    end = head.find(b"</html>", 0, 16384)  # of a page of an error in front
    is_document = bool(_DOCUMENT.search(head)) and not (end >= 0 and _PAGE_BEFORE_JSON.match(head, end))
    if _is_dump(capture.body, head, stated, is_document=is_document):
        return "rest"
    if not is_document and _TABLE.search(head):
        return "table"
    if capture.url is None and find_foreign_root(head):
        return "xml"
    if stated.startswith(("image/", "video/", "audio/", "font/")) or head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
    ):
        return "other"
    if b"\0" in head[:4096] and not _DOCUMENT.search(head.replace(b"\0", b"")[:4096]):
        return "other"
    if stated in ("application/pdf", "text/css", "application/javascript", "text/javascript", "application/zip"):
        return "other"
    if capture.url and split_address(capture.url).path == "/robots.txt" and not is_document:
        return "robots"
    if stated == "text/plain" and not head.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return "text"
    return "html" if _ELEMENT.search(head) or "html" in stated else "text"


def _is_dump(body: bytes, head: bytes, stated: str, *, is_document: bool) -> bool:
    """Whether the bytes are JSON, or hold posts as JSON behind what a server printed or in a callback."""
    if is_document:
        return is_json_viewer(head)
    is_stated = "json" in stated
    is_bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    if is_stated or not (is_bare or _OBJECT.search(head)):
        return is_stated
    try:
        dump = parse_dump(body)
    except (ValueError, RecursionError):
        return False
    return is_bare or bool(read_posts(dump))
