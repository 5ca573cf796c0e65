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
from pipelines.exports.cdxj import Index, compressed
from pipelines.exports.warc import creation_time, write_records
from pipelines.progress import Progress

VERSION = "1.1.1"
_ARCHIVE = "data.warc.gz"
_BIG = 10_000  # captures; an index of fewer lines is read as a whole in no time
_PAGES = """SELECT coalesce(captures.url, captures.path), captured_at, coalesce(readings.title, briefs.title),
        captures.digest
    FROM chosen_captures JOIN captures USING (id) JOIN readings ON readings.capture_id = captures.id
    LEFT JOIN briefs ON briefs.path = brief_path
    WHERE outcome = 'brief' AND captured_at IS NOT NULL ORDER BY 1, 2, 4"""
_DESCRIPTION = (
    "Captures kept by brief-archive, their records verbatim. `created` is the instant of the newest capture, or "
    "SOURCE_DATE_EPOCH. Captures whose instant is unknown are no pages; in the index they stand under their WARC-Date, "
    "which is the time of taking in."
)
_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "Briefs", "hasText": False}
_DEFLATED = ("pages/pages.jsonl", "indexes/index.cdx", "indexes/index.idx")
_CHUNK = 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of the entries: the ZIP format has no earlier one, and no clock may be in here


class _Package:
    """A ZIP that remembers what its datapackage.json must say."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def entry(self, path: str) -> Iterator[IO[bytes]]:
        info = zipfile.ZipInfo(path, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if path in _DEFLATED else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        with self._file.open(info, "w", force_zip64=True) as out:
            yield out
        digest, size = hashlib.sha256(), 0
        with self._file.open(path) as written:
            while chunk := written.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def add(self, path: str, parts: Iterable[bytes]) -> None:
        with self.entry(path) as out:
            for part in parts:
                out.write(part)


def write_wacz(db: sqlite3.Connection, warcs: Path, target: Path, progress: Progress, of: int) -> None:
    """Write all chosen captures (`of` for the progress). Raises DamagedArchive where bytes are not as they were."""
    with zipfile.ZipFile(target, "w") as file:
        package = _Package(file)
        index = Index(db, _ARCHIVE)
        with package.entry(f"archive/{_ARCHIVE}") as out:
            for written in write_records(db, warcs, out, progress, of):
                index.add(written)
        _add_index(package, index, big=of > _BIG)
        package.add("pages/pages.jsonl", (f"{line}\n".encode() for line in _pages(db)))
        told = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": f"{sample.publisher(db)}: policy briefs",
            "description": _DESCRIPTION,
            "software": "brief-archive",
            "created": creation_time(db),
            "resources": package.resources,
        }
        raw = json.dumps(told, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
        package.add("datapackage.json", (raw,))
        package.add("datapackage-digest.json", (json.dumps(digest, indent=2).encode(),))


def _add_index(package: _Package, index: Index, *, big: bool) -> None:
    if not big:
        package.add("indexes/index.cdx", (line.encode() for line in index.lines()))
        return
    meta = json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
    lines = [f"!meta 0 {meta}\n"]
    with package.entry("indexes/index.cdx.gz") as out:
        for member, line in compressed(index.lines(), "index.cdx.gz"):
            out.write(member)
            lines.append(line)
    package.add("indexes/index.idx", (line.encode() for line in lines))


def _pages(db: sqlite3.Connection) -> Iterator[str]:
    """The page list: what people pick from, so only posts, with the title that the capture shows."""
    yield json.dumps(_HEADER)
    for url, captured_at, title, digest in db.execute(_PAGES):
        told = {"id": hashlib.sha256(f"{url} {captured_at} {digest}".encode()).hexdigest()[:22], "url": url}
        yield json.dumps(told | {"ts": captured_at, "title": title or url})
