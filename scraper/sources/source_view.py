"""Restores a page from its source as browsers show and save it (`view-source:`)."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from scraper.markup.charset import decode_text

# Chrome has a table with a row a line, Firefox one element with all of them.
_VIEW = re.compile(rb"<td\b[^>]{0,80}\bclass=[\"']?line-content\b|<body\b[^>]{0,200}\bid=[\"']?viewsource\b")
_LINES = "//td[contains(concat(' ',@class,' '),' line-content ')] | //body[@id='viewsource']//pre"


def restore_source(raw: bytes) -> bytes | None:
    """Return the page whose source the file shows, as UTF-8; None where it shows none."""
    if not _VIEW.search(raw):
        return None
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree: HtmlElement = document_fromstring(decode_text(raw, None)[0].encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    lines: list[HtmlElement] = tree.xpath(_LINES)
    text = "\n".join("".join(line.itertext()) for line in lines)
    return text.encode("utf-8", "replace") if text.lstrip().startswith("<") else None
