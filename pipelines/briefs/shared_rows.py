"""Rows that briefs share: domains, categories, authors, resources. They exist as long as a brief refers to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.normalise import make_resource_key
from pipelines.withdrawals import seals
from scraper.records import Author, Category, Resource

_DOMAIN = "INSERT INTO domains (name) VALUES (?) ON CONFLICT DO NOTHING"
_ALIAS = "SELECT author FROM author_aliases WHERE name = ? AND author IS NOT NULL"
_FIND = {
    "authors": "SELECT id, name FROM authors WHERE name = ?",
    "resources": "SELECT id, name, url FROM resources WHERE key = ?",
    "categories": "SELECT id, name FROM categories WHERE slug = ?",
}
_ADD = {
    "authors": "INSERT INTO authors (id, name, kind) VALUES (?, ?, ?)",
    "resources": "INSERT INTO resources (id, key, name, url) VALUES (?, ?, ?, ?)",
    "categories": "INSERT INTO categories (id, slug, name) VALUES (?, ?, ?)",
}
_EXISTS = "SELECT 1 FROM {0} WHERE id = ?"
_KEYS = {
    "authors": "SELECT id, name FROM authors WHERE id = ?",
    "resources": "SELECT id, key FROM resources WHERE id = ?",
    "categories": "SELECT id, slug FROM categories WHERE id = ?",
}

# The spelling that a row shows if its briefs have several: it must not depend on their order.
_USUAL = "(SELECT {0} FROM {1} WHERE {2} = {3}.id GROUP BY {0} ORDER BY count(*) DESC, {0} LIMIT 1)"
_UPDATE_SPELLING = {
    # Of an author's spellings that differ in capitals only, the one with fewest capitals; else that of the aliases.
    "authors": """UPDATE authors SET name = coalesce((SELECT max(name_as_published COLLATE BINARY) FROM brief_authors
        WHERE author_id = authors.id AND name_as_published = authors.name),
        (SELECT max(author COLLATE BINARY) FROM author_aliases WHERE author = authors.name), name) WHERE id = ?""",
    "resources": f"""UPDATE resources
        SET name = {_USUAL.format("name_as_published", "brief_resources", "resource_id", "resources")},
        url = {_USUAL.format("url", "brief_resources", "resource_id", "resources")} WHERE id = ?""",  # noqa: S608
    "categories": f"""UPDATE categories
        SET name = {_USUAL.format("name_as_published", "brief_categories", "category_id", "categories")}
        WHERE id = ?""",  # noqa: S608
}

_REFERENCES = {
    "domains": "SELECT domain FROM briefs WHERE id = ? AND domain IS NOT NULL",
    "authors": "SELECT author_id FROM brief_authors WHERE brief_id = ?",
    "resources": "SELECT resource_id FROM brief_resources WHERE brief_id = ?",
    "categories": "SELECT category_id FROM brief_categories WHERE brief_id = ?",
}
_DROP_UNUSED = {
    "domains": """DELETE FROM domains WHERE name = ? AND canonical = 0
        AND NOT EXISTS (SELECT 1 FROM briefs WHERE domain = name)""",
    "authors": """DELETE FROM authors WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM brief_authors WHERE author_id = authors.id)""",
    "resources": """DELETE FROM resources WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM brief_resources WHERE resource_id = resources.id)""",
    "categories": """DELETE FROM categories WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM brief_categories WHERE category_id = categories.id)""",
}
References = dict[str, set[int | str]]
_Values = tuple[str | None, ...]
Keys = dict[str, dict[str, int]]  # by table: ids by a seal of what names the row


@dataclass(slots=True)
class SharedRows:
    """The shared rows of one archive; `update_spellings` before each commit."""

    db: sqlite3.Connection
    # Rows whose spelling may have to change, because a brief has another one.
    _unsettled: dict[str, set[int]] = field(default_factory=lambda: {table: set() for table in _UPDATE_SPELLING})
    # Former ids of rows that are made again, because a withdrawal is undone.
    reserved_ids: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def add_domain(self, name: str | None) -> None:
        """Add the domain if it is not there."""
        if name is not None:
            self.db.execute(_DOMAIN, (name,))

    def add_category(self, category: Category) -> int:
        """The id of the category, whose row is added if it is not there."""
        return self._add("categories", category.slug, (category.name,), (category.name,))

    def add_author(self, author: Author) -> int:
        """The id of the writer that author_aliases names for this spelling, else of the spelling; added if missing."""
        alias = self.db.execute(_ALIAS, (author.name,)).fetchone()
        name = alias[0] if alias else author.name
        return self._add("authors", name, (author.kind,), None if alias else (author.name,))

    def add_resource(self, resource: Resource) -> int:
        """The id of the resource, whose row is added if it is not there."""
        spelling = resource.name, resource.url
        return self._add("resources", make_resource_key(resource.url, resource.name), spelling, spelling)

    def _add(self, table: str, key: str, values: _Values, spelling: _Values | None) -> int:
        """The id of the row with this key, which is added if it is not there; another spelling may have to win."""
        row = self.db.execute(_FIND[table], (key,)).fetchone()
        if row is None:
            number = self._find_reserved_id(table, key)
            return int(self.db.execute(_ADD[table], (number, key, *values)).lastrowid or 0)
        if spelling is not None and row[1:] != spelling:
            self._unsettled[table].add(row[0])
        return int(row[0])

    def read_references(self, brief_id: int) -> References:
        """The shared rows that the brief refers to now, for `drop_unused` after it was rewritten."""
        return {table: {row[0] for row in self.db.execute(sql, (brief_id,))} for table, sql in _REFERENCES.items()}

    def read_keys(self, brief_id: int) -> Keys:
        """The ids of the rows that the brief refers to, by seals that reveal nothing of their text."""
        references = self.read_references(brief_id)
        rows = {
            table: [self.db.execute(sql, (key,)).fetchone() for key in references[table]]
            for table, sql in _KEYS.items()
        }
        salt = seals.draw_key(self.db)
        return {table: {_seal_key(key, salt): number for number, key in pairs} for table, pairs in rows.items()}

    def find_missing(self, before: Keys) -> Keys:
        """Those of the rows that are gone."""
        missing = {
            table: {key: number for key, number in ids.items() if not self._has_row(table, number)}
            for table, ids in before.items()
        }
        return {table: ids for table, ids in missing.items() if ids}

    def drop_unused(self, references: References) -> None:
        """Drop those rows that no brief refers to any more, and mark the others for `update_spellings`."""
        for table, sql in _DROP_UNUSED.items():
            self.db.executemany(sql, [(key,) for key in references[table]])
        for table, ids in self._unsettled.items():
            ids.update(key for key in references[table] if isinstance(key, int))

    def update_spellings(self) -> None:
        """Give each marked row the one spelling that all its briefs lead to."""
        for table, ids in self._unsettled.items():
            self.db.executemany(_UPDATE_SPELLING[table], [(key,) for key in ids])
            ids.clear()

    def _find_reserved_id(self, table: str, key: str) -> int | None:
        """The id reserved for a new row; None lets SQLite give the next one."""
        reserved = self.reserved_ids.get(table)
        number = reserved.get(_seal_key(key, seals.find_key(self.db))) if reserved else None
        return None if number is None or self._has_row(table, number) else number

    def _has_row(self, table: str, number: int) -> bool:
        return self.db.execute(_EXISTS.format(table), (number,)).fetchone() is not None


def _seal_key(key: str, salt: str) -> str:
    return seals.seal_name(key.lower(), salt)
