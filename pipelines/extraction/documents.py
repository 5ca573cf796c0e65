"""Several whole documents in one file, as `cat` makes it of saved pages."""

from __future__ import annotations

import re

from scraper.markup.html_page import Page

_SEAM = re.compile(rb"</html>\s*(?=<(?:!doctype\s+html|html)\b)", re.IGNORECASE)


def split_documents(body: bytes, page: Page) -> list[bytes]:
    """Split the bytes into documents of their own; `page` is what was read of them as one."""
    if page.markup is body and not any(_SEAM.match(body, end.start()) for end in page.ends):
        return [body]
    ends = [seam.end() for seam in _SEAM.finditer(body)]
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)] if ends else [body]
