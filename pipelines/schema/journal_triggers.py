"""What of the database no page tells, and the triggers that note each change of it until it stands in warcs/ too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A table of which warcs/ must tell: which rows (`where`) and columns, all if none is named."""

    table: str
    key: tuple[str, ...] = ("id",)
    columns: tuple[str, ...] = ()
    where: str = "1"  # over the row {row}
    unnoted: tuple[str, ...] = ()  # columns whose change alone is not worth a record


# Of pages and briefs the rest follows from the captures; the rows shared between briefs are named to keep their ids.
FIRST = (
    Told("crawls", unnoted=("journal",)),
    Told("pages", ("path",), ("path", "url", "status", "first_seen", "found_by", "lastmod")),
    Told("captures"),
    Told("problems"),
    Told("checks", ("path", "checked_at")),
    Told("page_events", ("path",), where="{row}.event = 'withdrawn'"),
    Told("skipped", ("crawl_id", "path", "reason")),
    Told("memory", ("key",)),
    Told("mementos"),
    Told("revisits"),
    Told("record_names", ("name", "capture_id")),
    Told("link_checks", ("url", "checked_at")),
    Told("author_aliases", ("name",), ("name", "author", "reason")),
    Told("author_rejections", ("name", "other")),
    Told("briefs", columns=("id", "path")),
    Told("authors", columns=("id", "name", "kind")),
    Told("resources", columns=("id", "key", "name", "url")),
    Told("categories", columns=("id", "slug", "name")),
)
LATER = (Told("withdrawals", ("path",)),)  # tables that migrations after 003 made
TOLD = FIRST + LATER
# What is made of the above and of the pages themselves.
DERIVED = (
    *("records", "readings", "domains", "brief_authors", "brief_resources", "photo_credits", "sections", "links"),
    *("brief_categories", "evidence", "revisions", "past_values", "redirects"),
)

COLUMNS = ("ALTER TABLE crawls ADD COLUMN journal INTEGER",)
TABLE = """CREATE TABLE unwritten (
        name TEXT NOT NULL,
        key TEXT NOT NULL CHECK (json_valid(key)),
        PRIMARY KEY (name, key)
    ) STRICT, WITHOUT ROWID"""
# Two archives may come to share a folder of WARC files: each journal says whose it is.
NAME = """INSERT INTO memory (key, value, changed_at)
    VALUES ('archive', lower(hex(randomblob(16))), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"""
_TRIGGER = """CREATE TRIGGER tell_{table}_{event} AFTER {event} ON {table} WHEN {when} BEGIN
        INSERT INTO unwritten (name, key) VALUES {rows} ON CONFLICT DO NOTHING;
    END"""
_ALL = "INSERT OR IGNORE INTO unwritten (name, key) SELECT '{table}', {key} FROM {table} WHERE {where}"


def statements(columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """For migration 003: what is not yet written, triggers that fill it, what is there; `columns` by table."""
    yield TABLE
    yield NAME
    for told in FIRST:
        yield from triggers(told, columns[told.table])
    yield from everything(FIRST)


def everything(tables: tuple[Told, ...] = TOLD) -> Iterator[str]:
    """Note all that is there as not yet written."""
    for told in tables:
        where = told.where.format(row=told.table)
        yield _ALL.format(table=told.table, key=_key(told, told.table), where=where)


def triggers(told: Told, all_columns: tuple[str, ...]) -> Iterator[str]:
    """What notes each change of a table as not yet written."""
    noted = told.columns or tuple(name for name in all_columns if name not in told.unnoted)
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in noted)
    here, before = told.where.format(row="NEW"), told.where.format(row="OLD")
    for event, when, rows in (
        ("INSERT", here, ("NEW",)),
        ("UPDATE", f"({here} OR {before}) AND ({changed})", ("OLD", "NEW")),
        ("DELETE", before, ("OLD",)),
    ):
        values = ", ".join(f"('{told.table}', {_key(told, row)})" for row in rows)
        yield _TRIGGER.format(table=told.table, event=event, when=when, rows=values)


def _key(told: Told, row: str) -> str:
    return f"json_array({', '.join(f'{row}.{name}' for name in told.key)})"
