"""BagIt 1.0: what an institution takes in, with a digest of every file in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.captures.warc_writer import read_place
from pipelines.exports import dublin_core, jsonl
from pipelines.exports.briefs import briefs
from pipelines.exports.order import Order
from pipelines.exports.selection import choose, count_captures, leave_out_mentions, nothing_chosen
from pipelines.exports.target import digest_of, size_of
from pipelines.exports.wacz import write_wacz
from pipelines.exports.warc import creation_time
from pipelines.maintenance.snapshot import snapshot
from pipelines.opening import reading_connection
from pipelines.progress import Progress
from scraper.records import Place

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ABOUT = "Policy briefs of {publisher}, archived by brief-archive; data/README.txt tells what is in here"
_PLACES = """SELECT warc_file, warc_offset, warc_length FROM chosen JOIN captures ON captures.id = chosen.capture_id
    ORDER BY chosen.rowid"""
# Pages that name a withdrawn post, as those do that the site says are related to it.
_WITHHELD = "SELECT path FROM chosen WHERE capture_id NOT IN (SELECT id FROM chosen_captures)"
_DATABASE = """objects/archive.db    the whole database, SQLite{hidden}, without the text of withdrawn pages.
                      Open it with sqlite3, or `datasette -i archive.db`. The files `warcs/…` that its table
                      `captures` speaks of are not in here; their records are in the WACZ.
"""
_README = """{title}

{database}objects/archive.wacz  WACZ 1.1.1 of {captures} captures: open it with ReplayWeb.page or pywb.
objects/briefs/       of each of the {briefs} briefs the page that its values were read from, decoded; where they are
                      from a feed or a REST answer, which tell of other posts too, and where the page names a
                      withdrawn post, what was read there, as JSON.
objects/briefs.jsonl  the briefs, one a line, with all that hangs on them.
metadata/metadata.csv Dublin Core of the files in objects/briefs/, as Archivematica reads it.

Pages and records are as they were captured: addresses of writers that were published are in them.
"""
_PARTLY = "\nThis is a selection, so there is no database: objects/briefs.jsonl has what was read.\n"


def write_bag(settings: BaseSettings, order: Order, bag: Path, progress: Progress) -> tuple[int, int]:
    """Fill the empty folder; how many briefs and captures it has. A selection has no database in it.

    The database is copied first and all else is made from the copy: one state. Raises BadInput where nothing is
    selected, and what its parts raise.
    """
    copy, data = bag / "archive.db", bag / "data"
    (data / "objects/briefs").mkdir(parents=True)
    (data / "metadata").mkdir()
    _copy_database(settings, copy, with_contacts=order.with_contacts)
    with closing(reading_connection(copy)) as db:
        counts = choose(db, order.selection, private=order.with_contacts)
        leave_out_mentions(db, Path(settings["WARCS_DIR"]))
        counts = counts[0], count_captures(db)
        if not counts[0]:
            raise nothing_chosen(order)
        _fill(db, Path(settings["WARCS_DIR"]), data, order, lambda done, of: progress(done, sum(counts)))
        created, publisher = creation_time(db), sample.publisher(db)
    if order.selection.everything:
        copy.replace(data / "objects/archive.db")
    else:
        copy.unlink()
    (data / "README.txt").write_text(_readme(order, publisher, *counts), encoding="utf-8")
    about = {"External-Description": _ABOUT.format(publisher=publisher), "Newest-Capture": created}
    _seal(bag, {"Bag-Software-Agent": "brief-archive"} | about)
    return counts


def _readme(order: Order, publisher: str, there: int, captures: int) -> str:
    hidden = "" if order.with_contacts else ", without the writers' e-mail addresses"
    database = _DATABASE.format(hidden=hidden) if order.selection.everything else ""
    title = f"{publisher}: policy briefs"
    text = _README.format(title=title, database=database, briefs=there, captures=captures)
    return text + ("" if order.selection.everything else _PARTLY)


def _copy_database(settings: BaseSettings, copy: Path, *, with_contacts: bool) -> None:
    """A checked copy in one file, without the writers' addresses."""
    elsewhere = settings.copy()
    elsewhere.set("SNAPSHOT", str(copy), priority="cmdline")
    snapshot(elsewhere, with_contacts=with_contacts)
    for beside in (f"{copy.name}.sha256", f".{copy.name}-lock"):
        copy.with_name(beside).unlink()


def _fill(db: sqlite3.Connection, warcs: Path, data: Path, order: Order, progress: Progress) -> None:
    """All that is made out of the database's copy."""
    objects, captures = data / "objects", count_captures(db)
    with (objects / "briefs.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(jsonl.lines(briefs(db, with_contacts=order.with_contacts)))
    withheld = {path for (path,) in db.execute(_WITHHELD)}
    with (data / "metadata/metadata.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(dublin_core.lines(db, briefs(db, with_contacts=order.with_contacts), withheld))
    write_wacz(db, warcs, objects / "archive.wacz", progress, captures)
    told = briefs(db, with_contacts=order.with_contacts)
    for done, (one, place) in enumerate(zip(told, db.execute(_PLACES), strict=True), captures + 1):
        page = dublin_core.is_page(one, withheld)
        raw = read_place(warcs, Place(*place)) if page else next(jsonl.lines([one])).encode()
        (objects / dublin_core.object_name(one, withheld)).write_bytes(raw)
        progress(done, done)


def _seal(bag: Path, info: dict[str, str]) -> None:
    """Write the tag files: first what the bag is, then a digest of each file in it, then of each tag file."""
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    oxum = {"Payload-Oxum": f"{size_of(bag / 'data')}.{len(payload)}"}
    (bag / "bagit.txt").write_text(_DECLARATION, encoding="utf-8")
    told = "".join(f"{name}: {value}\n" for name, value in (info | oxum).items())
    (bag / "bag-info.txt").write_text(told, encoding="utf-8")
    _write_manifest(bag, "manifest-sha256.txt", payload)
    _write_manifest(bag, "tagmanifest-sha256.txt", sorted(path for path in bag.glob("*.txt")))


def _write_manifest(bag: Path, name: str, files: Iterable[Path]) -> None:
    with (bag / name).open("w", encoding="utf-8", newline="\n") as out:
        for path in files:
            out.write(f"{digest_of(path)}  {path.relative_to(bag).as_posix()}\n")
