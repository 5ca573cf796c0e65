"""Policy domains under one canonical name (docs/schema.md, `briefs.domain`)."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

CANONICAL = (
    "Foreign Policy",
    "Civil Rights",
    "Immigration",
    "Environment",
    "Health & Gender",
    "Education",
    "Technology",
    "Social Justice",
    "Gun Control",
    "Economics",
    "Elections & Politics",
)
_OTHER_NAMES = {
    "the economy": "Economics",
    "environmental": "Environment",
    "the environment": "Environment",
    "economy": "Economics",
    "economic": "Economics",
}
_BY_LOWER_NAME = {name.lower(): name for name in CANONICAL}
_BY_NAME = _BY_LOWER_NAME | _OTHER_NAMES
_LONGEST = 60  # characters; no way to write a domain has more
_NEAR = 0.9  # share of equal letters: one slip in a name of this length
_AND = re.compile(r"(?<!\s)\s+and\s+", re.IGNORECASE)
_SUFFIXES = re.compile(r"(?<!\s)\s+(?:Brief|Policy)$", re.IGNORECASE)


@lru_cache(maxsize=256)  # the same domains are in the labels of all briefs
def to_canonical_domain(text: str) -> str:
    """Turn a domain as a label writes it into its canonical name; an unknown name stays as published."""
    name = text.strip()
    while True:
        if len(name) <= _LONGEST and (domain := _BY_NAME.get(_AND.sub(" & ", name.strip()).lower())):
            return domain
        shorter = _SUFFIXES.sub("", name)
        if shorter == name:
            return name
        name = shorter


def is_domain_name(text: str) -> bool:
    """Whether the words are one of the known domains."""
    return to_canonical_domain(text) in CANONICAL


def find_nearest_domain(text: str) -> str | None:
    """Find the known domain that the words misspell: `Civil Right`, `Foriegn Policy`; None for other words."""
    bare = _AND.sub(" & ", to_canonical_domain(text)).lower()
    names = (bare, f"{bare} policy")  # a label's shape may have cut `Policy` off
    near = [name for words in names for name in get_close_matches(words, _BY_LOWER_NAME, n=1, cutoff=_NEAR)]
    return _BY_LOWER_NAME[near[0]] if near else None


def ends_in_domain(text: str) -> bool:
    """Whether the words end in a known domain after other words: `Betting Rules Foreign Policy`."""
    words = text.split()
    return any(is_domain_name(" ".join(words[start:])) for start in range(1, len(words)))
