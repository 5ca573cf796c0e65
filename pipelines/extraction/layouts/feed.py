"""Posts as RSS 2.0, RDF and Atom feeds give them, where the feed holds the whole text (site-atlas 5.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.dump_post import DumpPost, find_number
from pipelines.extraction.layouts.fragments import strip_markup
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from scraper.address import identity, permalink_date
from scraper.dates import format_site_day, parse_iso_instant, parse_mail_date, parse_site_day
from scraper.discovery.json_posts import make_slug
from scraper.discovery.xml_items import XmlItem, find_about, index_item, name_item_links, read_markup
from scraper.markup.html_page import collapse_spaces
from scraper.records import Category, Problem

# WordPress and Yoast append this line to feed items.
_APPENDED = re.compile(r"^The post .{1,300} (?:first )?appeared first on .{1,100}\.?$", re.DOTALL)

_BROKEN_OFF = re.compile(
    r"(?:\.\.\.|…|&hellip;|&#8230;|\]|read(?:ing)? more|continue reading)[^.!?]{0,80}$", re.IGNORECASE
)


class FeedItem(DumpPost):
    """One `<item>` or `<entry>`."""

    name = "feed"
    fidelity = 2

    def __init__(self, item: XmlItem) -> None:
        self.is_whole = item.is_whole
        self.fault = item.fault if item.is_whole else None  # that the file breaks off is said already
        self._named_links = name_item_links(item.element)
        self._links = list(self._named_links.values())
        self._about = find_about(item.element)
        self._parts = index_item(item.element)

    @property
    def is_comment(self) -> bool:
        """Whether the item is a reader's comment, as feeds of comments hold them."""
        return any("#comment-" in link for link in self._links)

    @property
    def has_text(self) -> bool:
        """Whether the item holds its whole text, not only an excerpt."""
        return bool(self._find_markup())

    def _find_markup(self) -> str:
        return self._find_whole_text() or self._find_long_description()

    def _find_whole_text(self) -> str:
        """Find the text in the element that is made for it; early feeds of RSS 1.0 have a list of its forms."""
        forms = (value for items in self._parts.get("content:items", ()) for value in items.iter("{*}value"))
        return self._find_text("content:encoded", "content") or next(filter(None, map(read_markup, forms)), "")

    def _find_long_description(self) -> str:
        """Find a description that holds several paragraphs and does not break off, as feeds without another text do."""
        text = self._find_text("description", "summary")
        return text if text.count("<p") > 1 and not _BROKEN_OFF.search(text) else ""

    def find_doubts(self) -> Iterator[Problem]:
        yield from super().find_doubts()
        if not self._find_whole_text():
            yield Problem("body", "doubtful", "The text is the item's description, which may be an excerpt.")

    def _find_text(self, *names: str) -> str:
        texts = (read_markup(element).strip() for name in names for element in self._parts.get(name, ()))
        return next((text for text in texts if text), "")

    def find_source(self) -> tuple[str, str]:
        text = self._find_whole_text() or self._find_text("description", "summary")
        return self._find_text("title", "dc:title"), text

    def read_lines(self) -> list[Line]:
        lines = read_lines(self.parse_content(self._find_markup()), self.find_address())
        while lines and _APPENDED.search(lines[-1].text):
            lines.pop()
        return lines

    def find_address(self) -> str | None:
        permalink = next((link for link in self._links if permalink_date(identity(link))), None)
        return permalink or next(iter(self._links), None)

    def find_guid(self) -> str | None:
        return self._find_text("guid", "id") or self._about or None

    def url(self) -> Iterator[Candidate[str]]:
        for how, link in self._named_links.items():
            yield self.build_candidate(link, f"url:{how}", link)

    def wp_id(self) -> Iterator[Candidate[int]]:
        guid = self.find_guid() or ""
        if number := find_number(guid):
            yield self.build_candidate(number, "wp_id:guid", guid)

    def title(self) -> Iterator[Candidate[str]]:
        yield from self.propose_title(self._find_text("title", "dc:title"))

    def published(self) -> Iterator[Candidate[str]]:
        text = self._find_text("pubDate")
        if text and (instant := parse_mail_date(text)):
            yield self.build_candidate(format_site_day(instant, is_utc=True), "published:pubDate", text)
        text = self._find_text("published", "dc:date", "dcterms:issued", "dcterms:created", "dcterms:date")
        if date := parse_site_day(text):
            yield self.build_candidate(date, "published:published", text)

    def modified(self) -> Iterator[Candidate[str]]:
        text = self._find_text("updated", "dcterms:modified")
        if text and (instant := parse_iso_instant(text)):
            yield self.build_candidate(instant, "modified:updated", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if name := self._find_text("dc:creator", "dcterms:creator") or self._find_author():
            yield self.build_candidate(collapse_spaces(name), "posted_by:creator", name)

    def _find_author(self) -> str:
        names = (child.text for author in self._parts.get("author", ()) for child in author.iter("{*}name"))
        return next((name for name in names if name), "")

    def categories(self) -> tuple[Category, ...]:
        elements: list[etree._Element] = self._parts.get("category", []) + self._parts.get("dc:subject", [])
        names = [element.get("term") or strip_markup(read_markup(element)) for element in elements]
        return tuple(Category(name, make_slug(name)) for name in names if name)
