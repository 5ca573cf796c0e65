"""Which files were made of a snapshot for readers to download: a list of them lies beside each set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.exports.request import Format

MANIFEST = "files.json"
# By the word that SNAPSHOT_FILES takes: the format of the export, the name of the file, its type and what it is.
KINDS: Mapping[str, tuple[Format, str, str, str]] = {
    "jsonl": (
        "jsonl",
        "briefs.jsonl.gz",
        "application/gzip",
        "JSON Lines: a brief a line, with all that belongs to it",
    ),
    "csv": ("csv-tables", "briefs-csv.zip", "application/zip", "CSV: the briefs and a table for each of their lists"),
    "parquet": (
        "parquet",
        "briefs-parquet.zip",
        "application/zip",
        "Parquet: the same tables with types, for DuckDB and pandas",
    ),
    "wacz": ("wacz", "briefs.wacz", "application/wacz+zip", "WACZ: the captured pages, for ReplayWeb.page and pywb"),
}


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A file that readers can take away."""

    name: str
    kind: str  # a key of KINDS
    size: int  # bytes
    sha256: str

    @property
    def media_type(self) -> str:
        """Its type for browsers."""
        return KINDS[self.kind][2]

    @property
    def description(self) -> str:
        """What it is, in words."""
        return KINDS[self.kind][3]


def get_folder(snapshot: Path) -> Path:
    """The folder beside a snapshot in which each state of it has a folder of its own."""
    return snapshot.with_name(f"{snapshot.name}-files")


def read_files(snapshot: Path, digest: str) -> tuple[DownloadFile, ...]:
    """The files that were made of the snapshot with this digest; none if it has none, or is another one by now."""
    try:
        listed = json.loads((get_folder(snapshot) / digest / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(DownloadFile(**file) for file in listed)


def find_file(snapshot: Path, digest: str, name: str) -> tuple[Path, DownloadFile] | None:
    """The place of a file that was made of the snapshot."""
    found = next((file for file in read_files(snapshot, digest) if file.name == name), None)
    return (get_folder(snapshot) / digest / name, found) if found else None
