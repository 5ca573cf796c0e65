"""The migrations from an empty file to today's schema; `sqlite-utils migrate` can list them."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from pipelines.briefs import sealing
from pipelines.schema import journal_triggers, refill, tables, version_2, version_3, version_4, views
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

migrations = Migrations("archive")


@migrations(name="001_first")
def create_tables(db: Database) -> None:
    """Create the tables, the search index and the views, with the domains and aliases known from the start."""
    for statement in (*tables.TABLES, *views.STATEMENTS):
        db.conn.execute(statement)
    db.conn.executemany("INSERT INTO domains (name, canonical) VALUES (?, 1)", [(name,) for name in CANONICAL_DOMAINS])
    rows = list(csv.DictReader(read_package_file(ALIASES).splitlines()))
    db.conn.executemany("INSERT INTO author_aliases (name, author, reason) VALUES (:name, :author, :reason)", rows)
    _set_version(db, 1)


@migrations(name="002_time")
def add_time(db: Database) -> None:
    """Add classes of changes, events of pages, redirects, skipped addresses, the memory of spiders."""
    for statement in (*version_2.COLUMNS, *version_2.TABLES, version_2.BRIEF_VALUES):
        db.conn.execute(statement)
    refill.fill_columns(db.conn)
    _set_version(db, 2)


@migrations(name="003_backfill")
def add_backfill(db: Database) -> None:
    """Add mementos, revisits that wait for their originals, link checks, and the journal's triggers."""
    for statement in (*version_3.COLUMNS, *version_3.TABLES, *journal_triggers.COLUMNS):
        db.conn.execute(statement)
    columns = {table.table: tuple(db.table(table.table).columns_dict) for table in journal_triggers.FIRST_TABLES}
    for statement in journal_triggers.build_statements(columns):
        db.conn.execute(statement)
    _set_version(db, 3)


@migrations(name="004_reading")
def add_withdrawals(db: Database) -> None:
    """Add withdrawals; the text of posts that people had marked withdrawn by hand is removed too."""
    for statement in version_4.TABLES:
        db.conn.execute(statement)
    columns = {table.table: tuple(db.table(table.table).columns_dict) for table in journal_triggers.LATER_TABLES}
    for statement in version_4.build_statements(columns):
        db.conn.execute(statement)
    sealing.seal_manual_withdrawals(db.conn)
    _set_version(db, 4)


@migrations(name="005_publisher")
def add_publisher(db: Database) -> None:
    """Add the publisher to the list of briefs; briefs of the sample site have none."""
    db.conn.execute("DROP VIEW brief_list")
    db.conn.execute(views.BRIEF_LIST)
    _set_version(db, 5)


def _set_version(db: Database, version: int) -> None:
    """Write into the file's header which program the database belongs to, and the version of its schema."""
    db.conn.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
    db.conn.execute(f"PRAGMA user_version = {version}")
