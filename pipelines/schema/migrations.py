"""The migrations from an empty file to today's schema; `sqlite-utils migrate` can list them."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from pipelines.schema import journal_triggers, page_tables, tables, views
from scraper.package_files import read_package_file

CANONICAL_DOMAINS = (
    "Civil Rights",
    "Economics",
    "Education",
    "Elections & Politics",
    "Environment",
    "Foreign Policy",
    "Gun Control",
    "Health & Gender",
    "Immigration",
    "Social Justice",
    "Technology",
)
ALIASES = Path(__file__).with_name("author_aliases.csv")

_INDEXES = (
    "CREATE INDEX captures_place ON captures (warc_file, warc_offset)",
    # Problems that belong to no capture are reported once; a bad night adds thousands.
    "CREATE INDEX problems_note ON problems (message) WHERE capture_id IS NULL",
)

_VERDICTS = (
    "ALTER TABLE crawls ADD COLUMN verdict TEXT CHECK (verdict IN ('unjudged', 'held', 'accepted'))",
    "ALTER TABLE readings ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))",
    f"ALTER TABLE pages ADD COLUMN {tables.define_instant('announced')}",
    "CREATE INDEX readings_held ON readings (brief_path) WHERE held = 1",
)

migrations = Migrations("archive")


@migrations(name="005_publisher")  # the last of five that made such an archive; those have it by this name
def create_archive(db: Database) -> None:
    """Create tables, search index, views and triggers, with the domains and aliases known from the start."""
    for statement in (*tables.BRIEF_TABLES, *page_tables.PAGE_TABLES, *views.STATEMENTS):
        db.conn.execute(statement)
    db.conn.executemany("INSERT INTO domains (name, canonical) VALUES (?, 1)", [(name,) for name in CANONICAL_DOMAINS])
    rows = list(csv.DictReader(read_package_file(ALIASES).splitlines()))
    db.conn.executemany("INSERT INTO author_aliases (name, author, reason) VALUES (:name, :author, :reason)", rows)
    columns = {table.table: tuple(db.table(table.table).columns_dict) for table in journal_triggers.JOURNAL_TABLES}
    for statement in journal_triggers.build_statements(columns):
        db.conn.execute(statement)
    _set_version(db, tables.OLDEST)


@migrations(name="006_indexes")
def add_indexes(db: Database) -> None:
    """Find the captures of a file in warcs/, and what was noted before, without reading all."""
    for statement in _INDEXES:
        db.conn.execute(statement)
    _set_version(db, 6)


@migrations(name="007_lists")
def add_days_of_lists(db: Database) -> None:
    """Remember when a list last named each page: one that redirects is not missing while a list still names it."""
    db.conn.execute(f"ALTER TABLE pages ADD COLUMN {tables.define_day('listed_on')}")
    for statement in journal_triggers.rebuild_triggers("pages", ()):
        db.conn.execute(statement)
    _set_version(db, 7)


@migrations(name="008_lists_of_many")
def speed_up_views(db: Database) -> None:
    """Answer views over all briefs by index: gaps, duplicates, years."""
    for statement in ("DROP VIEW number_gaps", "DROP VIEW duplicates", views.NUMBER_GAPS, views.DUPLICATES):
        db.conn.execute(statement)
    for statement in views.INDEXES:
        db.conn.execute(statement)
    _set_version(db, 8)


@migrations(name="009_held")
def add_verdicts(db: Database) -> None:
    """Remember which runs are doubtful, which readings are held for it, and which edits the site announced."""
    for statement in _VERDICTS:
        db.conn.execute(statement)
    columns = {table.table: tuple(db.table(table.table).columns_dict) for table in journal_triggers.JOURNAL_TABLES}
    for table in ("crawls", "pages"):
        for statement in journal_triggers.rebuild_triggers(table, columns[table]):
            db.conn.execute(statement)
    _set_version(db, 9)


@migrations(name="010_listed_at")
def add_instants_of_lists(db: Database) -> None:
    """Remember the instant, too, at which a list last named each page: two nights may be of one day."""
    db.conn.execute(f"ALTER TABLE pages ADD COLUMN {tables.define_instant('listed_at')}")
    for statement in journal_triggers.rebuild_triggers("pages", ()):
        db.conn.execute(statement)
    _set_version(db, tables.SCHEMA)


def _set_version(db: Database, version: int) -> None:
    """Write into the file's header which program the database belongs to, and the version of its schema."""
    db.conn.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    db.conn.execute(f"PRAGMA user_version = {version}")
