"""Writers as the archive knows them, their spellings, and who may be one: read without the lock."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.db_errors import told
from pipelines.opening import archive_to_read
from pipelines.people.proposals import propose
from pipelines.people.records import Alias, Rejection, Writer, Writers

_WRITERS = """SELECT authors.id, authors.name, authors.kind, count(DISTINCT brief_id), min(published), max(published)
    FROM authors JOIN brief_authors ON author_id = authors.id JOIN briefs ON briefs.id = brief_id
    GROUP BY authors.id ORDER BY count(DISTINCT brief_id) DESC, authors.name"""
_SPELLINGS = """SELECT author_id, name_as_published, count(*) FROM brief_authors
    GROUP BY author_id, name_as_published COLLATE BINARY ORDER BY count(*) DESC, name_as_published COLLATE BINARY"""
_ROLES = "SELECT DISTINCT author_id, role FROM brief_authors WHERE role IS NOT NULL ORDER BY role"
_CONTACTS = "SELECT DISTINCT author_id, contact FROM brief_authors WHERE contact IS NOT NULL ORDER BY contact"
_DOMAINS = """SELECT DISTINCT author_id, domain FROM brief_authors JOIN briefs ON briefs.id = brief_id
    WHERE domain IS NOT NULL ORDER BY domain"""
_BYLINES = "SELECT brief_id, name_as_published FROM brief_authors ORDER BY brief_id"
_PAST = "SELECT old FROM revisions WHERE field = 'authors' UNION SELECT new FROM revisions WHERE field = 'authors'"
_ALIASES = "SELECT name, author, reason FROM author_aliases ORDER BY author, name"
_REJECTIONS = "SELECT name, other, reason FROM author_rejections ORDER BY name, other"


def read_writers(settings: BaseSettings) -> Writers:
    """All writers, those of most briefs first. Raises BadInput where no archive is, and what opening it raises."""
    path = Path(settings["ARCHIVE_DB"])
    with closing(archive_to_read(path)) as db, told(path):
        db.execute("BEGIN")
        return writers_of(db)


def writers_of(db: sqlite3.Connection) -> Writers:
    """All writers of an open archive."""
    writers = _writers(db)
    rejections = tuple(Rejection(*row) for row in db.execute(_REJECTIONS))
    apart = [frozenset((one.name.casefold(), one.other.casefold())) for one in rejections]
    aliases = tuple(Alias(name, author, reason) for name, author, reason in db.execute(_ALIASES) if author)
    return Writers(writers, propose(writers, apart, together(db)), aliases, rejections)


def together(db: sqlite3.Connection) -> Iterator[frozenset[str]]:
    """Pairs of names, casefolded, that signed one brief, in its present byline or in an earlier one."""
    bylines: dict[int, list[str]] = defaultdict(list)
    for brief_id, name in db.execute(_BYLINES):
        bylines[brief_id].append(name)
    past = (json.loads(names) for (names,) in db.execute(_PAST) if names)
    for names in (*bylines.values(), *(names for names in past if isinstance(names, list))):
        folded = sorted({str(name).casefold() for name in names})
        yield from map(frozenset, combinations(folded, 2))


def _writers(db: sqlite3.Connection) -> tuple[Writer, ...]:
    spellings: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for author_id, name, count in db.execute(_SPELLINGS):
        spellings[author_id].append((name, count))
    roles, contacts, domains = (_values(db, sql) for sql in (_ROLES, _CONTACTS, _DOMAINS))
    rows: list[tuple[int, str, str, int, str | None, str | None]] = db.execute(_WRITERS).fetchall()
    return tuple(
        Writer(*row, tuple(spellings[row[0]]), tuple(roles[row[0]]), tuple(contacts[row[0]]), tuple(domains[row[0]]))
        for row in rows
    )


def _values(db: sqlite3.Connection, sql: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for author_id, value in db.execute(sql):
        found[author_id].append(value)
    return found
