"""Posts as RSS 2.0 and Atom feeds give them, where the feed holds the whole text (site-atlas 5.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.layouts.rest import parse_content, strip_markup
from pipelines.extraction.lines import Line, read_lines
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.dates import format_site_day, parse_iso_instant, parse_mail_date, parse_site_day
from scraper.html_page import collapse_spaces
from scraper.records import Category

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")  # names a charset; the text is decoded already
_ATOM = "{http://www.w3.org/2005/Atom}"


def parse_xml(text: str) -> etree._Element | None:
    """Parse an XML document without entities and network, broken XML as far as it goes; None where it is no XML."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(_DECLARATION.sub("", text, count=1).strip().encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_feed_items(text: str) -> list[etree._Element]:
    """Read the items of a feed that hold their whole text."""
    root = parse_xml(text)
    if root is None:
        return []
    items = [item for item in root.iter("item") if (item.findtext(_CONTENT) or "").strip() and not _is_comment(item)]
    return items + [entry for entry in root.iter(_ATOM + "entry") if entry.find(_ATOM + "content") is not None]


def _is_comment(item: etree._Element) -> bool:
    return "#comment-" in (item.findtext("link") or "")


class FeedItem(Layout):
    """One `<item>` or `<entry>` with content."""

    name = "feed"
    fidelity = 2

    def __init__(self, item: etree._Element) -> None:
        self.item = item

    def _find_text(self, *names: str) -> str:
        return next((text.strip() for name in names if (text := self.item.findtext(name)) and text.strip()), "")

    def read_lines(self) -> list[Line]:
        content = self.item.find(_ATOM + "content")
        markup = self._find_text(_CONTENT) or ("".join(map(str, content.itertext())) if content is not None else "")
        lines = read_lines(parse_content(markup), self.find_address())
        while lines and _APPENDED.search(lines[-1].text):
            lines.pop()
        return lines

    def find_address(self) -> str | None:
        if link := self._find_text("link"):
            return link
        links = self.item.findall(_ATOM + "link")
        return next((a.get("href") for a in links if a.get("rel", "alternate") == "alternate"), None)

    def wp_id(self) -> Iterator[Candidate[int]]:
        guid = self._find_text("guid", _ATOM + "id")
        if match := re.search(r"[?&]p=(\d+)", guid):
            yield self.build_candidate(int(match[1]), "wp_id:guid", guid)

    def title(self) -> Iterator[Candidate[str]]:
        markup = self._find_text("title", _ATOM + "title")
        if bare := strip_site_name(strip_markup(markup)):
            yield self.build_candidate(bare, "title:title", markup)

    def published(self) -> Iterator[Candidate[str]]:
        text = self._find_text("pubDate")
        if text and (instant := parse_mail_date(text)):
            yield self.build_candidate(format_site_day(instant, is_utc=True), "published:pubDate", text)
        text = self._find_text(_ATOM + "published")
        if date := parse_site_day(text):
            yield self.build_candidate(date, "published:published", text)
        yield from self.propose_permalink_date()

    def modified(self) -> Iterator[Candidate[str]]:
        text = self._find_text(_ATOM + "updated")
        if text and (instant := parse_iso_instant(text)):
            yield self.build_candidate(instant, "modified:updated", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if name := self._find_text(_CREATOR, f"{_ATOM}author/{_ATOM}name"):
            yield self.build_candidate(collapse_spaces(name), "posted_by:creator", name)

    def categories(self) -> tuple[Category, ...]:
        names = [collapse_spaces(element.text or "") for element in self.item.iter("category")]
        names += [element.get("term") or "" for element in self.item.iter(_ATOM + "category")]
        return tuple(Category(name, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")) for name in names if name)


# WordPress and Yoast append this line to feed items.
_APPENDED = re.compile(r"^The post .{1,300} (?:first )?appeared first on .{1,100}\.?$", re.DOTALL)
