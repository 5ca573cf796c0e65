"""Names of organisations, told from names of people by their form alone."""

from __future__ import annotations

# Words that end the names of organisations, and hardly any surname.
_ENDS = frozenset(
    "staff team watch international press institution news magazine media movement united usa initiative fund club "
    "editors collective parenthood".split()
)
_ALSO_SURNAMES = ("staff", "press")
_INSIDE = frozenset("without against for of".split())  # before the last word of a name
# Nouns that stand for many people or for what they want; no given names and no surnames.
_PLURALS = frozenset(
    "workers lives rights voters moms mothers doctors lawyers teachers students veterans citizens nurses scientists "
    "parents families dreams farmers neighbors survivors immigrants women reporters journalists".split()
)


def is_group(name: str) -> bool:
    """Whether the words are an organisation's name: `… Watch`, `… Without …`, `Mill Workers …`."""
    words = name.casefold().split()
    if len(words) < 2:
        return False
    return words[-1] in _ENDS or not _INSIDE.isdisjoint(words[:-1]) or not _PLURALS.isdisjoint(words)


def may_be_person(name: str) -> bool:
    """Whether an organisation's name may as well be a person's: `Bill Press`."""
    words = name.casefold().split()
    return len(words) == 2 and words[1] in _ALSO_SURNAMES
