"""The words that a beginning may be of: the index has stems, and that of `immigration` is shorter than `immigra`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache

# What the index's stemmer cuts off.
_ENDINGS = (
    "ational tional ation ations ion ions ate ates ated ating ator ators ative ize izes ized izing izer izers ization "
    "alize alization iveness fulness ousness alism alist alists ality alities ivity ivities ability abilities ibility "
    "ment ments ement ement ence ences ance ances ency ant ent able ible ness ful fully less ity ities ive ives ous "
    "ously al ally ical ically er ers or ors ies y ing ings ed ly ism ist"
).split()
_SHORTEST = 3  # letters of a stem
_STEMS = """CREATE VIRTUAL TABLE typed USING fts5(word, tokenize='porter unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE stems USING fts5vocab(typed, 'instance')"""


@lru_cache(maxsize=1024)
def complete_word(beginning: str) -> tuple[str, ...]:
    """Words that begin so and whose stem is shorter than the beginning: one for each such stem."""
    lower = beginning.lower()
    words = {
        lower + ending[cut:]
        for ending in _ENDINGS
        for cut in range(1, len(ending))
        if lower.endswith(ending[:cut]) and len(lower) - cut >= _SHORTEST
    }
    if not words:
        return ()
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_STEMS)
        db.executemany("INSERT INTO typed VALUES (?)", [(word,) for word in sorted(words)])
        rows = db.execute("SELECT min(word), term FROM stems JOIN typed ON typed.rowid = doc GROUP BY term").fetchall()
    return tuple(word for word, stem in rows if lower.startswith(stem) and _SHORTEST <= len(stem) < len(lower))
