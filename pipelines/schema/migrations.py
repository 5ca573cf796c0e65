"""The migrations from an empty file to today's schema; `sqlite-utils migrate` can list them."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from pipelines.extraction.wording.domains import CANONICAL
from pipelines.schema import journal_triggers, page_tables, tables, views
from scraper.package_files import read_package_file

ALIASES = Path(__file__).with_name("author_aliases.csv")

# Each step with its statements, and the tables of the journal whose columns it changes.
_STEPS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "006_indexes",
        (
            "CREATE INDEX captures_place ON captures (warc_file, warc_offset)",
            # Problems that belong to no capture are reported once; a bad night adds thousands.
            "CREATE INDEX problems_note ON problems (message) WHERE capture_id IS NULL",
        ),
        (),
    ),
    # The day on which a list last named each page: one that redirects is not missing while a list still names it.
    ("007_lists", (f"ALTER TABLE pages ADD COLUMN {tables.define_day('listed_on')}",), ("pages",)),
    # Views over all briefs answer by index: gaps, duplicates, years.
    (
        "008_lists_of_many",
        ("DROP VIEW number_gaps", "DROP VIEW duplicates", views.NUMBER_GAPS, views.DUPLICATES, *views.INDEXES),
        (),
    ),
    # Which runs are doubtful, which readings are held for it, and which edits the site announced.
    (
        "009_held",
        (
            "ALTER TABLE crawls ADD COLUMN verdict TEXT CHECK (verdict IN ('unjudged', 'held', 'accepted'))",
            "ALTER TABLE readings ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))",
            f"ALTER TABLE pages ADD COLUMN {tables.define_instant('announced')}",
            "CREATE INDEX readings_held ON readings (brief_path) WHERE held = 1",
        ),
        ("crawls", "pages"),
    ),
    # The instant, too, at which a list last named each page: two nights may be of one day.
    ("010_listed_at", (f"ALTER TABLE pages ADD COLUMN {tables.define_instant('listed_at')}",), ("pages",)),
    # What counts all briefs by day or number reads an index alone: each row of briefs holds its text.
    (
        "011_counts",
        (
            "DROP INDEX briefs_published",
            "DROP INDEX briefs_domain",
            "CREATE INDEX briefs_published ON briefs (published, path)",
            "CREATE INDEX briefs_domain ON briefs (domain, number, published)",
        ),
        (),
    ),
)
migrations = Migrations("archive")


@migrations(name="005_publisher")  # the last of five that made such an archive; those have it by this name
def create_archive(db: Database) -> None:
    """Create tables, search index, views and triggers, with the domains and aliases known from the start."""
    for statement in (*tables.BRIEF_TABLES, *page_tables.PAGE_TABLES, *views.STATEMENTS):
        db.conn.execute(statement)
    db.conn.executemany("INSERT INTO domains (name, canonical) VALUES (?, 1)", [(name,) for name in sorted(CANONICAL)])
    rows = list(csv.DictReader(read_package_file(ALIASES).splitlines()))
    db.conn.executemany("INSERT INTO author_aliases (name, author, reason) VALUES (:name, :author, :reason)", rows)
    columns = {table.table: tuple(db.table(table.table).columns_dict) for table in journal_triggers.JOURNAL_TABLES}
    for statement in journal_triggers.build_statements(columns):
        db.conn.execute(statement)
    _set_version(db, tables.OLDEST)


def _add_step(name: str, statements: tuple[str, ...], journal_tables: tuple[str, ...]) -> None:
    @migrations(name=name)
    def migrate(db: Database) -> None:
        for statement in statements:
            db.conn.execute(statement)
        for table in journal_tables:
            for statement in journal_triggers.rebuild_triggers(table, tuple(db.table(table).columns_dict)):
                db.conn.execute(statement)
        _set_version(db, int(name[:3]))


for _step in _STEPS:
    _add_step(*_step)


def _set_version(db: Database, version: int) -> None:
    """Write into the file's header which program the database belongs to, and the version of its schema."""
    db.conn.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    db.conn.execute(f"PRAGMA user_version = {version}")
