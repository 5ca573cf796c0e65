"""Whether the rows of an archive are what its journal and its readings make of them: no other damage stays unseen.

A second database is derived, as `briefs rebuild` would, but with the readings that the archive stores instead of what
today's rules read. Each reading has a digest of its own, and the journal lies in warcs/.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.settings import Settings

from pipelines.archive import SqliteArchive
from pipelines.briefs import codec
from pipelines.briefs.brief_rows import Briefs
from pipelines.briefs.readings import Readings
from pipelines.briefs.search_index import SearchIndex
from pipelines.database.db_errors import explain_db_errors, obey_signals
from pipelines.extraction.version import EXTRACTOR
from pipelines.maintenance import journal
from pipelines.maintenance.operator_traces import hide_traces
from pipelines.maintenance.replay import apply_journal, settle_posts
from pipelines.maintenance.warc_folder import WarcFolder
from pipelines.pages import page_status
from pipelines.schema.journal_triggers import DERIVED, JOURNAL_TABLES

_RECORDS = "SELECT id, digest, record FROM records"
_READINGS = "SELECT capture_id, path, brief_path, fidelity, wp_id, record_id, title, published, shown FROM readings"
_ADD_RECORD = "INSERT OR REPLACE INTO records VALUES (?, ?, ?)"
_ADD_READING = """INSERT OR REPLACE INTO readings
    (capture_id, path, brief_path, fidelity, wp_id, record_id, title, published, shown)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_BRIEFS = "SELECT path FROM briefs UNION SELECT brief_path FROM readings"  # of some all is held
# Of the journal's own position a record cannot say when it was set.
_INSTANT = "SELECT changed_at FROM memory WHERE key = 'journal'"
_SET_INSTANT = "UPDATE memory SET changed_at = ? WHERE key = 'journal'"
_COLUMNS = "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid"
_PATHS = "SELECT id, path FROM briefs"
# What programs of SQLite keep for themselves differs between their versions.
_SCHEMA = """SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'
    AND name NOT LIKE '_sqlite%' AND name NOT LIKE 'briefs_fts_%'"""
# What the rules of today may make otherwise of the same readings.
_MERGED = {*DERIVED, "pages", "page_events", "problems", "briefs", "authors", "resources", "categories"} - {
    *("records", "readings")
}
_READ_BY_OTHERS = "SELECT count(*) FROM captures WHERE read = 1 AND extractor <> ?"
_SHARED = ("authors", "resources", "categories")
_VERSION = "PRAGMA user_version"
Row = tuple[Any, ...]
Differences = tuple[list[Row], list[Row]]  # rows as they are and should not be, and as they should be


@dataclass(frozen=True, slots=True)
class _NoIndex(SearchIndex):
    """FTS5 checks the index by itself, and to make it again takes longer than all the rest."""

    def announce_new(self, brief_id: int) -> None:
        pass

    def announce_change(self, brief_id: int) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of two databases: as it is, and as it should be."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def find_differences(self, actual: sqlite3.Connection, derived: sqlite3.Connection) -> Differences:
        """The rows that only one of them has."""
        sql = f"SELECT {', '.join(self.columns)} FROM {self.name}"  # noqa: S608 - our own names
        ours, theirs = ({hash(row) for row in db.execute(sql)} for db in (actual, derived))
        if ours == theirs:
            return [], []
        return (
            [row for row in actual.execute(sql) if hash(row) not in theirs],
            [row for row in derived.execute(sql) if hash(row) not in ours],
        )

    def leave_hidden(self, found: Differences, hidden: Differences) -> Differences:
        """The differences that are still there where the operator's traces are hidden."""
        wrong, keys = set(hidden[0]), {self._get_key(row) for row in hidden[1]}
        return [row for row in found[0] if row in wrong], [row for row in found[1] if self._get_key(row) in keys]

    def describe_differences(self, wrong: list[Row], right: list[Row], paths: dict[Any, str]) -> str:
        """How many rows differ, which is the first, and in what."""
        named: dict[Row, list[Row]] = defaultdict(list)
        for row in (*wrong, *right):
            named[self._get_key(row)].append(row)
        key, versions = next(iter(named.items()))
        different = [name for name, *values in zip(self.columns, *versions, strict=True) if len(set(values)) > 1]
        manner = ", ".join(different) or ("it should not be there" if versions[0] in wrong else "it is missing")
        place = " ".join(str(paths.get(value, value) if name == "brief_id" else value) for name, value in key)
        return f"{len(named)} rows of {self.name} are not as warcs/ has them, first {place} ({manner})"

    def _get_key(self, row: Row) -> Row:
        named = dict(zip(self.columns, row, strict=True))
        if "path" in named and self.name == "briefs":
            return (("path", named["path"]),)
        return tuple((name, named[name]) for name in self.key or self.columns)


def find_row_damage(db: sqlite3.Connection, folder: WarcFolder) -> Iterator[str]:
    """A line for each table with rows that are wrong; `folder` has a whole journal, read after `db` began to read.

    What earlier rules have merged is not compared: see `count_captures_of_other_rules`.
    """
    with _derive_archive(db, folder) as derived:
        if db.execute(_VERSION).fetchone() == derived.execute(_VERSION).fetchone():
            yield from _compare_schemas(db, derived)
        paths = dict(db.execute(_PATHS).fetchall())
        tables = list(_list_tables(db, derived, folder))
        differences = [table.find_differences(db, derived) for table in tables]
        if any(wrong for wrong, _ in differences):  # as in a snapshot, and in an archive that was one
            hide_traces(derived)
            differences = [
                table.leave_hidden(found, table.find_differences(db, derived))
                for table, found in zip(tables, differences, strict=True)
            ]
        for table, (wrong, right) in zip(tables, differences, strict=True):
            if wrong or right:
                yield table.describe_differences(wrong, right, paths)


def count_captures_of_other_rules(db: sqlite3.Connection) -> int:
    """How many captures were read by another version of the rules; only `briefs reextract` makes their rows anew."""
    return int(db.execute(_READ_BY_OTHERS, (EXTRACTOR,)).fetchone()[0])


def _list_tables(db: sqlite3.Connection, derived: sqlite3.Connection, folder: WarcFolder) -> Iterator[_Table]:
    skipped = _MERGED if count_captures_of_other_rules(db) else set()
    for name in (*(table.table for table in JOURNAL_TABLES), *DERIVED):
        if name in skipped:
            continue
        known = {column for column, _ in db.execute(_COLUMNS, (name,))}
        columns = dict(row for row in derived.execute(_COLUMNS, (name,)) if row[0] in known)
        if name == "crawls" and folder.entries[0].number > 1:  # earlier records of the journal were written anew
            del columns["journal"]
        yield _Table(name, tuple(columns), tuple(column for column, is_key in columns.items() if is_key))


def _compare_schemas(db: sqlite3.Connection, derived: sqlite3.Connection) -> Iterator[str]:
    """People may add views and indexes of their own."""
    actual = dict(db.execute(_SCHEMA).fetchall())
    for name, sql in derived.execute(_SCHEMA).fetchall():
        if actual.get(name) != sql:
            yield f"the {name} is not as this program makes it"


@contextmanager
def _derive_archive(db: sqlite3.Connection, folder: WarcFolder) -> Iterator[sqlite3.Connection]:
    with TemporaryDirectory() as name:
        path = Path(name) / "archive.db"
        settings = Settings({"ARCHIVE_DB": str(path), "WARCS_DIR": name})
        with explain_db_errors(path), closing(SqliteArchive.open(settings)) as archive:
            obey_signals(archive.db)
            archive.db.execute("PRAGMA synchronous = OFF")
            number = journal.read_position(db)
            entries = [entry for entry in folder.entries if entry.number <= number]
            apply_journal(archive.db, replace(folder, entries=[*entries, journal.read_pending(db)]), None)
            archive.db.execute("PRAGMA foreign_keys = OFF")  # a damaged number is found all the same
            archive.db.execute("BEGIN")
            try:
                _copy_readings(db, archive.db)
                _derive_rows(archive)
                yield archive.db
            finally:
                archive.db.execute("ROLLBACK")


def _copy_readings(db: sqlite3.Connection, derived: sqlite3.Connection) -> None:
    """Copy the readings with what follows from their texts; a text that its digest does not fit is left out."""
    sound = [row for row in db.execute(_RECORDS) if _is_sound(row[1], row[2])]
    derived.executemany(_ADD_RECORD, sound)
    texts = {number: record for number, digest, record in sound if digest}
    for row in db.execute(_READINGS):
        derived.execute(_ADD_READING, _derive_reading(row, texts))
    derived.executemany(_SET_INSTANT, db.execute(_INSTANT))


def _derive_reading(row: Row, texts: dict[int, bytes]) -> Row:
    """The row of a reading as its text makes it; of a withdrawn post there is none."""
    capture_id, _, brief_path, fidelity, _, record_id, *_, shown = row
    if record_id not in texts:
        return row
    reading = codec.load_record(texts[record_id], fidelity)
    brief, digest = reading.brief, codec.digest_published_values(reading)
    values = brief.title, brief.published, digest if shown else None
    return capture_id, brief.path, brief_path, fidelity, brief.wp_id, record_id, *values


def _is_sound(digest: bytes, record: bytes) -> bool:
    try:
        return not digest or hashlib.sha256(zlib.decompress(record)).digest() == digest
    except zlib.error:
        return False


def _derive_rows(archive: SqliteArchive) -> None:
    db, shared = archive.db, archive.transaction.shared
    readings = Readings(db, Briefs(db, shared, _NoIndex(db)))
    paths = page_status.recompute_all(db, archive.grace)
    readings.merge(path for (path,) in db.execute(_BRIEFS).fetchall())
    ids = {name: {number for (number,) in db.execute(f"SELECT id FROM {name}")} for name in _SHARED}  # noqa: S608
    shared.drop_unused({"domains": set(), **ids})  # and respell all
    settle_posts(db, readings, shared)
    for path in paths:
        page_status.recompute_sources(db, path, archive.grace)
