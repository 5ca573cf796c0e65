"""What migration 002 adds: changes over time, events of pages, redirects, memory; metadata.yml describes it."""

from __future__ import annotations

from pipelines.schema.tables import define_instant

COLUMNS = (
    f"ALTER TABLE pages ADD COLUMN {define_instant('checked_at')}",
    "ALTER TABLE pages ADD COLUMN checks_missing INTEGER NOT NULL DEFAULT 0",
    """ALTER TABLE revisions ADD COLUMN change TEXT NOT NULL DEFAULT 'substantive'
        CHECK (change IN ('cosmetic', 'substantive'))""",
    "ALTER TABLE evidence ADD COLUMN extractor TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE captures ADD COLUMN location TEXT",
    "ALTER TABLE readings ADD COLUMN title TEXT",
    "ALTER TABLE readings ADD COLUMN published TEXT",
    "ALTER TABLE readings ADD COLUMN shown BLOB",
    "ALTER TABLE crawls ADD COLUMN exit_code INTEGER",
)

TABLES = (
    f"""CREATE TABLE memory (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL,
        {define_instant("changed_at")} NOT NULL
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE checks (
        path TEXT NOT NULL REFERENCES pages (path),
        {define_instant("checked_at")} NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures (id),
        PRIMARY KEY (path, checked_at)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE page_events (
        path TEXT NOT NULL REFERENCES pages (path),
        {define_instant("at")},
        event TEXT NOT NULL CHECK (event IN ('seen', 'missing', 'gone', 'back', 'redirected', 'withdrawn')),
        detail TEXT
    ) STRICT""",
    f"""CREATE TABLE redirects (
        path TEXT NOT NULL REFERENCES pages (path),
        target TEXT NOT NULL REFERENCES pages (path),
        permanent INTEGER NOT NULL CHECK (permanent IN (0, 1)),
        {define_instant("first_seen")},
        {define_instant("last_seen")},
        PRIMARY KEY (path, target)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE skipped (
        crawl_id INTEGER NOT NULL REFERENCES crawls (id),
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (crawl_id, path, reason)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE past_values (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        field TEXT NOT NULL,
        {define_instant("until")} NOT NULL,
        value TEXT,
        PRIMARY KEY (brief_id, field, until)
    ) STRICT""",
    "CREATE INDEX checks_capture_id ON checks (capture_id)",
    "CREATE INDEX page_events_path ON page_events (path, at)",
    "CREATE INDEX page_events_event ON page_events (event)",
    "CREATE INDEX redirects_target ON redirects (target)",
    "CREATE INDEX skipped_reason ON skipped (reason)",
    "CREATE INDEX revisions_change ON revisions (change)",
)

_LISTS = (
    ("authors", "name_as_published", "brief_authors", "position"),
    ("resources", "text", "brief_resources", "position"),
    ("photo_credits", "text", "photo_credits", "position"),
    ("categories", "name_as_published", "brief_categories", "name_as_published"),
)
_TEXTS = ("path", "kind", "label", "number", "domain", "title", "published", "dateline", "body")
_NOW = "'9999-12-31T23:59:59Z'"

# Each value with the instant until which it held; today's values hold until the end of time.
_VALUES = "\nUNION ALL ".join(
    (
        "SELECT brief_id, field, value, until FROM past_values",
        *(f"SELECT id, '{name}', CAST({name} AS TEXT), {_NOW} FROM briefs" for name in _TEXTS),  # noqa: S608
        *(
            f"""SELECT id, '{name}', (SELECT nullif(json_group_array(item), '[]')
                FROM (SELECT {item} AS item FROM {table} WHERE brief_id = briefs.id ORDER BY {order})), {_NOW}
            FROM briefs"""  # noqa: S608 - all names are constants above
            for name, item, table, order in _LISTS
        ),
    )
)
BRIEF_VALUES = f"CREATE VIEW brief_values AS\n{_VALUES}"
