"""Which briefs and captures an export takes: two temporary tables, and the one place that says what readers may see."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from pipelines.captures.warc_writer import read_place
from pipelines.exports.order import Order, Selection
from pipelines.people.spelling import folded
from pipelines.withdrawals import rules as withdrawals
from scraper.address import identity
from scraper.errors import BadInput
from scraper.records import Place

# Whatever leaves the archive passes here: a withdrawn page is in no export, and neither is a capture that tells of it.
WITHDRAWN = "SELECT path FROM pages WHERE status = 'withdrawn'"
_TELLING_OF_WITHDRAWN = f"""SELECT capture_id FROM readings
    WHERE brief_path IN ({WITHDRAWN}) OR path IN ({WITHDRAWN})"""  # noqa: S608

# Text formats keep this order, which the order of taking in cannot change.
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
    AND path NOT IN ({WITHDRAWN}) AND id NOT IN ({_TELLING_OF_WITHDRAWN})
    AND (:private OR layout IS NOT 'wxr')
    ORDER BY warc_file, warc_offset"""  # noqa: S608
_LISTS = """SELECT id, warc_file, warc_offset, warc_length FROM chosen_captures JOIN captures USING (id)
    WHERE outcome NOT IN ('redirect', 'sitemap', 'robots') ORDER BY chosen_captures.rowid"""
_LEAVE_OUT = "DELETE FROM chosen_captures WHERE id = ?"
_COUNT_BRIEFS = "SELECT count(*) FROM chosen"
_COUNT_CAPTURES = "SELECT count(*) FROM chosen_captures"
_NEWEST_INSTANT = "SELECT max(captured_at) FROM captures WHERE id IN (SELECT id FROM chosen_captures)"


def choose(db: sqlite3.Connection, selection: Selection, *, private: bool) -> tuple[int, int]:
    """Make the tables `chosen` (briefs by path) and `chosen_captures` (by place); how many rows they have.

    Without `private` no WordPress export goes out: it holds drafts, and the e-mail addresses of who commented.
    """
    lists = {
        "domains": tuple(map(folded, selection.domains)),
        "kinds": selection.kinds,
        "authors": tuple(map(folded, selection.authors)),
        "numbers": selection.numbers,
        "paths": tuple(map(identity, selection.paths)),
    }
    db.create_function("folded", 1, folded, deterministic=True)
    wanted = {name: json.dumps(values) if values else None for name, values in lists.items()}
    db.execute(_CHOOSE_BRIEFS, wanted | {"since": selection.since, "until": selection.until})
    ids = _EVERY_CAPTURE if selection.everything else _OF_BRIEFS if selection.captures == "all" else _NEWEST
    db.execute(_CHOOSE_CAPTURES.format(ids=ids), {"private": private})
    return int(db.execute(_COUNT_BRIEFS).fetchone()[0]), count_captures(db)


def leave_out_mentions(db: sqlite3.Connection, warcs: Path) -> None:
    """Take those captures out of `chosen_captures` that name a withdrawn post: lists, and posts that it was related to.

    They may show its beginning. Raises DamagedArchive where a page cannot be read.
    """
    named = withdrawals.names(db)
    if named is None:
        return
    for number, *place in db.execute(_LISTS).fetchall():
        if named.search(read_place(warcs, Place(*place)).replace(b"\\/", b"/")):
            db.execute(_LEAVE_OUT, (number,))


def count_captures(db: sqlite3.Connection) -> int:
    """How many captures are chosen."""
    return int(db.execute(_COUNT_CAPTURES).fetchone()[0])


def nothing_chosen(order: Order) -> BadInput:
    """The line that says that no file is written."""
    if order.selection.everything:
        return BadInput("nothing to export: the archive has nothing yet that readers may see")
    return BadInput("nothing to export: the archive has nothing of that selection; no file is written")


def newest_instant(db: sqlite3.Connection) -> str | None:
    """When the newest chosen capture was taken (UTC, ISO 8601); None where no instant is known."""
    told = db.execute(_NEWEST_INSTANT).fetchone()[0]
    return None if told is None else str(told)
