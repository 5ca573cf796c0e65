"""`briefs export`: one state of the archive into one of the formats."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.db_errors import told
from pipelines.exports import bibtex, csl, dublin_core, jsonl, jsonld, tables, wacz, warc
from pipelines.exports.bag import write_bag
from pipelines.exports.briefs import Told, briefs
from pipelines.exports.order import FORMATS, Exported, Format, Order
from pipelines.exports.selection import choose, count_captures, leave_out_mentions, nothing_chosen
from pipelines.exports.target import digest_of, size_of, whole_file, whole_folder
from pipelines.opening import archive_to_read, refuse_missing
from pipelines.progress import Progress, ignore_progress
from scraper.console.standard_output import print_text, standard_output
from scraper.errors import BadArgument

_TEXT: dict[str, Callable[[Iterable[Told]], Iterator[str]]] = {
    "jsonl": jsonl.lines,
    "csv": tables.lines,
    "jsonld": jsonld.lines,
    "bibtex": bibtex.lines,
    "csl": csl.lines,
}
_RECORDS = ("warc", "wacz")


def export(settings: BaseSettings, order: Order, progress: Progress = ignore_progress) -> Exported:
    """Write what is ordered; the target is there whole or stays as it was.

    Raises BadInput, BadArgument, ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble.
    """
    path, target = Path(settings["ARCHIVE_DB"]), order.target
    if target is None:
        _refuse_standard_output(order.format)
    else:
        _refuse_the_archive(target, path, Path(settings["WARCS_DIR"]))
    if order.format == "bagit":
        return _bag(settings, order, progress)
    with _chosen(path, Path(settings["WARCS_DIR"]), order) as (db, counts), told(target or path):
        if target is None:
            _print(db, Path(settings["WARCS_DIR"]), order, counts, progress)
            return Exported(None, counts[0], None, 0, "")
        if order.format == "csv-tables":
            with whole_folder(target) as folder:
                whole = _counted(_briefs(db, order), counts[0], progress)
                tables.write_tables(whole, folder, with_contacts=order.with_contacts)
            return Exported(target, counts[0], None, size_of(target), "")
        with whole_file(target) as part:
            _write(db, Path(settings["WARCS_DIR"]), part, order, counts, progress)
        captures = counts[1] if order.format in _RECORDS else None
        return Exported(target, counts[0], captures, size_of(target), digest_of(target))


def _refuse_standard_output(name: Format) -> None:
    """Raise BadArgument for a folder, and for bytes that would go to a terminal."""
    shape = FORMATS[name][0]
    if shape == "folder":
        raise BadArgument(f"{name} is a folder, which cannot go to standard output: name a place with -o")
    if shape == "file" and sys.stdout.isatty():
        raise BadArgument(f"{name} is not for a terminal: name a file with -o FILE, or redirect it with > FILE")


def _refuse_the_archive(target: Path, database: Path, warcs: Path) -> None:
    """Raise BadArgument for a target that is of the archive itself: an export must not harm what it is made from."""
    if target.resolve() == database.resolve() or warcs.resolve() in target.resolve().parents:
        raise BadArgument(f"{target}: that is in the archive itself: name another place")


@contextmanager
def _chosen(path: Path, warcs: Path, order: Order) -> Iterator[tuple[sqlite3.Connection, tuple[int, int]]]:
    """A connection inside one read transaction, with the selection's tables, and how many briefs and captures."""
    with closing(archive_to_read(path)) as db:
        with told(path):
            db.execute("BEGIN")
            counts = choose(db, order.selection, private=order.with_contacts)
            if order.format in _RECORDS:
                leave_out_mentions(db, warcs)
                counts = counts[0], count_captures(db)
        if not counts[1 if order.format in _RECORDS else 0]:
            raise nothing_chosen(order)
        yield db, counts


def _write(
    db: sqlite3.Connection, warcs: Path, part: Path, order: Order, counts: tuple[int, int], progress: Progress
) -> None:
    if order.format == "wacz":
        wacz.write_wacz(db, warcs, part, progress, counts[1])
    elif order.format == "warc":
        with part.open("wb") as out:
            for _ in warc.write_records(db, warcs, out, progress, counts[1]):
                pass
    else:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(_lines(db, order, counts[0], progress))


def _print(db: sqlite3.Connection, warcs: Path, order: Order, counts: tuple[int, int], progress: Progress) -> None:
    """Write it to standard output; what cannot be written in one go, such as a ZIP, by way of a file for the time."""
    if order.format not in _RECORDS:
        print_text(_lines(db, order, counts[0], progress))
        return
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "export"
        _write(db, warcs, part, order, counts, progress)
        with part.open("rb") as file, standard_output() as out:
            shutil.copyfileobj(file, out)


def _lines(db: sqlite3.Connection, order: Order, of: int, progress: Progress) -> Iterator[str]:
    whole = _counted(_briefs(db, order), of, progress)
    return dublin_core.lines(db, whole) if order.format == "dublincore" else _TEXT[order.format](whole)


def _briefs(db: sqlite3.Connection, order: Order) -> Iterator[Told]:
    return briefs(db, with_contacts=order.with_contacts)


def _counted(whole: Iterable[Told], of: int, progress: Progress) -> Iterator[Told]:
    for done, one in enumerate(whole, 1):
        yield one
        progress(done, of)


def _bag(settings: BaseSettings, order: Order, progress: Progress) -> Exported:
    assert order.target is not None
    refuse_missing(Path(settings["ARCHIVE_DB"]))
    with told(order.target), whole_folder(order.target) as folder:
        counts = write_bag(settings, order, folder, progress)
    seal = digest_of(order.target / "tagmanifest-sha256.txt")
    return Exported(order.target, *counts, size_of(order.target), seal)
