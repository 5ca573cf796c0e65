"""The briefs that a wrong address may mean, by the words in it."""

from __future__ import annotations

import json
import re
import sqlite3
from urllib.parse import unquote

from reading_room.query import Row, fetch_rows
from reading_room.search.known_names import NameList, find_domains, find_known_items
from reading_room.server.settings import NAME

_MOST = 6
_MOST_WORDS = 12
_FOUND = """SELECT id, title, label, path, published FROM (
        SELECT rowid AS id, bm25(briefs_fts, 10.0, 1.0, 1.0, 1.0) AS score FROM briefs_fts
        WHERE briefs_fts MATCH ? ORDER BY score LIMIT 6
    ) JOIN briefs USING (id) ORDER BY score"""
_NUMBERED = """SELECT id, title, label, path, published FROM briefs
    WHERE number IS NOT NULL AND domain IN (SELECT value FROM json_each(:domains))
    ORDER BY abs(number - :number), published DESC LIMIT 6"""
_SHORT = re.compile(r"/b/(?:(?P<series>[^/]+)/)?(?P<number>\d{1,9})?/?$")
_OWN_WORDS = frozenset(f"{NAME} briefs index html php www http https com org feed amp".split())


def split_address(path: str) -> list[str]:
    """The words of an address, without those that each address has, and without numbers."""
    words = re.findall(r"[^\W\d_]{3,}", unquote(path).lower())
    return [word for word in dict.fromkeys(words) if word not in _OWN_WORDS][:_MOST_WORDS]


def find_nearest(db: sqlite3.Connection, path: str, names: NameList) -> list[Row]:
    """The briefs that have the last part of the path as slug, else those whose title has its words.

    Of a short address those of the same domain whose numbers are near: its words are in titles by chance.
    """
    if short := _SHORT.search(path):
        return _find_numbered(db, short, names)
    slug = path.rstrip("/").rpartition("/")[2]
    known = find_known_items(db, unquote(slug), names).briefs if "-" in slug else []
    words = split_address(path)
    if known or not words:
        return known[:_MOST]
    for joint in (" AND ", " OR "):
        match = f"title : ({joint.join(json.dumps(word) for word in words)})"
        if rows := fetch_rows(db, _FOUND, (match,)):
            return rows
    return []


def _find_numbered(db: sqlite3.Connection, short: re.Match[str], names: NameList) -> list[Row]:
    series = unquote(short["series"] or "").replace("-", " ").replace("+", " ")
    domains = find_domains(series, names) if series else []
    if not domains or not short["number"]:
        return []
    return fetch_rows(db, _NUMBERED, {"domains": json.dumps(domains), "number": int(short["number"])})
