"""`briefs export`: write one state of the archive in one of the formats."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.database.db_errors import explain_db_errors
from pipelines.database.opening import open_current_archive, require_archive
from pipelines.exports import bibtex, csl, csv_tables, dublin_core, jsonl, jsonld, parquet, wacz, warc
from pipelines.exports.bag import write_bag
from pipelines.exports.brief_records import BriefRecord, read_briefs
from pipelines.exports.request import FORMATS, RECORDS, ExportRequest, ExportResult, Format
from pipelines.exports.selection import SelectionCounts, create_selection
from pipelines.exports.target import create_folder, hash_file, measure_size, replace_file
from pipelines.progress import Progress, ignore_progress
from scraper.console.standard_output import print_text, standard_output
from scraper.errors import BadArgument

_TEXT: dict[str, Callable[[Iterable[BriefRecord]], Iterator[str]]] = {
    "jsonl": jsonl.format_briefs,
    "csv": csv_tables.format_briefs,
    "jsonld": jsonld.format_briefs,
    "bibtex": bibtex.format_briefs,
    "csl": csl.format_briefs,
}
_TABLES: dict[str, Callable[..., None]] = {"csv-tables": csv_tables.write_tables, "parquet": parquet.write_tables}


def write_export(settings: BaseSettings, request: ExportRequest, progress: Progress = ignore_progress) -> ExportResult:
    """Write what is requested; the target is either written as a whole or stays as it was.

    Raises BadInput, BadArgument, MissingExtra, ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble.
    """
    path, warcs, target = Path(settings["ARCHIVE_DB"]), Path(settings["WARCS_DIR"]), request.target
    if target is None:
        _refuse_standard_output(request.format)
    else:
        _refuse_the_archive(target, path, warcs)
    if request.format == "bagit":
        return _write_bag(settings, request, progress)
    with closing(open_current_archive(path)) as db:
        with explain_db_errors(path):
            db.execute("BEGIN")
            counts = create_selection(db, request, warcs)
        with explain_db_errors(target or path):
            captures, pageless = (counts.captures, counts.pageless) if request.format in RECORDS else (None, 0)
            if target is None:
                _print_export(db, warcs, request, counts, progress)
                return ExportResult(None, counts.briefs, captures, 0, "", pageless)
            if request.format in _TABLES:
                with create_folder(target) as folder:
                    briefs = _read_briefs(db, request, counts, progress)
                    _TABLES[request.format](briefs, folder, with_contacts=request.with_contacts)
                return ExportResult(target, counts.briefs, None, measure_size(target), "")
            with replace_file(target) as part:
                _write_file(db, warcs, part, request, counts, progress)
            return ExportResult(target, counts.briefs, captures, measure_size(target), hash_file(target), pageless)


def _refuse_standard_output(name: Format) -> None:
    """Raise BadArgument for a format that is a folder, and for bytes that would go to a terminal."""
    shape = FORMATS[name][0]
    if shape == "folder":
        raise BadArgument(f"{name} is a folder, which cannot go to standard output: name the folder with -o")
    if shape == "file" and sys.stdout.isatty():
        raise BadArgument(f"{name} is not for a terminal: name a file with -o FILE, or redirect it with > FILE")


def _refuse_the_archive(target: Path, database: Path, warcs: Path) -> None:
    """Raise BadArgument for a target inside the archive: an export must not harm what it is made from."""
    if target.resolve() == database.resolve() or warcs.resolve() in target.resolve().parents:
        raise BadArgument(f"{target}: this is part of the archive itself: name another place")


def _write_file(
    db: sqlite3.Connection, warcs: Path, part: Path, request: ExportRequest, counts: SelectionCounts, progress: Progress
) -> None:
    if request.format == "wacz":
        wacz.write_wacz(db, warcs, part, progress, counts.captures)
    elif request.format == "warc":
        with part.open("wb") as out:
            for _ in warc.write_records(db, warcs, out, progress, counts.captures):
                pass
    else:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(_format_lines(db, request, counts, progress))


def _print_export(
    db: sqlite3.Connection, warcs: Path, request: ExportRequest, counts: SelectionCounts, progress: Progress
) -> None:
    """Write to standard output; WARC and WACZ go through a temporary file, for a ZIP is read while it is written."""
    if request.format not in RECORDS:
        print_text(_format_lines(db, request, counts, progress))
        return
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "export"
        _write_file(db, warcs, part, request, counts, progress)
        with part.open("rb") as file, standard_output() as out:
            shutil.copyfileobj(file, out)


def _format_lines(
    db: sqlite3.Connection, request: ExportRequest, counts: SelectionCounts, progress: Progress
) -> Iterator[str]:
    briefs = _read_briefs(db, request, counts, progress)
    return dublin_core.format_briefs(db, briefs) if request.format == "dublincore" else _TEXT[request.format](briefs)


def _read_briefs(
    db: sqlite3.Connection, request: ExportRequest, counts: SelectionCounts, progress: Progress
) -> Iterator[BriefRecord]:
    for count, brief in enumerate(read_briefs(db, with_contacts=request.with_contacts), 1):
        yield brief
        progress(count, counts.briefs)


def _write_bag(settings: BaseSettings, request: ExportRequest, progress: Progress) -> ExportResult:
    assert request.target is not None
    require_archive(Path(settings["ARCHIVE_DB"]))
    with explain_db_errors(request.target), create_folder(request.target) as folder:
        counts = write_bag(settings, request, folder, progress)
    seal = hash_file(request.target / "tagmanifest-sha256.txt")
    return ExportResult(
        request.target, counts.briefs, counts.captures, measure_size(request.target), seal, counts.pageless
    )
