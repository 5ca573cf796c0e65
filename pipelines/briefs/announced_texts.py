"""Whether a page shows the edit that REST announced, where the page does not say itself when it was changed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from pipelines.briefs.text_doubts import TextChange
from pipelines.pages import edits
from scraper.records import Brief

State = Literal["read", "open", "stale"]


def note_edits(db: sqlite3.Connection, changes: Iterable[TextChange], texts: Mapping[str, Brief]) -> set[str]:
    """Note which pages show the text that REST has (`texts` by path); return those on which nothing of it is seen."""
    stale: set[str] = set()
    for change in changes:
        if (text := texts.get(change.path)) and text.body:
            state = compare_texts(change.before, change.after, text)
            edits.note_comparison(db, change.path, is_read=state == "read")
            stale |= {change.path} if state == "stale" else set()
    return stale


def compare_texts(before: Brief, after: Brief, announced: Brief) -> State:
    """Say whether the page, which showed `before`, shows the text that is announced: all of it, a part or nothing.

    Themes may show a text otherwise than REST, so a page was renewed if half of what is new on it is new in REST too.
    """
    old, new, rest = map(_count_words, (before, after, announced))
    if not (_count_words(announced, whole=True) - _count_words(after, whole=True)) and not new - rest:
        return "read"
    moved, wanted = (new - old, rest - old) if rest - old else (old - new, old - rest)
    common = (moved & wanted).total()
    return "open" if common and 2 * common >= moved.total() else "stale"


def _count_words(brief: Brief, *, whole: bool = False) -> Counter[str]:
    others = (*(item.text for item in brief.resources), *(author.name for author in brief.authors)) if whole else ()
    return Counter(" ".join((brief.title or "", brief.body or "", *others)).split())
