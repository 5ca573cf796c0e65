"""Policy domains under one canonical name (docs/schema.md, `briefs.domain`)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

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
}
_BY_NAME = {name.lower(): name for name in CANONICAL} | _OTHER_NAMES
_NEAR = 0.9  # of the letters: one slip in a name of these lengths
_SUFFIXES = re.compile(r"\s+(?:Brief|Policy)$", re.IGNORECASE)


def _known(name: str) -> str | None:
    return _BY_NAME.get(re.sub(r"\s+and\s+", " & ", name.strip(), flags=re.IGNORECASE).lower())


def canonical_domain(written: str) -> str:
    """The canonical name of a domain as a label writes it; a name that is none of the known stays as published."""
    name = written.strip()
    while True:
        if known := _known(name):
            return known
        shorter = _SUFFIXES.sub("", name)
        if shorter == name:
            return name
        name = shorter


def is_domain_name(written: str) -> bool:
    """Whether the words are one of the known domains."""
    return canonical_domain(written) in CANONICAL


def nearest_domain(written: str) -> str | None:
    """The known domain that the words are but for a slip or an ending: `Economic`, `Civil Right`; None for others."""
    name = re.sub(r"\s+and\s+", " & ", canonical_domain(written), flags=re.IGNORECASE).lower()
    for known in CANONICAL:
        if SequenceMatcher(None, name, known.lower()).ratio() >= _NEAR:
            return known
    return None


def ends_in_domain(written: str) -> bool:
    """Whether other words stand in front of a known domain: `Betting Rules Foreign Policy`."""
    words = written.split()
    return any(is_domain_name(" ".join(words[start:])) for start in range(1, len(words)))
