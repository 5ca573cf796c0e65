"""The journal in warcs/: `metadata` records of the rows that each commit changed and that no page could give again.

A record is JSON: `archive`, whose journal it is; `number`, one more than that of the record before; `ends`, whether
its transaction ends with it; `anew`, whether all rows follow again from here; `tables`, by name, each with `columns`,
`rows` as they are now, and `gone`, the keys of deleted rows. It is synced before its transaction is committed; if the
commit never happens, the next record has the same number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from pipelines.captures.warc_writer import WarcAppender
from pipelines.pages import run_state
from pipelines.schema.journal_triggers import JOURNAL_TABLES, JournalTable, build_notes

MEDIA_TYPE = "application/vnd.brief-archive.journal+json"
NAME = "archive"  # the key in memory of the archive's own name, drawn at random when it was made
ROWS = 20_000  # in one record: some MB
_WAITING = "SELECT 1 FROM unwritten LIMIT 1"
_CLEAR = "DELETE FROM unwritten"
_POSITION = """SELECT max(ifnull((SELECT max(journal) FROM crawls), 0),
    ifnull((SELECT CAST(value AS INTEGER) FROM memory WHERE key = 'journal'), 0))"""
_SET_POSITION = "UPDATE crawls SET journal = ? WHERE id = (SELECT max(id) FROM crawls)"
# One question for all rows of a table: a question a row would take as long as storing it.
_ROWS = """SELECT unwritten.key, {found}, {columns} FROM unwritten LEFT JOIN {table} ON {noted} AND {where}
    WHERE unwritten.name = ? ORDER BY unwritten.key, {order}"""
_COLUMNS = "SELECT name FROM pragma_table_info(?)"
_FORGET = "DELETE FROM {table} WHERE {key} AND {where}"
_ADD = "INSERT INTO {table} ({columns}) VALUES ({marks})"
# Of a brief only id and path are in the journal; the rest is merged from the captures afterwards.
_NEEDED: dict[str, dict[str, object]] = {"briefs": {"kind": "post", "capture_id": 0}}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the journal."""

    archive: str  # whose journal it is
    number: int
    ends: bool
    anew: bool  # whether all rows follow again from here
    tables: dict[str, dict[str, Any]]
    place: tuple[str, int] = ("", 0)  # file and offset

    @property
    def places(self) -> set[tuple[str, int]]:
        """Files and offsets of the captures in it."""
        change = self.tables.get("captures", {"columns": [], "rows": []})
        rows = (dict(zip(change["columns"], row, strict=True)) for row in change["rows"])
        return {(row["warc_file"], row["warc_offset"]) for row in rows}


def write_changes(db: sqlite3.Connection, warcs: WarcAppender, *, anew: bool = False) -> None:
    """Write the rows that this transaction changed to warcs/, or all rows `anew`; `warcs.sync` is to follow."""
    for sql in build_notes() if anew else ():
        db.execute(sql)
    if db.execute(_WAITING).fetchone() is None:
        return
    number, archive = read_position(db) + 1, run_state.recall(db, NAME) or ""
    changes = _read_changes(db)
    batch = list(islice(changes, ROWS))
    while next_batch := list(islice(changes, ROWS)):
        warcs.add_metadata(_dump_entry(archive, number, batch, ends=False, anew=anew), MEDIA_TYPE)
        number, batch, anew = number + 1, next_batch, False
    set_position(db, number)
    warcs.add_metadata(_dump_entry(archive, number, batch, ends=True, anew=anew), MEDIA_TYPE)
    db.execute(_CLEAR)


def read_position(db: sqlite3.Connection) -> int:
    """The number of the last record whose transaction was committed."""
    return int(db.execute(_POSITION).fetchone()[0])


def set_position(db: sqlite3.Connection, number: int) -> None:
    """Store `number` as the position: in the row of the newest run, or in memory if there never was a run."""
    if not db.execute(_SET_POSITION, (number,)).rowcount:
        run_state.remember(db, "journal", str(number))


def load_entry(block: bytes) -> Entry:
    """The entry in a record's block. Raises ValueError for a block that is none."""
    record = json.loads(block)
    tables = record.get("tables") if isinstance(record, dict) else None
    if not isinstance(tables, dict) or not isinstance(record["number"], int):
        raise ValueError("no journal")
    archive, anew = str(record.get("archive")), bool(record.get("anew"))
    return Entry(archive, record["number"], bool(record["ends"]), anew, tables)


def read_pending(db: sqlite3.Connection) -> Entry:
    """The rows that were changed by other programs since the last commit, as the next record will have them."""
    return load_entry(_dump_entry("", read_position(db) + 1, _read_changes(db), ends=False, anew=False))


def apply_entry(db: sqlite3.Connection, entry: Entry) -> None:
    """Bring the rows of the database to the state in the entry; triggers and foreign keys must be off."""
    for table in JOURNAL_TABLES:
        if change := entry.tables.get(table.table):
            _apply(db, table, change)
    if entry.ends:
        set_position(db, entry.number)


def _apply(db: sqlite3.Connection, table: JournalTable, change: dict[str, Any]) -> None:
    columns: list[str] = list(change["columns"])
    places = [columns.index(name) for name in table.key]
    keys = {tuple(row[place] for place in places) for row in change["rows"]} | {tuple(key) for key in change["gone"]}
    db.executemany(_format_sql(_FORGET, table), list(keys))
    needed = _NEEDED.get(table.table, {})
    marks = ", ".join("?" * (len(columns) + len(needed)))
    sql = _ADD.format(table=table.table, columns=", ".join((*columns, *needed)), marks=marks)
    db.executemany(sql, [(*row, *needed.values()) for row in change["rows"]])


_Change = tuple[str, list[str], list[Any], bool]  # table, columns, row or key, whether it is gone


def _read_changes(db: sqlite3.Connection) -> Iterator[_Change]:
    # Rows, not calls: edits by hand count too, and a replay does not depend on old code.
    for each in JOURNAL_TABLES:
        known = {name for (name,) in db.execute(_COLUMNS, (each.table,))}  # an older schema has fewer
        table = replace(each, columns=tuple(name for name in each.columns if name in known))
        cursor = db.execute(_format_sql(_ROWS, table), (table.table,))
        columns = [column[0] for column in cursor.description[2:]]
        for key, found, *row in cursor:
            yield table.table, columns, json.loads(key) if found is None else row, found is None


def _format_sql(sql: str, table: JournalTable) -> str:
    name, where = table.table, table.where.format(row=table.table)
    key = " AND ".join(f"{column} = ?" for column in table.key)
    noted = " AND ".join(f"{name}.{c} = json_extract(unwritten.key, '$[{at}]')" for at, c in enumerate(table.key))
    columns = ", ".join(f"{name}.{column}" for column in table.columns or ("*",))
    order = table.order.format(row=table.table)
    found = f"{name}.{table.key[0]}"  # no key is empty, so it is where there is no row
    return sql.format(columns=columns, table=name, key=key, noted=noted, where=where, order=order, found=found)


def _dump_entry(archive: str, number: int, changes: Iterable[_Change], *, ends: bool, anew: bool) -> bytes:
    tables: dict[str, dict[str, Any]] = {}
    for table, columns, values, gone in changes:
        change = tables.setdefault(table, {"columns": columns, "rows": [], "gone": []})
        change["gone" if gone else "rows"].append(values)
    entry = {"archive": archive, "number": number, "ends": ends, "anew": anew, "tables": tables}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
