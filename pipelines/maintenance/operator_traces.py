"""Removing from a copy of the archive what is its operator's: contact, folders, passwords, the key of the seals."""

from __future__ import annotations

import re
import sqlite3

from pipelines.withdrawals import seals
from scraper.crawl.contact import hide_contact
from scraper.url_reading import drop_users

_FOLDERS = re.compile(r"(?<!\S)(?:/|[A-Za-z]:\\).*[/\\]")  # of all paths in a line, for one may have spaces in it
# In the words of an error, or of an earlier version that told where links lead: in quotation marks or without.
_ELSEWHERE = re.compile(
    r"""(?<=['"])(?:/|[A-Za-z]:\\)[^'"]*[/\\]|(?<![\w:/.'"])(?:/|[A-Za-z]:\\)(?:[^/\\'":,]*[/\\])+"""
)
_PATHS = """UPDATE crawls SET arguments = json_set(arguments, '$.paths', drop_folders(arguments ->> '$.paths'))
    WHERE arguments ->> '$.paths' IS NOT NULL"""
_AGENTS = """UPDATE crawls SET counts = json_set(counts, :agent, hide_contact(counts ->> :agent))
    WHERE counts ->> :agent IS NOT NULL"""
_USERS = "UPDATE crawls SET arguments = drop_users(arguments) WHERE arguments LIKE '%@%'"
_NAMES = "UPDATE {table} SET {column} = drop_folders({column}) WHERE {column} IS NOT drop_folders({column})"
_MESSAGES = """UPDATE problems SET message = drop_folders(substr(message, 1, instr(message, ': ') - 1))
        || substr(message, instr(message, ': '))
    WHERE capture_id IS NULL AND path IS NULL AND message LIKE '/%: %'"""
_ERRORS = "UPDATE problems SET message = drop_elsewhere(message) WHERE kind IN ('fault', 'link')"


def hide_traces(db: sqlite3.Connection) -> None:
    """Remove them from the tables, within a transaction."""
    db.create_function("drop_folders", 1, lambda text: text and _FOLDERS.sub("", text), deterministic=True)
    db.create_function("drop_elsewhere", 1, lambda text: text and _ELSEWHERE.sub("", text), deterministic=True)
    db.create_function("hide_contact", 1, hide_contact, deterministic=True)
    db.create_function("drop_users", 1, drop_users, deterministic=True)
    db.execute(_USERS)
    db.execute(_PATHS)
    db.execute(_AGENTS, {"agent": '$."setting/USER_AGENT"'})
    for table, column in (("captures", "name"), ("revisits", "name"), ("mementos", "file")):
        db.execute(_NAMES.format(table=table, column=column))
    db.execute(_MESSAGES)
    db.execute(_ERRORS)
    seals.close_seals(db)
