"""Pages that show nothing and send their readers elsewhere at once, as a redirect does."""

from __future__ import annotations

import re
from html import unescape

from scraper.address import is_web, make_absolute, strip_wayback
from scraper.records import Problem

_META = re.compile(r"<meta\b[^>]{0,200}?\bhttp-equiv\s*=\s*[\"']?refresh\b[^>]{0,2500}>", re.IGNORECASE)
_CONTENT = re.compile(
    r"\bcontent\s{0,9}=\s{0,9}[\"']?\s{0,9}[0-5]?(?:\.\d*)?\s{0,9}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?[\"']?([^\"'>\s]{1,2000})",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"<(script|style|noscript|title)\b.{0,4096}?</\1\s*>|<!--.{0,4096}?-->|<[^>]*>", re.IGNORECASE | re.DOTALL
)
_LONGEST = 4096  # characters of a page that is made to send on
_MOST = 200  # characters of words on it: that the page has moved


def find_refresh(text: str, url: str) -> str | None:
    """Find where a page without words of its own leads to, absolute; None for any other page."""
    meta = _META.search(text) if len(text) <= _LONGEST else None
    target = _CONTENT.search(meta[0]) if meta else None
    if target is None or len(" ".join(_WORDS.sub(" ", text).split())) > _MOST:
        return None
    try:
        location = strip_wayback(make_absolute(unescape(target[1]), url))[0]
    except ValueError:
        return None
    return location if is_web(location) and location.partition("#")[0] != url else None


def describe_lost_redirect(status: int | None) -> Problem:
    """Describe a redirect that leads nowhere."""
    return Problem("url", "redirect", f"The server answered {status} and named no address to go to.")
