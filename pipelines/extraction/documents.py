"""Several whole documents in one file, as `cat` makes it of saved pages."""

from __future__ import annotations

import re

_SEAM = re.compile(rb"</html>\s*(?=<(?:!doctype\s+html|html)\b)", re.IGNORECASE)


def split_documents(body: bytes) -> list[bytes]:
    """Split the bytes into documents of their own."""
    ends = [seam.end() for seam in _SEAM.finditer(body)]
    return [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)] if ends else [body]
