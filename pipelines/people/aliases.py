"""Who is who among the writers, as people say it: aliases and rejections, written under the archive's lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pipelines.normalise import plain
from pipelines.people.authors import together
from pipelines.people.records import Alias, Rejection
from pipelines.transactions import Transaction
from scraper.errors import BadArgument, BadInput
from scraper.invocation import command_line

_ALIAS = "SELECT name, author, reason FROM author_aliases WHERE name = ?"
_ALIASES_OF = "SELECT name FROM author_aliases WHERE author = ? ORDER BY name"
_ADD = "INSERT INTO author_aliases (name, author, reason) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM author_aliases WHERE name = ?"
_KIND = """SELECT kind FROM authors WHERE name = :name
    UNION SELECT kind FROM brief_authors JOIN authors ON id = author_id WHERE name_as_published = :name"""
_NAMES = "SELECT name FROM authors UNION SELECT name_as_published FROM brief_authors ORDER BY 1"
_SPELLINGS = """SELECT name_as_published FROM brief_authors JOIN authors ON id = author_id WHERE name = :name
    UNION SELECT name FROM author_aliases WHERE author = :name UNION SELECT :name"""
_REJECTED = """SELECT name, other, reason FROM author_rejections
    WHERE (name = :one AND other = :other) OR (name = :other AND other = :one)"""
_REJECT = "INSERT INTO author_rejections (name, other, reason) VALUES (?, ?, ?)"
_UNREJECT = "DELETE FROM author_rejections WHERE name = ? AND other = ?"


@dataclass(frozen=True, slots=True)
class Aliases:
    """What people say of an archive's writers; each word is committed at once."""

    transaction: Transaction

    @property
    def _db(self) -> sqlite3.Connection:
        return self.transaction.db

    def merge(self, name: str, author: str, reason: str) -> Alias:
        """Have `name` be a spelling of `author`; what stands in the table then, which may name another writer.

        Raises BadInput for names that no brief has, BadArgument for what cannot be one person.
        """
        with self.transaction.step():
            for one in (name, author):
                _known(self._db, one)
            alias = _add(self._db, Alias(name, author, reason))
        self.transaction.commit()
        return alias

    def split(self, name: str) -> Alias:
        """Take the alias out again, so that `name` is a writer of its own; what stood there. Raises BadInput."""
        with self.transaction.step():
            row = self._db.execute(_ALIAS, (_clean(name),)).fetchone()
            if row is None:
                raise BadInput(_no_alias(self._db, name))
            self._db.execute(_REMOVE, (row[0],))
        self.transaction.commit()
        return Alias(*row)

    def reject(self, name: str, other: str, reason: str) -> Rejection:
        """Say that two names are two people; never proposed nor merged again. Raises BadInput, BadArgument."""
        with self.transaction.step():
            for one in (name, other):
                _known(self._db, one)
            name, other = _ordered(name, other)
            if _final(self._db, name).casefold() == _final(self._db, other).casefold():
                raise BadArgument(f'"{name}" and "{other}" are one writer here: split them first')
            if row := _rejected(self._db, name, other):
                return Rejection(*row)
            rejection = Rejection(name, other, _reason(reason))
            self._db.execute(_REJECT, (name, other, rejection.reason))
        self.transaction.commit()
        return rejection

    def withdraw_rejection(self, name: str, other: str) -> Rejection:
        """Take a rejection back; what stood there. Raises BadInput where there is none."""
        with self.transaction.step():
            row = _rejected(self._db, _clean(name), _clean(other))
            if row is None:
                raise BadInput(f'nobody rejected that "{name}" and "{other}" are one')
            self._db.execute(_UNREJECT, row[:2])
        self.transaction.commit()
        return Rejection(*row)

    def add_all(self, aliases: Sequence[Alias]) -> int:
        """Add all aliases or none; how many are new. Names that no brief has wait for one.

        Chains in the list lead to their end. Raises BadArgument for circles and what cannot be one person.
        """
        with self.transaction.step():
            added = 0
            for alias in _without_chains(aliases):
                there = self._db.execute(_ALIAS, (alias.name,)).fetchone()
                if there is None or there[1].casefold() != _final(self._db, alias.author).casefold():
                    _add(self._db, alias)
                    added += 1
        self.transaction.commit()
        return added


def _add(db: sqlite3.Connection, alias: Alias) -> Alias:
    name, author, reason = _clean(alias.name), _final(db, _clean(alias.author)), _reason(alias.reason)
    row = db.execute(_ALIAS, (name,)).fetchone()
    if row and _same(row[1], author):
        return Alias(*row)
    if row:
        first = command_line("authors", "split", name)
        raise BadArgument(f'"{name}" is a spelling of "{row[1]}" already; first run {first}')
    if _same(name, author):
        raise BadArgument(f'"{name}" and "{author}" are one writer already: capitals make no difference')
    if others := [other for (other,) in db.execute(_ALIASES_OF, (name,))]:
        raise BadArgument(f'"{name}" has spellings of its own ({", ".join(others)}): split those first')
    _refuse_two_people(db, name, author)
    db.execute(_ADD, (name, author, reason))
    return Alias(name, author, reason)


def _refuse_two_people(db: sqlite3.Connection, name: str, author: str) -> None:
    kinds = [_kind(db, one) for one in (name, author)]
    if None not in kinds and kinds[0] != kinds[1]:
        raise BadArgument(f'"{name}" is a {kinds[0]}, "{author}" a {kinds[1]}: a collective byline is nobody\'s name')
    signed = set(together(db))
    for one in _spellings(db, name):
        for other in _spellings(db, author):
            if row := _rejected(db, one, other):
                back = f"to take that back: {command_line('authors', 'reject', row[0], row[1], '--undo')}"
                raise BadArgument(f'"{row[0]}" and "{row[1]}" were found to be two people ({row[2]}): {back}')
            if frozenset((one.casefold(), other.casefold())) in signed:
                raise BadArgument(f'"{one}" and "{other}" sign one brief together: they are two people')


def _without_chains(aliases: Sequence[Alias]) -> list[Alias]:
    """Each alias with the last name of its chain."""
    leads = {alias.name.casefold(): alias.author for alias in aliases}
    found = []
    for alias in aliases:
        passed, author = {alias.name.casefold()}, alias.author
        while author.casefold() in leads:
            if author.casefold() in passed:
                raise BadArgument(f'"{alias.name}" leads to itself: no alias was added')
            passed.add(author.casefold())
            author = leads[author.casefold()]
        found.append(Alias(alias.name, author, alias.reason))
    return found


def _final(db: sqlite3.Connection, name: str) -> str:
    """The writer that a name stands for: that of its alias, else itself."""
    row = db.execute(_ALIAS, (name,)).fetchone()
    return str(row[1]) if row else name


def _known(db: sqlite3.Connection, name: str) -> None:
    if _kind(db, _clean(name)) is None:
        near = get_close_matches(name, [one for (one,) in db.execute(_NAMES)])
        hint = f": did you mean {' or '.join(near)}?" if near else f": to list the names: {command_line('authors')}"
        raise BadInput(f'no brief is signed "{name}"{hint}')


def _kind(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute(_KIND, {"name": name}).fetchone()
    return str(row[0]) if row else None


def _spellings(db: sqlite3.Connection, author: str) -> list[str]:
    return [row[0] for row in db.execute(_SPELLINGS, {"name": author})]


def _rejected(db: sqlite3.Connection, one: str, other: str) -> tuple[str, str, str] | None:
    row: tuple[str, str, str] | None = db.execute(_REJECTED, {"one": one, "other": other}).fetchone()
    return row


def _no_alias(db: sqlite3.Connection, name: str) -> str:
    others = [other for (other,) in db.execute(_ALIASES_OF, (_clean(name),))]
    hint = (
        f"; its spellings are {', '.join(others)}"
        if others
        else f"; to list the aliases: {command_line('authors', '--csv')}"
    )
    return f'"{name}" is no alias{hint}'


def _ordered(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((_clean(one), _clean(other)), key=lambda name: (name.casefold(), name))
    return first, second


def _same(one: str, other: str) -> bool:
    """As SQLite's NOCASE sees it: capitals of A to Z make no difference."""
    folded = [name.translate({code: code + 32 for code in range(65, 91)}) for name in (one, other)]
    return folded[0] == folded[1]


def _clean(name: str) -> str:
    return " ".join((plain(name) or "").split())


def _reason(reason: str) -> str:
    if not _clean(reason):
        raise BadArgument('a reason is needed: --reason "why"')
    return _clean(reason)
