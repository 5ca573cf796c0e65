"""The writers of an archive, their spellings, and which may be one person; read without the lock."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.database.opening import read_current_archive
from pipelines.people.proposals import propose_merges
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
_ALIASES = "SELECT name, author, reason FROM author_aliases WHERE author <> '' ORDER BY author, name"
_REJECTIONS = "SELECT name, other, reason FROM author_rejections ORDER BY name, other"


def list_writers(settings: BaseSettings) -> Writers:
    """List all writers, the busiest first. Raises BadInput where there is no archive, and what opening it raises."""
    with read_current_archive(Path(settings["ARCHIVE_DB"])) as db:
        db.execute("BEGIN")
        writers = _read_writer_rows(db)
        rejections = tuple(Rejection(*row) for row in db.execute(_REJECTIONS))
        apart = [frozenset((rejection.name.casefold(), rejection.other.casefold())) for rejection in rejections]
        aliases = tuple(Alias(*row) for row in db.execute(_ALIASES))
        return Writers(writers, propose_merges(writers, apart, read_cosigners(db)), aliases, rejections)


def read_cosigners(db: sqlite3.Connection) -> Iterator[frozenset[str]]:
    """Yield pairs of names, casefolded, that signed one brief, in its present byline or an earlier one."""
    bylines: dict[int, list[str]] = defaultdict(list)
    for brief_id, name in db.execute(_BYLINES):
        bylines[brief_id].append(name)
    past = (json.loads(names) for (names,) in db.execute(_PAST) if names)
    for names in (*bylines.values(), *(names for names in past if isinstance(names, list))):
        signers = sorted({str(name).casefold() for name in names})
        yield from map(frozenset, combinations(signers, 2))


def _read_writer_rows(db: sqlite3.Connection) -> tuple[Writer, ...]:
    spellings: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for author_id, name, count in db.execute(_SPELLINGS):
        spellings[author_id].append((name, count))
    roles, contacts, domains = (_group_values(db, sql) for sql in (_ROLES, _CONTACTS, _DOMAINS))
    rows: list[tuple[int, str, str, int, str | None, str | None]] = db.execute(_WRITERS).fetchall()
    return tuple(
        Writer(*row, tuple(spellings[row[0]]), tuple(roles[row[0]]), tuple(contacts[row[0]]), tuple(domains[row[0]]))
        for row in rows
    )


def _group_values(db: sqlite3.Connection, sql: str) -> dict[int, list[str]]:
    values: dict[int, list[str]] = defaultdict(list)
    for author_id, value in db.execute(sql):
        values[author_id].append(value)
    return values
