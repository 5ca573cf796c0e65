"""What a page's own small style sheets hide: its elements get the style that a browser gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml.html import HtmlElement

from pipelines.extraction.hidden import read_style
from scraper.markup.html_page import Page

_LONGEST = 20_000  # characters; the whole sheet of a theme is longer, and full of parts that its scripts unfold
_BRACE = re.compile(r"([{}])")
_BARE = re.compile(r"\s*[a-z]*([.#])([\w-]+)\s*", re.IGNORECASE)
_NAME = re.compile(r"[.#]([\w-]+)")
_PLACED = re.compile(
    r"(?:display|visibility|position|left|right|top|bottom|text-indent|clip|clip-path|(?:max-)?(?:width|height)|overflow)\s*:",
    re.IGNORECASE,
)
_SHOWING = re.compile(r"(?:display\s*:\s*(?!none)|visibility\s*:\s*visible)\w", re.IGNORECASE)
_SAYS_HIDDEN = re.compile(
    r"hid(?:e|den)(?![a-z])|d-none|(?:no|not)-?(?:display|visible)|display-none|invisible|off-?screen|sr-only"
    r"|screen-?reader",
    re.IGNORECASE,
)
_SIZED = re.compile(r"(?:^|\s)(?:[\w-]*-)?(?:xs|sm|md|lg|xl|2?xxl|2xl|small|medium|large|mobile|desktop)(?:[:-]|$|\s)")
_HANDLER = re.compile(r"""\son\w+\s*=\s*("[^"]*"|'[^']*')""")
_MAY_UNFOLD = "visibility:hidden;transition:visibility"  # hidden, and a script may show it


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rules that hide a bare class or id on every screen (its sign, its name, the style), and the names shown."""

    hiding: tuple[tuple[str, str, str], ...]
    shown: frozenset[str]


def apply_styles(page: Page) -> None:
    """Give elements the style that rules for a bare class or id hide them with, unless another rule shows them.

    Hidden for certain is what a class hides that says so, and that no script names. Other names, such as `.answer`, may
    be shown by a program that is not in the page.
    """
    texts = (sheet.text for sheet in page.find_tags("style") if (sheet.get("media") or "all") in ("all", "screen"))
    sheets = [_read_sheet(text) for text in texts if text and len(text) <= _LONGEST]
    if not any(sheet.hiding for sheet in sheets):
        return
    shown = frozenset[str]().union(*(sheet.shown for sheet in sheets))
    read_code = cache(lambda: _read_code(page))
    for sign, name, style in (rule for sheet in sheets for rule in sheet.hiding if rule[1] not in shown):
        for element in _find_elements(page, sign, name):
            is_sure = _SAYS_HIDDEN.search(name) and name not in read_code()
            element.set("style", f"{element.get('style') or ''};{style if is_sure else _MAY_UNFOLD}")


@lru_cache(maxsize=512)  # the same few stand on all pages of a site
def _read_sheet(sheet: str) -> _Sheet:
    rules = list(_list_rules(_drop_comments(sheet)))
    hiding: list[tuple[str, str, str]] = []
    for selectors, declarations, is_everywhere in rules:
        style = ";".join(part.strip() for part in declarations.split(";") if _PLACED.match(part.strip()))
        if is_everywhere and style and read_style(style):
            names = filter(None, map(_BARE.fullmatch, selectors.split(",")))
            hiding += [(name[1], name[2], style) for name in names]
    showing = (selectors for selectors, declarations, _ in rules if _SHOWING.search(declarations))
    return _Sheet(tuple(hiding), frozenset(name for selectors in showing for name in _NAME.findall(selectors)))


def _drop_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return " ".join([first, *(other.partition("*/")[2] for other in others)])


def _list_rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the selectors and the declarations of each rule, and whether it holds on every screen."""
    heads: list[str] = []
    pieces = _BRACE.split(sheet)
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            heads.append(text.rpartition(";")[2].strip())
        elif heads and not (head := heads.pop()).startswith("@"):
            yield head, text, not heads


def _find_elements(page: Page, sign: str, name: str) -> list[HtmlElement]:
    by_id = page.find_all(f"//*[@id='{name}']") if sign == "#" and name in page.ids else []
    found = page.find_by_class(name) if sign == "." else by_id
    return [e for e in found if not (_is_of_width(e.get("class") or "") or _SHOWING.search(e.get("style") or ""))]


@lru_cache(maxsize=2048)
def _is_of_width(classes: str) -> bool:
    """Whether one of the classes of an element says on which screens it is shown."""
    return bool(_SIZED.search(classes))


def _read_code(page: Page) -> str:
    return "\n".join([*(script.text or "" for script in page.find_tags("script")), *_HANDLER.findall(page.text)])
