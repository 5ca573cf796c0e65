"""Single bits flipped in archive.db, its -wal and warcs/: which changes does `verify` not see?"""

from __future__ import annotations

import gzip
import random
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.attacks.outcome import Outcome
from pipelines.maintenance.verify import verify_archive
from scraper.errors import ArchiveError
from tests.support.archive_history import dump_rows
from tests.support.filled_archive import fill_archive
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive

_UNREADABLE = (sqlite3.Error, UnicodeError)


@dataclass
class Flips:
    """What became of the flips in one place."""

    changed: int = 0  # something that is shown
    unseen: list[str] = field(default_factory=list)  # of these


def read_records(folder: Path) -> list[bytes]:
    """The unpacked bytes of each WARC file, empty for one that cannot be unpacked whole."""
    return [_unpack(file.read_bytes()) for file in sorted((folder / "warcs").iterdir())]


def _unpack(raw: bytes) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        return b""


def read_state(folder: Path) -> object:
    """All that readers can be shown; a word where it cannot be read at all. A reader would empty the -wal: a copy."""
    with tempfile.TemporaryDirectory() as name:
        for file in folder.glob("archive.db*"):
            shutil.copy(file, name)
        try:
            return dump_rows(Path(name) / "archive.db")
        except _UNREADABLE as error:
            return str(error)


def is_seen(folder: Path) -> bool:
    """Whether verify tells of damage; a refusal to open the archive counts, and a record that it does without."""
    try:
        health = verify_archive(make_settings(folder))
        return bool(health.damage) or any("damaged" in note for note in health.notes)
    except ArchiveError:
        return True


def flip_bit(path: Path, chance: random.Random) -> int:
    """Flip one bit of the file; return the byte that it is in."""
    raw = bytearray(path.read_bytes())
    place = chance.randrange(len(raw))
    raw[place] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)
    return place


def measure_flips(
    pristine: Path, copy: Path, choose: Callable[[Path], Path], number: int, chance: random.Random
) -> Flips:
    """Flip `number` bits, each in a new copy of the archive."""
    flips, before, records = Flips(), read_state(pristine), read_records(pristine)
    for _ in range(number):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(pristine, copy)
        file = choose(copy)
        place = flip_bit(file, chance)
        if read_records(copy) != records or read_state(copy) != before:
            flips.changed += 1
            if not is_seen(copy):
                flips.unseen.append(f"{file.name} byte {place}")
    return flips


def leave_log(folder: Path) -> None:
    """A last transaction that is in the -wal alone, as a killed run leaves it."""
    with open_archive(folder) as archive:
        archive.db.execute("PRAGMA wal_autocheckpoint = 0")
        ingest_capture(archive, *make_page(make_brief("/2020/05/05/new/")))
        for name in ("archive.db", "archive.db-wal"):
            shutil.copy(folder / name, folder / f"{name}.copy")
    for name in ("archive.db", "archive.db-wal"):
        (folder / f"{name}.copy").replace(folder / name)
    (folder / "archive.db-shm").unlink(missing_ok=True)


def run_places(folder: Path, number: int, seed: int) -> Iterator[tuple[str, Flips]]:
    """Measure each place where the bits of an archive lie."""
    pristine, logged = folder / "pristine", folder / "logged"
    pristine.mkdir()
    fill_archive(pristine)
    with closing(sqlite3.connect(pristine / "archive.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(pristine, logged)
    leave_log(logged)
    for name, source, choose in (
        ("archive.db", pristine, lambda copy: copy / "archive.db"),
        ("archive.db-wal", logged, lambda copy: copy / "archive.db-wal"),
        ("warcs/", pristine, lambda copy: next((copy / "warcs").iterdir())),
    ):
        yield name, measure_flips(source, folder / "copy", choose, number, random.Random(seed))


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Flip `number` bits in each place; a change of what is shown that verify does not see is lost."""
    outcome = Outcome("flipped bits")
    for place, flips in run_places(folder, number, seed):
        print(f"{place}: {number} flips, {flips.changed} changed something that is shown, {len(flips.unseen)} unseen")
        outcome.tries += number
        outcome.note("lost", len(flips.unseen), f"{place}: {', '.join(flips.unseen)}")
    return outcome
