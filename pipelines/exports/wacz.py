"""WACZ 1.1.1: records, index and page list in one ZIP that browsers and servers replay from."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pipelines import sample
from pipelines.exports.cdxj import COMPRESSED, CdxjIndex, compress_lines
from pipelines.exports.target import make_zip_entry
from pipelines.exports.warc import get_creation_time, write_records
from pipelines.progress import Progress

VERSION = "1.1.1"
_ARCHIVE = "data.warc.gz"
_BIG = 10_000  # captures; a replay reads an index of fewer lines as a whole at once
_PAGES = """SELECT coalesce(captures.url, captures.path), captured_at, coalesce(readings.title, briefs.title),
        captures.digest
    FROM chosen_captures JOIN captures USING (id) JOIN readings ON readings.capture_id = captures.id
    LEFT JOIN briefs ON briefs.path = brief_path
    WHERE outcome = 'brief' AND captured_at IS NOT NULL AND held = 0 ORDER BY 1, 2, 4"""
_DESCRIPTION = (
    "Captures kept by brief-archive, their records verbatim. `created` is the instant of the newest capture, or "
    "SOURCE_DATE_EPOCH. Captures whose instant is unknown are not in the page list; the index has them under their "
    "WARC-Date, which is when they were taken in."
)
_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "Briefs", "hasText": False}
_CHUNK = 2**20
_DEFLATED = ("pages/pages.jsonl", "indexes/index.cdx", "indexes/index.idx")


class _WaczPackage:
    """A ZIP, and the list of its files that datapackage.json needs."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def open_entry(self, path: str) -> Iterator[IO[bytes]]:
        entry = make_zip_entry(path, compress=path in _DEFLATED)
        with self._file.open(entry, "w", force_zip64=True) as out:
            yield out
        digest = hashlib.sha256()
        with self._file.open(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        name, size = path.rpartition("/")[2], self._file.getinfo(path).file_size
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def add_entry(self, path: str, parts: Iterable[bytes]) -> None:
        with self.open_entry(path) as out:
            for part in parts:
                out.write(part)


def write_wacz(db: sqlite3.Connection, warcs: Path, target: Path, progress: Progress, of: int) -> None:
    """Write all selected captures, `of` in number. Raises DamagedArchive where their bytes have changed."""
    with zipfile.ZipFile(target, "w") as file:
        package = _WaczPackage(file)
        index = CdxjIndex(db, _ARCHIVE)
        with package.open_entry(f"archive/{_ARCHIVE}") as out:
            for record in write_records(db, warcs, out, progress, of):
                index.add_record(record)
        _add_index(package, index, big=of > _BIG)
        package.add_entry("pages/pages.jsonl", (f"{line}\n".encode() for line in _format_pages(db)))
        package_fields = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": f"{sample.read_publisher(db)}: policy briefs",
            "description": _DESCRIPTION,
            "software": "brief-archive",
            "created": get_creation_time(db),
            "resources": package.resources,
        }
        raw = json.dumps(package_fields, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
        package.add_entry("datapackage.json", (raw,))
        package.add_entry("datapackage-digest.json", (json.dumps(digest, indent=2).encode(),))


def _add_index(package: _WaczPackage, index: CdxjIndex, *, big: bool) -> None:
    if not big:
        package.add_entry("indexes/index.cdx", (line.encode() for line in index.read_lines()))
        return
    meta = json.dumps({"format": "cdxj-gzip-1.0", "filename": COMPRESSED})
    lines = [f"!meta 0 {meta}\n"]
    with package.open_entry(f"indexes/{COMPRESSED}") as out:
        for member, line in compress_lines(index.read_lines()):
            out.write(member)
            lines.append(line)
    package.add_entry("indexes/index.idx", (line.encode() for line in lines))


def _format_pages(db: sqlite3.Connection) -> Iterator[str]:
    """Yield the page list that people pick from: only posts, each with the title that the capture shows."""
    yield json.dumps(_HEADER)
    for url, captured_at, title, digest in db.execute(_PAGES):
        fields = {"id": hashlib.sha256(f"{url} {captured_at} {digest}".encode()).hexdigest()[:22], "url": url}
        yield json.dumps(fields | {"ts": captured_at, "title": title or url})
