"""What all citation formats share: a stable key, names in parts, days in words, the publisher."""

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
_DEGREE = re.compile(r"(?:[A-Z][a-z]{0,2}\.){2,3}|Esq\.?")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in the parts that BibTeX and CSL know; a part that is missing is empty."""

    given: str
    particle: str
    family: str
    suffix: str


def get_site_url(publisher: str) -> str:
    """Get the address of the publisher's site, or of the sample site, which has no publisher."""
    return f"{SAMPLE_HOME}/" if publisher == SAMPLE_PUBLISHER else _SITE


def get_rights(publisher: str) -> str:
    """Get the statement of who owns the briefs."""
    return publisher if publisher == SAMPLE_PUBLISHER else _RIGHTS


def make_citation_key(path: str) -> str:
    """Turn a path into a unique key for citing programs: `/2019/03/10/a-slug/` → `2019:03:10:a-slug`."""
    if _PLAIN.fullmatch(path):
        return path.strip("/").replace("/", ":")
    return f"{_LOSSY.sub('-', path.lower()).strip('-')[:80]}:{hashlib.sha256(path.encode()).hexdigest()[:12]}"


def split_name(name: str) -> PersonName | None:
    """Split a name as BibTeX splits `First von Last, Jr.`; None for a single word and for any other comma."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and _is_suffix(words[-1], words[-2]) else ""
    if suffix:
        words[-1] = words[-1].rstrip(",")
    if len(words) < 2 or any("," in word for word in words):
        return None
    small = [place for place, word in enumerate(words[1:-1], 1) if word[0].islower()]
    start, end = (small[0], small[-1] + 1) if small else (len(words) - 1, len(words) - 1)
    return PersonName(" ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:]), suffix)


def _is_suffix(word: str, before: str) -> bool:
    return word.lower() in _SUFFIXES or (before.endswith(",") and _DEGREE.fullmatch(word) is not None)


def format_day(day: str) -> str:
    """`2021-01-02…` → `2 January 2021`."""
    day_parts = date.fromisoformat(day[:10])
    return f"{day_parts.day} {day_parts:%B} {day_parts.year}"


def end_sentence(text: str) -> str:
    """End the text with a full stop unless it ends with `?`, `!`, `…` or a full stop.

    Quotation marks and brackets after such a mark do not count; a comma, colon or semicolon is replaced.
    """
    return text if _ENDED.search(text) else f"{text.rstrip(' ,:;')}."


def describe_copies(brief: dict[str, Any], address: Callable[[str], str] = str) -> list[str]:
    """Say in words where the cited copy can be seen and what its digest is; `address` formats the addresses.

    `brief["archived"]` may have a `digest` and no `url`; `brief` may have a `permalink` to its page in the room.
    """
    sentences, archived = [], brief["archived"]
    if archived is not None:
        day = f" {format_day(archived['captured_at'])}" if archived["captured_at"] else ""
        digest = archived.get("digest")
        place = f" at {address(archived['url'])}" if archived["url"] else ""
        sentences.append(f"Archived{day}{place}" + (f" ({digest})" if digest else ""))
    if brief.get("permalink"):
        sentences.append(f"Read at {address(brief['permalink'])}")
    return sentences
