"""Removing the writers' e-mail addresses from a copy of the archive, wherever a page or a rule has left one."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.briefs import codec

LEFT_OUT = "[e-mail left out]"
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_RECORDS = "SELECT id, record FROM records"
_RECORD = "SELECT record FROM records WHERE id = ?"
_MARKS = ("@", "%40", '"contact":"')  # one of these is in each record that holds a contact
# A closing line may name an address without a link: addresses in the evidence of authors are theirs too.
_SNIPPETS = "SELECT value || ' ' || snippet FROM evidence WHERE field = 'authors'"
_CONTACTS = "SELECT contact FROM brief_authors WHERE contact IS NOT NULL"
_SAME = "SELECT id FROM records WHERE digest = ? AND id <> ?"
# Columns of primary keys, of unique indexes, and those that refer to them.
_KEYS = """SELECT info.name FROM pragma_index_list(:table) AS list, pragma_index_info(list.name) AS info
    WHERE list."unique" UNION SELECT name FROM pragma_table_info(:table) WHERE pk
    UNION SELECT "from" FROM pragma_foreign_key_list(:table)"""
_TABLES = """SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'briefs_fts%' AND name <> 'unwritten'"""


def hide_contacts(db: sqlite3.Connection) -> int:
    """Empty brief_authors.contact and remove those addresses everywhere; return how many there were.

    `db` is a copy in autocommit mode, whose foreign keys are not enforced.
    """
    numbers: list[int] = []
    addresses = set(_find_addresses(db, _iterate_records(db, numbers)))
    db.execute("BEGIN")
    db.execute("UPDATE brief_authors SET contact = NULL WHERE contact IS NOT NULL")
    address_filter = _AddressFilter(_compile_pattern(addresses))
    for number in numbers:
        text = codec.unpack_text(db.execute(_RECORD, (number,)).fetchone()[0])
        hidden = _remove_from_record(text, address_filter)
        if hidden != text:
            _replace_record(db, number, hidden)
    if addresses:
        _remove_from_tables(db, address_filter)
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
    return re.compile(
        rf"(?:mailto:)?(?:{'|'.join(words)})(?:\?[^\s\"'<>\\]*)?" if addresses else r"(?!)", re.IGNORECASE
    )


@dataclass(frozen=True, slots=True)
class _AddressFilter:
    """Takes addresses out of text; in keys each becomes a number, so that no two rows become one."""

    pattern: re.Pattern[str]
    numbers: dict[str, int] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        return self.pattern.sub(LEFT_OUT, text)

    def number(self, key: str) -> str:
        def name(match: re.Match[str]) -> str:
            return f"{LEFT_OUT} {self.numbers.setdefault(match[0], len(self.numbers) + 1)}"

        return self.pattern.sub(name, key)


def _remove_from_record(text: str, addresses: _AddressFilter) -> str:
    record = json.loads(addresses.hide(text))
    record["brief"]["path"] = addresses.number(json.loads(text)["brief"]["path"])
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


def _remove_from_tables(db: sqlite3.Connection, addresses: _AddressFilter) -> None:
    db.create_function("hide_address", 1, addresses.hide, deterministic=True)
    db.create_function("number_address", 1, addresses.number, deterministic=True)
    for (table,) in db.execute(_TABLES).fetchall():
        keys = {name for (name,) in db.execute(_KEYS, {"table": table})}
        for _, column, kind, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
            function = "number_address" if column in keys else "hide_address"
            change = f'UPDATE "{table}" SET "{column}" = {function}("{column}")'  # noqa: S608 (names of the schema)
            if kind == "TEXT":
                db.execute(f"{change} WHERE \"{column}\" GLOB '*[@%]*'")
