"""What all layouts of an HTML page share: the metadata of its head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from html import unescape
from typing import ClassVar

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import has_sentence, read_shown_text
from pipelines.extraction.candidates import Candidate
from pipelines.extraction.emoji import spell_characters
from pipelines.extraction.layouts.fragments import doubt_unclosed
from pipelines.extraction.layouts.front import read_front_captions
from pipelines.extraction.layouts.jsonld_credits import find_jsonld_credits
from pipelines.extraction.layouts.layout import Layout
from pipelines.extraction.layouts.post_numbers import find_post_numbers
from pipelines.extraction.layouts.spill import Spill, is_followed_by_post, read_spill
from pipelines.extraction.layouts.tabs import has_tabs, move_tab_names
from pipelines.extraction.layouts.titled_pictures import find_titled_credits
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from pipelines.extraction.style_rules import apply_styles
from pipelines.extraction.teaser import find_teaser_end
from pipelines.extraction.wording.credit import find_unread_caption, read_credit
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import identity, make_absolute, permalink_date, strip_part
from scraper.dates import parse_iso_instant, parse_site_day, parse_visible_date
from scraper.discovery.json_posts import make_slug
from scraper.markup.html_page import Page, collapse_spaces, text_of
from scraper.markup.unclosed_element import find_unclosed_element
from scraper.records import Category, Confidence, PhotoCredit, Problem
from scraper.url_reading import split_address


class HtmlLayout(Layout):
    """One look of a whole HTML page; subclasses say where their theme puts each element."""

    headline_confidence: ClassVar[Confidence] = "stated"  # of an element that this look marks up as the headline
    meta_class: ClassVar[str | None] = None  # of the only element in which this look shows account and date

    def __init__(self, page: Page) -> None:
        self.page = page
        apply_styles(page)
        self._spill = Spill([], is_certain=False, is_marked=False, has_others=False)

    @classmethod
    def matches(cls, page: Page) -> bool:
        raise NotImplementedError

    def find_content(self) -> HtmlElement | None:
        """Find the element that holds what the editors wrote."""
        raise NotImplementedError

    def find_left_out(self) -> frozenset[HtmlElement]:
        """Find elements inside the content that are no part of the text."""
        return frozenset()

    def find_headline(self) -> HtmlElement | None:
        """Find the element of the visible headline."""
        return next((e for e in self.page.find_by_class("entry-title") if e.tag == "h1"), None)

    def find_account(self) -> HtmlElement | None:
        """Find the element that names the WordPress account which posted the page; it is never the author."""
        return self._find_meta("author")

    def find_date(self) -> HtmlElement | None:
        """Find the element of the visible date."""
        return self._find_meta("published")

    def _find_meta(self, name: str) -> HtmlElement | None:
        page, around = self.page, self.meta_class
        return self.find_own(page.find_inside(around, name) if around else page.find_by_class(name))

    def find_own(self, elements: Iterable[HtmlElement]) -> HtmlElement | None:
        """Find the first element that tells of this post."""
        return next(filter(self._is_own, elements), None)

    def _is_own(self, element: HtmlElement) -> bool:
        """Whether the element is not in an article or a column beside the content, where other posts are shown."""
        return self._surroundings.issuperset(element.iterancestors("article", "aside"))

    @cached_property
    def _surroundings(self) -> frozenset[HtmlElement]:
        """The content and all that it stands in."""
        content = self.find_content()
        return frozenset() if content is None else frozenset((content, *content.iterancestors()))

    def read_lines(self) -> list[Line]:
        """Read the lines of the content, and those behind its early end; none where its element is missing."""
        content = self.find_content()
        if content is None:
            return []
        base = self.page.url or self.find_address()
        if has_tabs(content, self.page):
            move_tab_names(content)
        lines = read_lines(content, base, self.find_left_out())
        self._spill = read_spill(content, lines, base, self.page)
        block = lines[-1].block + 1 if lines else 0
        behind = self._spill.lines if self._spill.is_certain else []
        return lines + [replace(line, block=line.block + block) for line in behind]

    def find_doubts(self) -> Iterator[Problem]:
        """Find what stands behind the early end of the content, unless the theme marks its true end."""
        yield from filter(None, map(find_unread_caption, self._front_captions))
        own = self.page.links.get("canonical") or ""
        others = {address for address in self.page.relations.get("canonical", ()) if identity(address) != identity(own)}
        for address in sorted(others):
            yield Problem("url", "conflict", f"Of several canonical links {own} is believed, and {address} is not.")
        spill = self._spill
        content = self.find_content()
        if content is not None and spill.has_others and is_followed_by_post(content):
            yield Problem("body", "doubtful", "Another post stands below this one and is left out.")
        text = next((line.text for line in spill.lines if has_sentence(line.text) or spill.is_certain), None)
        if text is not None and not spill.is_marked:
            taken = "taken for text" if spill.is_certain else "left out"
            message = (
                f"{text[:80]!r} (of {len(spill.lines)} lines) stands behind the end of the content, and is {taken}."
            )
            yield Problem("body", "doubtful", message)
        unclosed = find_unclosed_element(self.page.tree, self.page.text, self.page.comments)
        if unclosed and content is not None and not self.page.is_truncated and content in unclosed.surroundings:
            yield doubt_unclosed(unclosed)

    def find_front(self) -> list[HtmlElement]:
        """Find the elements that a template has above the text."""
        return []

    def read_front_lines(self) -> list[Line]:
        return [line for element in self._front for line in read_lines(element, self.page.url)]

    @cached_property
    def _front(self) -> list[HtmlElement]:
        return self.find_front()

    @cached_property
    def _front_captions(self) -> list[Line]:
        return list(read_front_captions(self._front, self.page.url))

    def photo_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        yield from filter(None, map(read_credit, self._front_captions))

    def find_teaser_end(self) -> str | None:
        content = self.find_content() if self.page.find_by_class("more-link") else None
        return find_teaser_end(content) if content is not None else None

    def machine_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        content = self.find_content()
        titled = list(find_titled_credits(content)) if content is not None else []
        yield from titled or self._find_jsonld_credits()

    def _find_jsonld_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        publisher = self.page.article.get("publisher")
        houses = [self.page.meta.get("og:site_name"), publisher.get("name") if isinstance(publisher, dict) else None]
        accounts = [candidate.value for candidate in self.posted_by()]
        others = frozenset(str(name).casefold() for name in (*houses, *accounts) if name)
        yield from find_jsonld_credits(self.page, others)

    def url(self) -> Iterator[Candidate[str]]:
        page = self.page
        addresses = [("url:canonical", page.links.get("canonical")), ("url:og", page.meta.get("og:url"))]
        if page.url is None:  # a saved page whose address is unknown: anything that names it helps
            entity = page.article.get("mainEntityOfPage")
            addresses.append(("url:jsonld", entity.get("@id") if isinstance(entity, dict) else entity))
            addresses.append(("url:monarch", self._get_monarch_value("data-permalink")))
        for how, address in addresses:
            if isinstance(address, str) and address:
                yield self.build_candidate(strip_part(make_absolute(address, page.url)), how, address)

    def _get_monarch_value(self, name: str) -> str | None:
        element = next(iter(self.page.find_by_class("et_social_pin_images")), None)
        return element.get(name) if element is not None else None

    def wp_id(self) -> Iterator[Candidate[int]]:
        monarch = self._get_monarch_value("data-post_id")
        for how, number, text in find_post_numbers(self.page, self.find_content(), monarch):
            yield self.build_candidate(number, f"wp_id:{how}", text)

    def title(self) -> Iterator[Candidate[str]]:
        page = self.page
        headline_element = self.find_headline()
        for line_break in headline_element.iter("br") if headline_element is not None else ():
            line_break.tail = " " + (line_break.tail or "")
        if headline_element is not None:
            spell_characters(headline_element)
        shown = read_shown_text(headline_element) if headline_element is not None else ""
        yield from self._propose_title(shown, "title:headline", self.headline_confidence)
        headline = page.article.get("headline")
        yield from self._propose_title(page.meta.get("og:title", ""), "title:og")
        yield from self._propose_title(headline if isinstance(headline, str) else "", "title:jsonld")
        yield from self._propose_title(page.title, "title:document")

    def _propose_title(self, text: str, how: str, confidence: Confidence = "stated") -> Iterator[Candidate[str]]:
        text = collapse_spaces(unescape(text)) if how == "title:jsonld" else text
        names = (self.page.meta.get("og:site_name"),)
        if bare := strip_site_name(text, names):
            yield self.build_candidate(bare, how, text, confidence)

    def published(self) -> Iterator[Candidate[str]]:
        page = self.page
        for how, text in (
            ("published:article_meta", page.meta.get("article:published_time")),
            (
                "published:jsonld",
                page.article.get("datePublished") or page.find_node("WebPage", "ItemPage").get("datePublished"),
            ),
        ):
            if isinstance(text, str) and (date := parse_site_day(text)):
                yield self.build_candidate(date, how, text)
        yield from self.propose_visible_date()

    def propose_visible_date(self) -> Iterator[Candidate[str]]:
        element = self.find_date()
        if element is None or not self._is_own(element):
            return
        text = element.get("datetime") or text_of(element)
        if date := parse_site_day(text) or parse_visible_date(text):
            yield self.build_candidate(date, "published:visible", text, "read")

    def find_address(self) -> str | None:
        own = strip_part(self.page.url) if self.page.url else None
        return next((c.value for c in self.url() if permalink_date(identity(c.value))), own)

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
                yield self.build_candidate(instant, how, text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        yield from self._posters

    @cached_property
    def _posters(self) -> list[Candidate[str]]:
        page, meta, account = self.page, self.page.meta, self.find_account()
        written_by = meta.get("twitter:data1") if meta.get("twitter:label1", "").lower() == "written by" else None
        texts = (
            ("posted_by:theme", _read_name(account) if account is not None and self._is_own(account) else ""),
            ("posted_by:meta", meta.get("author")),
            ("posted_by:twitter", written_by),
            ("posted_by:jsonld", _get_person_name(page.article.get("author"))),
        )
        return [self.build_candidate(collapse_spaces(unescape(text)), how, text) for how, text in texts if text]

    def categories(self) -> tuple[Category, ...]:
        """Read WordPress's categories of the post: the links in its meta line, else the classes of its article."""
        by_slug: dict[str, Category] = {}
        links = [a for a, href in self.page.anchors if "category" in href and "category" in (a.get("rel") or "")]
        links = [link for link in links if self._is_own(link)]
        terms = [a for block in self.page.find_by_class("taxonomy-category") for a in block.iter("a")]  # block themes
        for link in links or terms:
            path = split_address(make_absolute(link.get("href", ""), self.page.url)).path.strip("/")
            slug, name = path.rpartition("/")[2].lower(), text_of(link)
            if slug and name and "category" in path:
                by_slug.setdefault(slug, Category(name, slug))
        return tuple(by_slug.values()) or tuple(self._read_article_categories())

    def _read_article_categories(self) -> Iterator[Category]:
        sections = self.page.article.get("articleSection")
        names = [sections] if isinstance(sections, str) else [s for s in sections or () if isinstance(s, str)]
        by_slug = {make_slug(unescape(n)): unescape(n) for n in names}
        article = self.page.tree.find(".//article[@class]")
        classes = article.get("class", "").split() if article is not None else []
        slugs = [c.removeprefix("category-") for c in classes if c.startswith("category-")]
        self.bare_slugs = frozenset(slugs) - by_slug.keys()
        for slug in slugs or by_slug:
            yield Category(by_slug.get(slug, slug), slug)


def _read_name(account: HtmlElement) -> str:
    """Read the first link with words in the element of an account, which may hold a whole card; else all of it."""
    links = (text_of(link) for link in account.iter("a"))
    return next((text for text in links if text), text_of(account))


def _get_person_name(author: object) -> str | None:
    if isinstance(author, list):
        author = author[0] if author else None
    name = author.get("name") if isinstance(author, dict) else author
    return name if isinstance(name, str) else None
