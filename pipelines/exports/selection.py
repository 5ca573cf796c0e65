"""Which briefs and captures an export holds: two temporary tables, and the one place that says what readers may see."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pipelines.captures.read_back import read_payload
from pipelines.exports.request import RECORDS, ExportRequest
from pipelines.people.spelling import fold_spelling
from pipelines.withdrawals import withdrawn_posts
from scraper.address import identity
from scraper.errors import BadInput
from scraper.records import Place

# Every export passes here, so that none holds a withdrawn page, or a capture of a list or feed that shows one.
WITHDRAWN = "SELECT path FROM pages WHERE status = 'withdrawn'"
_SHOWING_WITHDRAWN = f"""SELECT capture_id FROM readings
    WHERE brief_path IN ({WITHDRAWN}) OR path IN ({WITHDRAWN})"""  # noqa: S608

# By path, so that the order in which captures came in does not change a text format's bytes.
_CHOOSE_BRIEFS = f"""CREATE TEMP TABLE chosen AS SELECT id, path, capture_id FROM briefs
    WHERE path NOT IN ({WITHDRAWN})
    AND (:domains IS NULL OR folded(domain) IN (SELECT value FROM json_each(:domains)))
    AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
    AND (:numbers IS NULL OR number IN (SELECT value FROM json_each(:numbers)))
    AND (:paths IS NULL OR path IN (SELECT value FROM json_each(:paths))
        OR path IN (SELECT brief_path FROM readings JOIN json_each(:paths) ON value = readings.path))
    AND (:since IS NULL OR published >= :since)
    AND (:until IS NULL OR substr(published, 1, length(:until)) <= :until)
    AND (:authors IS NULL OR id IN (
        SELECT brief_id FROM brief_authors JOIN authors ON authors.id = author_id JOIN json_each(:authors)
        ON value IN (folded(authors.name), folded(name_as_published))))
    ORDER BY path"""  # noqa: S608
_EVERY_CAPTURE = "SELECT id FROM captures"
_OF_BRIEFS = """SELECT capture_id FROM readings WHERE brief_path IN (SELECT path FROM chosen)
    UNION SELECT captures.id FROM captures WHERE path IN (SELECT path FROM chosen)
    UNION SELECT captures.id FROM captures JOIN redirects USING (path) WHERE target IN (SELECT path FROM chosen)"""
_NEWEST = "SELECT capture_id FROM chosen"
_CHOOSE_CAPTURES = f"""CREATE TEMP TABLE chosen_captures AS SELECT id FROM captures WHERE id IN ({{ids}})
    AND path NOT IN ({WITHDRAWN}) AND id NOT IN ({_SHOWING_WITHDRAWN})
    AND (:with_contacts OR (layout IS NOT 'wxr' AND id NOT IN (SELECT capture_id FROM readings WHERE held = 1)))
    ORDER BY warc_file, warc_offset"""  # noqa: S608
_LISTS = """SELECT id, warc_file, warc_offset, warc_length FROM chosen_captures JOIN captures USING (id)
    WHERE outcome NOT IN ('redirect', 'sitemap', 'robots') ORDER BY chosen_captures.rowid"""
_LEAVE_OUT = "DELETE FROM chosen_captures WHERE id = ?"
_COUNT = """SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM chosen_captures),
    (SELECT count(*) FROM chosen WHERE path NOT IN (
        SELECT brief_path FROM readings JOIN chosen_captures ON chosen_captures.id = readings.capture_id))"""


@dataclass(frozen=True, slots=True)
class SelectionCounts:
    """How much is chosen."""

    briefs: int
    captures: int
    pageless: int  # briefs of which no capture is chosen


def create_selection(db: sqlite3.Connection, request: ExportRequest, warcs: Path) -> SelectionCounts:
    """Create the tables `chosen` (briefs by path) and `chosen_captures` (by place).

    Without contacts WordPress exports are left out: they hold drafts, and the e-mail addresses of who commented; and
    what is held, for nothing doubtful is published. Raises BadInput where nothing is chosen that the format could hold,
    DamagedArchive where a page cannot be read.
    """
    selection = request.selection
    lists = {
        "domains": tuple(map(fold_spelling, selection.domains)),
        "kinds": selection.kinds,
        "authors": tuple(map(fold_spelling, selection.authors)),
        "numbers": selection.numbers,
        "paths": tuple(map(identity, selection.paths)),
    }
    db.create_function("folded", 1, fold_spelling, deterministic=True)
    parameters = {name: json.dumps(values) if values else None for name, values in lists.items()}
    db.execute(_CHOOSE_BRIEFS, parameters | {"since": selection.since, "until": selection.until})
    ids = _EVERY_CAPTURE if selection.is_everything else _OF_BRIEFS if selection.captures == "all" else _NEWEST
    db.execute(_CHOOSE_CAPTURES.format(ids=ids), {"with_contacts": request.with_contacts})
    if request.format in (*RECORDS, "bagit"):
        _leave_out_mentions(db, warcs)
    counts = SelectionCounts(*db.execute(_COUNT).fetchone())
    if counts.captures if request.format in RECORDS else counts.briefs:
        return counts
    if selection.is_everything:
        raise BadInput("nothing to export: the archive holds nothing yet that readers may see")
    raise BadInput("nothing to export: no brief matches the selection; no file is written")


def _leave_out_mentions(db: sqlite3.Connection, warcs: Path) -> None:
    """Leave out the captures that name a withdrawn post, as listings and related posts do: they may show its words."""
    pattern = withdrawn_posts.compile_path_pattern(db)
    if pattern is None:
        return
    for number, *place in db.execute(_LISTS).fetchall():
        if pattern.search(read_payload(warcs, Place(*place)).replace(b"\\/", b"/")):
            db.execute(_LEAVE_OUT, (number,))
