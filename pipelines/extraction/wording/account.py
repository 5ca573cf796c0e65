"""The account that posted a page: its name alone, without the words that a theme has around it."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.extraction.wording.byline import is_name
from pipelines.extraction.wording.name_marks import split_date

_LEAD = re.compile(
    r"(?:(?:(?:view|see|read) )?(?:all |more )?(?:posts?|articles|stories|entries) (?:written )?(?:by|from)\b"
    r"|(?:(?:this )?(?:post|article|entry) )?(?:was )?"
    r"(?:written|posted|published|reported|submitted|created|added|uploaded|words|story|article) by\b"
    r"|by\b|authors?\s*:)\s*:?\s*",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<!\s)\s+[Oo]n\s+(?=(?:[A-Z][a-z]+day,? )?(?:[A-Z][a-z]{2,8}\.? \d|\d)).*$", re.DOTALL)
_LONGEST = 80  # characters; a whole card of an author is longer


def strip_lead(text: str) -> str:
    """Strip the words in front of the name: `Posted by`, `View all posts by`, `Author:`."""
    while (match := _LEAD.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


@lru_cache(maxsize=256)  # the same accounts post many pages
def read_account_name(text: str) -> str | None:
    """Read the name of an account as a theme prints it: `Posted by NAME on May 3, 2021`; None for a card."""
    bare = strip_lead(text)
    if bare != text:
        bare = split_date(_DAY.sub("", bare))[0]
    bare = bare.strip(" |•·,–—")
    return bare if bare and (len(bare) <= _LONGEST or all(map(is_name, bare.split(", ")))) else None
