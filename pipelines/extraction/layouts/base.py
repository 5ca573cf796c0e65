"""What a look is, and what all looks of an HTML page share: the head's metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import ClassVar, TypeVar

from lxml.html import HtmlElement

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line, collapse, lines_of
from pipelines.extraction.wording.site_names import without_site
from scraper.address import identity, make_absolute, permalink_date, split_address
from scraper.dates import parse_iso_date, parse_iso_instant, parse_visible_date
from scraper.html_page import Page, text_of
from scraper.records import Category, Confidence

T = TypeVar("T")


class Layout:
    """One look of one post. Each method yields candidates for the field it is named after, best first."""

    name: ClassVar[str]
    fidelity: ClassVar[int] = 3  # see records.Reading

    def found(self, value: T, how: str, snippet: str, confidence: Confidence = "stated") -> Candidate[T]:
        """A candidate of this look; `how` names the method and the place it looked at."""
        return Candidate(value, f"{self.name}.{how}", snippet[:SNIPPET], confidence)

    def lines(self) -> list[Line]:
        """What the editors wrote, in reading order."""
        raise NotImplementedError

    def address(self) -> str | None:
        """The best address known without judging it."""
        return None

    def url(self) -> Iterator[Candidate[str]]:
        yield from ()

    def wp_id(self) -> Iterator[Candidate[int]]:
        yield from ()

    def title(self) -> Iterator[Candidate[str]]:
        yield from ()

    def published(self) -> Iterator[Candidate[str]]:
        yield from ()

    def modified(self) -> Iterator[Candidate[str]]:
        yield from ()

    def posted_by(self) -> Iterator[Candidate[str]]:
        yield from ()

    def categories(self) -> tuple[Category, ...]:
        return ()

    def permalink_date(self) -> Iterator[Candidate[str]]:
        address = self.address() or ""
        if date := permalink_date(identity(address)):
            yield self.found(date, "published:permalink", address, "read")


class HtmlLayout(Layout):
    """One look of a whole HTML page; subclasses say where their theme puts things."""

    reading: ClassVar[Confidence] = "stated"  # how sure a headline is that this look marks up as one

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def matches(cls, page: Page) -> bool:
        raise NotImplementedError

    def content(self) -> HtmlElement | None:
        """The element that holds what the editors wrote."""
        raise NotImplementedError

    def headline(self) -> HtmlElement | None:
        """The element of the visible headline."""
        return next((e for e in self.page.find_by_class("entry-title") if e.tag == "h1"), None)

    def account(self) -> HtmlElement | None:
        """The element that names the WordPress account which posted the page; never the author."""
        return next(iter(self.page.find_by_class("author")), None)

    def date(self) -> HtmlElement | None:
        """The element of the visible date."""
        return next(iter(self.page.find_by_class("published")), None)

    def lines(self) -> list[Line]:
        """The content's lines; empty where the look's container is empty."""
        content = self.content()
        return lines_of(content, self.page.url or self.address()) if content is not None else []

    def url(self) -> Iterator[Candidate[str]]:
        page = self.page
        named = [("url:canonical", page.links.get("canonical")), ("url:og", page.meta.get("og:url"))]
        if page.url is None:  # a saved page of unknown address: whatever else names it
            entity = page.article.get("mainEntityOfPage")
            named.append(("url:jsonld", entity.get("@id") if isinstance(entity, dict) else entity))
            named.append(("url:monarch", self._monarch("data-permalink")))
        for how, address in named:
            if isinstance(address, str) and address:
                yield self.found(make_absolute(address, page.url), how, address)

    def _monarch(self, name: str) -> str | None:
        element = next(iter(self.page.find_by_class("et_social_pin_images")), None)
        return element.get(name) if element is not None else None

    def wp_id(self) -> Iterator[Candidate[int]]:
        page = self.page
        content = self.content()
        # Related posts are articles with numbers too: only one around the content is this post's.
        around = content.iterancestors("article") if content is not None else ()
        article = next((a for a in around if a.get("id")), None)
        shortlink = page.links.get("shortlink", "")
        for how, text, pattern in (
            ("wp_id:body_class", " ".join(sorted(page.body_classes)), r"\bpostid-(\d+)\b"),
            ("wp_id:shortlink", shortlink, r"[?&]p=(\d+)"),
            ("wp_id:rest_link", page.links.get("json", ""), r"/posts/(\d+)"),
            ("wp_id:article_id", article.get("id") if article is not None else "", r"^post-(\d+)$"),
            ("wp_id:monarch", self._monarch("data-post_id") or "", r"^(\d+)$"),
        ):
            match = re.search(pattern, text or "")
            if match and int(match[1]):
                yield self.found(int(match[1]), how, text)

    def title(self) -> Iterator[Candidate[str]]:
        page = self.page
        headline_element = self.headline()
        for line_break in headline_element.iter("br") if headline_element is not None else ():
            line_break.tail = " " + (line_break.tail or "")
        yield from self._title(text_of(headline_element), "title:headline", self.reading)
        headline = page.article.get("headline")
        yield from self._title(page.meta.get("og:title", ""), "title:og")
        yield from self._title(headline if isinstance(headline, str) else "", "title:jsonld")
        yield from self._title(page.title, "title:document")

    def _title(self, text: str, how: str, confidence: Confidence = "stated") -> Iterator[Candidate[str]]:
        text = collapse(unescape(text)) if how == "title:jsonld" else text
        names = (self.page.meta.get("og:site_name"),)
        if bare := without_site(text, names):
            yield self.found(bare, how, text, confidence)

    def published(self) -> Iterator[Candidate[str]]:
        page = self.page
        webpage = page.find_node("WebPage", "ItemPage").get("datePublished")
        for how, text in (
            ("published:article_meta", page.meta.get("article:published_time")),
            ("published:jsonld", page.article.get("datePublished") or webpage),
        ):
            if isinstance(text, str) and (date := parse_iso_date(text)):
                yield self.found(date, how, text)
        yield from self.visible_date()
        yield from self.permalink_date()

    def visible_date(self) -> Iterator[Candidate[str]]:
        element = self.date()
        if element is None:
            return
        text = element.get("datetime") or text_of(element)
        if date := parse_iso_date(text) or parse_visible_date(text):
            yield self.found(date, "published:visible", text, "read")

    def address(self) -> str | None:
        return next((c.value for c in self.url() if permalink_date(identity(c.value))), self.page.url)

    def modified(self) -> Iterator[Candidate[str]]:
        page = self.page
        for how, text in (
            ("modified:article_meta", page.meta.get("article:modified_time") or page.meta.get("og:updated_time")),
            (
                "modified:jsonld",
                page.article.get("dateModified") or page.find_node("WebPage").get("dateModified"),
            ),
        ):
            if isinstance(text, str) and (instant := parse_iso_instant(text)):
                yield self.found(instant, how, text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        page, meta = self.page, self.page.meta
        written_by = meta.get("twitter:data1") if meta.get("twitter:label1", "").lower() == "written by" else None
        for how, text in (
            ("posted_by:theme", text_of(self.account())),
            ("posted_by:meta", meta.get("author")),
            ("posted_by:twitter", written_by),
            ("posted_by:jsonld", _person(page.article.get("author")) or ""),
        ):
            if text:
                yield self.found(collapse(unescape(text)), how, text)

    def categories(self) -> tuple[Category, ...]:
        """WordPress's categories of the post: the links in its meta line, else the classes of its article."""
        found: dict[str, Category] = {}
        related = self.page.find_all("//a[contains(@rel, 'category')]")
        terms = [a for block in self.page.find_by_class("taxonomy-category") for a in block.iter("a")]  # block themes
        for link in related or terms:
            path = split_address(make_absolute(link.get("href") or "", self.page.url)).path.strip("/")
            slug, name = path.rpartition("/")[2].lower(), text_of(link)
            if slug and name and "category" in path:
                found.setdefault(slug, Category(name, slug))
        return tuple(found.values()) or tuple(self._classed_categories())

    def _classed_categories(self) -> Iterator[Category]:
        sections = self.page.article.get("articleSection")
        names = [sections] if isinstance(sections, str) else [s for s in sections or () if isinstance(s, str)]
        by_slug = {re.sub(r"[^a-z0-9]+", "-", unescape(n).lower()).strip("-"): unescape(n) for n in names}
        article = self.page.tree.find(".//article[@class]")
        classes = article.get("class", "").split() if article is not None else []
        slugs = [c.removeprefix("category-") for c in classes if c.startswith("category-")]
        for slug in slugs or by_slug:
            yield Category(by_slug.get(slug, slug), slug)


def _person(author: object) -> str | None:
    if isinstance(author, list):
        author = author[0] if author else None
    name = author.get("name") if isinstance(author, dict) else author
    return name if isinstance(name, str) else None
