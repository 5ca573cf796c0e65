"""Marks that programs such as translators leave in elements: rare, and each a search through all of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

# That a pattern of plain letters is found twice as fast as by `in` holds for those that begin with a rare one.
_ATTRIBUTES = rb"data-(?:cfemail|moz-translations-id|translated)"
_MARKS = tuple(map(re.compile, (_ATTRIBUTES, rb"_mst", rb"bergamot", rb"bidi-override", rb"protected")))
_LONG = 1000  # characters of a script
_BEGIN, _NOTICE = 300, 120  # a script that begins with so many characters beside spaces is no notice
_EDGE = 50  # bytes of it that stay, so that no mark is cut; the longest has 24


def find_marks(markup: bytes, lower_markup: bytes, scripts: Iterable[HtmlElement]) -> frozenset[bytes]:
    """Find the marks in a page, some of which may stand in its words; `lower_markup` is the markup in small letters.

    What `scripts` hold is left out where that is easy, for it is most of a page and holds no elements and no notices.
    """
    pieces: list[bytes] = []
    at = 0
    for script in scripts:
        text = script.text or ""
        if len(text) < _LONG or len("".join(text[:_BEGIN].split())) < _NOTICE:
            continue
        code = text.encode()
        begin = markup.find(code[:_EDGE], at)
        if begin < 0 or not markup.startswith(code, begin):  # written in another way; looking on could take long
            break
        pieces.append(lower_markup[at : begin + _EDGE])
        at = begin + len(code) - _EDGE
    searched = b"\n".join([*pieces, lower_markup[at:]])
    return frozenset(found for mark in _MARKS for found in mark.findall(searched))
