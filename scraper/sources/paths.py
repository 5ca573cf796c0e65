"""Reads the paths and addresses that a user gives into captures: each file by its kind, folders with all in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from scraper.records import Capture
from scraper.sources import archivebox, bag, files, mirror, remote_copies, sidecar, wacz, warc
from scraper.sources import cdx_files as indexes
from scraper.sources import media_type as media
from scraper.sources.archive_records import is_warc_or_arc
from scraper.sources.events import Omission, ReportProgress, SourceItem, Unreadable, guard_items
from scraper.sources.remote import RemoteFile, RemoteTrouble
from scraper.sources.revisits import Revisit, report_missing_original, restore_capture
from scraper.sources.sidecar import Sidecar
from scraper.sources.zip_index import LOCAL_HEADER
from scraper.sources.zip_member import RecordFile

# What people and programs put beside pages to describe them.
_NOTES = re.compile(
    r"(?:readme|licen[cs]e|copying)(?:\.(?:txt|md|rst))?|(?:md5|sha\d+|check)sums?(?:\.txt)?", re.IGNORECASE
)
ReadWarc = Callable[[RecordFile, Collection[str] | None, ReportProgress, list[Revisit]], Iterator[SourceItem]]


class SourceReader:
    """Reads paths one after the other, and takes pages of `hosts` only (None: of any host).

    `read_deferred` yields what can be known only after the last of them. Whoever gives `read_warc` reads WARC files.
    """

    def __init__(
        self,
        hosts: Collection[str] | None,
        report_progress: ReportProgress = lambda _: None,
        read_warc: ReadWarc = warc.read_captures,
    ) -> None:
        self._hosts = hosts
        self._read_warc = read_warc
        self._copies = remote_copies.RemoteCopies()
        self._report_progress = report_progress
        self._warcs: list[RecordFile] = []
        self._indexes: list[Path] = []
        self.revisits: list[Revisit] = []  # of all paths read so far

    def read(self, path: Path | RemoteFile, given: Sidecar | None = None) -> Iterator[SourceItem]:
        """Yield all that is in a file or a folder; what cannot be read is yielded too, and raises nothing."""
        if isinstance(path, RemoteFile):
            yield from _guard(path, self._read_remote(path, given))
        else:
            yield from _guard(path, self._read_path(path, given))

    def read_deferred(self) -> Iterator[SourceItem]:
        """Yield the captures of revisit records and what the indexes list, which may refer to any file read before."""
        found = {revisit.key: original for revisit, original in self.find_originals(self.revisits)}
        for revisit in self.revisits:
            original = found.get(revisit.key)
            yield restore_capture(revisit, original) if original else report_missing_original(revisit)
        yield from self.check_indexes()

    def find_originals(self, revisits: Collection[Revisit]) -> Iterator[tuple[Revisit, Capture]]:
        """Yield the revisits whose original is in a file read so far, with it. Reads the files again."""
        return warc.find_originals(self._warcs, revisits)

    def check_indexes(self) -> Iterator[SourceItem]:
        """Yield what the index files list, compared with the WARC files."""
        for path in self._indexes:
            yield from _guard(path, indexes.check_index(path, self._warcs, self._hosts))

    def _read_path(self, path: Path, given: Sidecar | None) -> Iterator[SourceItem]:
        yield from self._read_folder(path) if path.is_dir() else self._read_file(path, given, is_named=True)

    def _read_remote(self, file: RemoteFile, given: Sidecar | None) -> Iterator[SourceItem]:
        """Read the file at an address: records from where they are, anything else out of a copy."""
        if _detect_remote_kind(file) == "warc":
            yield from self._read_records(file)
            return
        copy = self._copies.add(file)
        yield from (remote_copies.rename(item, copy, file) for item in self._read_file(copy, given, is_named=True))
        self.revisits = [remote_copies.rename(revisit, copy, file) for revisit in self.revisits]

    def _read_records(self, path: RecordFile) -> Iterator[SourceItem]:
        self._warcs.append(path)
        yield from self._read_warc(path, self._hosts, self._report_progress, self.revisits)

    def _read_folder(self, folder: Path) -> Iterator[SourceItem]:
        pages, root = 0, Path(os.path.realpath(folder))
        errors: list[OSError] = []
        for path in walk_files(folder, errors.append):
            yield from _guard(path, _check_companion(path, self._hosts))
            if unread := list(_guard(path, _find_unread(path, folder, root))):
                yield from unread
                continue
            for item in _guard(path, self._read_file(path, None, is_named=False)):
                pages += not (isinstance(item, Omission) and item.reason == "unknown")
                yield item
        yield from (_report_os_error(Path(error.filename), error) for error in errors)
        if not pages and not errors:
            yield Unreadable(str(folder), "empty", "a folder that holds no pages")

    def _read_file(self, path: Path, given: Sidecar | None, *, is_named: bool) -> Iterator[SourceItem]:
        if problem := _report_missing_file(path):
            yield problem
            return
        kind = _detect_kind(path)
        if kind == "warc":
            yield from self._read_records(path)
        elif kind == "wacz":
            package = wacz.WaczFile(path, self._hosts, self._report_progress, self.revisits)
            yield from package.read()
            self._warcs += package.warcs
        else:
            self._report_progress(path.stat().st_size)
            if kind == "index":
                self._indexes.append(path)
            else:
                yield from files.read_page(path, self._hosts, given, is_named=is_named)


def measure_size(path: Path | RemoteFile) -> int:
    """Return the bytes of a file, or of all files in a folder, for a progress bar; unreadable files count as 0."""
    if isinstance(path, RemoteFile):
        return path.measure_size()
    total = 0
    with suppress(OSError):
        for file in walk_files(path) if path.is_dir() else (path,):
            total += file.stat().st_size if file.is_file() else 0
    return total


def walk_files(folder: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Yield every file below a folder in the order of their names, and every link to a folder, not followed.

    `on_error` is called for each folder that cannot be opened.
    """
    for parent, folders, names in os.walk(folder, onerror=on_error):
        folders.sort()
        links = [name for name in folders if Path(parent, name).is_symlink()]
        yield from (Path(parent, name) for name in sorted([*names, *links]))


def _find_unread(path: Path, folder: Path, root: Path) -> Iterator[Unreadable | Omission]:
    """Yield why a file in a folder is not read; nothing for one that is."""
    if unread := _find_omission(path, folder) or _check_link(path, root):
        yield unread


def _find_omission(path: Path, folder: Path) -> Omission | None:
    where = str(path)
    if any(part.startswith(".") for part in path.relative_to(folder).parts):
        return Omission(where, "hidden")
    if path.name.endswith(sidecar.ENDING):
        return Omission(where, "sidecar")
    if media.is_document_name(path.name):
        return Omission(where, "document", media.ending_of(path.name))
    if media.is_asset(path.name) or mirror.belongs_to_saved_page(path, folder) or mirror.is_mirror_file(path):
        return Omission(where, "asset", media.ending_of(path.name))
    if mirror.has_original_beside(path):
        return Omission(where, "copy")
    if _NOTES.fullmatch(path.name) or bag.is_tag_file(path) or archivebox.is_companion(path):
        return Omission(where, "companion", media.ending_of(path.name))
    return None


def _check_link(path: Path, root: Path) -> Unreadable | Omission | None:
    """Check a link: whoever made the folder may point it at any file that the user can read."""
    if not path.is_symlink():
        return None
    if not Path(os.path.realpath(path)).is_relative_to(root):
        why = "a link that leads out of the folder: not followed; to take in what it leads to, give that path itself"
        return Unreadable(str(path), "link", why)
    return Omission(str(path), "link") if path.is_dir() else None


def _check_companion(path: Path, hosts: Collection[str] | None) -> Iterator[Unreadable]:
    """Check the folder that a file describes."""
    if path.name == bag.DECLARATION:
        yield from bag.check_bag(path.parent)
    elif path.name in archivebox.INDEXES:
        yield from archivebox.check_snapshot(path.parent, hosts)


def _guard(path: RecordFile, items: Iterable[SourceItem]) -> Iterator[SourceItem]:
    """Yield the items of a file; whatever ends them too early is reported, and the next file is read."""
    try:
        yield from guard_items(path, items)
    except OSError as error:
        yield _report_os_error(path, error)


def _report_os_error(path: RecordFile, error: OSError) -> Unreadable:
    if isinstance(error, RemoteTrouble):
        return Unreadable(str(path), "remote", str(error))
    if isinstance(error, PermissionError):
        return Unreadable(str(path), "permission", "no permission to read it")
    return Unreadable(str(path), "damaged", f"cannot be read ({error.strerror or error})")


def _report_missing_file(path: Path) -> Unreadable | None:
    if path.is_file():
        if path.name.endswith(sidecar.ENDING):
            return Unreadable(str(path), "format", "the sidecar of a page; give the page itself")
        return None
    if path.is_symlink():
        return Unreadable(str(path), "missing", "a link to a file that does not exist")
    if not path.exists():
        return Unreadable(str(path), "missing", "no such file or folder")
    return Unreadable(str(path), "format", "neither a file nor a folder")


def _detect_kind(path: Path) -> str | None:
    """Return `warc`, `wacz` or `index`, by the file's name or else by its first bytes; None for a single page."""
    if path.stat().st_size == 0:
        return None
    guess = media.guess_by_name(path.name)
    if guess in ("warc", "wacz", "index"):
        return guess
    with path.open("rb") as file:
        head = file.read(media.HEAD)
    if is_warc_or_arc(head):
        return "warc"
    return "wacz" if head.startswith(LOCAL_HEADER) and wacz.is_wacz(path) else None


def _detect_remote_kind(file: RemoteFile) -> str | None:
    """Return `warc` for a file of records by its name or else by its first bytes, None for any other."""
    if media.guess_by_name(file.name) == "warc":
        return "warc"
    with file.open() as opened:
        return "warc" if is_warc_or_arc(opened.read(media.HEAD)) else None
