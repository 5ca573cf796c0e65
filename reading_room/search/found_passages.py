"""Passages that were searched for, marked in the text of a brief."""

from __future__ import annotations

import html
import re
import secrets
import sqlite3
from itertools import count

from reading_room.search.search_language import NO_SEARCH, ParsedSearch, parse_search

_HIGHLIGHT = "SELECT highlight(briefs_fts, 1, ?, ?) FROM briefs_fts WHERE briefs_fts MATCH ? AND rowid = ?"
_TAG = re.compile(r"(<[^<>]*>)")
_MOST_FORMS = 200  # different words and phrases that are marked


def find_forms(db: sqlite3.Connection, brief_id: int, typed: str) -> list[str]:
    """The words and phrases of a brief's text that a search finds in it, as they stand there."""
    parsed = parse_search(typed)
    terms = tuple(term for group in parsed.groups for term in group)
    match = ParsedSearch((terms,)).match if terms else NO_SEARCH
    start, end = secrets.token_hex(8), secrets.token_hex(8)  # no text in the archive can contain them
    row = db.execute(_HIGHLIGHT, (start, end, match, brief_id)).fetchone()
    pieces = (row[0] or "").split(start)[1:] if row else []
    return list(dict.fromkeys(piece.partition(end)[0] for piece in pieces))[:_MOST_FORMS]


def mark_forms(text: str, forms: list[str]) -> tuple[str, int]:
    """The HTML with each of the words and phrases marked outside of tags, and how many were."""
    if not forms:
        return text, 0
    longest_first = sorted((form.split() for form in forms), key=lambda words: -len(" ".join(words)))
    shapes = (r"\s+".join(re.escape(html.escape(word, quote=False)) for word in words) for words in longest_first)
    shape = re.compile(rf"(?<!\w)(?:{'|'.join(shapes)})(?!\w)")
    numbers = count(1)
    parts = _TAG.split(text)
    for place in range(0, len(parts), 2):  # the others are tags
        parts[place] = shape.sub(lambda found: f'<mark id="found-{next(numbers)}">{found[0]}</mark>', parts[place])
    return "".join(parts), next(numbers) - 1
