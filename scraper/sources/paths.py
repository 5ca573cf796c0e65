"""Whatever paths a user gives, as captures: files are read by their kind, folders with all that is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from scraper.records import Capture
from scraper.sources import cdx_files as indexes
from scraper.sources import files, mirror, sidecar, wacz, warc
from scraper.sources import media_type as media
from scraper.sources.archive_records import is_recorded
from scraper.sources.events import Skipped, Told, Unreadable, Watch
from scraper.sources.revisits import Revisit, restored, unresolved
from scraper.sources.sidecar import Sidecar
from scraper.sources.zip_index import LOCAL
from scraper.sources.zip_member import Held


class Reader:
    """Reads paths one after the other, pages of `hosts` only (None: of any).

    `rest` yields what could only be known after the last of them.
    """

    def __init__(self, hosts: Collection[str] | None, watch: Watch = lambda _: None) -> None:
        self._hosts = hosts
        self._watch = watch
        self._warcs: list[Held] = []
        self._indexes: list[Path] = []
        self.revisits: list[Revisit] = []  # met so far

    def read(self, path: Path, given: Sidecar | None = None) -> Iterator[Told]:
        """All that is in a file or a folder; raises nothing for what cannot be read."""
        try:
            told = self._folder(path) if path.is_dir() else self._file(path, given, named=True)
        except OSError as error:  # a folder on the way to it is closed to us
            told = iter((_trouble(path, error),))
        yield from told

    def rest(self) -> Iterator[Told]:
        """The captures of revisit records, and what indexes say, once all files they may speak of are known."""
        found = {revisit.key: original for revisit, original in self.originals(self.revisits)}
        for revisit in self.revisits:
            original = found.get(revisit.key)
            yield restored(revisit, original) if original else unresolved(revisit)
        yield from self.indexed()

    def originals(self, revisits: Collection[Revisit]) -> Iterator[tuple[Revisit, Capture]]:
        """The revisits whose original is in a file read so far, each with it; the files are read again."""
        return warc.originals(self._warcs, revisits)

    def indexed(self) -> Iterator[Told]:
        """What indexes beside the files say."""
        for path in self._indexes:
            yield from indexes.checked(path, self._warcs, self._hosts)

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
                return
            kind = _kind(path)
            if kind == "warc":
                self._warcs.append(path)
                yield from warc.captures(path, self._hosts, self._watch, self.revisits)
            elif kind == "wacz":
                opened = wacz.Wacz(path, self._hosts, self._watch, self.revisits)
                yield from opened.read()
                self._warcs += opened.warcs
            else:
                self._watch(path.stat().st_size)
                if kind == "index":
                    self._indexes.append(path)
                else:
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
    if media.is_asset(path.name) or mirror.belongs_to_saved_page(path, folder) or mirror.is_programs_own(path):
        return Skipped(where, "asset", media.ending(path.name))
    if mirror.original_beside(path):
        return Skipped(where, "copy")
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


def _kind(path: Path) -> str | None:
    """`warc`, `wacz` or `index` (media.by_name), by the name or else by the first bytes; None for a single page."""
    if path.stat().st_size == 0:
        return None
    named = media.by_name(path.name)
    if named in ("warc", "wacz", "index"):
        return named
    with path.open("rb") as file:
        head = file.read(media.HEAD)
    if is_recorded(head):
        return "warc"
    return "wacz" if head.startswith(LOCAL) and wacz.is_wacz(path) else None
