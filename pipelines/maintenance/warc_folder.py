"""The contents of warcs/: the journal in its right order, and the records of pages with their places."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.captures.warc_writer import WarcAppender, read_serial
from pipelines.maintenance import journal
from pipelines.maintenance.journal import Entry
from scraper.records import Capture, Place
from scraper.sources.archive_records import read_records
from scraper.sources.warc_records import Damage, WarcRecord

_REFERENCES = "SELECT warc_file, warc_offset FROM captures UNION SELECT warc_file, warc_offset FROM revisits"
_PAGES = frozenset({"response", "resource", "revisit", "conversion"})


@dataclass(frozen=True, slots=True)
class FileDamage:
    """What is wrong at a place of a file."""

    place: tuple[str, int | None]  # file and offset
    message: str

    @property
    def is_torn(self) -> bool:
        """Whether the file ends in the middle of a record."""
        return "breaks off" in self.message


@dataclass(slots=True)
class WarcFolder:
    """The contents of a folder of WARC files."""

    files: int = 0
    entries: list[Entry] = field(default_factory=list)  # of committed transactions, in their order
    pages: dict[tuple[str, int], tuple[str, Place]] = field(default_factory=dict)  # type and place by file and offset
    cut: set[tuple[str, int]] = field(default_factory=set)  # places of records of uncommitted transactions
    damage: list[FileDamage] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether there is a journal and no record of it is missing."""
        return bool(self.entries) and self.holes == 0

    @property
    def holes(self) -> int:
        """How many records of the journal are missing before its last."""
        if not self.entries:
            return 0
        first = self.entries[0].number if self.entries[0].anew else 1
        return self.entries[-1].number - first + 1 - len(self.entries)

    def list_harm(self, referred: Collection[tuple[str, int]]) -> list[FileDamage]:
        """The damage to what somebody may still need, one of a place.

        The archive does without a record that a kill or a full disk cut off, and without one whose page was taken in
        again; the journal says where that lay before.
        """
        useless: set[tuple[str, int | None]] = {damage.place for damage in self.damage if damage.is_torn}
        useless |= {place for entry in self.entries for place in entry.places if place not in referred}
        harm = {damage.place: damage for damage in reversed(self.damage)}
        return [damage for place, damage in harm.items() if not self.is_whole or place not in useless]


class WarcReferences(WarcAppender):
    """A writer that writes nothing: what it is given already lies at `place`."""

    place: Place

    def add_member(self, member: bytes) -> Place:
        """The place of the record."""
        return self.place

    def add(self, capture: Capture, subject: str) -> Place:
        """The place of the capture's record."""
        return self.place


def read_references(db: sqlite3.Connection) -> set[tuple[str, int]]:
    """Files and offsets of the records that rows of the archive refer to."""
    return set(db.execute(_REFERENCES).fetchall())


def list_warc_files(folder: Path) -> list[Path]:
    """The WARC files under warcs/, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".warc" in path.suffixes)


def scan_warcs(folder: Path, report: Callable[[int], None]) -> WarcFolder:
    """Read all files; `report` is called with the bytes read since the last call. Damage is listed in `damage`.

    A record of the journal replaces all earlier ones with the same number or a higher one: those transactions were
    never committed, or the database was restored from an older copy.
    Of several archives' journals the longest counts.
    """
    contents = WarcFolder()
    by_file = [(path, list(_scan_file(path, folder, contents, report))) for path in list_warc_files(folder)]
    # What is rescued of a damaged record may be JSON all the same, and say something else.
    damaged = {damage.place for damage in contents.damage}
    by_file = [(path, [entry for entry in entries if entry.place not in damaged]) for path, entries in by_file]
    by_file.sort(key=lambda file: _rank_file(*file))
    contents.files = len(by_file)
    owners = Counter(entry.archive for _, entries in by_file for entry in entries)
    archive = max(owners, key=lambda name: (owners[name], name), default="")
    own_files = [[entry for entry in entries if entry.archive == archive] for _, entries in by_file]
    for entry in order_entries([entries for entries in own_files if entries]):
        while contents.entries and contents.entries[-1].number >= entry.number:
            contents.cut |= contents.entries.pop().places
        contents.entries.append(entry)
    while contents.entries and not contents.entries[-1].ends:
        contents.cut |= contents.entries.pop().places
    newest_start = max((place for place, entry in enumerate(contents.entries) if entry.anew), default=0)
    del contents.entries[:newest_start]
    return contents


def _rank_file(path: Path, entries: list[Entry]) -> tuple[int, str, int, int, str]:
    # Names without a serial number have no finer time than the second, in which the journal tells more.
    first = entries[0].number if entries else 0
    return read_serial(path.name), path.name.partition("Z")[0], first, len(path.name), path.name


def order_entries(files: list[list[Entry]]) -> Iterator[Entry]:
    """Yield the records of the files, which are in the order of their names, in the order of their writing.

    Names without a serial number are in the order of a clock that may have been set back. So a file whose first record
    follows none waits for the file that ends with the record before it.
    """
    by_end: dict[int, list[int]] = defaultdict(list)  # the last transaction of a file may never have been committed
    for place, entries in enumerate(files):
        for number in sorted({entry.number for entry in entries if entry.ends})[-2:]:
            by_end[number].append(place)
    last = 0
    waiting = set(range(len(files)))
    for place in range(len(files)):
        chain = [place] if place in waiting else []
        while chain and (first := files[chain[-1]][0].number) > last + 1:
            before = (other for other in by_end[first - 1] if other in waiting and files[other][0].number < first)
            if (other := next(before, None)) is None:
                break
            chain.append(other)
        for chosen in reversed(chain):
            yield from files[chosen]
            last = files[chosen][-1].number
        waiting.difference_update(chain)


def _scan_file(path: Path, folder: Path, contents: WarcFolder, report: Callable[[int], None]) -> Iterator[Entry]:
    name = path.relative_to(folder).as_posix()
    with path.open("rb") as file:
        position = 0
        since: set[tuple[str, int]] = set()  # the last record of the journal
        for item in read_records(file, str(path)):
            report(max(0, file.tell() - position))
            position = max(position, file.tell())
            if isinstance(item, Damage):
                contents.damage.append(FileDamage((name, item.offset), f"{path}: {item.message}"))
            elif item.type in _PAGES:
                place = Place(name, item.position.offset, item.length or 0)
                contents.pages[name, place.offset] = item.type, place
                since.add((name, place.offset))
            elif entry := _load_entry(path, name, item, contents):
                since.clear()
                yield entry
        contents.cut |= since


def _load_entry(path: Path, name: str, record: WarcRecord, contents: WarcFolder) -> Entry | None:
    place = name, record.position.offset
    if record.headers.get("content-type") != journal.MEDIA_TYPE:
        return None
    try:
        return replace(journal.load_entry(record.block), place=place)
    except (ValueError, KeyError):
        message = f"{path}: a record of the journal cannot be read at byte {place[1]}"
        contents.damage.append(FileDamage(place, message))
        return None
