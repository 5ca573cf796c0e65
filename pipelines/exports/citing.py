"""What all ways to cite a brief share: a key that stays, names in parts, days in words, who published it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from scraper.sample_site import SAMPLE_HOME, SAMPLE_PUBLISHER

_SITE = "https://www.usresistnews.org/"
LANGUAGE = "en"
_RIGHTS = "© the publisher"
_PLAIN = re.compile(r"/[a-z0-9-]+(?:/[a-z0-9-]+)*/")
_LOSSY = re.compile(r"[^a-z0-9]+")
_ENDED = re.compile(r"[.?!…][\"'”’»)\]]*$")
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in the parts that BibTeX and CSL know; what a name does not have is empty."""

    given: str
    particle: str
    family: str
    suffix: str


def site_of(publisher: str) -> str:
    """The address of the publisher's site, or of the sample site, which has no publisher."""
    return f"{SAMPLE_HOME}/" if publisher == SAMPLE_PUBLISHER else _SITE


def rights_of(publisher: str) -> str:
    """Whose the briefs are."""
    return publisher if publisher == SAMPLE_PUBLISHER else _RIGHTS


def key(path: str) -> str:
    """The path as a word for citing programs: `/2019/03/10/a-slug/` → `2019:03:10:a-slug`; no two are the same."""
    if _PLAIN.fullmatch(path):
        return path.strip("/").replace("/", ":")
    return f"{_LOSSY.sub('-', path.lower()).strip('-')[:80]}:{hashlib.sha256(path.encode()).hexdigest()[:12]}"


def split_name(name: str) -> Name | None:
    """As BibTeX splits `First von Last`, and `Jr.` apart; None for what is one word or has a comma."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    if len(words) < 2 or "," in name:
        return None
    small = [place for place, word in enumerate(words[1:-1], 1) if word[0].islower()]
    start, end = (small[0], small[-1] + 1) if small else (len(words) - 1, len(words) - 1)
    return Name(" ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:]), suffix.strip(","))


def in_words(day: str) -> str:
    """`2021-01-02…` → `2 January 2021`."""
    told = date.fromisoformat(day[:10])
    return f"{told.day} {told:%B} {told.year}"


def ended(text: str) -> str:
    """The text with one mark at its end: a full stop where there is no `?`, `!`, `…` or full stop.

    Quotation marks and brackets behind a mark do not count; a comma, colon or semicolon gives way.
    """
    return text if _ENDED.search(text) else f"{text.rstrip(' ,:;')}."


def whereabouts(told: dict[str, Any], address: Callable[[str], str] = str) -> list[str]:
    """Where the cited copy can be seen, and what it is known by, in words; `address` writes the addresses.

    `told["archived"]` may have a `digest` and no `url`; `told` may have a `permalink`, where the brief is read.
    """
    found, archived = [], told["archived"]
    if archived is not None:
        day = f" {in_words(archived['captured_at'])}" if archived["captured_at"] else ""
        digest = archived.get("digest")
        place = f" at {address(archived['url'])}" if archived["url"] else ""
        found.append(f"Archived{day}{place}" + (f" ({digest})" if digest else ""))
    if told.get("permalink"):
        found.append(f"Read at {address(told['permalink'])}")
    return found
