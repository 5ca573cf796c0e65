"""Copies of remote files that are read as a whole: one is a page, an export or a package, and named by its address."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from scraper.records import Capture
from scraper.sources.events import Omission, SourceItem, Unreadable
from scraper.sources.files import MAX_EXPORT
from scraper.sources.remote import RemoteFile
from scraper.sources.revisits import Revisit
from scraper.sources.zip_member import MAX_UNPACKED

T = TypeVar("T", bound=SourceItem | Revisit)


class RemoteCopies:
    """The copies of one reader, which are removed with it."""

    def add(self, file: RemoteFile) -> Path:
        """Copy a file; one that is bigger than any of its kind is refused. Raises OSError."""
        folder = mkdtemp(prefix="briefs-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy = Path(folder, file.name)
        with copy.open("wb") as target:
            file.copy_to(target, MAX_UNPACKED if copy.suffix.lower() == ".wacz" else MAX_EXPORT)
        return copy


def rename(item: T, copy: Path, file: RemoteFile) -> T:
    """Name what was found in a copy by the address of the file."""
    if isinstance(item, Unreadable):
        return replace(item, where=_rename(item.where, copy, file), why=_rename(item.why, copy, file))
    if isinstance(item, Omission):
        return replace(item, where=_rename(item.where, copy, file))
    return replace(item, name=_rename(item.name, copy, file)) if isinstance(item, Capture | Revisit) else item


def _rename(text: str | None, copy: Path, file: RemoteFile) -> str:
    return (text or "").replace(str(copy), str(file))
