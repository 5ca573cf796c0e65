"""What people decided about writers: aliases and rejections, written under the archive's lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches

from pipelines.database.transactions import Transaction
from pipelines.normalise import make_storable
from pipelines.people.authors import read_cosigners
from pipelines.people.records import Alias, Rejection
from scraper.console.invocation import command_line
from scraper.errors import BadArgument, BadInput

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
Cosigners = Set[frozenset[str]]  # pairs of names that sign one brief


@dataclass(frozen=True, slots=True)
class Aliases:
    """What people say of an archive's writers; each word is committed at once."""

    transaction: Transaction

    @property
    def _db(self) -> sqlite3.Connection:
        return self.transaction.db

    def merge(self, name: str, author: str, reason: str) -> Alias:
        """Make `name` a spelling of `author`; return the stored alias, which may name the end of a chain of aliases.

        Raises BadInput for names that no brief has, BadArgument for two names that cannot be one person.
        """
        with self.transaction.open_savepoint():
            for given_name in (name, author):
                _require_name(self._db, given_name)
            alias = _add_alias(self._db, Alias(name, author, reason), set(read_cosigners(self._db)))
        self.transaction.commit()
        return alias

    def split(self, name: str) -> Alias:
        """Remove the alias, so that `name` is a writer again, and return it. Raises BadInput where there is none."""
        with self.transaction.open_savepoint():
            row = self._db.execute(_ALIAS, (_clean_name(name),)).fetchone()
            if row is None:
                others = [other for (other,) in self._db.execute(_ALIASES_OF, (_clean_name(name),))]
                to_list = f"to list the aliases: {command_line('authors', '--csv')}"
                hint = f"its spellings are {', '.join(others)}" if others else to_list
                raise BadInput(f'"{name}" is no alias; {hint}')
            self._db.execute(_REMOVE, (row[0],))
        self.transaction.commit()
        return Alias(*row)

    def reject(self, name: str, other: str, reason: str) -> Rejection:
        """Record that two names are two people, never to be proposed or merged. Raises BadInput, BadArgument."""
        with self.transaction.open_savepoint():
            for given_name in (name, other):
                _require_name(self._db, given_name)
            name, other = sorted(map(_clean_name, (name, other)), key=lambda name: (name.casefold(), name))
            if _find_author(self._db, name).casefold() == _find_author(self._db, other).casefold():
                raise BadArgument(f'"{name}" and "{other}" are one writer here: split them first')
            if row := _find_rejection(self._db, name, other):
                return Rejection(*row)
            rejection = Rejection(name, other, _clean_reason(reason))
            self._db.execute(_REJECT, (name, other, rejection.reason))
        self.transaction.commit()
        return rejection

    def withdraw_rejection(self, name: str, other: str) -> Rejection:
        """Remove a rejection and return it. Raises BadInput where there is none."""
        with self.transaction.open_savepoint():
            row = _find_rejection(self._db, _clean_name(name), _clean_name(other))
            if row is None:
                raise BadInput(f'"{name}" and "{other}" were never rejected: there is nothing to undo')
            self._db.execute(_UNREJECT, row[:2])
        self.transaction.commit()
        return Rejection(*row)

    def add_all(self, aliases: Sequence[Alias]) -> int:
        """Add all aliases or none and return how many are new; names that no brief has yet are allowed.

        Chains in the list are followed to their end. Raises BadArgument for circles and for two people.
        """
        with self.transaction.open_savepoint():
            count, cosigners = 0, set(read_cosigners(self._db))
            for alias in _resolve_chains(aliases):
                row = self._db.execute(_ALIAS, (alias.name,)).fetchone()
                if row is None or row[1].casefold() != _find_author(self._db, alias.author).casefold():
                    _add_alias(self._db, alias, cosigners)
                    count += 1
        self.transaction.commit()
        return count


def _add_alias(db: sqlite3.Connection, alias: Alias, cosigners: Cosigners) -> Alias:
    name, reason = _clean_name(alias.name), _clean_reason(alias.reason)
    author = _find_author(db, _clean_name(alias.author))
    row = db.execute(_ALIAS, (name,)).fetchone()
    if row and _is_same_name(row[1], author):
        return Alias(*row)
    if row:
        first = command_line("authors", "split", name)
        raise BadArgument(f'"{name}" is a spelling of "{row[1]}" already; first run {first}')
    if _is_same_name(name, author):
        raise BadArgument(f'"{name}" and "{author}" are one writer already: capitals make no difference')
    if others := [other for (other,) in db.execute(_ALIASES_OF, (name,))]:
        raise BadArgument(f'"{name}" has spellings of its own ({", ".join(others)}): split those first')
    _refuse_two_people(db, name, author, cosigners)
    db.execute(_ADD, (name, author, reason))
    return Alias(name, author, reason)


def _refuse_two_people(db: sqlite3.Connection, name: str, author: str, cosigners: Cosigners) -> None:
    kinds = [_find_kind(db, spelling) for spelling in (name, author)]
    if None not in kinds and kinds[0] != kinds[1]:
        raise BadArgument(f'"{name}" is a {kinds[0]}, "{author}" a {kinds[1]}: a collective byline is nobody\'s name')
    for spelling in _read_spellings(db, name):
        for other in _read_spellings(db, author):
            if row := _find_rejection(db, spelling, other):
                back = f"to take that back: {command_line('authors', 'reject', row[0], row[1], '--undo')}"
                raise BadArgument(f'"{row[0]}" and "{row[1]}" were found to be two people ({row[2]}): {back}')
            if frozenset((spelling.casefold(), other.casefold())) in cosigners:
                raise BadArgument(f'"{spelling}" and "{other}" sign one brief together: they are two people')


def _resolve_chains(aliases: Sequence[Alias]) -> list[Alias]:
    next_names = {alias.name.casefold(): alias.author for alias in aliases}
    resolved = []
    for alias in aliases:
        names, author = {alias.name.casefold()}, alias.author
        while author.casefold() in next_names:
            if author.casefold() in names:
                raise BadArgument(f'"{alias.name}" leads to itself: no alias was added')
            names.add(author.casefold())
            author = next_names[author.casefold()]
        resolved.append(Alias(alias.name, author, alias.reason))
    return resolved


def _find_author(db: sqlite3.Connection, name: str) -> str:
    """Find the writer that a name stands for: the one of its alias, else the name itself."""
    row = db.execute(_ALIAS, (name,)).fetchone()
    return str(row[1]) if row else name


def _require_name(db: sqlite3.Connection, name: str) -> None:
    if _find_kind(db, _clean_name(name)) is None:
        near = get_close_matches(name, [known_name for (known_name,) in db.execute(_NAMES)])
        hint = f": did you mean {' or '.join(near)}?" if near else f": to list the names: {command_line('authors')}"
        raise BadInput(f'no brief is signed "{name}"{hint}')


def _find_kind(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute(_KIND, {"name": name}).fetchone()
    return str(row[0]) if row else None


def _read_spellings(db: sqlite3.Connection, author: str) -> list[str]:
    return [row[0] for row in db.execute(_SPELLINGS, {"name": author})]


def _find_rejection(db: sqlite3.Connection, name: str, other: str) -> tuple[str, str, str] | None:
    row: tuple[str, str, str] | None = db.execute(_REJECTED, {"one": name, "other": other}).fetchone()
    return row


def _is_same_name(name: str, other: str) -> bool:
    """Whether two names are equal for SQLite's NOCASE, which ignores the case of A to Z only."""
    names = [name.translate({code: code + 32 for code in range(65, 91)}) for name in (name, other)]
    return names[0] == names[1]


def _clean_name(name: str) -> str:
    return " ".join((make_storable(name) or "").split())


def _clean_reason(reason: str) -> str:
    if not _clean_name(reason):
        raise BadArgument('a reason is needed: --reason "why"')
    return _clean_name(reason)
