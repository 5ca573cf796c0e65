"""Seals: what stays of a withdrawn title or name, enough to recognise it and too little to guess it.

A seal is salted with a key that the archive draws at its first withdrawal; published copies are without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping
from functools import lru_cache

_KEY = "SELECT value FROM memory WHERE key = 'seal'"
_DRAW = """INSERT OR IGNORE INTO memory (key, value, changed_at)
    VALUES ('seal', ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"""
_SEALED = "sealed:"
_UNSALTED = "sha256:"  # what the first archives stored
_TITLES = "UPDATE readings SET title = seal_title(title, ?) WHERE title LIKE 'sha256:%'"
_SET_IDS = "UPDATE withdrawals SET shared_ids = ? WHERE path = ?"
_IDS = "SELECT path, shared_ids FROM withdrawals WHERE shared_ids <> '{}'"


def find_key(db: sqlite3.Connection) -> str:
    """The key of this archive, empty before its first withdrawal."""
    row = db.execute(_KEY).fetchone()
    return str(row[0]) if row else ""


def draw_key(db: sqlite3.Connection) -> str:
    """The key of this archive, which gets one if it has none."""
    if not (key := find_key(db)):
        db.execute(_DRAW, (secrets.token_hex(),))
        key = find_key(db)
    return key


@lru_cache(maxsize=2**14)
def seal_title(title: str | None, key: str) -> str | None:
    """The seal of a title, the same in other capitals and with other white space; a seal stays as it is."""
    if title is None or title.startswith(_SEALED):
        return title
    folded = " ".join(title.casefold().split())
    return seal_name(title if title.startswith(_UNSALTED) else folded, key) if folded else None


def seal_name(name: str, key: str) -> str:
    """The seal of a name, or of a digest that stands for one."""
    digest = name.removeprefix(_UNSALTED) if name.startswith(_UNSALTED) else hashlib.sha256(name.encode()).hexdigest()
    return _SEALED + hmac.new(key.encode(), digest.encode(), "sha256").hexdigest()


def seal_ids(ids: Mapping[str, int], key: str) -> dict[str, int]:
    """Ids by the seals of their names, where the first archives stored plain digests."""
    return {
        name if name.startswith(_SEALED) else seal_name(_UNSALTED + name, key): number for name, number in ids.items()
    }


def close_seals(db: sqlite3.Connection) -> None:
    """Salt what is not yet, in a copy of the archive, and remove the key from it."""
    key = find_key(db) or secrets.token_hex()
    register_functions(db)
    db.execute(_TITLES, (key,))
    for path, text in db.execute(_IDS).fetchall():
        salted = {table: seal_ids(ids, key) for table, ids in json.loads(text).items()}
        db.execute(_SET_IDS, (json.dumps(salted, sort_keys=True), path))
    db.execute("DELETE FROM memory WHERE key = 'seal'")


def register_functions(db: sqlite3.Connection) -> None:
    """Let the connection compare plain titles with sealed ones."""
    db.create_function("seal_title", 2, seal_title, deterministic=True)
