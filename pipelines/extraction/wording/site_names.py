"""The site's own names, as they stand behind a headline."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = r"U\.?\s?S\.?\s?(?:RESIST|RENEW)(?:\s+DEMOCRACY)?\s*NEWS"
_TAGLINE = (
    r"(?:\s*[-–—|:»·]?\s*(?:Keeping Democracy Alive|Making Democracy Great Again|Where Facts Make a Difference).*)?"
)
_SEPARATOR = r"\s*[-–—|»·:]\s*"
_BEHIND = re.compile(rf"(?:^[\s|»–—-]*|\s+(?:[-–—|»·•:]|&raquo;)\s*|\s*[|»]\s*){_NAME}{_TAGLINE}\s*$", re.IGNORECASE)
_IN_FRONT = re.compile(rf"^{_NAME}\s*[»|]\s*", re.IGNORECASE)


_MENTION = re.compile(rf"{_NAME}|us(?:resist|renew)news\.org", re.IGNORECASE)


def names_site(text: str) -> bool:
    """Whether the text holds the site's name or host anywhere."""
    return bool(_MENTION.search(text))


def without_site(title: str, names: Iterable[str | None] = ()) -> str:
    """The headline without the site's name behind it; empty where nothing but the name is left.

    `names` are what the page itself calls the site (`og:site_name`).
    """
    bare = _IN_FRONT.sub("", _BEHIND.sub("", title.strip()))
    for name in names:
        if name and bare.casefold().endswith(name.casefold()):
            front = bare[: -len(name)]
            if not front.strip() or re.search(rf"{_SEPARATOR}$", front):
                bare = re.sub(rf"{_SEPARATOR}$", "", front)
    return bare.strip()
