"""What migration 003 adds: mementos, revisits that wait, link checks, origins of captures."""

from __future__ import annotations

from pipelines.schema import views
from pipelines.schema.tables import define_instant

COLUMNS = (
    "ALTER TABLE captures ADD COLUMN payload_sha1 TEXT",
    "ALTER TABLE captures ADD COLUMN memento TEXT",
)

TABLES = (
    f"""CREATE TABLE mementos (
        id INTEGER PRIMARY KEY,
        archive TEXT NOT NULL,
        url TEXT NOT NULL,
        timestamp TEXT NOT NULL,
        path TEXT NOT NULL REFERENCES pages (path),
        digest TEXT,
        status INTEGER,
        media_type TEXT,
        length INTEGER,
        file TEXT,
        offset INTEGER,
        state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'taken', 'same', 'missing', 'excluded', 'other', 'failed')),
        reason TEXT,
        {define_instant("tried_at")},
        capture_id INTEGER REFERENCES captures (id),
        UNIQUE (archive, url, timestamp)
    ) STRICT""",
    f"""CREATE TABLE revisits (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        {define_instant("captured_at")},
        source TEXT NOT NULL,
        name TEXT,
        names TEXT NOT NULL CHECK (json_valid(names)),
        warc_file TEXT NOT NULL,
        warc_offset INTEGER NOT NULL,
        warc_length INTEGER NOT NULL,
        UNIQUE (url, captured_at, names)
    ) STRICT""",
    """CREATE TABLE record_names (
        name TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures (id) ON DELETE CASCADE,
        PRIMARY KEY (name, capture_id)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE link_checks (
        url TEXT NOT NULL,
        {define_instant("checked_at")} NOT NULL,
        outcome TEXT NOT NULL
            CHECK (outcome IN ('ok', 'moved', 'gone', 'broken', 'blocked', 'unreachable', 'unchecked')),
        status INTEGER,
        final_url TEXT,
        detail TEXT,
        archived_url TEXT,
        {define_instant("archived_at")},
        PRIMARY KEY (url, checked_at)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE author_rejections (
        name TEXT NOT NULL COLLATE NOCASE,
        other TEXT NOT NULL COLLATE NOCASE,
        reason TEXT NOT NULL,
        PRIMARY KEY (name, other),
        CHECK (name <> other)
    ) STRICT, WITHOUT ROWID""",
    # Two redirects of one second have one path and no bytes: only their targets differ.
    "DROP INDEX captures_instant",
    "CREATE UNIQUE INDEX captures_instant ON captures (path, ifnull(captured_at, ''), digest, ifnull(location, ''))",
    "CREATE INDEX captures_payload_sha1 ON captures (payload_sha1) WHERE payload_sha1 IS NOT NULL",
    "CREATE INDEX record_names_capture_id ON record_names (capture_id)",
    "CREATE INDEX mementos_state ON mementos (archive, state)",
    "CREATE INDEX mementos_path ON mementos (path)",
    "CREATE INDEX mementos_capture_id ON mementos (capture_id)",
    "DROP TRIGGER alias_added",
    "DROP TRIGGER alias_removed",
    *views.ALIAS_TRIGGERS,  # a collective byline stays one, joined or split
    "DROP VIEW number_gaps",
    views.NUMBER_GAPS,  # its paths have an order now
    views.DUPLICATES,
    views.RESOURCE_LINKS,
)
