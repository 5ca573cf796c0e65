"""The names of the site, as they stand after a headline or in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_NAME_BEHIND_U = r"\.?\s?S\.?\s?(?:RESIST|RENEW)(?:\s+DEMOCRACY)?\s*NEWS"
_NAME = rf"U{_NAME_BEHIND_U}"
_TAGLINE = (
    r"(?:\s*(?:[-–—|:»·]\s*)?(?:Keeping Democracy Alive|Making Democracy Great Again|Where Facts Make a Difference).*)?"
)
_SEPARATOR = r"(?:(?<!\s)\s+)?[-–—|»·:]\s*"
_HOST = r"(?:www\.)?us(?:resist|renew)news\.org"
_BEHIND = re.compile(
    rf"(?:^[\s|»–—-]*|(?<!\s)\s+(?:[-–—|:»«›‹·•]|&[lr]aquo;)\s*|(?<!\s)\s*[|»«]\s*)(?:{_NAME}{_TAGLINE}|{_HOST})\s*$",
    re.IGNORECASE,
)
_IN_FRONT = re.compile(rf"^{_NAME}(?:\s*[»«|]\s*|\s[-–—]\s)", re.IGNORECASE)
# In a whole page: a search for one of two letters is three times as fast as one for letters of any case.
_MENTION = re.compile(rf"[Uu](?i:{_NAME_BEHIND_U}|s(?:resist|renew)news\.org)")


def mentions_site(text: str) -> bool:
    """Whether the text contains the site's name or host."""
    return bool(_MENTION.search(text))


@lru_cache(maxsize=512)  # a page states its headline several times, and web archives have it again
def _strip_own_name(title: str) -> str:
    bare, before = title, None
    while bare != before and "new" in bare.lower():  # where the headline itself is the name, it stands there twice
        before, bare = bare, _IN_FRONT.sub("", _BEHIND.sub("", bare))
    return bare


def strip_site_name(title: str, names: Iterable[str | None] = ()) -> str:
    """Strip the site's name from a headline, maybe all of it; `names` is what the page calls it (`og:site_name`)."""
    bare = _strip_own_name(title.strip())
    for name in names:
        if name and bare.casefold().endswith(name.casefold()):
            front = bare[: -len(name)]
            if not front.strip() or re.search(rf"{_SEPARATOR}$", front):
                bare = re.sub(rf"{_SEPARATOR}$", "", front)
    return bare.strip()
