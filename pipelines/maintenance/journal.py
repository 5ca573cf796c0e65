"""The journal in warcs/: `metadata` records that tell, commit by commit, which rows changed that no page tells of.

A record is JSON: `archive`, whose it is; `number`, one more than that of the record before; `ends`, whether its
transaction ends with it; `anew`, whether everything is told again from here; `tables`, by name, each with `columns`,
`rows` as they are now, and `gone`, the keys of rows that are no more. It is on the disk before its transaction is; the
next record has the same number where that never came to last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipelines.captures.warc_writer import WarcAppender
from pipelines.pages import run_state
from pipelines.schema.journal_triggers import JOURNAL_TABLES, JournalTable, build_notes

MEDIA_TYPE = "application/vnd.brief-archive.journal+json"
NAME = "archive"  # under which memory keeps the archive's own name, drawn by lot when it was made
ROWS = 20_000  # in one record: some MB
_WAITING = "SELECT 1 FROM unwritten LIMIT 1"
_KEYS = "SELECT key FROM unwritten WHERE name = ?"
_WRITTEN = "DELETE FROM unwritten"
_POSITION = """SELECT max(ifnull((SELECT max(journal) FROM crawls), 0),
    ifnull((SELECT CAST(value AS INTEGER) FROM memory WHERE key = 'journal'), 0))"""
_MOVE = "UPDATE crawls SET journal = ? WHERE id = (SELECT max(id) FROM crawls)"
_ROWS = "SELECT {columns} FROM {table} WHERE {key} AND {where}"
_FORGET = "DELETE FROM {table} WHERE {key} AND {where}"
_ADD = "INSERT INTO {table} ({columns}) VALUES ({marks})"
# Of a brief only id and path are told; the rest is folded from the captures afterwards.
_NEEDED: dict[str, dict[str, object]] = {"briefs": {"kind": "post", "capture_id": 0}}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the journal."""

    archive: str  # whose journal it is
    number: int
    ends: bool
    anew: bool  # whether all that came before it is told again
    tables: dict[str, dict[str, Any]]

    @property
    def places(self) -> set[tuple[str, int]]:
        """Files and offsets of the captures it tells of."""
        change = self.tables.get("captures", {"columns": [], "rows": []})
        told = (dict(zip(change["columns"], row, strict=True)) for row in change["rows"])
        return {(row["warc_file"], row["warc_offset"]) for row in told}


def rewrite(db: sqlite3.Connection, warcs: WarcAppender) -> None:
    """Tell all rows again, whatever is left of what was told before. `warcs.sync` afterwards."""
    for sql in build_notes():
        db.execute(sql)
    write(db, warcs, anew=True)


def write(db: sqlite3.Connection, warcs: WarcAppender, *, anew: bool = False) -> None:
    """Tell in warcs/ which rows this transaction changed; nothing where it changed none. `warcs.sync` afterwards."""
    if db.execute(_WAITING).fetchone() is None:
        return
    number, whose = position(db) + 1, run_state.recall(db, NAME) or ""
    changes = _changes(db)
    batch = list(islice(changes, ROWS))
    while following := list(islice(changes, ROWS)):
        warcs.add_metadata(_dumped(whose, number, batch, ends=False, anew=anew), MEDIA_TYPE)
        number, batch, anew = number + 1, following, False
    move(db, number)
    warcs.add_metadata(_dumped(whose, number, batch, ends=True, anew=anew), MEDIA_TYPE)
    db.execute(_WRITTEN)


def position(db: sqlite3.Connection) -> int:
    """The number of the last record whose transaction lasted."""
    return int(db.execute(_POSITION).fetchone()[0])


def move(db: sqlite3.Connection, number: int) -> None:
    """Have `number` as the position: in the row of the newest run, or in memory where there never was a run."""
    if not db.execute(_MOVE, (number,)).rowcount:
        run_state.remember(db, "journal", str(number))


def loaded(block: bytes) -> Entry:
    """The entry of a record's block. Raises ValueError for what is none."""
    told = json.loads(block)
    if not isinstance(told, dict) or not isinstance(told.get("tables"), dict) or not isinstance(told["number"], int):
        raise ValueError("no journal")
    return Entry(str(told.get("archive")), told["number"], bool(told["ends"]), bool(told.get("anew")), told["tables"])


def apply(db: sqlite3.Connection, entry: Entry) -> None:
    """Bring the rows of the database to where the entry has them; its triggers and foreign keys must be off."""
    for told in JOURNAL_TABLES:
        if change := entry.tables.get(told.table):
            _apply(db, told, change)
    if entry.ends:
        move(db, entry.number)


def _apply(db: sqlite3.Connection, told: JournalTable, change: dict[str, Any]) -> None:
    columns: list[str] = list(change["columns"])
    places = [columns.index(name) for name in told.key]
    keys = {tuple(row[place] for place in places) for row in change["rows"]} | {tuple(key) for key in change["gone"]}
    db.executemany(_sql(_FORGET, told), list(keys))
    needed = _NEEDED.get(told.table, {})
    marks = ", ".join("?" * (len(columns) + len(needed)))
    sql = _ADD.format(table=told.table, columns=", ".join((*columns, *needed)), marks=marks)
    db.executemany(sql, [(*row, *needed.values()) for row in change["rows"]])


_Change = tuple[str, list[str], list[Any], bool]  # table, columns, row or key, whether it is gone


def _changes(db: sqlite3.Connection) -> Iterator[_Change]:
    for told in JOURNAL_TABLES:
        sql = _sql(_ROWS, told)
        for (key,) in db.execute(_KEYS, (told.table,)).fetchall():
            values = json.loads(key)
            cursor = db.execute(sql, values)
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            yield from ((told.table, columns, list(row), False) for row in rows)
            if not rows:
                yield told.table, columns, values, True


def _sql(sql: str, told: JournalTable) -> str:
    key = " AND ".join(f"{name} = ?" for name in told.key)
    where = told.where.format(row=told.table)
    return sql.format(columns=", ".join(told.columns) or "*", table=told.table, key=key, where=where)


def _dumped(whose: str, number: int, changes: Iterable[_Change], *, ends: bool, anew: bool) -> bytes:
    tables: dict[str, dict[str, Any]] = {}
    for table, columns, values, gone in changes:
        told = tables.setdefault(table, {"columns": columns, "rows": [], "gone": []})
        told["gone" if gone else "rows"].append(values)
    entry = {"archive": whose, "number": number, "ends": ends, "anew": anew, "tables": tables}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
