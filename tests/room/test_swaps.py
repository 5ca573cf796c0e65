"""Another file in the archive's place: shown without a restart and without an error, or refused in one line."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from pipelines.maintenance.snapshot import make_snapshot
from reading_room.server.settings import NAME
from tests.support.exported_archive import EMAIL
from tests.support.exported_archive import fill_exportable as with_contacts
from tests.support.room import set_up_room
from tests.support.room_facts import QUESTIONS, read
from tests.support.room_writer import Night
from tests.support.serving import get, serve_room
from tests.support.specimens import make_settings
from tests.support.waiting import wait_for

SWAPS = 5


def hash_shown(address: str) -> object:
    return json.loads(get(f"{address}/-/databases.json"))[0]["hash"]


def briefs_shown(address: str) -> int:
    return int(json.loads(get(f"{address}/archive.json?_shape=array&sql=select+count(*)+as+n+from+briefs"))[0]["n"])


@pytest.fixture
def night(tmp_path: Path) -> Night:
    item = Night(tmp_path)
    item.begin()
    return item


def test_swaps_under_eight_readers(night: Night, tmp_path: Path) -> None:
    over, log = Event(), tmp_path / "log"
    make_snapshot(make_settings(tmp_path))
    with ThreadPoolExecutor() as pool, serve_room(tmp_path / "public/archive.db", "--immutable", log=log) as address:
        reading = pool.submit(read, address, over)
        try:
            for _ in range(SWAPS):
                night.run(5)
                digest = make_snapshot(make_settings(tmp_path)).sha256
                wait_for(lambda: hash_shown(address) == digest, "what was put there")  # noqa: B023 - asked in this very turn
                assert briefs_shown(address) == night.briefs
        finally:
            over.set()
        result = reading.result()
    assert result.faults == []
    assert set(result.reads) == set(QUESTIONS)
    assert "not shown" not in log.read_text()


def test_the_first_reader_after_a_swap_sees_the_new_one(night: Night, tmp_path: Path) -> None:
    make_snapshot(make_settings(tmp_path))
    with serve_room(tmp_path / "public/archive.db", "--immutable") as address:
        for _ in range(3):
            before = briefs_shown(address)
            while night.briefs == before:
                night.run(5)
            make_snapshot(make_settings(tmp_path))
            assert briefs_shown(address) == night.briefs  # as after a withdrawal, when nobody may see the old one


def test_a_room_that_is_closed_while_it_opens_a_new_file_leaves_none_open(night: Night, tmp_path: Path) -> None:
    target, copy = tmp_path / "public/archive.db", tmp_path / "copy"
    make_snapshot(make_settings(tmp_path))

    async def close_early() -> None:
        async with set_up_room(target, immutable=True) as room:
            shutil.copy(target, copy)
            copy.replace(target)
            room.databases[NAME].start_exchange()

    asyncio.run(close_early())
    assert list_open_files(target) == []


def list_open_files(path: Path) -> list[str]:
    """The descriptors of this process that are open on the path, on a file that was there before, too."""
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [str(link) for link in links if str(link).startswith(str(path))]


def damage_copy(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    bad.write_bytes(whole[: len(whole) // 2])


def overwritten(good: Path, bad: Path) -> None:
    whole = bytearray(good.read_bytes())
    whole[8192:40960] = b"\xff" * 32768
    bad.write_bytes(whole)


def foreign(good: Path, bad: Path) -> None:
    with closing(sqlite3.connect(bad)) as db:
        db.execute("CREATE TABLE briefs (id INTEGER PRIMARY KEY, title TEXT)")


def no_database(good: Path, bad: Path) -> None:
    bad.write_text("Sorry, the disk of this machine is being repaired.")


def test_what_is_no_sound_archive_is_refused_in_one_line_and_the_former_file_is_shown(
    night: Night, tmp_path: Path
) -> None:
    target, bad, log = tmp_path / "public/archive.db", tmp_path / "bad", tmp_path / "log"
    digest = make_snapshot(make_settings(tmp_path)).sha256
    with serve_room(target, "--immutable", log=log) as address:
        for turn, make in enumerate((damage_copy, overwritten, foreign, no_database), 1):
            shutil.copy(target, tmp_path / "good")
            make(tmp_path / "good", bad)
            bad.replace(target)
            wait_for(lambda: has_databases(address) and refusals(log) == turn, "what was put there")  # noqa: B023
            with ThreadPoolExecutor(20) as pool:
                assert set(pool.map(hash_shown, [address] * 20)) == {digest}
            assert briefs_shown(address) == night.briefs
            assert refusals(log) == turn
            night.run(1)
            digest = make_snapshot(make_settings(tmp_path)).sha256
            wait_for(lambda: hash_shown(address) == digest, "what was put there")  # noqa: B023
        target.unlink()
        assert hash_shown(address) == digest
    assert "Traceback" not in log.read_text()


def has_databases(address: str) -> bool:
    return bool(get(f"{address}/-/databases.json"))


def refusals(log: Path) -> int:
    return log.read_text().count("the file that replaced it is not shown: ")


def test_an_archive_that_grows_is_replaced_as_well_but_not_below_the_log_of_the_former(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("here", "new", "newer")]
    for turn, folder in enumerate(folders):
        folder.mkdir()
        night = Night(folder)
        night.begin()
        night.run(10 * turn)
    here, new, newer = (folder / "archive.db" for folder in folders)
    with serve_room(here, log=tmp_path / "log") as address:
        first = briefs_shown(address)
        new.replace(here)
        wait_for(lambda: has_databases(address) and refusals(tmp_path / "log") == 1, "what was put there")
        assert briefs_shown(address) == first
        take_log_away(here)
        wait_for(lambda: briefs_shown(address) == first + 2, "what was put there")
        take_log_away(here)
        newer.replace(here)
        wait_for(lambda: briefs_shown(address) == first + 4, "what was put there")
        night.folder = here.parent  # and it goes on growing there
        night.run(1)
        assert briefs_shown(address) == first + 5
    assert "Traceback" not in (tmp_path / "log").read_text()


def take_log_away(database: Path) -> None:
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)


def everything_shown(database: Path) -> Iterator[str]:
    """All that a reader can get of an archive: pages, tables, rows as CSV and JSON, searches."""
    with serve_room(database, "--immutable") as address:
        result = json.loads(get(f"{address}/archive.json"))
        for name in [item["name"] for kind in ("tables", "views") for item in result[kind]]:
            yield get(f"{address}/archive/{name}?_size=max")
            yield get(f"{address}/archive/{name}.json?_size=max&_labels=on")
            yield get(f"{address}/archive/{name}.csv?_stream=on&_labels=on")
        for row in json.loads(get(f"{address}/archive/briefs.json?_shape=array&_size=max")):
            yield get(f"{address}/archive/briefs/{row['id']}")
            yield get(f"{address}/archive/briefs/{row['id']}.json")
        yield get(f"{address}/archive/search.json?q=fenn+mail")
        yield get(f"{address}/archive/briefs?_search=fenn+mail+example")
        yield get(f"{address}/")


def test_no_reader_of_a_snapshot_gets_a_writers_address(tmp_path: Path) -> None:
    folder = with_contacts(tmp_path)
    make_snapshot(make_settings(folder))
    hidden = list(everything_shown(folder / "public/archive.db"))
    assert [text for text in hidden if EMAIL in text.lower() or EMAIL.replace("@", "%40") in text.lower()] == []
    make_snapshot(make_settings(folder), with_contacts=True)
    assert any(EMAIL in text for text in everything_shown(folder / "public/archive.db"))
