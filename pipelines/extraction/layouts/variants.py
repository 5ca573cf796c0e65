"""Other presentations of a post: block themes, AMP pages, print pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.divi import DiviBuilder, DiviClassic, ThemeBuilder
from pipelines.extraction.layouts.front import find_elements_above
from pipelines.extraction.layouts.html_layout import HtmlLayout
from pipelines.extraction.lines import Line
from scraper.dates import find_visible_date
from scraper.discovery.json_posts import make_slug
from scraper.markup.html_page import Page, class_condition, find_first_element, remember_answer, text_of
from scraper.records import Category

_PRINT_IDS = ("BlogContent", "print-content", "Outline")
_PRINTED = (b"Article printed from", b"URL to article")  # WP-Print's foot, whatever template and title a site gave it
_POSTED = "//*[@id='BlogDate' or " + class_condition("entry-date") + "][contains(., 'Posted By')]"
_CATEGORIES = re.compile(r"Posted By .{0,100} On .{4,60}? In (?P<names>[^|]+)")
_BODIES = ("amp-wp-article-content", "entry-content", "print-content", "post-content")


@remember_answer
def _find_body(page: Page) -> HtmlElement | None:
    """Find the first element that such pages have their text in, else the article, else the body."""
    bodies = page.find_by_class(*_BODIES)[:1]
    print_body = None if bodies else page.find_first("//*[@id='BlogContent' or @id='print-content']")
    for element in (print_body, *bodies, page.tree.find(".//article"), page.body):
        if element is not None:
            return element
    return None


@remember_answer
def is_amp(page: Page) -> bool:
    """Whether the document declares itself AMP, or is built as the AMP plugin's reader mode does."""
    root = page.find_root()
    says_amp = root.tag == "html" and any(name in root.attrib for name in ("amp", "⚡"))
    return says_amp or bool(page.find_by_class("amp-wp-article"))


@remember_answer
def is_print(page: Page) -> bool:
    """Whether the document is a print page: WP-Print's markup, or a body that says so or prints itself."""
    if {"print", "printing", "print-page", "wp-print", "print-version"} & page.body_classes:
        return True
    if page.title.endswith("» Print") or all(words in page.markup for words in _PRINTED):
        return True
    has_date = "BlogDate" in page.ids or page.find_by_class("entry-date")
    if has_date and _CATEGORIES.search(text_of(page.find_first(_POSTED))):
        return True
    if page.body is not None and "window.print(" in page.body.get("onload", ""):
        return True
    return not page.ids.isdisjoint(_PRINT_IDS)


class AmpLayout(HtmlLayout):
    """AMP pages of the AMP plugin's reader mode, or of any theme in AMP."""

    name = "amp"
    fidelity = 2

    @classmethod
    def matches(cls, page: Page) -> bool:
        return is_amp(page)

    def find_content(self) -> HtmlElement | None:
        return _find_body(self.page)

    def find_headline(self) -> HtmlElement | None:
        titles = self.page.find_by_class("amp-wp-title") or self.page.find_all("//article//h1 | //h1")
        return next(iter(titles), None)

    def find_account(self) -> HtmlElement | None:
        return self.find_own(self.page.find_by_class("amp-wp-author", "author"))

    def find_date(self) -> HtmlElement | None:
        return self.page.find_first("//time[@datetime]")


class PrintLayout(HtmlLayout):
    """Print pages: WP-Print's, or a theme's print view."""

    name = "print"
    fidelity = 2

    @classmethod
    def matches(cls, page: Page) -> bool:
        return is_print(page) and not is_amp(page)

    def find_content(self) -> HtmlElement | None:
        return _find_body(self.page)

    def find_headline(self) -> HtmlElement | None:
        titles = self.page.find_by_class("entry-title") or self.page.find_all("//*[@id='BlogTitle'] | //h1")
        return next(iter(titles), None)

    def find_account(self) -> HtmlElement | None:
        poster = f"{_POSTED}//cite | {_POSTED}//u[1]"
        named = self.page.find_all(poster) or self.page.find_by_class("entry-author") or self.page.find_all(_POSTED)
        return next(iter(named or self.page.find_by_class("author")), None)

    def categories(self) -> tuple[Category, ...]:
        """Read the categories, which WP-Print has no links for: `Posted By … On … In Foreign Policy | No Comments`."""
        match = _CATEGORIES.search(text_of(self.page.find_first(_POSTED)))
        own = next(iter(self.page.find_by_class("entry-category")), None)
        listed = match["names"] if match else text_of(own).removeprefix("In ")
        names = [name.strip() for name in listed.split(",")]
        return super().categories() or tuple(Category(name, make_slug(name)) for name in names if name)

    def propose_visible_date(self) -> Iterator[Candidate[str]]:
        """Propose the day in WP-Print's line, `Posted By … On June 5, 2020 @ 9:30 am`."""
        visible = list(super().propose_visible_date())
        posted = self.page.find_first("//*[@id='BlogDate']")
        text = text_of(posted) if posted is not None and not visible else ""
        if day := find_visible_date(text.partition(" On ")[2], "en"):
            visible.append(self.build_candidate(day, "published:visible", text, "read"))
        yield from visible

    def read_lines(self) -> list[Line]:
        """Read the lines without the numbers that WP-Print adds to links, for it lists their addresses below."""
        content = self.find_content()
        for number in content.findall(".//sup") if content is not None else ():
            before = number.getprevious()
            if re.fullmatch(r"\s*\[\d+\]\s*", text_of(number)) and before is not None:
                _strip_space_behind(before)
                number.drop_tree()
        return super().read_lines()

    def url(self) -> Iterator[Candidate[str]]:
        yield from super().url()
        strong = self.page.find_first("//p[contains(.,'URL to article')]/strong | //p[contains(.,'URL to article')]/a")
        if strong is not None and (address := text_of(strong)).startswith("http"):
            yield self.build_candidate(address, "url:printed", address, "read")


def _strip_space_behind(element: HtmlElement) -> None:
    """Strip the space behind an element; behind a comment, that in front of it too."""
    node: HtmlElement | None = element
    while node is not None:
        node.tail = (node.tail or "").rstrip()
        node = None if node.tail or isinstance(node.tag, str) else node.getprevious()


class BlockTheme(HtmlLayout):
    """WordPress block themes: `.wp-block-post-content` under `h1.wp-block-post-title`."""

    name = "gutenberg"

    @classmethod
    def matches(cls, page: Page) -> bool:
        if not page.find_by_class("wp-block-post-content") or is_amp(page) or is_print(page):
            return False
        return not any(look.matches(page) for look in (DiviClassic, DiviBuilder, ThemeBuilder))

    def find_content(self) -> HtmlElement | None:
        return next(iter(self.page.find_by_class("wp-block-post-content")), None)

    def find_front(self) -> list[HtmlElement]:
        return find_elements_above(self.find_content())

    def find_headline(self) -> HtmlElement | None:
        return next((e for e in self.page.find_by_class("wp-block-post-title", "entry-title") if e.tag == "h1"), None)

    def find_account(self) -> HtmlElement | None:
        return self.find_own(self.page.find_by_class("wp-block-post-author__name", "wp-block-post-author-name"))

    def find_date(self) -> HtmlElement | None:
        block = self.find_own(self.page.find_by_class("wp-block-post-date"))
        return find_first_element(block, ".//time") if block is not None else None
