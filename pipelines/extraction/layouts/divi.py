"""The Divi theme: the classic template, bodies of the builder, Theme Builder templates (site-atlas 5.1-5.3)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import is_boilerplate
from pipelines.extraction.layouts.front import find_elements_above
from pipelines.extraction.layouts.html_layout import HtmlLayout
from scraper.markup.html_page import Page, find_first_element, remember_answer


def _find_own(page: Page, elements: Iterable[HtmlElement]) -> HtmlElement | None:
    """Find the first element that is the page's own, for the items of a blog module are `article.et_pb_post` too."""
    blogs = frozenset(page.find_by_class("et_pb_posts"))
    for element in elements:
        if next(element.iterancestors("aside"), None) is None and blogs.isdisjoint(element.iterancestors()):
            return element
    return None


@remember_answer
def _find_entry(page: Page) -> HtmlElement | None:
    if not page.find_by_class("et_pb_post"):
        return None
    entries = page.find_by_class("entry-content")
    return _find_own(page, (entry for entry in entries if next(entry.iterancestors("article"), None) is not None))


@remember_answer
def _find_theme_body(page: Page) -> HtmlElement | None:
    return _find_own(page, page.find_by_class("et_pb_post_content"))


def _is_built(page: Page, entry: HtmlElement) -> bool:
    return any(entry in section.iterancestors() for section in page.find_by_class("et_pb_section"))


def has_class(element: HtmlElement, *names: str) -> bool:
    """Whether the element has one of the classes."""
    return not frozenset(names).isdisjoint((element.get("class") or "").split())


def _lists_no_posts(module: HtmlElement) -> bool:
    """Whether a module of the template tells of this post alone, and is not its content."""
    classes = module.get("class", "").split()
    return "et_pb_post_content" not in classes and ("et_pb_post_title" in classes or not is_boilerplate(module))


class DiviClassic(HtmlLayout):
    """`article.et_pb_post` with the theme's own meta line, since 2017."""

    name = "divi_classic"
    meta_class = "post-meta"

    @classmethod
    def matches(cls, page: Page) -> bool:
        entry = _find_entry(page)
        return entry is not None and not _is_built(page, entry) and _find_theme_body(page) is None

    def find_content(self) -> HtmlElement | None:
        return _find_entry(self.page)

    def find_front(self) -> list[HtmlElement]:
        return find_elements_above(self.find_content())


class DiviBuilder(DiviClassic):
    """The classic template around a body that was laid out with the builder."""

    name = "divi_builder"

    @classmethod
    def matches(cls, page: Page) -> bool:
        entry = _find_entry(page)
        return entry is not None and _is_built(page, entry) and _find_theme_body(page) is None


class ThemeBuilder(HtmlLayout):
    """A single template made of modules: post title, post content."""

    name = "theme_builder"
    meta_class = "et_pb_title_meta_container"

    @classmethod
    def matches(cls, page: Page) -> bool:
        return _find_theme_body(page) is not None

    def find_content(self) -> HtmlElement | None:
        return _find_theme_body(self.page)

    def find_front(self) -> list[HtmlElement]:
        """Find the modules that the template has above the content, and those beside it in the same row."""
        content = self.find_content()
        around = list(content.iterancestors()) if content is not None else []
        body = next((e for e in around if has_class(e, "et-l--body", "et_builder_inner_content")), None)
        row = next((e for e in around if has_class(e, "et_pb_row")), None)
        front: list[HtmlElement] = []
        limit = body
        modules = self.page.find_by_class("et_pb_module")
        unique_modules = frozenset(modules)
        for module in modules:
            limit = row if module is content else limit
            ancestors = [*module.iterancestors()]
            # Those of the content stand in a module themselves.
            if limit in ancestors and unique_modules.isdisjoint(ancestors) and _lists_no_posts(module):
                front.append(module)
        return front

    def find_headline(self) -> HtmlElement | None:
        module = next(iter(self.page.find_by_class("et_pb_post_title")), None)
        title = find_first_element(module, ".//h1") if module is not None else None
        return title if title is not None else super().find_headline()
