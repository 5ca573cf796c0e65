"""Where an export goes: a file or folder that is there whole or not at all, or standard output."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import BadArgument, DiskTrouble


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file beside `target` to be written, which takes its place at the end; nothing is left of it after an error.

    A link is followed. Raises BadArgument where a folder or a device is in its place, DiskTrouble where there is no
    folder for it.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        what = "a folder: name a file in it" if target.is_dir() else "no file: leave -o out for standard output"
        raise BadArgument(f"{target}: it is {what}")
    part = _beside(target)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to be filled, which takes its place at the end; an old one is not replaced.

    Raises BadArgument where something is there already, DiskTrouble.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BadArgument(f"{target}: it is there already, and a folder is not replaced: move it away or name another")
    part = _beside(target)
    try:
        part.mkdir()
        yield part
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else (path,)) if file.is_file())


def _beside(target: Path) -> Path:
    if not target.absolute().parent.is_dir():
        raise DiskTrouble(f"{target}: there is no folder {target.absolute().parent}: make it or choose another -o")
    return target.with_name(f".{target.name}.{os.getpid()}.part")
