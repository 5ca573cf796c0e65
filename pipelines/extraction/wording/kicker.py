"""The kicker: the words above a text that call it opinion."""

from __future__ import annotations

import re

# `Majority Opinion` or `Public Opinion` heads a text about one: `opinion` alone is that of the site or of a guest.
_KICKER = re.compile(
    r"(?:(?:[A-Z][\w.!’']*|a|an|the)\s+){0,6}(?:op[\s-]?eds?\.?|editorials?)(?:\s*[:.])?"
    r"|(?:(?:an?|our|my|special|guest|reader’?s?’?|staff|weekly|us|u\.\s?s\.|(?:us)?(?:resist|renew|rn)|news|democracy"
    r"|20\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?)\s+){0,6}opinion(?:\s*[:.])?",
    re.IGNORECASE,
)


def is_kicker(text: str) -> bool:
    """Whether the line only says that what follows is opinion: `JULY OP ED`, `U.S. RESIST NEWS EDITORIAL`."""
    return len(text) <= 60 and ("op" in (small := text.lower()) or "ed" in small) and bool(_KICKER.fullmatch(text))
