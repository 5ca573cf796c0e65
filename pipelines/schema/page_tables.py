"""The tables of pages over time, of web archives, links, writers' rejections and withdrawals, as SQL."""

from __future__ import annotations

from pipelines.schema.tables import define_instant

PAGE_TABLES = (
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
    "CREATE INDEX record_names_capture_id ON record_names (capture_id)",
    "CREATE INDEX mementos_state ON mementos (archive, state)",
    "CREATE INDEX mementos_path ON mementos (path)",
    "CREATE INDEX mementos_capture_id ON mementos (capture_id)",
    f"""CREATE TABLE withdrawals (
        path TEXT PRIMARY KEY REFERENCES pages (path),
        post TEXT NOT NULL REFERENCES pages (path),
        brief_id INTEGER,
        {define_instant("withdrawn_at")} NOT NULL,
        reason TEXT NOT NULL,
        {define_instant("undone_at")},
        shared_ids TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(shared_ids))
    ) STRICT""",
    "CREATE INDEX withdrawals_post ON withdrawals (post)",
    "CREATE INDEX withdrawals_brief_id ON withdrawals (brief_id)",
)
