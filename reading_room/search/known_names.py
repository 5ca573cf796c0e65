"""The names that a brief is known by: label, number, address, slug, title; and the names of writers and domains."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette.utils import escape_fts  # type: ignore[import-untyped]

from pipelines.extraction.wording.domains import CANONICAL, find_nearest_domain, to_canonical_domain
from pipelines.extraction.wording.label import read_closing_label
from pipelines.extraction.wording.site_name import strip_site_name
from pipelines.people.spelling import fold_spelling
from reading_room.addresses.post_paths import find_brief_at
from reading_room.query import AUTHOR_NAMES, Row, fetch_rows
from reading_room.search.name_words import slugify_domain, split_words

LONGEST = 25  # briefs of one name that a page lists
_BRIEFS = f"""SELECT id, title, label, path, published, domain, number, kind, {AUTHOR_NAMES}
    FROM briefs WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, id DESC LIMIT ?"""  # noqa: S608 - a constant
_WITHDRAWN = """SELECT DISTINCT brief_id FROM withdrawals
    WHERE undone_at IS NULL AND brief_id IN (SELECT value FROM json_each(?))"""
_NUMBER = "SELECT id FROM briefs WHERE number = :number AND domain IN (SELECT value FROM json_each(:domains))"
_NUMBER_ALONE = "SELECT id FROM briefs WHERE number = ? AND domain IS NULL"
_UNNUMBERED = "SELECT id, label FROM briefs WHERE domain IN (SELECT value FROM json_each(?)) AND number IS NULL"
_DOMAINS = "SELECT name FROM domains"
_AUTHORS = "SELECT id, name FROM authors UNION SELECT author_id, name_as_published FROM brief_authors"
_COUNTS = """SELECT id, name,
    (SELECT count(DISTINCT brief_id) FROM brief_authors WHERE author_id = authors.id) AS briefs
    FROM authors WHERE id IN (SELECT value FROM json_each(?)) ORDER BY briefs DESC, name"""
_SLUG = "SELECT id FROM briefs WHERE substr(path, -:signs) = :end LIMIT 25"
_TITLED = "SELECT rowid AS id, title FROM briefs_fts WHERE briefs_fts MATCH ? LIMIT 200"
_ADDRESS = re.compile(r"(?:https?://|www\.|/|b/|\?p=)\S+|[\w.-]+\.\w{2,}/\S*", re.IGNORECASE)
_OWN_ADDRESS = re.compile(r"/archive/briefs/(\d{1,18})(?:[?#/].*)?$")
_OWN_SHORT = re.compile(r"(?:^|/)b/([^/?#]+)/(\d{1,9})/?$")
_A_SLUG = re.compile(r"[a-z0-9%]+(?:-[a-z0-9%]+)+/?", re.IGNORECASE)
_A_NUMBER = re.compile(
    r"(?:#|\b(?:no|nr)\.? ?|\bnumber )\s*(\d{1,9})(?!\w)|(?<![\w#.])(\d{1,9})(?![\w.])", re.IGNORECASE
)
_AROUND = re.compile(r"^(?:[\W_]|policy brief\b|brief\b)+|(?:[\W_]|\bbrief)+$", re.IGNORECASE)
_MOST_WRITERS = 5


@dataclass(frozen=True, slots=True)
class NameList:
    """The folded names of the writers and the domains of an archive."""

    authors: tuple[tuple[int, frozenset[str]], ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownItems:
    """What is called as the reader typed."""

    briefs: list[Row]
    authors: list[Row]
    domains: list[str]
    withdrawn: list[int] = field(default_factory=list)  # ids of briefs

    def __bool__(self) -> bool:
        return bool(self.briefs or self.authors or self.domains or self.withdrawn)


def read_names(db: sqlite3.Connection) -> NameList:
    """The names in the archive, to be cached until it changes."""
    authors = {(row["id"], frozenset(split_words(row["name"]))) for row in fetch_rows(db, _AUTHORS)}
    return NameList(
        tuple(sorted(authors, key=lambda author: author[0])), tuple(row["name"] for row in fetch_rows(db, _DOMAINS))
    )


def find_known_items(db: sqlite3.Connection, typed: str, names: NameList) -> KnownItems:
    """The briefs, writers and domains that are called as typed; empty for words that name nothing."""
    text = " ".join(typed.replace("\0", " ").split())
    if not text:
        return KnownItems([], [], [])
    ids = _find_ids(db, text, names)
    briefs = fetch_rows(db, _BRIEFS, (json.dumps(sorted(ids)), LONGEST)) if ids else []
    folded = fold_spelling(text)
    domains = [name for name in names.domains if fold_spelling(name) == folded]
    withdrawn = fetch_rows(db, _WITHDRAWN, (json.dumps(sorted(ids)),)) if ids and not briefs else []
    return KnownItems(briefs, _find_authors(db, text, names), domains, [row["brief_id"] for row in withdrawn])


def find_numbers(db: sqlite3.Connection, number: int, domains: Iterable[str] | None, names: NameList) -> list[Row]:
    """The briefs with this number in these domains, in any and in none if that is None; the newest first."""
    among = json.dumps(list(names.domains if domains is None else domains))
    ids = fetch_rows(db, _NUMBER, {"number": number, "domains": among})
    ids += fetch_rows(db, _NUMBER_ALONE, (number,)) if domains is None else []
    return fetch_rows(db, _BRIEFS, (json.dumps([row["id"] for row in ids]), LONGEST))


def find_domains(typed: str, names: NameList) -> list[str]:
    """The domains that words can mean: by their own name, else as a label writes it, else but for a slip."""
    slug = slugify_domain(typed)
    found: list[str] = []
    for shape in (slug, slug.removesuffix("-policy")):
        found = found or [name for name in names.domains if slugify_domain(name) == shape]
    for name in (to_canonical_domain(typed), find_nearest_domain(typed)):
        found = found or [other for other in names.domains if other == name and name in CANONICAL]
    return found


def _find_ids(db: sqlite3.Connection, text: str, names: NameList) -> set[int]:
    if _ADDRESS.fullmatch(text):
        return _find_by_address(db, text, names)
    if ids := _find_by_label(db, text, names):
        return ids
    if _A_SLUG.fullmatch(text):
        end = f"/{text.lower().rstrip('/')}/"
        if ids := {row["id"] for row in fetch_rows(db, _SLUG, {"signs": len(end), "end": end})}:
            return ids
    return _find_by_title(db, text)


def _find_by_address(db: sqlite3.Connection, text: str, names: NameList) -> set[int]:
    if own := _OWN_ADDRESS.search(text):
        return {int(own[1])}
    if short := _OWN_SHORT.search(text):
        return {row["id"] for row in find_numbers(db, int(short[2]), find_domains(short[1], names), names)}
    address = f"/{text}" if text.startswith("?") else text
    address = address if address.startswith("/") or "://" in address else f"https://{address}"
    brief_id = find_brief_at(db, address)
    return set() if brief_id is None else {brief_id}


def _find_by_label(db: sqlite3.Connection, text: str, names: NameList) -> set[int]:
    """The briefs with the number and the domain of a label in any form; of all domains if only a number is there."""
    closing = read_closing_label(text)
    label = closing[1].text if closing else text
    numbers = list(_A_NUMBER.finditer(label))
    numbers = [number for number in numbers if number[1]] or numbers  # `#9` says more than `9`
    if not numbers:
        return _find_unnumbered(db, label, names)
    number = numbers[-1]  # `2026 Primary Series 2` has another before it
    domain = _strip_brief(f"{label[: number.start()]} {label[number.end() :]}")
    domains = find_domains(domain, names) if domain else None
    rows = find_numbers(db, int(number[1] or number[2]), domains, names)
    ids = {row["id"] for row in rows}
    titled = {row["id"] for row in rows if closing and fold_spelling(row["title"]) == fold_spelling(closing[0])}
    return titled or ids


def _find_unnumbered(db: sqlite3.Connection, label: str, names: NameList) -> set[int]:
    """The briefs with a label that has no number: `Brief USRN Blog`."""
    domain = _strip_brief(label)
    if domain == label:
        return set()
    rows = fetch_rows(db, _UNNUMBERED, (json.dumps(find_domains(domain, names)),))
    return {row["id"] for row in rows if fold_spelling(row["label"]) == fold_spelling(label)}


def _strip_brief(words: str) -> str:
    return _AROUND.sub("", _AROUND.sub("", words))


def _find_by_title(db: sqlite3.Connection, text: str) -> set[int]:
    closing = read_closing_label(text)
    title = strip_site_name(closing[0] if closing else text)
    words = split_words(title)
    if len(words) < 2:
        return set()
    phrase = f"title : {escape_fts(chr(34) + title.replace(chr(34), ' ') + chr(34))}"
    rows = fetch_rows(db, _TITLED, (phrase,))
    return {row["id"] for row in rows if split_words(row["title"] or "") == words}


def _find_authors(db: sqlite3.Connection, text: str, names: NameList) -> list[Row]:
    """The writers who have each of the words in their name, unless many have."""
    words = set(split_words(text))
    is_name = any(len(word) > 1 for word in words)  # a letter alone is many an initial
    ids = {author for author, parts in names.authors if words <= parts} if is_name else set()
    return fetch_rows(db, _COUNTS, (json.dumps(sorted(ids)),)) if len(ids) <= _MOST_WRITERS else []
