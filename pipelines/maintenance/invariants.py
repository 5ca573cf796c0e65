"""What must hold between the rows of an archive, beyond what SQLite checks by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

_CHECKS = {
    "the sections of {0} do not give its body": """SELECT path FROM briefs WHERE ifnull(body, '') <> ifnull(
        (SELECT group_concat(part, char(10) || char(10)) FROM (
            SELECT CASE WHEN ifnull(heading, '') = '' THEN text WHEN text = '' THEN heading
                ELSE heading || char(10) || char(10) || text END AS part
            FROM sections WHERE brief_id = briefs.id ORDER BY position)), '')""",
    "no capture shows the brief {0}": "SELECT path FROM briefs WHERE path NOT IN (SELECT brief_path FROM readings)",
    "captures show {0}, and there is no brief": """SELECT DISTINCT brief_path FROM readings
        WHERE {counts} AND brief_path NOT IN (SELECT path FROM briefs) AND path NOT IN (SELECT path FROM withdrawals
            WHERE undone_at IS NULL)""",
    "{0} is withdrawn, and readers can still see it": """SELECT path FROM withdrawals WHERE undone_at IS NULL
        AND (path NOT IN (SELECT path FROM pages WHERE status = 'withdrawn') OR path IN (SELECT path FROM briefs)
            OR path IN (SELECT path FROM readings JOIN records ON records.id = record_id WHERE digest <> x''))""",
    "the text of {0} is gone, and it is not withdrawn": """SELECT DISTINCT path FROM readings
        JOIN records ON records.id = record_id WHERE digest = x''
        AND path NOT IN (SELECT path FROM withdrawals WHERE undone_at IS NULL)""",
    "the title of {0} has no evidence": """SELECT path FROM briefs WHERE title IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM evidence WHERE brief_id = briefs.id AND field = 'title' AND chosen = 1)""",
    "the evidence of {0} is not from a capture that shows it": """SELECT path FROM briefs WHERE EXISTS (
        SELECT 1 FROM evidence WHERE brief_id = briefs.id AND capture_id NOT IN (
            SELECT capture_id FROM readings WHERE brief_path = briefs.path))""",
    "a memento of {0} is taken, and its capture is not there": """SELECT path FROM mementos
        WHERE state = 'taken' AND capture_id IS NULL""",
    "there is a capture of {0}, and no page": """SELECT path FROM captures
        WHERE path NOT IN (SELECT path FROM pages)""",
    "no brief needs the author {0}": """SELECT name FROM authors
        WHERE id NOT IN (SELECT author_id FROM brief_authors)""",
}


_HOLDS = "SELECT 1 FROM pragma_table_info('readings') WHERE name = 'held'"  # archives before schema 9 hold nothing


def find_violations(db: sqlite3.Connection) -> Iterator[str]:
    """A line for each rule that does not hold, with the first row that breaks it and how many do."""
    condition = "held = 0" if db.execute(_HOLDS).fetchone() else "1"
    for message, sql in _CHECKS.items():
        paths = [str(path) for (path,) in db.execute(sql.replace("{counts}", condition))]
        if paths:
            yield message.format(paths[0]) + (f", and so for {len(paths) - 1} more" if len(paths) > 1 else "")
