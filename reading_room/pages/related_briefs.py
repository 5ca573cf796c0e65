"""What to read besides a brief: briefs about the same, near copies of its text, those before and after it."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass

from reading_room.query import Row, fetch_row, fetch_rows
from reading_room.redact import EMAIL

_TEXT = "SELECT id, title, body, domain FROM briefs WHERE id = ?"
_BRIEFS = """SELECT id, title, label, path, published, domain, body FROM briefs
    WHERE id IN (SELECT value FROM json_each(?))"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM briefs_fts WHERE briefs_fts MATCH ? LIMIT ?)"
_BRIEFS_THERE = "SELECT max(id) FROM briefs"
_ALIKE = """SELECT briefs.id, domain, words FROM (
        SELECT rowid AS id, -bm25(briefs_fts, 3.0, 1.0, 0.0, 0.0) AS words FROM briefs_fts
        WHERE briefs_fts MATCH ? ORDER BY words DESC LIMIT 40
    ) JOIN briefs USING (id)"""
_SHARED = """SELECT brief_id AS id, count(DISTINCT {column}) AS shared FROM {table}
    WHERE {column} IN (SELECT {column} FROM {table} WHERE brief_id = :id)
        AND brief_id IN (SELECT value FROM json_each(:others)) GROUP BY brief_id"""
_WORD = re.compile(r"[^\W\d_]{4,}")
_ASKED_WORDS, _MOST_WORDS = 40, 16  # of which the frequency is asked; by which briefs are compared
_COMMON = 500  # briefs; a word that more of them have tells little and costs much
_SHINGLE = 5  # words
_COPY = 0.5  # share of the shingles that two texts have in common
_LEAST = 0.2  # score of a brief that is shown
_COMPARED, _MOST = 10, 6  # briefs whose texts are compared; that are shown
_SHOWN_WORDS = 5
# What sharing these adds to the likeness of words, which is 1 for the brief itself.
_DOMAIN, _RESOURCE, _AUTHOR, _MOST_RESOURCES = 0.06, 0.05, 0.03, 3


@dataclass(frozen=True, slots=True)
class RelatedBrief:
    """A brief about the same, and why."""

    brief: Row
    score: float
    reasons: tuple[str, ...]
    is_copy: bool = False


def find_related(db: sqlite3.Connection, brief_id: int) -> list[RelatedBrief]:
    """The briefs that are most like this one, near copies of its text first."""
    own = fetch_row(db, _TEXT, (brief_id,))
    words, share = _choose_words(db, own) if own else ([], 0.0)
    if own is None or not words:
        return []
    best = _score_briefs(db, own, words, share)
    briefs = fetch_rows(db, _BRIEFS, (json.dumps([item.brief["id"] for item in best]),))
    texts = {row["id"]: row for row in briefs}
    shingles = _cut_shingles(own["body"])
    related = []
    for item in best:
        row = texts[item.brief["id"]]
        common = set(_WORD.findall(_read_words(row)))
        shared = [word for word in words if word in common][:_SHOWN_WORDS]
        reasons = (f"words: {', '.join(shared)}", *item.reasons) if shared else item.reasons
        is_copy = compare_texts(shingles, _cut_shingles(row["body"])) >= _COPY
        related.append(RelatedBrief(row, item.score, reasons, is_copy))
    related = [item for item in related if item.is_copy or item.score >= _LEAST]
    return sorted(related, key=lambda item: not item.is_copy)[:_MOST]


def _score_briefs(db: sqlite3.Connection, own: Row, words: list[str], share: float) -> list[RelatedBrief]:
    """The briefs with some of the words, by their likeness in words, domain, resources and authors; the best first."""
    match = f"{{title body}} : ({' OR '.join(f'{chr(34)}{word}{chr(34)}' for word in words)})"
    rows = {row["id"]: row for row in fetch_rows(db, _ALIKE, (match,))}
    most = rows.pop(own["id"], {}).get("words") or max((row["words"] for row in rows.values()), default=1.0)
    others = json.dumps(list(rows))
    resources = _count_shared(db, "brief_resources", "resource_id", own["id"], others)
    authors = _count_shared(db, "brief_authors", "author_id", own["id"], others)
    found = []
    for brief_id, row in rows.items():
        is_same_domain = row["domain"] is not None and row["domain"] == own["domain"]
        shared = resources.get(brief_id, 0)
        score = share * row["words"] / most + _DOMAIN * is_same_domain
        score += _RESOURCE * min(shared, _MOST_RESOURCES) + _AUTHOR * (brief_id in authors)
        reasons = (
            *(["same domain"] if is_same_domain else []),
            *([f"{shared} same resource{'s' if shared > 1 else ''}"] if shared else []),
            *(["same author"] if brief_id in authors else []),
        )
        found.append(RelatedBrief(row, score, reasons))
    return sorted(found, key=lambda item: (-item.score, item.brief["id"]))[:_COMPARED]


def _read_words(row: Row) -> str:
    return EMAIL.sub(" ", f"{row['title'] or ''} {row['body'] or ''}").lower()


def _choose_words(db: sqlite3.Connection, own: Row) -> tuple[list[str], float]:
    """The words that tell this brief from most others, the best first; and their share of what all such weigh."""
    counts = Counter(_WORD.findall(_read_words(own)))
    titled = set(_WORD.findall((own["title"] or "").lower()))
    by_weight = sorted(counts, key=lambda word: (-(counts[word] + 2 * (word in titled)), -len(word), word))
    briefs = db.execute(_BRIEFS_THERE).fetchone()[0] or 1
    most = min(max(briefs // 5, 3), _COMMON)
    having = {word: db.execute(_COUNT, (f'"{word}"', most + 1)).fetchone()[0] for word in by_weight[:_ASKED_WORDS]}
    weights = {
        word: (1 + math.log(counts[word])) * math.log(1 + briefs / there)
        for word, there in having.items()
        if 1 <= there <= most
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_MOST_WORDS]
    shared = [word for word in best if having[word] > 1]
    return shared, sum(weights[word] for word in shared) / sum(weights[word] for word in best) if best else 0.0


def _count_shared(db: sqlite3.Connection, table: str, column: str, brief_id: int, others: str) -> dict[int, int]:
    rows = fetch_rows(db, _SHARED.format(table=table, column=column), {"id": brief_id, "others": others})
    return {row["id"]: row["shared"] for row in rows}


def _cut_shingles(text: str | None) -> frozenset[int]:
    """The runs of five words of a text, as numbers."""
    words = re.findall(r"\w+", (text or "").lower())
    return frozenset(hash(tuple(words[place : place + _SHINGLE])) for place in range(len(words) - _SHINGLE + 1))


def compare_texts(shingles: frozenset[int], others: frozenset[int]) -> float:
    """The share of shingles that two texts have in common, of the shorter one."""
    least = min(len(shingles), len(others))
    return len(shingles & others) / least if least else 0.0


_BRIEF = "SELECT id, domain, number, published FROM briefs WHERE id = ?"
_FIRST_AUTHOR = """SELECT authors.id, name FROM brief_authors JOIN authors ON authors.id = author_id
    WHERE brief_id = ? ORDER BY position LIMIT 1"""
_COLUMNS = "briefs.id, title, label, path, published, number"
# A number that several carry leads to the newest of them.
_IN_SERIES = """SELECT {columns} FROM briefs WHERE domain = :domain AND number {sign} :number
    ORDER BY number {order}, published DESC LIMIT 1"""
_BY_AUTHOR = """SELECT {columns} FROM brief_authors JOIN briefs ON briefs.id = brief_id
    WHERE author_id = :author AND (published, briefs.id) {sign} (:published, :id)
    ORDER BY published {order}, briefs.id {order} LIMIT 1"""
_WAYS = (("<", "DESC"), (">", "ASC"))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The brief before and the one after, if they are there."""

    name: str  # of the series or author
    is_author: bool
    before: Row | None
    after: Row | None


def find_neighbours(db: sqlite3.Connection, brief_id: int) -> list[Neighbours]:
    """The neighbours of a brief in its series and by its first author; without those that have none."""
    brief, author = fetch_row(db, _BRIEF, (brief_id,)), fetch_row(db, _FIRST_AUTHOR, (brief_id,))
    found = []
    if brief and brief["domain"] is not None and brief["number"] is not None:
        found.append(_find_beside(db, _IN_SERIES, brief["domain"], brief))
    if brief and author and brief["published"] is not None:
        found.append(_find_beside(db, _BY_AUTHOR, author["name"], {**brief, "author": author["id"]}))
    return [neighbours for neighbours in found if neighbours.before or neighbours.after]


def _find_beside(db: sqlite3.Connection, sql: str, name: str, values: Row) -> Neighbours:
    before, after = (
        fetch_row(db, sql.format(columns=_COLUMNS, sign=sign, order=order), values) for sign, order in _WAYS
    )
    return Neighbours(name, sql == _BY_AUTHOR, before, after)
