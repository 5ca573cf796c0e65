"""Rows that briefs share: domains, categories, authors, resources. They exist as long as a brief refers to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.normalise import make_resource_key
from pipelines.withdrawals import seals
from scraper.records import Author, Category, Resource

_DOMAIN = "INSERT INTO domains (name) VALUES (?) ON CONFLICT DO NOTHING"
_CATEGORY = "SELECT id, name FROM categories WHERE slug = ?"
_NEW_CATEGORY = "INSERT INTO categories (id, slug, name) VALUES (?, ?, ?)"
_ALIAS = "SELECT author FROM author_aliases WHERE name = ? AND author IS NOT NULL"
_AUTHOR = "SELECT id, name FROM authors WHERE name = ?"
_NEW_AUTHOR = "INSERT INTO authors (id, name, kind) VALUES (?, ?, ?)"
_RESOURCE = "SELECT id, name, url FROM resources WHERE key = ?"
_NEW_RESOURCE = "INSERT INTO resources (id, key, name, url) VALUES (?, ?, ?, ?)"
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
        values = category.slug, category.name
        row = self.db.execute(_CATEGORY, (category.slug,)).fetchone()
        if row is None:
            return _get_new_id(
                self.db.execute(_NEW_CATEGORY, (self._find_reserved_id("categories", category.slug), *values))
            )
        if row[1] != category.name:
            self._unsettled["categories"].add(row[0])
        return int(row[0])

    def add_author(self, author: Author) -> int:
        """The id of the writer that author_aliases names for this spelling, else of the spelling; added if missing."""
        alias = self.db.execute(_ALIAS, (author.name,)).fetchone()
        name = alias[0] if alias else author.name
        row = self.db.execute(_AUTHOR, (name,)).fetchone()
        if row is None:
            return _get_new_id(
                self.db.execute(_NEW_AUTHOR, (self._find_reserved_id("authors", name), name, author.kind))
            )
        if row[1] != author.name and alias is None:
            self._unsettled["authors"].add(row[0])
        return int(row[0])

    def add_resource(self, resource: Resource) -> int:
        """The id of the resource, whose row is added if it is not there."""
        key = make_resource_key(resource.url, resource.name)
        row = self.db.execute(_RESOURCE, (key,)).fetchone()
        if row is None:
            values = key, resource.name, resource.url
            return _get_new_id(self.db.execute(_NEW_RESOURCE, (self._find_reserved_id("resources", key), *values)))
        if row[1:] != (resource.name, resource.url):
            self._unsettled["resources"].add(row[0])
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


def _get_new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise LookupError("the row was not inserted")
    return cursor.lastrowid
