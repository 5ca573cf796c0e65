"""What lies in warcs/: the journal in its right order, and the records of pages with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.captures.warc_writer import WarcAppender
from pipelines.maintenance import journal
from pipelines.maintenance.journal import Entry
from scraper.records import Capture, Place
from scraper.sources.archive_records import read_records
from scraper.sources.warc_records import Damage, WarcRecord

_PAGES = frozenset({"response", "resource", "revisit", "conversion"})


@dataclass(slots=True)
class Shelved:
    """The contents of a folder of WARC files."""

    files: int = 0
    entries: list[Entry] = field(default_factory=list)  # of transactions that lasted, in their order
    pages: dict[tuple[str, int], tuple[str, Place]] = field(default_factory=dict)  # type and place by file and offset
    cut: set[tuple[str, int]] = field(default_factory=set)  # places of records whose transactions never lasted
    damage: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether there is a journal and no record of it is missing."""
        return bool(self.entries) and self.holes == 0

    @property
    def holes(self) -> int:
        """How many records of the journal are missing before its last."""
        if not self.entries:
            return 0
        first = self.entries[0].number if self.entries[0].anew else 1
        return self.entries[-1].number - first + 1 - len(self.entries)


class ByReference(WarcAppender):
    """A shelf that adds nothing: what it is given lies at `place` already."""

    place: Place

    def add_member(self, member: bytes) -> Place:
        """The place of the record that is being taken in."""
        return self.place

    def add(self, capture: Capture, subject: str) -> Place:
        """The place of the capture that is being taken in."""
        return self.place


def warc_files(folder: Path) -> list[Path]:
    """The WARC files under warcs/, in the order in which they were begun."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".warc" in path.suffixes)


def shelved(folder: Path, watch: Callable[[int], None]) -> Shelved:
    """Read all files; `watch` is called with the bytes read since the last call. What is damaged is told in `damage`.

    A record of the journal stands for all that came before with the same number or a higher one: those transactions
    never came to last, or the database was taken back to an older copy.
    Of several archives' journals the longest counts.
    """
    told = Shelved()
    by_file = [(path, list(_read(path, folder, told, watch))) for path in warc_files(folder)]
    by_file.sort(
        key=lambda one: (
            one[0].name.partition("Z")[0],
            one[1][0].number if one[1] else 0,
            len(one[0].name),
            one[0].name,
        )
    )
    told.files = len(by_file)
    owners = Counter(entry.archive for _, entries in by_file for entry in entries)
    whose = max(owners, key=lambda name: (owners[name], name), default="")
    for _, entries in by_file:
        for entry in (one for one in entries if one.archive == whose):
            while told.entries and told.entries[-1].number >= entry.number:
                told.cut |= told.entries.pop().places
            if entry.anew:
                told.entries.clear()
            told.entries.append(entry)
    while told.entries and not told.entries[-1].ends:
        told.cut |= told.entries.pop().places
    return told


def _read(path: Path, folder: Path, told: Shelved, watch: Callable[[int], None]) -> Iterator[Entry]:
    name = path.relative_to(folder).as_posix()
    with path.open("rb") as file:
        seen = 0
        since: set[tuple[str, int]] = set()  # the last record of the journal
        for item in read_records(file, str(path)):
            watch(max(0, file.tell() - seen))
            seen = max(seen, file.tell())
            if isinstance(item, Damage):
                told.damage.append(f"{path}: {item.message}")
            elif item.type in _PAGES:
                place = Place(name, item.position.offset, item.length or 0)
                told.pages[name, place.offset] = item.type, place
                since.add((name, place.offset))
            elif entry := _entry(path, item, told):
                since.clear()
                yield entry
        told.cut |= since


def _entry(path: Path, record: WarcRecord, told: Shelved) -> Entry | None:
    if record.headers.get("content-type") != journal.MEDIA_TYPE:
        return None
    try:
        return journal.loaded(record.block)
    except (ValueError, KeyError):
        told.damage.append(f"{path}: a record of the journal cannot be read at byte {record.position.offset}")
        return None
