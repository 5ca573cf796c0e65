"""A merged brief to its rows: the brief, its child rows, and the search index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import attrgetter

from pipelines.briefs.merge import MergedBrief
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import SharedRows
from pipelines.schema.tables import BRIEF_COLUMNS
from scraper.records import Brief

_ID = "SELECT id FROM briefs WHERE path = ?"
_INSERT = f"INSERT INTO briefs ({', '.join(BRIEF_COLUMNS)}, capture_id) VALUES ({'?, ' * len(BRIEF_COLUMNS)}?)"  # noqa: S608
_UPDATE = f"UPDATE briefs SET {', '.join(f'{name} = ?' for name in BRIEF_COLUMNS)}, capture_id = ? WHERE id = ?"  # noqa: S608
_CHILDREN = {
    "brief_authors": ("position", "author_id", "name_as_published", "role", "contact"),
    "brief_resources": ("position", "resource_id", "heading", "name_as_published", "description", "text", "url"),
    "photo_credits": ("position", "text", "name", "source", "url"),
    "sections": ("position", "heading", "text"),
    "links": ("position", "text", "url"),
    "brief_categories": ("category_id", "name_as_published"),
    "evidence": ("position", "capture_id", "field", "value", "rule", "snippet", "confidence", "chosen", "extractor"),
    "revisions": ("capture_id", "field", "old", "new", "seen_at", "change"),
    "past_values": ("field", "value", "until"),
}
_MOST = 32  # rows that one statement adds: a statement for each row takes twice as long
_get_values = attrgetter(*BRIEF_COLUMNS)
_get_evidence = attrgetter("field", "value", "rule", "snippet", "confidence", "chosen")
# Addresses in the reading room and in citations name a brief by its id, so an undone withdrawal gives the id back.
_RESERVE = "INSERT INTO briefs (id, path, kind, capture_id) VALUES (?, ?, 'post', ?)"
_EXTRACTOR = "SELECT extractor FROM captures WHERE id = ?"
_EXTRACTORS = """UPDATE evidence SET extractor = (SELECT extractor FROM captures WHERE captures.id = capture_id)
    WHERE brief_id = ?"""
_CLEAR = tuple(f"DELETE FROM {table} WHERE brief_id = ?" for table in _CHILDREN)  # noqa: S608
# They belong to no single capture: another one that comes later may put an end to them.
_REPORTS = "SELECT message FROM problems WHERE path = ? AND kind = ? AND capture_id IS NULL ORDER BY message"
_DELETE_REPORTS = "DELETE FROM problems WHERE path = ? AND kind = ? AND capture_id IS NULL"
_ADD_REPORT = "INSERT INTO problems (path, kind, field, message) VALUES (?, ?, ?, ?)"
_ABSENT = "SELECT field, message FROM problems WHERE path = ? AND kind = 'absent' AND capture_id IS NULL ORDER BY id"
_REPORTED = ("parts", "unconfirmed", "held", "absent")
_MOVE = "UPDATE briefs SET path = ? WHERE path = ?"
_DROP = "DELETE FROM briefs WHERE id = ?"
_REPLACE_SOURCE = (
    "UPDATE briefs SET capture_id = :new WHERE id = :brief",
    "UPDATE evidence SET capture_id = :new WHERE brief_id = :brief AND capture_id = :old",
)


@dataclass(frozen=True, slots=True)
class Briefs:
    """The briefs of one archive with their child rows. `index.update` before each commit."""

    db: sqlite3.Connection
    shared: SharedRows
    index: SearchIndex

    def find_id(self, path: str) -> int | None:
        row = self.db.execute(_ID, (path,)).fetchone()
        return None if row is None else int(row[0])

    def write(self, merged: MergedBrief, brief_id: int | None) -> bool:
        """Write the rows of a merged brief; True if the brief is new, without a `brief_id`, which never changes."""
        if brief_id is not None or merged.missing_parts:  # nothing was reported of a brief that is new
            self._report_missing_parts(merged)
        if brief_id is not None or merged.absent:
            self._report_absent(merged)
        if brief_id is None:
            cursor = self.db.execute(_INSERT, (*self._make_row(merged.brief), merged.capture_id))
            brief_id = int(cursor.lastrowid or 0)
            self.index.announce_new(brief_id)
            self._add_children(brief_id, merged)
            return True
        before = self.shared.read_references(brief_id)
        self.index.announce_change(brief_id)
        self.db.execute(_UPDATE, (*self._make_row(merged.brief), merged.capture_id, brief_id))
        for sql in _CLEAR:
            self.db.execute(sql, (brief_id,))
        self._add_children(brief_id, merged)
        self.shared.drop_unused(before)
        return False

    def _report_missing_parts(self, merged: MergedBrief) -> None:
        numbers = ", ".join(map(str, merged.missing_parts))
        message = f"The post has more pages than are in its body: no capture holds page {numbers}."
        self.report(merged.brief.path, "parts", "body", [message] if numbers else [])

    def _report_absent(self, merged: MergedBrief) -> None:
        """Report the values that the newest copy lacks, a row a field."""
        path = merged.brief.path
        if tuple(self.db.execute(_ABSENT, (path,))) != merged.absent:
            self.db.execute(_DELETE_REPORTS, (path, "absent"))
            rows = [(path, "absent", field, message) for field, message in merged.absent]
            self.db.executemany(_ADD_REPORT, rows)

    def is_reported_absent(self, path: str) -> bool:
        """Whether it is reported that the newest copy of a brief lacks what others show; the report names that copy."""
        return self.db.execute(_ABSENT, (path,)).fetchone() is not None

    def report(self, path: str, kind: str, field: str | None, messages: list[str]) -> None:
        """Report what all captures of a brief together leave in doubt; a report that still holds keeps its number."""
        before = [message for (message,) in self.db.execute(_REPORTS, (path, kind))]
        if before == messages:
            return
        self.db.execute(_DELETE_REPORTS, (path, kind))
        self.db.executemany(_ADD_REPORT, [(path, kind, field, message) for message in messages])

    def reserve_id(self, brief_id: int, path: str, capture_id: int) -> None:
        """Add a row for a brief that had this id before; `write` fills it, else `drop` removes it."""
        self.db.execute(_RESERVE, (brief_id, path, capture_id))
        self.index.announce_new(brief_id)

    def replace_source(self, brief_id: int, old_capture: int, new_capture: int) -> None:
        """Cite a newer capture as the source: it says word for word what the cited one says."""
        for sql in _REPLACE_SOURCE:
            self.db.execute(sql, {"brief": brief_id, "old": old_capture, "new": new_capture})
        self.db.execute(_EXTRACTORS, (brief_id,))

    def move(self, path: str, new_path: str) -> None:
        """Give the brief another path; if both paths have a brief, the older row stays."""
        old_id, new_id = self.find_id(path), self.find_id(new_path)
        if old_id is None or (new_id is not None and new_id < old_id):
            return
        if new_id is not None:
            self.drop(new_path)
        self.db.execute(_MOVE, (new_path, path))

    def drop(self, path: str) -> None:
        """Remove a brief with its child rows."""
        self.db.executemany(_DELETE_REPORTS, [(path, kind) for kind in _REPORTED])
        brief_id = self.find_id(path)
        if brief_id is None:
            return
        before = self.shared.read_references(brief_id)
        self.index.announce_change(brief_id)
        self.db.execute(_DROP, (brief_id,))
        self.shared.drop_unused(before)

    def _make_row(self, brief: Brief) -> tuple[object, ...]:
        self.shared.add_domain(brief.domain)
        values: tuple[object, ...] = _get_values(brief)
        return values

    def _add_children(self, brief_id: int, merged: MergedBrief) -> None:
        brief, extractors = merged.brief, self._read_extractors({capture_id for capture_id, _ in merged.evidence})
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "brief_authors": ((self.shared.add_author(a), a.name, a.role, a.contact) for a in brief.authors),
            "brief_resources": (
                (self.shared.add_resource(item), item.heading, item.name, item.description, item.text, item.url)
                for item in brief.resources
            ),
            "photo_credits": ((item.text, item.name, item.source, item.url) for item in brief.photo_credits),
            "sections": ((item.heading, item.text) for item in brief.sections),
            "links": ((item.text, item.url) for item in brief.links),
            "evidence": (
                (capture_id, *_get_evidence(item), extractors[capture_id]) for capture_id, item in merged.evidence
            ),
        }
        for table, values in rows.items():
            self._insert(table, [(brief_id, n, *row) for n, row in enumerate(values, 1)])
        categories = {self.shared.add_category(category): category.name for category in brief.categories}
        self._insert("brief_categories", [(brief_id, *category) for category in categories.items()])
        changes = [
            (brief_id, change.capture_id, change.field, change.old, change.new, change.seen_at, change.change)
            for change in merged.revisions
        ]
        self._insert("revisions", changes)
        self._insert("past_values", [(brief_id, value.field, value.value, value.until) for value in merged.past])

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        for start in range(0, len(rows), _MOST):
            part = rows[start : start + _MOST]
            self.db.execute(_format_insert(table, len(part)), list(chain.from_iterable(part)))

    def _read_extractors(self, captures: Iterable[int]) -> dict[int, str | None]:
        return {capture: (self.db.execute(_EXTRACTOR, (capture,)).fetchone() or (None,))[0] for capture in captures}


@cache
def _format_insert(table: str, size: int) -> str:
    columns = "brief_id", *_CHILDREN[table]
    rows = ", ".join([f"({', '.join('?' * len(columns))})"] * size)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows}"  # noqa: S608 - our own names
