"""Reads the folders of ArchiveBox: of each snapshot the best form of its page, with what the index says of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from scraper.address import host_of, identity, is_ours, is_web
from scraper.dates import format_utc, parse_instant
from scraper.sources import media_type as media
from scraper.sources import mirror
from scraper.sources.archive_records import read_records
from scraper.sources.events import Unreadable
from scraper.sources.provenance import origin_of_address
from scraper.sources.saved_page import Origin
from scraper.sources.warc_records import WarcRecord

INDEXES = ("index.json", "index.jsonl")
_MAX_FILE = 64 * 2**20
_KEYS = frozenset("schema history archive_results archive_path latest canonical fs_version type".split())
_MARKS = ("ArchiveBox.conf", "index.sqlite3")  # of a data folder
_METHODS = ("warc", "wget", "singlefile", "dom", "readability", "mercury", "htmltotext")  # the best form first
_ANSWER = re.compile(rb"HTTP/\S+ 200\b")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One page that ArchiveBox saved; `forms` are the files that hold it, the best first."""

    url: str
    captured_at: str | None
    forms: tuple[Path, ...]


def find_snapshot(path: Path) -> Snapshot | None:
    """Find the snapshot that a file belongs to."""
    return next(filter(None, map(read_snapshot, path.absolute().parents)), None)


def find_origin(path: Path) -> Origin:
    """Find the address and the instant that an index states of a file that holds a page."""
    snapshot = find_snapshot(path)
    if not snapshot or path.absolute() not in snapshot.forms:
        return Origin()
    return Origin(captured_at=snapshot.captured_at) | origin_of_address(snapshot.url)


def is_companion(path: Path) -> bool:
    """Whether a file is an index, a log, or a form of a page that a better one holds."""
    if snapshot := find_snapshot(path):
        return path.absolute() not in snapshot.forms[:1]
    return any(map(_is_data_folder, path.absolute().parents))


def check_snapshot(folder: Path, hosts: Collection[str] | None) -> Iterator[Unreadable]:
    """Yield what is wrong with a snapshot: it may hold its page as a picture alone."""
    snapshot = read_snapshot(folder)
    if snapshot and not snapshot.forms and is_ours(snapshot.url, hosts):
        why = f"a snapshot of {snapshot.url} that holds no page in a form that is read"
        yield Unreadable(str(folder), "empty", why)


@lru_cache(maxsize=1024)
def read_snapshot(folder: Path) -> Snapshot | None:
    """Read a folder with the index of a snapshot; None for any other."""
    own_indexes = (_read_index(folder / name) for name in INDEXES)
    index = next(filter(None, own_indexes), None) or _find_in_list(folder)
    if index is None:
        return None
    paths = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    methods = {path: method for path in paths if (method := _find_method(folder, path, index["url"]))}
    forms = tuple(sorted(methods, key=lambda path: (_METHODS.index(methods[path]), path)))
    return Snapshot(index["url"], _find_instant(index, methods[forms[0]] if forms else ""), forms)


@lru_cache(maxsize=1024)
def _is_data_folder(folder: Path) -> bool:
    is_marked = any((folder / name).is_file() for name in _MARKS) or b"archivebox" in _read_file(folder / INDEXES[0])
    return is_marked and (folder / "archive").is_dir()


def _read_file(path: Path, size: int = _MAX_FILE) -> bytes:
    """Read the first bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _read_index(path: Path) -> dict[str, Any] | None:
    """Read the record of a snapshot; older versions write one object, newer ones a record a line."""
    text = _read_file(path)
    try:
        data = [json.loads(line) for line in (text.splitlines() if path.suffix == ".jsonl" else [text]) if line]
    except (ValueError, RecursionError):
        return None
    records = [record for record in data if isinstance(record, dict)]
    snapshots = (r for r in records if is_web(str(r.get("url"))) and _KEYS & r.keys() and _find_epoch(r))
    snapshot = next(snapshots, None)
    return {"archive_results": records[1:]} | snapshot if snapshot else None


def _find_in_list(folder: Path) -> dict[str, Any] | None:
    """Find the record of a snapshot that has lost its own in the list of the data folder."""
    if folder.parent.name != "archive" or not re.fullmatch(r"\d{9,11}(?:\.\d+)?", folder.name):
        return None
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        for link in json.loads(_read_file(folder.parent.with_name(INDEXES[0])))["links"]:
            if link["timestamp"] == folder.name and is_web(str(link["url"])):
                return dict(link)
    return None


def _find_epoch(record: dict[str, Any]) -> str | None:
    """Find when the address came to ArchiveBox, which is not long before the page was saved."""
    try:
        return format_utc(datetime.fromtimestamp(float(record["timestamp"]), UTC))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _find_instant(index: dict[str, Any], method: str) -> str | None:
    """Find when a form of the page was saved, else the first of any, else the snapshot's own instant."""
    instants = {name: at for name, result in _list_results(index) if (at := parse_instant(str(result.get("start_ts"))))}
    stated = instants.get("wget" if method == "warc" else method)
    return stated or min(instants.values(), default=None) or _find_epoch(index)


def _list_results(index: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the results that did not fail, with their methods."""
    history, results = index.get("history"), index.get("archive_results")
    groups = history.items() if isinstance(history, dict) else ()
    named = [(name, result) for name, group in groups if isinstance(group, list) for result in group]
    listed = [(r.get("plugin") or r.get("extractor"), r) for r in results if isinstance(r, dict)] if results else []
    for name, result in named + listed:
        if isinstance(result, dict) and result.get("status") != "failed":
            yield str(name), result


def _find_method(folder: Path, path: Path, url: str) -> str | None:
    """Find by which method a file came to hold the page of a snapshot; None where it is no page, or another."""
    if media.guess_by_name(path.name) == "warc":
        return "warc" if _holds_page(path, url) else None
    is_html = media.guess_by_bytes(_read_file(path, media.HEAD)) == "text/html"
    place = path.relative_to(folder)
    if is_html and identity(_derive_address(folder, path, url) or "") == identity(url):
        return "wget"
    words = re.split(r"[/._]", "dom" if place.as_posix() == "output.html" else place.as_posix().lower())
    return next((method for method in _METHODS[2:] if method in words and (is_html or method == _METHODS[-1])), None)


def _derive_address(folder: Path, path: Path, url: str) -> str | None:
    """Derive the address of a page that wget saved below a folder named after the host."""
    inside = (parent for parent in path.parents if parent.is_relative_to(folder) and parent != folder)
    host = next((parent for parent in inside if host_of(f"//{parent.name}") == host_of(url)), None)
    return mirror.derive_address_below(host, host_of(url), path) if host else None


def _holds_page(path: Path, url: str) -> bool:
    try:
        with path.open("rb") as file:
            records = (item for item in read_records(file, path.name) if isinstance(item, WarcRecord))
            answers = (r for r in records if r.type == "response" and _ANSWER.match(r.block))
            return any(identity(record.url) == identity(url) for record in answers)
    except OSError:
        return False
