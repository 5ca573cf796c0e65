"""The tables of captures and briefs, and their indexes, as SQL; metadata.yml describes them."""

from __future__ import annotations

APPLICATION_ID = 0x42724172  # "BrAr": file(1) and other programs can tell whose database it is
OLDEST = 5  # the schema that archives are carried over from; there was no release before it
SCHEMA = 11  # PRAGMA user_version; each migration adds one

# What a brief says itself, in the order in which exports have it.
BRIEF_COLUMNS = (
    *("path", "url", "wp_id", "kind", "label", "number", "domain", "title", "published", "modified", "dateline"),
    *("posted_by", "body", "body_html"),
)

_INSTANT = "CHECK ({0} IS strftime('%Y-%m-%dT%H:%M:%SZ', {0}))"
_DAY = "CHECK ({0} IS date({0}))"


def define_instant(column: str) -> str:
    """Define a column that holds instants."""
    return f"{column} TEXT {_INSTANT.format(column)}"


def define_day(column: str) -> str:
    """Define a column that holds days."""
    return f"{column} TEXT {_DAY.format(column)}"


_CAPTURE_TABLES = (
    f"""CREATE TABLE crawls (
        id INTEGER PRIMARY KEY,
        spider TEXT NOT NULL,
        {define_instant("started_at")} NOT NULL,
        {define_instant("finished_at")},
        outcome TEXT,
        arguments TEXT NOT NULL CHECK (json_valid(arguments)),
        requests INTEGER NOT NULL DEFAULT 0,
        captures INTEGER NOT NULL DEFAULT 0,
        new INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        known INTEGER NOT NULL DEFAULT 0,
        briefs INTEGER NOT NULL DEFAULT 0,
        problems INTEGER NOT NULL DEFAULT 0,
        counts TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(counts)),
        exit_code INTEGER,
        journal INTEGER
    ) STRICT""",
    f"""CREATE TABLE pages (
        path TEXT PRIMARY KEY,
        url TEXT,
        status TEXT NOT NULL DEFAULT 'live' CHECK (status IN ('live', 'missing', 'gone', 'withdrawn')),
        {define_instant("first_seen")},
        {define_instant("last_seen")},
        {define_instant("missing_since")},
        {define_instant("gone_at")},
        found_by TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(found_by)),
        lastmod TEXT,
        {define_instant("checked_at")},
        checks_missing INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    f"""CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL REFERENCES pages (path),
        url TEXT,
        {define_instant("captured_at")},
        source TEXT NOT NULL CHECK (source IN ('live', 'wayback', 'commoncrawl', 'warc', 'wacz', 'file')),
        status INTEGER,
        media_type TEXT,
        charset TEXT,
        length INTEGER NOT NULL,
        truncated INTEGER NOT NULL CHECK (truncated IN (0, 1)),
        digest TEXT NOT NULL CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
        outcome TEXT NOT NULL CHECK (outcome IN ('brief', 'listing', 'page', 'feed', 'rest', 'sitemap', 'robots',
            'redirect', 'missing', 'soft404', 'challenge', 'maintenance', 'parked', 'error', 'unreadable', 'other')),
        layout TEXT,
        extractor TEXT NOT NULL,
        read INTEGER NOT NULL CHECK (read IN (0, 1)),
        name TEXT,
        crawl_id INTEGER REFERENCES crawls (id),
        warc_file TEXT NOT NULL,
        warc_offset INTEGER NOT NULL,
        warc_length INTEGER NOT NULL,
        location TEXT,
        payload_sha1 TEXT,
        memento TEXT
    ) STRICT""",
    """CREATE TABLE problems (
        id INTEGER PRIMARY KEY,
        capture_id INTEGER REFERENCES captures (id),
        path TEXT REFERENCES pages (path),
        field TEXT,
        kind TEXT NOT NULL,
        message TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        record BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE readings (
        capture_id INTEGER NOT NULL REFERENCES captures (id),
        path TEXT NOT NULL REFERENCES pages (path),
        brief_path TEXT NOT NULL REFERENCES pages (path),
        fidelity INTEGER NOT NULL,
        wp_id INTEGER,
        record_id INTEGER NOT NULL REFERENCES records (id),
        title TEXT,
        published TEXT,
        shown BLOB,
        PRIMARY KEY (capture_id, path)
    ) STRICT, WITHOUT ROWID""",
)

_BRIEF_TABLES = (
    """CREATE TABLE domains (
        name TEXT PRIMARY KEY,
        canonical INTEGER NOT NULL DEFAULT 0 CHECK (canonical IN (0, 1))
    ) STRICT""",
    f"""CREATE TABLE briefs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE REFERENCES pages (path),
        url TEXT,
        wp_id INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('brief', 'opinion', 'blog', 'post')),
        label TEXT,
        number INTEGER,
        domain TEXT REFERENCES domains (name),
        title TEXT,
        {define_day("published")},
        {define_instant("modified")},
        {define_day("dateline")},
        posted_by TEXT,
        capture_id INTEGER NOT NULL REFERENCES captures (id),
        body TEXT,
        body_html TEXT
    ) STRICT""",
    """CREATE TABLE authors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        kind TEXT NOT NULL CHECK (kind IN ('person', 'collective'))
    ) STRICT""",
    """CREATE TABLE brief_authors (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        author_id INTEGER NOT NULL REFERENCES authors (id),
        name_as_published TEXT NOT NULL COLLATE NOCASE,
        role TEXT,
        contact TEXT,
        PRIMARY KEY (brief_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE author_aliases (
        name TEXT PRIMARY KEY COLLATE NOCASE,
        author TEXT COLLATE NOCASE,
        author_id INTEGER REFERENCES authors (id) ON DELETE SET NULL,
        reason TEXT NOT NULL,
        CHECK (author IS NOT NULL OR author_id IS NOT NULL)
    ) STRICT""",
    """CREATE TABLE resources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        url TEXT,
        key TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE brief_resources (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        resource_id INTEGER NOT NULL REFERENCES resources (id),
        heading TEXT,
        name_as_published TEXT NOT NULL,
        description TEXT,
        text TEXT NOT NULL,
        url TEXT,
        PRIMARY KEY (brief_id, position)
    ) STRICT""",
    """CREATE TABLE photo_credits (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        name TEXT,
        source TEXT,
        url TEXT,
        PRIMARY KEY (brief_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sections (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        heading TEXT,
        text TEXT NOT NULL,
        PRIMARY KEY (brief_id, position)
    ) STRICT""",
    """CREATE TABLE links (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        url TEXT NOT NULL,
        PRIMARY KEY (brief_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE categories (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        slug TEXT NOT NULL UNIQUE
    ) STRICT""",
    """CREATE TABLE brief_categories (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        category_id INTEGER NOT NULL REFERENCES categories (id),
        name_as_published TEXT NOT NULL,
        PRIMARY KEY (brief_id, category_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE evidence (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures (id),
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        rule TEXT NOT NULL,
        snippet TEXT NOT NULL,
        confidence TEXT NOT NULL CHECK (confidence IN ('stated', 'read', 'guessed')),
        chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
        extractor TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (brief_id, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE revisions (
        brief_id INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
        capture_id INTEGER NOT NULL REFERENCES captures (id),
        field TEXT NOT NULL,
        old TEXT,
        new TEXT,
        {define_instant("seen_at")},
        change TEXT NOT NULL DEFAULT 'substantive' CHECK (change IN ('cosmetic', 'substantive')),
        PRIMARY KEY (brief_id, capture_id, field)
    ) STRICT""",
)

_INDEXES = (
    # Two redirects of one second have one path and no bytes: only their targets differ.
    "CREATE UNIQUE INDEX captures_instant ON captures (path, ifnull(captured_at, ''), digest, ifnull(location, ''))",
    "CREATE INDEX captures_payload_sha1 ON captures (payload_sha1) WHERE payload_sha1 IS NOT NULL",
    "CREATE INDEX captures_outcome ON captures (outcome)",
    "CREATE INDEX captures_source ON captures (source)",
    "CREATE INDEX captures_captured_at ON captures (captured_at)",
    "CREATE INDEX captures_crawl_id ON captures (crawl_id)",
    "CREATE INDEX problems_capture_id ON problems (capture_id)",
    "CREATE INDEX problems_path ON problems (path)",
    "CREATE INDEX problems_kind ON problems (kind)",
    "CREATE INDEX problems_field ON problems (field)",
    "CREATE INDEX pages_status ON pages (status)",
    "CREATE INDEX readings_brief_path ON readings (brief_path)",
    "CREATE INDEX readings_path ON readings (path)",
    "CREATE INDEX readings_record_id ON readings (record_id)",
    "CREATE INDEX readings_wp_id ON readings (wp_id) WHERE wp_id IS NOT NULL",
    "CREATE INDEX briefs_kind ON briefs (kind)",
    "CREATE INDEX briefs_domain ON briefs (domain, number)",
    "CREATE INDEX briefs_published ON briefs (published)",
    "CREATE INDEX briefs_capture_id ON briefs (capture_id)",
    "CREATE INDEX authors_kind ON authors (kind)",
    "CREATE INDEX brief_authors_author_id ON brief_authors (author_id)",
    "CREATE INDEX brief_authors_name ON brief_authors (name_as_published)",
    "CREATE INDEX author_aliases_author_id ON author_aliases (author_id)",
    "CREATE INDEX author_aliases_author ON author_aliases (author)",
    # Pages of domains and resources count thousands of briefs; without these indexes each count reads the texts too.
    "CREATE INDEX briefs_domain_published ON briefs (domain, published, kind, number)",
    "CREATE INDEX brief_resources_brief ON brief_resources (brief_id, resource_id)",
    "CREATE INDEX brief_resources_resource ON brief_resources (resource_id, brief_id)",
    "CREATE INDEX brief_resources_heading ON brief_resources (heading)",
    "CREATE INDEX photo_credits_source ON photo_credits (source)",
    "CREATE INDEX sections_heading ON sections (heading)",
    "CREATE INDEX brief_categories_category_id ON brief_categories (category_id)",
    "CREATE INDEX evidence_capture_id ON evidence (capture_id)",
    "CREATE INDEX revisions_capture_id ON revisions (capture_id)",
    "CREATE INDEX revisions_field ON revisions (field)",
    "CREATE INDEX revisions_seen_at ON revisions (seen_at)",
    "CREATE INDEX revisions_change ON revisions (change)",
)

BRIEF_TABLES = _CAPTURE_TABLES + _BRIEF_TABLES + _INDEXES
