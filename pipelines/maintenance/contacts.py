"""Removing the writers' e-mail addresses from a copy of the archive, wherever a page or a rule has left one."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.briefs import codec
from scraper.errors import BadInput

LEFT_OUT = "[e-mail left out]"
_ADDRESS = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_RECORDS = "SELECT id, record FROM records"
_RECORD = "SELECT record FROM records WHERE id = ?"
_MARKS = ("@", "%40", '"contact":"')  # one of these is in each record that holds a contact
# A closing line may name an address without a link: addresses in the evidence of authors are theirs too.
_SNIPPETS = "SELECT value || ' ' || snippet FROM evidence WHERE field = 'authors'"
_CONTACTS = "SELECT contact FROM brief_authors WHERE contact IS NOT NULL"
_SAME = "SELECT id FROM records WHERE digest = ? AND id <> ?"
_TABLES = """SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'briefs_fts%'"""


def hide_contacts(db: sqlite3.Connection) -> int:
    """Empty brief_authors.contact and remove those addresses everywhere; return how many there were.

    `db` is a copy in autocommit mode. Raises BadInput if an address is part of a key, which must not change.
    """
    numbers: list[int] = []
    addresses = set(_find_addresses(db, _iterate_records(db, numbers)))
    db.execute("BEGIN")
    db.execute("UPDATE brief_authors SET contact = NULL WHERE contact IS NOT NULL")
    pattern = _compile_pattern(addresses)
    for number in numbers:
        text = codec.unpack_text(db.execute(_RECORD, (number,)).fetchone()[0])
        hidden = _remove_from_record(text, pattern)
        if hidden != text:
            _replace_record(db, number, hidden)
    if addresses:
        _remove_from_tables(db, pattern)
        db.execute("INSERT INTO briefs_fts (briefs_fts) VALUES ('rebuild')")
    db.execute("COMMIT")
    return len(addresses)


def _iterate_records(db: sqlite3.Connection, numbers: list[int]) -> Iterator[dict[str, Any]]:
    """Iterate over the records that may hold a contact, and put down their numbers; most hold none."""
    for number, record in db.execute(_RECORDS):
        text = codec.unpack_text(record)
        if any(mark in text for mark in _MARKS):
            numbers.append(number)
            yield json.loads(text)


def compile_contact_pattern(db: sqlite3.Connection) -> re.Pattern[str]:
    """A pattern of the writers' addresses in today's rows, for exports that leave them out; only reads."""
    return _compile_pattern(set(_find_addresses(db, ())))


def _find_addresses(db: sqlite3.Connection, records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Every writer's address that the archive has, in lower case, with @."""
    texts = [text for sql in (_CONTACTS, _SNIPPETS) for (text,) in db.execute(sql)]
    for record in records:
        texts += [author["contact"] or "" for author in record["brief"]["authors"]]
        texts += [f"{item['value']} {item['snippet']}" for item in record["evidence"] if item["field"] == "authors"]
    for text in texts:
        for address in _ADDRESS.findall(text):
            yield address.lower().replace("%40", "@")


def _compile_pattern(addresses: Iterable[str]) -> re.Pattern[str]:
    words = (re.escape(address).replace("@", "(?:@|%40)") for address in sorted(addresses, key=len, reverse=True))
    return re.compile(rf"(?:mailto:)?(?:{'|'.join(words)})(?:\?[^\s\"'<>]*)?" if addresses else r"(?!)", re.IGNORECASE)


def _remove_from_record(text: str, pattern: re.Pattern[str]) -> str:
    record = json.loads(pattern.sub(LEFT_OUT, text))
    for author in record["brief"]["authors"]:
        author["contact"] = None
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _replace_record(db: sqlite3.Connection, number: int, text: str) -> None:
    """Write the text to the record; readings that differed only in an address share one record from now on."""
    digest, record = codec.pack_text(text)
    if same := db.execute(_SAME, (digest, number)).fetchone():
        db.execute("UPDATE readings SET record_id = ?, shown = NULL WHERE record_id = ?", (same[0], number))
        db.execute("DELETE FROM records WHERE id = ?", (number,))
        return
    db.execute("UPDATE records SET digest = ?, record = ? WHERE id = ?", (digest, record, number))
    db.execute("UPDATE readings SET shown = NULL WHERE record_id = ?", (number,))  # a digest of the address too


def _remove_from_tables(db: sqlite3.Connection, pattern: re.Pattern[str]) -> None:
    db.create_function("hide_address", 1, lambda text: pattern.sub(LEFT_OUT, text), deterministic=True)
    db.create_function("has_address", 1, lambda text: bool(pattern.search(text)), deterministic=True)
    for (table,) in db.execute(_TABLES).fetchall():
        keys = {row[3] for row in db.execute(f'PRAGMA foreign_key_list("{table}")')}
        for _, column, kind, _, _, key in db.execute(f'PRAGMA table_info("{table}")').fetchall():
            if kind != "TEXT":
                continue
            has_address = f'"{column}" GLOB \'*[@%]*\' AND has_address("{column}")'
            if not key and column not in keys:
                db.execute(f'UPDATE "{table}" SET "{column}" = hide_address("{column}") WHERE {has_address}')  # noqa: S608
            elif db.execute(f'SELECT 1 FROM "{table}" WHERE {has_address}').fetchone():  # noqa: S608 (names of the schema)
                raise BadInput(f"an e-mail address stands in {table}.{column}, a key: --with-contacts publishes it")
