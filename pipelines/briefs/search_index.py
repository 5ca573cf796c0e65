"""Keeping briefs_fts, which stores no text of its own, in step with the briefs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

_TEXT = "SELECT title, body, authors, resources FROM briefs_text WHERE id = ?"
_INDEX = "INSERT INTO briefs_fts (rowid, title, body, authors, resources) VALUES (?, ?, ?, ?, ?)"
_UNINDEX = """INSERT INTO briefs_fts (briefs_fts, rowid, title, body, authors, resources)
    VALUES ('delete', ?, ?, ?, ?, ?)"""
_MERGE = "INSERT INTO briefs_fts (briefs_fts) VALUES ('optimize')"  # deleted words stay in the index until then
Text = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """The search index of one archive. Changes are announced before they are made, and indexed once before a commit.

    Once, because FTS5 flushes its memory at the end of each savepoint, and there are two a capture.
    """

    db: sqlite3.Connection
    _indexed: dict[int, Text | None] = field(default_factory=dict)  # what the index holds of briefs that change
    _to_erase: set[int] = field(default_factory=set)  # those whose words must not stay in it

    def announce_new(self, brief_id: int) -> None:
        """A brief is new; its id may be that of one that was rolled back."""
        self._indexed.setdefault(brief_id, None)

    def announce_change(self, brief_id: int) -> None:
        """A brief is about to change or to go."""
        if brief_id not in self._indexed:
            self._indexed[brief_id] = self._read_text(brief_id)

    def announce_erasure(self, brief_id: int) -> None:
        """A brief is about to go, and none of its words may be left in the file."""
        self.announce_change(brief_id)
        self._to_erase.add(brief_id)

    def update(self) -> None:
        """Index what has changed; unchanged text is left alone, for indexing is the most expensive step."""
        for brief_id, old in self._indexed.items():
            new = self._read_text(brief_id)
            if new == old:
                continue
            if old is not None:
                self.db.execute(_UNINDEX, (brief_id, *old))
            if new is not None:
                self.db.execute(_INDEX, (brief_id, *new))
        if any(self._indexed.get(brief_id) is not None for brief_id in self._to_erase):
            self.db.execute(_MERGE)
        self._indexed.clear()
        self._to_erase.clear()

    def _read_text(self, brief_id: int) -> Text | None:
        text: Text | None = self.db.execute(_TEXT, (brief_id,)).fetchone()
        return text
