"""BagIt 1.0: a folder for other archives to take in, with a digest of every file in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.captures.read_back import read_payload
from pipelines.database.opening import open_read_only
from pipelines.exports import dublin_core, jsonl
from pipelines.exports.brief_records import read_briefs
from pipelines.exports.request import ExportRequest
from pipelines.exports.selection import SelectionCounts, create_selection
from pipelines.exports.target import hash_file, measure_size
from pipelines.exports.wacz import write_wacz
from pipelines.exports.warc import get_creation_time
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.progress import Progress
from scraper.records import Place

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ABOUT = "Policy briefs of {publisher}, archived by brief-archive; data/README.txt says what is in here"
_PLACES = """SELECT warc_file, warc_offset, warc_length FROM chosen JOIN captures ON captures.id = chosen.capture_id
    ORDER BY chosen.rowid"""
# Briefs whose page names a withdrawn post, as the pages of related posts do.
_WITHHELD = "SELECT path FROM chosen WHERE capture_id NOT IN (SELECT id FROM chosen_captures)"
_DATABASE = """objects/archive.db    the whole database, SQLite{omission}, without the text of withdrawn pages.
                      Open it with sqlite3, or `datasette -i archive.db`. The files `warcs/…` that its table
                      `captures` names are not in here; their records are in the WACZ.
"""
_README = """{title}

{database}objects/archive.wacz  WACZ 1.1.1 of {captures} captures: open it with ReplayWeb.page or pywb.
objects/briefs/       for each of the {briefs} briefs the page that its values were read from, decoded; where that is a
                      feed or a REST answer, which hold other posts too, or a page that names a withdrawn
                      post, only the values, as JSON.
objects/briefs.jsonl  the briefs, one a line, with everything that belongs to them.
metadata/metadata.csv Dublin Core of the files in objects/briefs/, as Archivematica reads it.

Pages and records are as they were captured: addresses of writers that were published are in them.
"""
_PARTLY = "\nThis is a selection, so there is no database: objects/briefs.jsonl has what was read.\n"


def write_bag(settings: BaseSettings, request: ExportRequest, bag: Path, progress: Progress) -> SelectionCounts:
    """Fill the empty folder; of a selection there is no database.

    The database is copied first and all else is made from the copy, so that all of it is one state. Raises BadInput
    where nothing is selected, and whatever its parts raise.
    """
    copy, data, warcs = bag / "archive.db", bag / "data", Path(settings["WARCS_DIR"])
    (data / "objects/briefs").mkdir(parents=True)
    (data / "metadata").mkdir()
    _copy_database(settings, copy, with_contacts=request.with_contacts)
    with closing(open_read_only(copy)) as db:
        counts = create_selection(db, request, warcs)
        total = counts.briefs + counts.captures
        _write_payload(db, warcs, data, request, counts.captures, lambda done, of: progress(done, total))
        creation_time, publisher = get_creation_time(db), sample.read_publisher(db)
    if request.selection.is_everything:
        copy.replace(data / "objects/archive.db")
    else:
        copy.unlink()
    (data / "README.txt").write_text(_format_readme(request, publisher, counts), encoding="utf-8")
    about = {"External-Description": _ABOUT.format(publisher=publisher), "Newest-Capture": creation_time}
    _write_tag_files(bag, {"Bag-Software-Agent": "brief-archive"} | about)
    return counts


def _format_readme(request: ExportRequest, publisher: str, counts: SelectionCounts) -> str:
    omission = "" if request.with_contacts else ", without the writers' e-mail addresses"
    database = _DATABASE.format(omission=omission) if request.selection.is_everything else ""
    title = f"{publisher}: policy briefs"
    text = _README.format(title=title, database=database, briefs=counts.briefs, captures=counts.captures)
    return text + ("" if request.selection.is_everything else _PARTLY)


def _copy_database(settings: BaseSettings, copy: Path, *, with_contacts: bool) -> None:
    """Make a checked copy in one file, without the writers' addresses unless contacts are wanted."""
    elsewhere = settings.copy()
    elsewhere.set("SNAPSHOT", str(copy), priority="cmdline")
    make_snapshot(elsewhere, with_contacts=with_contacts)
    for beside in (f"{copy.name}.sha256", f".{copy.name}-lock"):
        copy.with_name(beside).unlink()


def _write_payload(
    db: sqlite3.Connection, warcs: Path, data: Path, request: ExportRequest, captures: int, progress: Progress
) -> None:
    objects, read = data / "objects", partial(read_briefs, db, with_contacts=request.with_contacts)
    with (objects / "briefs.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(jsonl.format_briefs(read()))
    withheld_paths = {path for (path,) in db.execute(_WITHHELD)}
    with (data / "metadata/metadata.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(dublin_core.format_briefs(db, read(), withheld_paths))
    write_wacz(db, warcs, objects / "archive.wacz", progress, captures)
    for count, (brief, place) in enumerate(zip(read(), db.execute(_PLACES), strict=True), captures + 1):
        page = dublin_core.is_page(brief, withheld_paths)
        raw = read_payload(warcs, Place(*place)) if page else next(jsonl.format_briefs([brief])).encode()
        (objects / dublin_core.get_object_name(brief, withheld_paths)).write_bytes(raw)
        progress(count, count)


def _write_tag_files(bag: Path, info: dict[str, str]) -> None:
    """Write the tag files: what the bag is, then the digests of the payload, then those of the tag files."""
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    oxum = {"Payload-Oxum": f"{measure_size(bag / 'data')}.{len(payload)}"}
    (bag / "bagit.txt").write_text(_DECLARATION, encoding="utf-8")
    lines = "".join(f"{name}: {value}\n" for name, value in (info | oxum).items())
    (bag / "bag-info.txt").write_text(lines, encoding="utf-8")
    _write_manifest(bag, "manifest-sha256.txt", payload)
    _write_manifest(bag, "tagmanifest-sha256.txt", sorted(bag.glob("*.txt")))


def _write_manifest(bag: Path, name: str, files: Iterable[Path]) -> None:
    with (bag / name).open("w", encoding="utf-8", newline="\n") as out:
        for path in files:
            out.write(f"{hash_file(path)}  {path.relative_to(bag).as_posix()}\n")
