"""Copies that a browser, a translator or a plugin translated: by marks in the markup, the address and the words."""

from __future__ import annotations

import re

from pipelines.extraction.wording.language import is_english
from scraper.markup.html_page import Page
from scraper.translators import asks_for_translation, is_translation

_ROOT_CLASS = re.compile(r"^translated-(?:ltr|rtl)$")  # Chrome, and Google's widget on a site
# What translators leave in the document: Edge and Bing, Firefox, Yandex, Immersive Translate, Google's proxy.
_MARKS = (
    "//@*[starts-with(name(), '_mst') or contains(name(), 'bergamot') or name() = 'data-moz-translations-id'"
    " or (name() = 'data-translated' and . = 'true')]/.. | //*[contains(@class, 'immersive-translate-target')]"
    " | //*[local-name() = 'ya-tr-span'] | //meta[contains(@http-equiv, 'ranslated-') or contains(@name, 'ranslated-')]"
)
# The names of those attributes, as `Page.marks` has them.
_HINTS = frozenset((b"_mst", b"bergamot", b"data-moz-translations-id", b"data-translated"))
_CLASS = "immersive-translate-target"
_NAMES = ("http-equiv", "name")
_YANDEX = "ya-tr-span"
_FONT = "//font[contains(@style, 'vertical-align') and contains(@style, 'inherit')][ancestor::h1 or ancestor::nav]"


def find_translation(page: Page, address: str | None, text: str | None) -> str | None:
    """Find what shows that a page is a translated copy; `text` is what was read of its post. None without a sign."""
    if address and is_translation(address):
        return f"its address {address[:80]}"
    root = page.find_root()
    classes = (root.get("class") or "").split()
    if mark := next((name for name in classes if _ROOT_CLASS.match(name)), None):
        return f"the class {mark} of its root"
    if mark := _find_mark(page):
        return f"a translator's mark {mark}"
    language = _find_language(page)
    if language and is_english(text or "") is not True:
        return f"its language {language!r}"
    is_asked_for = address and asks_for_translation(address) and is_english(text or "") is False
    return "the language in its address" if is_asked_for else None


def _find_mark(page: Page) -> str | None:
    """Find an element that only translators write; `<font>` counts in headline and menu, where no editor pastes it."""
    if _has_hint(page) and (element := page.find_first(_MARKS)) is not None:
        return f"in <{element.tag}>"
    is_wrapped = page.find_tag("font") is not None and page.find_first(_FONT) is not None
    return "<font style='vertical-align: inherit'>" if is_wrapped else None


def _has_hint(page: Page) -> bool:
    """Whether a translator may have left a mark: what has none of its attributes, classes and elements has none."""
    if not _HINTS.isdisjoint(page.marks) or page.find_by_class_part(_CLASS):
        return True
    names = " ".join([meta.get(name) or "" for meta in page.find_tags("meta") for name in _NAMES])
    return "ranslated-" in names or page.find_tag(_YANDEX) is not None


def _find_language(page: Page) -> str | None:
    """Find the language that the document states, where that is not English."""
    root = page.find_root()
    for language in (root.get("lang"), root.get("xml:lang"), page.meta.get("og:locale"), page.meta.get("language")):
        if language and language.strip():
            return None if language.strip().lower().startswith("en") else language.strip()[:20]
    return None
