"""The rows of captures, of crawls and of problems."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from pipelines.captures.origins import parse_media_type
from pipelines.extraction.version import EXTRACTOR
from pipelines.normalise import make_storable
from pipelines.pages.addresses import OWN
from scraper.archive import Summary
from scraper.dates import now
from scraper.records import Capture, Extraction, Place, Problem
from scraper.url_reading import drop_users

FIELDS = (
    *("path", "url", "captured_at", "source", "status", "media_type", "charset", "length", "truncated", "digest"),
    *("outcome", "location", "layout", "extractor", "read", "name", "crawl_id"),
    *("warc_file", "warc_offset", "warc_length", "payload_sha1", "memento"),
)
_KEPT = ("read", "crawl_id", "memento")  # a better copy of the capture leaves these as they are, or adds to them
_ADD = f"INSERT INTO captures ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})"  # noqa: S608
_REWRITE = f"""UPDATE captures SET {", ".join(f"{name} = ?" for name in FIELDS if name not in _KEPT)},
    memento = ifnull(min(memento, ?), ifnull(memento, ?)) WHERE id = ?"""  # noqa: S608
_PLACE = "SELECT warc_file, warc_offset, warc_length, captured_at FROM captures WHERE id = ?"
_MOVE = """UPDATE captures SET warc_file = ?, warc_offset = ?, warc_length = ?
    WHERE warc_file = ? AND warc_offset = ?"""
_DELETE_PROBLEMS = "DELETE FROM problems WHERE capture_id = ?"
_READ = "UPDATE captures SET read = 1, extractor = ? WHERE id = ? RETURNING captured_at"
# A second run over the same file finds the same problems: they are one row.
_TOLD = "SELECT field, kind, message FROM problems WHERE capture_id IS ? AND path IS ?"
_PROBLEM = "INSERT INTO problems (capture_id, path, field, kind, message) VALUES (?, ?, ?, ?, ?)"
_NOTE = """INSERT INTO problems (capture_id, path, field, kind, message)
    SELECT NULL, NULL, ?1, ?2, ?3 WHERE NOT EXISTS (
        SELECT 1 FROM problems INDEXED BY problems_note WHERE capture_id IS NULL AND message = ?3
        AND path IS NULL AND field IS ?1 AND kind = ?2)"""
# A copy that came from elsewhere is no reason not to ask the site, for nobody knows the order of commands.
_GOOD = f"""SELECT captures.path, max(ifnull(checks.checked_at, captured_at))
    FROM captures LEFT JOIN checks ON capture_id = captures.id
    WHERE outcome = 'brief' AND read = 1 AND truncated = 0 AND (source = 'live' OR checked_at IS NOT NULL)
    AND captures.id NOT IN (SELECT capture_id FROM readings WHERE held = 1) AND {OWN} GROUP BY captures.path"""  # noqa: S608
_HAS_BRIEFS = "SELECT 1 FROM briefs LIMIT 1"
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
    (SELECT count(*) FROM captures), (SELECT count(*) FROM problems),
    (SELECT count(*) FROM memory WHERE key = 'sample')"""
_IS_SAMPLE = "SELECT count(*) FROM memory WHERE key = 'sample'"
TALLIED = ("captures", "new", "unchanged", "known", "briefs", "problems")


def add_capture(
    db: sqlite3.Connection, capture: Capture, extraction: Extraction, place: Place, **known: int | None
) -> int:
    """Add a row and return its id; `known` are the columns `read` and `crawl_id`."""
    row = _make_row(capture, extraction, place) | known
    return int(db.execute(_ADD, [row[name] for name in FIELDS]).lastrowid or 0)


def rewrite_capture(
    db: sqlite3.Connection, capture_id: int, capture: Capture, extraction: Extraction, place: Place
) -> None:
    """Rewrite the row with this copy of the capture; a memento that could be cited stays citable."""
    row = _make_row(capture, extraction, place)
    values = [row[name] for name in FIELDS if name not in _KEPT]
    db.execute(_REWRITE, [*values, row["memento"], row["memento"], capture_id])


def find_place(db: sqlite3.Connection, capture_id: int) -> tuple[Place, str | None]:
    """Where the bytes of a capture lie, and its instant."""
    *place, captured_at = db.execute(_PLACE, (capture_id,)).fetchone()
    return Place(*place), captured_at


def move_captures(db: sqlite3.Connection, old: Place, new: Place) -> None:
    """Have all rows that share a record refer to another."""
    db.execute(_MOVE, (new.file, new.offset, new.length, old.file, old.offset))


def delete_problems(db: sqlite3.Connection, capture_id: int) -> None:
    db.execute(_DELETE_PROBLEMS, (capture_id,))


def _make_row(capture: Capture, extraction: Extraction, place: Place) -> dict[str, int | str | None]:
    return {
        "path": make_storable(extraction.path),
        "url": make_storable(extraction.url),
        "captured_at": extraction.captured_at,
        "source": capture.source,
        "status": capture.status,
        "media_type": make_storable(parse_media_type(capture.content_type)),
        "charset": extraction.charset,
        "length": len(capture.body),
        "truncated": int(capture.truncated),
        "digest": capture.digest,
        "outcome": extraction.outcome,
        "location": make_storable(extraction.location),
        "layout": extraction.layout,
        "extractor": EXTRACTOR,
        "name": make_storable(capture.name),
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "payload_sha1": capture.payload_sha1,
        "memento": make_storable(capture.memento),
    }


def mark_read(db: sqlite3.Connection, capture_id: int) -> str | None:
    """Mark the capture as read and return its instant: its values are of that instant, however late it is read."""
    taken_at: str | None = db.execute(_READ, (EXTRACTOR, capture_id)).fetchone()[0]
    return taken_at


def add_problems(db: sqlite3.Connection, capture_id: int | None, path: str | None, problems: Iterable[Problem]) -> int:
    """Add the problems and return how many are new; those of a whole run have neither capture nor path."""
    rows = dict.fromkeys((problem.field, problem.kind, make_storable(problem.message)) for problem in problems)
    if capture_id is None and path is None:
        return sum(db.execute(_NOTE, row).rowcount for row in rows)
    if rows:  # one question for all: a page may have thousands
        for row in db.execute(_TOLD, (capture_id, path)):
            rows.pop(row, None)
        db.executemany(_PROBLEM, [(capture_id, path, *row) for row in rows])
    return len(rows)


def read_capture_times(db: sqlite3.Connection) -> dict[str, str]:
    """Paths of posts that the live site has shown whole, and when it last did."""
    return {path: captured_at for path, captured_at in db.execute(_GOOD) if captured_at is not None}


def has_briefs(db: sqlite3.Connection) -> bool:
    return db.execute(_HAS_BRIEFS).fetchone() is not None


def begin_run(db: sqlite3.Connection, spider: str, arguments: Mapping[str, str]) -> int:
    words = {name: drop_users(value) for name, value in arguments.items()}
    return int(db.execute(_BEGIN, (spider, now(), json.dumps(words))).lastrowid or 0)


def finish_run(
    db: sqlite3.Connection,
    crawl_id: int,
    ending: tuple[str, int | None],
    counts: Mapping[str, object],
    tally: Mapping[str, int],
) -> None:
    """Write a run's end; `ending` is outcome and exit code, `tally` the archive's, `counts` the spider's counts."""
    changed, revisions = db.execute(_CHANGED, (crawl_id,)).fetchone()
    figures = dict(counts) | {"briefs_changed": changed, "revisions": revisions}
    figures |= {"mended": tally["mended"]} if tally.get("mended") else {}
    figures |= {"sample": 1} if db.execute(_IS_SAMPLE).fetchone()[0] else {}
    figures |= {f"robots/{url}": digest for url, digest in db.execute(_ROBOTS)}
    row = {name: tally.get(name, 0) for name in TALLIED} | {
        "requests": counts.get("requests", 0),
        "counts": json.dumps(figures, sort_keys=True),
        "finished_at": now(),
        "outcome": ending[0],
        "exit_code": ending[1],
        "id": crawl_id,
    }
    db.execute(_FINISH, row)


def select_summary(db: sqlite3.Connection, waiting: int) -> Summary:
    briefs, first, last, authors, resources, captures, problems, sample = db.execute(_SUMMARY).fetchone()
    return Summary(briefs, first, last, authors, resources, captures, problems, waiting, bool(sample))
