"""Whatever paths a user gives, as captures: files are read by their kind, folders with all that is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from scraper.sources import files, media, sidecar, warc
from scraper.sources.payload import GZIP
from scraper.sources.sidecar import Sidecar
from scraper.sources.told import Skipped, Told, Unreadable, Watch


class Reader:
    """Reads paths one after the other, pages of `hosts` only (None: of any).

    `rest` yields what could only be known after the last of them.
    """

    def __init__(self, hosts: Collection[str] | None, watch: Watch = lambda _: None) -> None:
        self._hosts = hosts
        self._watch = watch
        self._warcs: list[Path] = []
        self._revisits: list[warc.Revisit] = []

    def read(self, path: Path, given: Sidecar | None = None) -> Iterator[Told]:
        """All that is in a file or a folder; raises nothing for what cannot be read."""
        try:
            told = self._folder(path) if path.is_dir() else self._file(path, given, named=True)
        except OSError as error:  # a folder on the way to it is closed to us
            told = iter((_trouble(path, error),))
        yield from told

    def rest(self) -> Iterator[Told]:
        """The captures of revisit records, once all files that may hold their originals are known."""
        if self._revisits:
            yield from warc.resolved(self._warcs, self._revisits)

    def _folder(self, folder: Path) -> Iterator[Told]:
        pages = 0
        closed: list[OSError] = []
        for path in walked(folder, closed.append):
            if left_out := _left_out(path, folder):
                yield left_out
                continue
            for told in self._file(path, None, named=False):
                pages += not (isinstance(told, Skipped) and told.reason == "unknown")
                yield told
        yield from (_trouble(Path(error.filename), error) for error in closed)
        if not pages and not closed:
            yield Unreadable(str(folder), "empty", "a folder without pages")

    def _file(self, path: Path, given: Sidecar | None, *, named: bool) -> Iterator[Told]:
        try:
            if why := _no_file(path):
                yield why
            elif _is_warc(path):
                self._warcs.append(path)
                yield from warc.captures(path, self._hosts, self._watch, self._revisits)
            else:
                self._watch(path.stat().st_size)
                yield from files.page(path, self._hosts, given, named=named)
        except OSError as error:
            yield _trouble(path, error)


def size(path: Path) -> int:
    """Bytes of a file or of all files in a folder, for a progress bar; what cannot be read has none."""
    total = 0
    with suppress(OSError):
        for each in walked(path) if path.is_dir() else (path,):
            total += each.stat().st_size if each.is_file() else 0
    return total


def walked(folder: Path, closed: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Every file below a folder, in the order of their names; links to folders are not followed.

    `closed` is called for each folder that cannot be looked into.
    """
    for parent, folders, names in os.walk(folder, onerror=closed):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def _left_out(path: Path, folder: Path) -> Skipped | None:
    where = str(path)
    if any(part.startswith(".") for part in path.relative_to(folder).parts):
        return Skipped(where, "hidden")
    if path.name.endswith(sidecar.ENDING):
        return Skipped(where, "sidecar")
    if media.is_asset(path.name):
        return Skipped(where, "asset", media.ending(path.name))
    return None


def _trouble(path: Path, error: OSError) -> Unreadable:
    if isinstance(error, PermissionError):
        return Unreadable(str(path), "permission", "no permission to read it")
    return Unreadable(str(path), "damaged", f"cannot be read ({error.strerror or error})")


def _no_file(path: Path) -> Unreadable | None:
    if path.is_file():
        if path.name.endswith(sidecar.ENDING):
            return Unreadable(str(path), "format", "the sidecar of a page; give the page itself")
        return None
    if path.is_symlink():
        return Unreadable(str(path), "missing", "a link to a file that does not exist")
    if not path.exists():
        return Unreadable(str(path), "missing", "no such file or folder")
    return Unreadable(str(path), "format", "neither a file nor a folder")


def _is_warc(path: Path) -> bool:
    if path.stat().st_size == 0:
        return False
    if media.by_name(path.name) == "warc":
        return True
    with path.open("rb") as file:
        head = file.read(len(b"WARC/1.0"))
    return head.startswith(b"WARC/1.") and not head.startswith(GZIP)
