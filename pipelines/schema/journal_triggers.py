"""Which rows the journal records, for no page shows them, and the triggers that note their changes for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalTable:
    """A table of the journal: its rows (`where`) and columns, all of them if none is named."""

    table: str
    key: tuple[str, ...] = ("id",)
    columns: tuple[str, ...] = ()
    where: str = "1"  # a condition on the row {row}
    ignored: tuple[str, ...] = ()  # columns whose change alone is not recorded
    order: str = "NULL"  # of rows {row} that share a key


# The rest of pages and briefs follows from the captures; rows shared between briefs are recorded to keep their ids.
JOURNAL_TABLES = (
    JournalTable("crawls", ignored=("journal",)),
    JournalTable(
        "pages",
        ("path",),
        ("path", "url", "status", "first_seen", "found_by", "lastmod", "listed_on", "announced", "listed_at"),
    ),
    JournalTable("captures"),
    JournalTable("problems"),
    JournalTable("checks", ("path", "checked_at")),
    JournalTable("page_events", ("path",), where="{row}.event = 'withdrawn'", order="{row}.rowid"),
    JournalTable("skipped", ("crawl_id", "path", "reason")),
    JournalTable("memory", ("key",)),
    JournalTable("mementos"),
    JournalTable("revisits"),
    JournalTable("record_names", ("name", "capture_id")),
    JournalTable("link_checks", ("url", "checked_at")),
    JournalTable("author_aliases", ("name",), ("name", "author", "reason")),
    JournalTable("author_rejections", ("name", "other")),
    JournalTable("briefs", columns=("id", "path")),
    JournalTable("authors", columns=("id", "name", "kind")),
    JournalTable("resources", columns=("id", "key", "name", "url")),
    JournalTable("categories", columns=("id", "slug", "name")),
    JournalTable("withdrawals", ("path",)),
)
# Tables that follow from those above and from the captures.
DERIVED = (
    *("records", "readings", "domains", "brief_authors", "brief_resources", "photo_credits", "sections", "links"),
    *("brief_categories", "evidence", "revisions", "past_values", "redirects"),
)

TABLE = """CREATE TABLE unwritten (
        name TEXT NOT NULL,
        key TEXT NOT NULL CHECK (json_valid(key)),
        PRIMARY KEY (name, key)
    ) STRICT, WITHOUT ROWID"""
# Two archives may share a folder of WARC files, so each journal names its archive.
NAME = """INSERT INTO memory (key, value, changed_at)
    VALUES ('archive', lower(hex(randomblob(16))), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"""
_TRIGGER = """CREATE TRIGGER tell_{table}_{event} AFTER {event} ON {table} WHEN {when} BEGIN
        INSERT INTO unwritten (name, key) VALUES {rows} ON CONFLICT DO NOTHING;
    END"""
_ALL = "INSERT OR IGNORE INTO unwritten (name, key) SELECT '{table}', {key} FROM {table} WHERE {where}"


def build_statements(columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Build the table of notes, its triggers, and notes of the rows that are there; `columns` by table."""
    yield TABLE
    yield NAME
    for table in JOURNAL_TABLES:
        yield from _build_triggers(table, columns[table.table])
    yield from build_notes()


def rebuild_triggers(name: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Build the triggers of a table again, whose columns have changed; `columns` are all that it has now."""
    table = next(table for table in JOURNAL_TABLES if table.table == name)
    yield from (f"DROP TRIGGER tell_{name}_{event}" for event in ("INSERT", "UPDATE", "DELETE"))
    yield from _build_triggers(table, columns)


def build_notes() -> Iterator[str]:
    """Build statements that note all existing rows as not yet written."""
    for table in JOURNAL_TABLES:
        where = table.where.format(row=table.table)
        yield _ALL.format(table=table.table, key=_build_key(table, table.table), where=where)


def _build_triggers(table: JournalTable, all_columns: tuple[str, ...]) -> Iterator[str]:
    columns = table.columns or tuple(name for name in all_columns if name not in table.ignored)
    change = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    here, before = table.where.format(row="NEW"), table.where.format(row="OLD")
    for event, when, rows in (
        ("INSERT", here, ("NEW",)),
        ("UPDATE", f"({here} OR {before}) AND ({change})", ("OLD", "NEW")),
        ("DELETE", before, ("OLD",)),
    ):
        values = ", ".join(f"('{table.table}', {_build_key(table, row)})" for row in rows)
        yield _TRIGGER.format(table=table.table, event=event, when=when, rows=values)


def _build_key(table: JournalTable, row: str) -> str:
    return f"json_array({', '.join(f'{row}.{name}' for name in table.key)})"
