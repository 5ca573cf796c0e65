"""The rows of captures, of crawls and of problems."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.normalise import instant, plain
from scraper.archive import Summary, Taken
from scraper.records import Capture, Extraction, Place, Problem

_FIELDS = (
    *("path", "url", "captured_at", "source", "status", "media_type", "charset", "length", "truncated", "digest"),
    *("outcome", "location", "layout", "extractor", "read", "name", "crawl_id"),
    *("warc_file", "warc_offset", "warc_length", "payload_sha1", "memento"),
)
_ADD = f"INSERT INTO captures ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608
_SAME = "SELECT id, read FROM captures WHERE path = ? AND ifnull(captured_at, '') = ? AND digest = ?"
_NEWEST = """SELECT id, read, source = 'live' AND digest = ? AND status IS ? AND location IS ? AND captured_at <= ?
    FROM captures WHERE path = ? ORDER BY ifnull(captured_at, '') DESC, id DESC LIMIT 1"""
_READ = "UPDATE captures SET read = 1, extractor = ? WHERE id = ?"
_CHECK = "INSERT OR IGNORE INTO checks (path, checked_at, capture_id) VALUES (?, ?, ?)"
_PROBLEM = """INSERT INTO problems (capture_id, path, field, kind, message)
    SELECT :capture_id, :path, :field, :kind, :message WHERE NOT EXISTS (
        SELECT 1 FROM problems WHERE capture_id IS :capture_id AND path IS :path AND field IS :field
        AND kind = :kind AND message = :message)"""
_GOOD = """SELECT captures.path, max(ifnull(checks.checked_at, captured_at))
    FROM captures LEFT JOIN checks ON capture_id = captures.id
    WHERE outcome = 'brief' AND read = 1 AND truncated = 0 GROUP BY captures.path"""
_BEGIN = "INSERT INTO crawls (spider, started_at, arguments) VALUES (?, ?, ?)"
_FINISH = """UPDATE crawls SET finished_at = :finished_at, outcome = :outcome, requests = :requests,
    captures = :captures, new = :new, unchanged = :unchanged, known = :known, briefs = :briefs,
    problems = :problems, counts = :counts, exit_code = :exit_code WHERE id = :id"""
_CHANGED = """SELECT count(DISTINCT brief_id), count(*) FROM revisions
    WHERE capture_id IN (SELECT id FROM captures WHERE crawl_id = ?)"""
_ROBOTS = """SELECT url, digest FROM captures AS newest WHERE path = '/robots.txt' AND captured_at = (
    SELECT max(captured_at) FROM captures WHERE url = newest.url)"""
_SUMMARY = """SELECT (SELECT count(*) FROM briefs), (SELECT min(published) FROM briefs),
    (SELECT max(published) FROM briefs), (SELECT count(*) FROM authors), (SELECT count(*) FROM resources),
    (SELECT count(*) FROM captures), (SELECT count(*) FROM problems)"""
TALLIED = ("captures", "new", "unchanged", "known", "briefs", "problems")


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture that is there already, and whether its readings are too."""

    id: int
    taken: Taken
    read: bool


def seen(db: sqlite3.Connection, capture: Capture, extraction: Extraction) -> Seen | None:
    """The row that holds this capture already, None if there is none."""
    captured_at = instant(extraction.captured_at)
    path = plain(extraction.path)
    if row := db.execute(_SAME, (path, captured_at or "", capture.digest)).fetchone():
        return Seen(row[0], "known", bool(row[1]))
    if capture.source == "live":
        same = (capture.digest, capture.status, plain(extraction.location), captured_at or "")
        row = db.execute(_NEWEST, (*same, path)).fetchone()
        if row and row[2]:
            return Seen(row[0], "unchanged", bool(row[1]))
    return None


def add(
    db: sqlite3.Connection, capture: Capture, extraction: Extraction, place: Place, **known: int | str | None
) -> int:
    """The id of a new row; `known` are the columns `extractor`, `read` and `crawl_id`."""
    row = {
        "path": plain(extraction.path),
        "url": plain(extraction.url),
        "captured_at": instant(extraction.captured_at),
        "source": capture.source,
        "status": capture.status,
        "media_type": plain(_media_type(capture.content_type)),
        "charset": extraction.charset,
        "length": len(capture.body),
        "truncated": int(capture.truncated),
        "digest": capture.digest,
        "outcome": extraction.outcome,
        "location": plain(extraction.location),
        "layout": extraction.layout,
        "name": plain(capture.name),
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "payload_sha1": capture.payload_sha1,
        "memento": plain(capture.memento),
        **known,
    }
    return int(db.execute(_ADD, [row[name] for name in _FIELDS]).lastrowid or 0)


def _media_type(content_type: str | None) -> str | None:
    return content_type.partition(";")[0].strip().lower() or None if content_type else None


def mark_read(db: sqlite3.Connection, capture_id: int, extractor: str) -> None:
    db.execute(_READ, (extractor, capture_id))


def met_again(db: sqlite3.Connection, path: str, at: str | None, capture_id: int) -> None:
    """The page was asked for at this instant and was byte for byte that capture."""
    if at is not None:
        db.execute(_CHECK, (path, at, capture_id))


def add_problems(db: sqlite3.Connection, capture_id: int | None, path: str | None, told: Iterable[Problem]) -> int:
    """How many of the problems were not there yet; those of a run as a whole have neither capture nor path."""
    return sum(
        db.execute(
            _PROBLEM,
            {
                "capture_id": capture_id,
                "path": path,
                "field": problem.field,
                "kind": problem.kind,
                "message": plain(problem.message),
            },
        ).rowcount
        for problem in told
    )


def good(db: sqlite3.Connection) -> dict[str, str]:
    """Post paths whose page was read whole, and when it was last seen so; a copy without a date does not count."""
    return {path: captured_at for path, captured_at in db.execute(_GOOD) if captured_at is not None}


def begin_crawl(db: sqlite3.Connection, spider: str, arguments: Mapping[str, str]) -> int:
    return int(db.execute(_BEGIN, (spider, now(), json.dumps(dict(arguments)))).lastrowid or 0)


def finish_crawl(
    db: sqlite3.Connection,
    crawl_id: int,
    ended: tuple[str, int | None],
    counts: Mapping[str, object],
    tally: Mapping[str, int],
) -> None:
    """`ended` is outcome and exit code, `tally` the archive's own count, `counts` what the spider adds to it."""
    changed, revisions = db.execute(_CHANGED, (crawl_id,)).fetchone()
    figures = dict(counts) | {"briefs_changed": changed, "revisions": revisions}
    figures |= {f"robots/{url}": digest for url, digest in db.execute(_ROBOTS)}
    row = {name: tally.get(name, 0) for name in TALLIED} | {
        "requests": counts.get("requests", 0),
        "counts": json.dumps(figures, sort_keys=True),
        "finished_at": now(),
        "outcome": ended[0],
        "exit_code": ended[1],
        "id": crawl_id,
    }
    db.execute(_FINISH, row)


def summary(db: sqlite3.Connection, waiting: int) -> Summary:
    briefs, first, last, authors, resources, taken, problems = db.execute(_SUMMARY).fetchone()
    return Summary(briefs, first, last, authors, resources, taken, problems, waiting)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
