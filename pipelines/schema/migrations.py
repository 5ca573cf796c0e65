"""From an empty file to today's schema, in steps that `sqlite-utils migrate` can list."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from pipelines.briefs import seal as sealing
from pipelines.schema import journal_triggers as schema_journal
from pipelines.schema import refill, views
from pipelines.schema import tables as schema
from pipelines.schema import version_2 as schema_time
from pipelines.schema import version_3 as schema_backfill
from pipelines.schema import version_4 as schema_reading
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
def first(db: Database) -> None:
    """All tables, the search index and the views; the domains and spellings known from the start."""
    for statement in (*schema.TABLES, *views.STATEMENTS):
        db.conn.execute(statement)
    db.conn.executemany("INSERT INTO domains (name, canonical) VALUES (?, 1)", [(name,) for name in CANONICAL_DOMAINS])
    rows = list(csv.DictReader(read_package_file(ALIASES).splitlines()))
    db.conn.executemany("INSERT INTO author_aliases (name, author, reason) VALUES (:name, :author, :reason)", rows)
    _sign(db, 1)


@migrations(name="002_time")
def time(db: Database) -> None:
    """What changed and how much, the life of pages, redirects, skipped addresses, the spider's memory."""
    for statement in (*schema_time.COLUMNS, *schema_time.TABLES, schema_time.BRIEF_VALUES):
        db.conn.execute(statement)
    refill.fill(db.conn)
    _sign(db, 2)


@migrations(name="003_backfill")
def backfill(db: Database) -> None:
    """What web archives say they hold, revisits that wait for their originals, checks of recommended links."""
    for statement in (*schema_backfill.COLUMNS, *schema_backfill.TABLES, *schema_journal.COLUMNS):
        db.conn.execute(statement)
    columns = {told.table: tuple(db.table(told.table).columns_dict) for told in schema_journal.FIRST}
    for statement in schema_journal.statements(columns):
        db.conn.execute(statement)
    _sign(db, 3)


@migrations(name="004_reading")
def reading(db: Database) -> None:
    """The posts that are withdrawn from readers; what people had marked so by hand loses its text too."""
    for statement in schema_reading.TABLES:
        db.conn.execute(statement)
    columns = {told.table: tuple(db.table(told.table).columns_dict) for told in schema_journal.LATER}
    for statement in schema_reading.statements(columns):
        db.conn.execute(statement)
    sealing.adopt(db.conn)
    _sign(db, 4)


@migrations(name="005_publisher")
def publisher(db: Database) -> None:
    """The list of briefs says who published them, and of the sample site's that nobody did."""
    db.conn.execute("DROP VIEW brief_list")
    db.conn.execute(views.BRIEF_LIST)
    _sign(db, 5)


def _sign(db: Database, version: int) -> None:
    """Say in the file's header whose database this is and how new its schema is."""
    db.conn.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.conn.execute(f"PRAGMA user_version = {version}")
