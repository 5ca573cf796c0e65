"""Where an export goes: a file or folder that appears as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import BadArgument, DiskTrouble

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date of ZIP, for exports have no clock


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Yield a path beside `target` to write to; it replaces `target` at the end and is removed after an error.

    A link is followed. Raises BadArgument where `target` is a folder or a device, DiskTrouble where its folder is
    missing.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        what = "a folder: name a file in it" if target.is_dir() else "no file: leave -o out for standard output"
        raise BadArgument(f"{target}: it is {what}")
    part = _make_part_path(target)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def create_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target` to fill; it becomes `target` at the end.

    Raises BadArgument where `target` exists and is not an empty folder, DiskTrouble where its folder is missing.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BadArgument(f"{target}: it exists already, and a folder is not replaced: move it away or name another")
    part = _make_part_path(target)
    try:
        part.mkdir()
        yield part
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def hash_file(path: Path) -> str:
    """Compute the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_zip_entry(name: str, *, compress: bool) -> zipfile.ZipInfo:
    """Make an entry of a ZIP without a clock, so that one state of the archive gives the same bytes."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry


def measure_size(path: Path) -> int:
    """Count the bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else (path,)) if file.is_file())


def _make_part_path(target: Path) -> Path:
    if not target.absolute().parent.is_dir():
        raise DiskTrouble(f"{target}: there is no folder {target.absolute().parent}: make it or choose another -o")
    return target.with_name(f".{target.name}.{os.getpid()}.part")
