"""The versions of a brief: which capture told what, and how the brief stood by all captures up to one of them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pipelines.briefs import codec
from pipelines.exports.briefs import Told, citable, without
from reading_room.query import Row, one, rows
from reading_room.redact import ADDRESS, hidden
from reading_room.text_diff import differences, shown

# The record without a digest is that of all posts that are withdrawn.
_CAPTURES = """SELECT captures.id, captures.url, captured_at, source, status, media_type, outcome, layout,
    captures.digest, memento, truncated, max(fidelity) AS fidelity, readings.shown
    FROM readings JOIN captures ON captures.id = capture_id JOIN records ON records.id = record_id
    WHERE brief_path = ? AND records.digest <> x''
    GROUP BY captures.id ORDER BY ifnull(captured_at, ''), captures.id"""
_CHECKS = "SELECT capture_id, count(*) AS times, max(checked_at) AS last FROM checks WHERE path = ? GROUP BY capture_id"
# Bodies are left where they are: hundreds of versions of a long one are more than a page can show.
_REVISIONS = """SELECT capture_id, field, change, CASE field WHEN 'body' THEN NULL ELSE old END AS old,
    CASE field WHEN 'body' THEN NULL ELSE new END AS new FROM revisions WHERE brief_id = ? ORDER BY field"""
_BODIES = """SELECT capture_id, old, new FROM revisions WHERE brief_id = :brief AND field = 'body'
    ORDER BY capture_id IS :version DESC, seen_at DESC LIMIT 3"""
_VALUES = """SELECT field, value, min(until) FROM brief_values WHERE brief_id = :brief AND until > :at GROUP BY field"""
_RECORD = """SELECT record, fidelity FROM readings JOIN records ON records.id = record_id
    WHERE capture_id = ? AND brief_path = ? LIMIT 1"""
_AUTHOR = """SELECT id, name, kind FROM authors
    WHERE name = :name OR id = (SELECT author_id FROM author_aliases WHERE name = :name) LIMIT 1"""
# By what the revisions know the items of a list.
_ITEMS = {"authors": "name_as_published", "resources": "text", "photo_credits": "text", "categories": "name"}
_NAMED = ("authors", "resources")
_NOTHING_OF = {
    "authors": ("role",),
    "resources": ("heading", "description", "url"),
    "photo_credits": ("name", "source", "url"),
    "categories": ("slug",),
}
_TEXTS = ("kind", "label", "domain", "title", "published", "dateline")


def captures(db: sqlite3.Connection, path: str) -> list[Row]:
    """The captures that tell of the post, oldest first, undated ones before all."""
    return rows(db, _CAPTURES, (path,))


def history(db: sqlite3.Connection, brief_id: int, path: str, taken: Iterable[Row], version: int | None) -> list[Row]:
    """Each capture with what it changed and how often the page was found unchanged after it.

    Of the body's changes only those of `version` and the newest are told word by word: `pieces` of others is None.
    """
    bodies = {row["capture_id"]: row for row in rows(db, _BODIES, {"brief": brief_id, "version": version})}
    changes: dict[int, list[Row]] = defaultdict(list)
    for row in rows(db, _REVISIONS, (brief_id,)):
        told = bodies.get(row["capture_id"]) if row["field"] == "body" else row
        changes[row["capture_id"]].append({**row, "pieces": _pieces(told) if told else None})
    checks = {row["capture_id"]: row for row in rows(db, _CHECKS, (path,))}
    return [
        {
            **row,
            "memento": row["memento"] and citable(row["memento"]),
            "changes": changes[row["id"]],
            "checks": checks.get(row["id"]),
        }
        for row in taken
    ]


def _pieces(change: Row) -> list[Any]:
    return shown(differences(_text(change["old"], change), _text(change["new"], change)))


def _text(value: str | None, change: Row) -> str:
    listed = value is not None and change.get("field") in _ITEMS
    return hidden("; ".join(json.loads(value or "[]")) if listed else value or "")


def as_of(db: sqlite3.Connection, brief_id: int, today: Told, capture: Row) -> Told:
    """The brief by the captures up to this one's instant; details that no revision keeps are this capture's own."""
    at = {"brief": brief_id, "at": capture["captured_at"] or ""}
    values = {row["field"]: hidden(row["value"] or "") or None for row in rows(db, _VALUES, at)}
    read = _reading(db, capture["id"], today["path"])
    told = {**today, **{name: values.get(name) for name in _TEXTS}, **_body(values.get("body"), today, read)}
    number = values.get("number")
    told["number"] = None if number is None else int(number)
    told |= {"url": read.get("url") or today["url"], "capture": capture}
    told |= {name: read.get(name) for name in ("modified", "posted_by")}
    for name, key in _ITEMS.items():
        own, now = _in_turn(read.get(name, ()), key), _in_turn(today[name], key)
        turns = _turns(json.loads(values.get(name) or "[]"))
        told[name] = [own.get(turn) or now.get(turn) or _unknown(name, key, turn[0]) for turn in turns]
    told["authors"] = [{**author, **_author(db, author["name_as_published"])} for author in told["authors"]]
    return told


def _turns(names: Iterable[str]) -> list[tuple[str, int]]:
    """Each name with how many of that name stand before it: "Learn more" may lead to two places."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        found.append((name, seen[name]))
        seen[name] += 1
    return found


def _in_turn(items: Iterable[Told], key: str) -> dict[tuple[str, int], Told]:
    listed = list(items)
    return dict(zip(_turns(item[key] for item in listed), listed, strict=True))


def _reading(db: sqlite3.Connection, capture_id: int, path: str) -> Told:
    """What this capture itself tells of the brief, in the words of `Told`; empty where its reading is not kept."""
    row = db.execute(_RECORD, (capture_id, path)).fetchone()
    if row is None:
        return {}
    brief = codec.loaded(codec.unpacked(row[0]), row[1]).brief
    told: Told = without(json.loads(json.dumps(asdict(brief))), ADDRESS)
    return told | {name: [{**item, "name_as_published": item["name"]} for item in told[name]] for name in _NAMED}


def _body(body: str | None, today: Told, read: Told) -> Told:
    """The text with its sections and links from whichever reading is of this very text, else as it is."""
    if same := next((told for told in (read, today) if told.get("body") == body), None):
        return {name: same[name] for name in ("body", "body_html", "sections")}
    return {"body": body, "body_html": None, "sections": [{"heading": None, "text": body}] if body else []}


def _unknown(name: str, key: str, item: str) -> Told:
    """An item of which only this one thing is known."""
    nothing: Told = dict.fromkeys(_NOTHING_OF[name])
    return nothing | {"name_as_published": item, key: item}


def _author(db: sqlite3.Connection, name: str) -> Row:
    """Who it is that a brief names so."""
    return one(db, _AUTHOR, {"name": name}) or {"id": None, "name": name, "kind": "person"}
