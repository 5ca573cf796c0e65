"""The versions of a brief: what each capture changed, and the brief as of one capture."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pipelines.briefs import codec
from pipelines.exports.brief_records import BriefRecord, redact_addresses, to_citable_url
from reading_room.pages.text_diff import diff_texts, shorten_unchanged
from reading_room.query import Row, fetch_row, fetch_rows
from reading_room.redact import EMAIL, redact_emails

# Withdrawn posts share the record without a digest.
_CAPTURES = """SELECT captures.id, captures.url, captured_at, source, status, media_type, outcome, layout,
    captures.digest, memento, truncated, max(fidelity) AS fidelity, readings.shown
    FROM readings JOIN captures ON captures.id = capture_id JOIN records ON records.id = record_id
    WHERE brief_path = ? AND records.digest <> x'' AND held = 0
    GROUP BY captures.id ORDER BY ifnull(captured_at, ''), captures.id"""
_CHECKS = "SELECT capture_id, count(*) AS times, max(checked_at) AS last FROM checks WHERE path = ? GROUP BY capture_id"
# Without bodies: hundreds of versions of a long one are more than a page can show.
_REVISIONS = """SELECT capture_id, field, change, CASE field WHEN 'body' THEN NULL ELSE old END AS old,
    CASE field WHEN 'body' THEN NULL ELSE new END AS new FROM revisions WHERE brief_id = ? ORDER BY field"""
_BODIES = """SELECT capture_id, old, new FROM revisions WHERE brief_id = :brief AND field = 'body'
    ORDER BY capture_id IS :version DESC, seen_at DESC LIMIT 3"""
_VALUES = """SELECT field, value, min(until) FROM brief_values WHERE brief_id = :brief AND until > :at GROUP BY field"""
_RECORD = """SELECT record, fidelity FROM readings JOIN records ON records.id = record_id
    WHERE capture_id = ? AND brief_path = ? LIMIT 1"""
_AUTHOR = """SELECT id, name, kind FROM authors
    WHERE name = :name OR id = (SELECT author_id FROM author_aliases WHERE name = :name) LIMIT 1"""
# The field by which revisions name the items of a list.
_ITEM_KEYS = {"authors": "name_as_published", "resources": "text", "photo_credits": "text", "categories": "name"}
_NAME_LISTS = ("authors", "resources")
_OTHER_FIELDS = {
    "authors": ("role",),
    "resources": ("heading", "description", "url"),
    "photo_credits": ("name", "source", "url"),
    "categories": ("slug",),
}
_TEXTS = ("kind", "label", "domain", "title", "published", "dateline")


def read_captures(db: sqlite3.Connection, path: str) -> list[Row]:
    """The captures with a reading of the post, undated ones first, then by date."""
    return fetch_rows(db, _CAPTURES, (path,))


def read_history(
    db: sqlite3.Connection, brief_id: int, path: str, captures: Iterable[Row], version: int | None
) -> list[Row]:
    """Each capture with its changes and with the checks that found the page unchanged after it.

    `pieces` is the difference word by word; it is None for changes of the body other than at `version` and the newest.
    """
    bodies = {row["capture_id"]: row for row in fetch_rows(db, _BODIES, {"brief": brief_id, "version": version})}
    changes: dict[int, list[Row]] = defaultdict(list)
    for row in fetch_rows(db, _REVISIONS, (brief_id,)):
        values = bodies.get(row["capture_id"]) if row["field"] == "body" else row
        changes[row["capture_id"]].append({**row, "pieces": _diff_change(values) if values else None})
    checks = {row["capture_id"]: row for row in fetch_rows(db, _CHECKS, (path,))}
    return [
        {
            **row,
            "memento": row["memento"] and to_citable_url(row["memento"]),
            "changes": changes[row["id"]],
            "checks": checks.get(row["id"]),
        }
        for row in captures
    ]


def _diff_change(change: Row) -> list[Any]:
    return shorten_unchanged(diff_texts(format_value(change["old"], change), format_value(change["new"], change)))


def format_value(value: str | None, change: Row) -> str:
    """A value of a revision for people: the items of a list with semicolons between them, without e-mail addresses."""
    is_list = value is not None and change.get("field") in _ITEM_KEYS
    return redact_emails("; ".join(json.loads(value or "[]")) if is_list else value or "")


def read_brief_as_of(db: sqlite3.Connection, brief_id: int, today: BriefRecord, capture: Row) -> BriefRecord:
    """The brief by all captures up to this one's date; details that revisions lack are from this capture."""
    parameters = {"brief": brief_id, "at": capture["captured_at"] or ""}
    values = {row["field"]: redact_emails(row["value"] or "") or None for row in fetch_rows(db, _VALUES, parameters)}
    reading = _load_reading(db, capture["id"], today["path"])
    brief = {**today, **{name: values.get(name) for name in _TEXTS}, **_choose_body(values.get("body"), today, reading)}
    number = values.get("number")
    brief["number"] = None if number is None else int(number)
    brief |= {"url": reading.get("url") or today["url"], "capture": capture}
    brief |= {name: reading.get(name) for name in ("modified", "posted_by")}
    for name, key in _ITEM_KEYS.items():
        own, now = _index_items(reading.get(name, ()), key), _index_items(today[name], key)
        brief[name] = [
            own.get(numbered) or now.get(numbered) or _make_bare_item(name, key, numbered[0])
            for numbered in _number_repeats(json.loads(values.get(name) or "[]"))
        ]
    brief["authors"] = [{**author, **_find_author(db, author["name_as_published"])} for author in brief["authors"]]
    return brief


def _number_repeats(names: Iterable[str]) -> list[tuple[str, int]]:
    """Each name with the number of equal names before it: "Learn more" may lead to two places."""
    counts: Counter[str] = Counter()
    numbered_names = []
    for name in names:
        numbered_names.append((name, counts[name]))
        counts[name] += 1
    return numbered_names


def _index_items(items: Iterable[BriefRecord], key: str) -> dict[tuple[str, int], BriefRecord]:
    listed = list(items)
    return dict(zip(_number_repeats(item[key] for item in listed), listed, strict=True))


def _load_reading(db: sqlite3.Connection, capture_id: int, path: str) -> BriefRecord:
    """The capture's own reading with the fields of an exported brief; empty if it is not kept."""
    row = db.execute(_RECORD, (capture_id, path)).fetchone()
    if row is None:
        return {}
    brief = codec.load_reading(codec.unpack_text(row[0]), row[1]).brief
    values: BriefRecord = redact_addresses(json.loads(json.dumps(asdict(brief))), EMAIL)
    for item in (item for name in _NAME_LISTS for item in values[name]):
        item["name_as_published"] = item["name"]
    return values


def _choose_body(body: str | None, today: BriefRecord, reading: BriefRecord) -> BriefRecord:
    """The body, with HTML and sections if the reading or today's brief has the same text."""
    if same := next((brief for brief in (reading, today) if brief.get("body") == body), None):
        return {name: same[name] for name in ("body", "body_html", "sections")}
    return {"body": body, "body_html": None, "sections": [{"heading": None, "text": body}] if body else []}


def _make_bare_item(name: str, key: str, item: str) -> BriefRecord:
    """An item of which only the name or text is known."""
    nothing: BriefRecord = dict.fromkeys(_OTHER_FIELDS[name])
    return nothing | {"name_as_published": item, key: item}


def _find_author(db: sqlite3.Connection, name: str) -> Row:
    """The author with this name or alias."""
    return fetch_row(db, _AUTHOR, {"name": name}) or {"id": None, "name": name, "kind": "person"}
