"""The search index, the triggers that apply aliases, and the views for readers, as SQL."""

from __future__ import annotations

SITE_PUBLISHER = "U.S. RESIST NEWS"
SAMPLE = "sample"  # the key in `memory` that marks a sample; ready queries in metadata.yml use it
# Who published the briefs.
PUBLISHER = f"ifnull((SELECT value FROM memory WHERE key = '{SAMPLE}'), '{SITE_PUBLISHER}')"  # noqa: S608

# What the search index holds of each brief; the index has no text of its own and reads it here.
BRIEFS_TEXT = """CREATE VIEW briefs_text AS
    SELECT id, title, body,
        (SELECT group_concat(names, '; ') FROM (
            SELECT name_as_published || CASE WHEN name = name_as_published THEN '' ELSE ' ' || name END AS names
            FROM brief_authors JOIN authors ON authors.id = author_id
            WHERE brief_id = briefs.id ORDER BY position
        )) AS authors,
        (SELECT group_concat(text, char(10)) FROM (
            SELECT text FROM brief_resources WHERE brief_id = briefs.id ORDER BY position
        )) AS resources
    FROM briefs"""

BRIEFS_FTS = """CREATE VIRTUAL TABLE briefs_fts USING fts5 (
        title, body, authors, resources,
        content='briefs_text', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
    )"""

_FORGET = """INSERT INTO briefs_fts (briefs_fts, rowid, title, body, authors, resources)
        SELECT 'delete', id, title, body, authors, resources FROM briefs_text
        WHERE id IN (SELECT brief_id FROM brief_authors WHERE name_as_published = {row}.name);"""
_INDEX = """INSERT INTO briefs_fts (rowid, title, body, authors, resources)
        SELECT id, title, body, authors, resources FROM briefs_text
        WHERE id IN (SELECT brief_id FROM brief_authors WHERE name_as_published = {row}.name);"""
_SWEEP = """DELETE FROM authors WHERE NOT EXISTS (SELECT 1 FROM brief_authors WHERE author_id = authors.id)
        AND id IN ({ids});"""

TRIGGERS = (
    # An alias waits, without an author_id, until its author signs a brief.
    """CREATE TRIGGER author_added AFTER INSERT ON authors BEGIN
        UPDATE author_aliases SET author_id = NEW.id WHERE author = NEW.name;
    END""",
    f"""CREATE TRIGGER alias_added AFTER INSERT ON author_aliases BEGIN
        UPDATE author_aliases SET author = (SELECT name FROM authors WHERE id = NEW.author_id)
        WHERE name = NEW.name AND author IS NULL;
        {_FORGET.format(row="NEW")}
        INSERT OR IGNORE INTO authors (name, kind)
        SELECT author, ifnull((SELECT kind FROM authors WHERE name = NEW.name), 'person') FROM author_aliases
        WHERE name = NEW.name AND author IS NOT NULL
        AND EXISTS (SELECT 1 FROM brief_authors WHERE name_as_published = NEW.name);
        UPDATE author_aliases SET author_id = (SELECT id FROM authors WHERE authors.name = author)
        WHERE name = NEW.name;
        UPDATE brief_authors SET author_id = (SELECT author_id FROM author_aliases WHERE name = NEW.name)
        WHERE name_as_published = NEW.name;
        {_SWEEP.format(ids="SELECT id FROM authors WHERE name = NEW.name")}
        {_INDEX.format(row="NEW")}
    END""",  # noqa: S608 - NEW is a row of SQLite's
    f"""CREATE TRIGGER alias_removed AFTER DELETE ON author_aliases BEGIN
        {_FORGET.format(row="OLD")}
        INSERT OR IGNORE INTO authors (name, kind)
        SELECT max(name_as_published), ifnull((SELECT kind FROM authors WHERE id = OLD.author_id), 'person')
        FROM brief_authors
        WHERE name_as_published = OLD.name HAVING count(*) > 0;
        UPDATE brief_authors SET author_id = (SELECT id FROM authors WHERE name = OLD.name)
        WHERE name_as_published = OLD.name;
        {_SWEEP.format(ids="OLD.author_id")}
        {_INDEX.format(row="OLD")}
    END""",  # noqa: S608
)

BRIEF_LIST = f"""CREATE VIEW brief_list AS
    SELECT id, published, CAST(substr(published, 1, 4) AS INTEGER) AS year, kind, domain, number, label, title,
        (SELECT group_concat(name, '; ') FROM (
            SELECT authors.name FROM brief_authors JOIN authors ON authors.id = author_id
            WHERE brief_id = briefs.id ORDER BY position
        )) AS authors,
        (SELECT group_concat(name_as_published, '; ') FROM (
            SELECT name_as_published FROM brief_resources WHERE brief_id = briefs.id ORDER BY position
        )) AS resources,
        (SELECT group_concat(text, '; ') FROM (
            SELECT text FROM photo_credits WHERE brief_id = briefs.id ORDER BY position
        )) AS photo_credit,
        url, path, {PUBLISHER} AS publisher
    FROM briefs"""  # noqa: S608 - our own names

# Numbers above 9999 are misprints; one of them must not make the list of gaps endless. Paths are read for the rows that
# are shown, after they were put in order.
NUMBER_GAPS = """CREATE VIEW number_gaps AS
    WITH RECURSIVE
    numbered AS MATERIALIZED (
        SELECT domain, number, count(*) AS briefs, lead(number) OVER (PARTITION BY domain ORDER BY number) - 1 AS last
        FROM briefs WHERE domain IS NOT NULL AND number BETWEEN 0 AND 9999 GROUP BY domain, number
    ),
    gaps (domain, number, last) AS (
        SELECT domain, number + 1, last FROM numbered WHERE number < last
        UNION ALL
        SELECT domain, number + 1, last FROM gaps WHERE number < last
    )
    SELECT domain, number, kind, briefs, CASE kind WHEN 'double' THEN (
        SELECT group_concat(path, ' ') FROM (
            SELECT path FROM briefs WHERE briefs.domain = listed.domain AND briefs.number = listed.number ORDER BY path
        )
    ) END AS paths
    FROM (
        SELECT domain, number, 'gap' AS kind, 0 AS briefs FROM gaps
        UNION ALL
        SELECT domain, number, 'double', briefs FROM numbered WHERE briefs > 1
        ORDER BY domain, number
    ) AS listed"""

# Bodies that are alike but for capitals have all of this in common; so only their texts are read.
_OUTLINE = ("length({0}body)", "(substr({0}body, 1, 40) || substr({0}body, -40)) COLLATE NOCASE")
INDEXES = (
    f"CREATE INDEX briefs_body ON briefs ({', '.join(_OUTLINE).format('')})",
    "CREATE INDEX briefs_title ON briefs (title COLLATE NOCASE, label COLLATE NOCASE)",
    "CREATE INDEX briefs_wp_id ON briefs (wp_id) WHERE wp_id IS NOT NULL",
    # As brief_list gives the year.
    "CREATE INDEX briefs_year ON briefs (CAST(substr(published, 1, 4) AS INTEGER), published, domain, kind)",
)
_SAME_OUTLINE = " AND ".join(f"{part.format('briefs.')} = {part.format('one.')}" for part in _OUTLINE)

# A brief is one path; this view lists paths that may be one post all the same, and nothing is merged by it.
DUPLICATES = f"""CREATE VIEW duplicates AS
    WITH
    outlines AS MATERIALIZED (
        SELECT max(id) AS id FROM briefs GROUP BY {", ".join(_OUTLINE).format("")} HAVING count(*) > 1
    ),
    names AS MATERIALIZED (
        SELECT max(id) AS id FROM briefs WHERE title IS NOT NULL AND label IS NOT NULL
        GROUP BY title COLLATE NOCASE, label COLLATE NOCASE HAVING count(*) > 1
    ),
    told AS MATERIALIZED (
        SELECT 'body' AS same, lower(briefs.body) AS value, briefs.path
        FROM outlines CROSS JOIN briefs AS one ON one.id = outlines.id CROSS JOIN briefs ON {_SAME_OUTLINE}
        UNION ALL
        SELECT 'label and title', lower(briefs.label) || char(10) || lower(briefs.title), briefs.path
        FROM names CROSS JOIN briefs AS one ON one.id = names.id
        CROSS JOIN briefs ON briefs.title = one.title COLLATE NOCASE AND briefs.label = one.label COLLATE NOCASE
        WHERE briefs.label <> briefs.title
        UNION ALL
        SELECT 'wp_id', CAST(wp_id AS TEXT), path FROM briefs WHERE wp_id IS NOT NULL
    )
    SELECT same, count(*) AS briefs, group_concat(path, ' ') AS paths FROM (SELECT * FROM told ORDER BY path)
    GROUP BY same, value HAVING count(*) > 1 ORDER BY paths, same"""  # noqa: S608 - our own names

RESOURCE_LINKS = """CREATE VIEW resource_links AS
    SELECT resources.id, resources.name, resources.url, outcome, status, checked_at, final_url, detail,
        archived_url, archived_at,
        (SELECT count(DISTINCT brief_id) FROM brief_resources WHERE resource_id = resources.id) AS briefs
    FROM resources LEFT JOIN link_checks ON link_checks.url = resources.url
        AND checked_at = (SELECT max(checked_at) FROM link_checks WHERE url = resources.url)
    WHERE resources.url IS NOT NULL"""

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

STATEMENTS = (
    *(BRIEFS_TEXT, BRIEFS_FTS, *TRIGGERS),
    *(BRIEF_LIST, NUMBER_GAPS, BRIEF_VALUES, DUPLICATES, RESOURCE_LINKS),
)
