"""Several whole documents in one file, as `cat` makes it of saved pages."""

from __future__ import annotations

import re

from scraper.markup.html_page import Page

_SEAM = re.compile(rb"</html>\s*(?=<(?:!doctype\s+html|html)\b)", re.IGNORECASE)


def split_documents(body: bytes, page: Page) -> list[bytes]:
    """Split the bytes into documents of their own; `page` is what was read of them as one."""
    if page.markup is body and not _has_seam(body, page):
        return [body]
    ends = [seam.end() for seam in _SEAM.finditer(body)]
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)] if ends else [body]


def _has_seam(body: bytes, page: Page) -> bool:
    """Whether another document follows one of the closing tags, which mostly is one at the end."""
    at = len(body)
    for _ in range(page.ends[b"html"]):
        at = page.lower_markup.rfind(b"</html", 0, at)
        if _SEAM.match(body, at):
            return True
    return False
