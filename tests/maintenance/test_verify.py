"""Damage of every kind is found, named in one line, and its remedy works."""

from __future__ import annotations

import shlex
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.maintenance.verify import verify_archive
from pipelines.workers import Workers
from scraper.errors import DATA, IO, OK
from tests.support.archive_history import dump_rows
from tests.support.archive_tables import compare_tables
from tests.support.filled_archive import edit_database, query_database
from tests.support.scrapy_running import ROOT, scrapy
from tests.support.specimens import make_settings


def lines(folder: Path) -> list[str]:
    return [str(damage) for damage in verify_archive(make_settings(folder)).damage]


def warc(folder: Path) -> Path:
    (found,) = (folder / "warcs").glob("*.warc.gz")
    return found


def test_a_sound_archive_is_sound(archive: Path) -> None:
    before = (archive / "archive.db").read_bytes()
    run = scrapy(archive, "verify")
    assert (run.returncode, run.stderr) == (OK, "")
    assert run.stdout.endswith("captures: sound\n")
    assert (archive / "archive.db").read_bytes() == before


def test_a_sample_looks_at_all_captures_in_turn(archive: Path) -> None:
    captures = len(query_database(archive / "archive.db", "SELECT id FROM captures"))
    health = verify_archive(make_settings(archive), sample=5)
    assert health.captures == captures
    assert 0 < health.checked <= 5


def test_no_archive_is_one_line_and_none_is_made(tmp_path: Path) -> None:
    run = scrapy(tmp_path, "verify")
    assert run.returncode == DATA
    assert len(run.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_missing_warc_is_one_line(archive: Path) -> None:
    warc(archive).unlink()
    run = scrapy(archive, "verify")
    assert run.returncode == IO
    journal, line = run.stderr.splitlines()
    assert "rebuild --journal" in journal
    assert "brief-archive-" in line
    assert "restore the file from a copy, or write them anew: " in line


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_a_page_is_found(pristine: Path, tmp_path: Path, data: st.DataObject) -> None:
    rows = query_database(pristine / "archive.db", "SELECT warc_offset, warc_length, path FROM captures")
    offset, length, path = data.draw(st.sampled_from(rows))
    place = offset + data.draw(st.integers(length // 2, length - 40))  # behind the headers, before what ends a record
    raw = bytearray(warc(pristine).read_bytes())
    raw[place] ^= data.draw(st.integers(1, 255))
    warcs = tmp_path / "warcs"
    warcs.mkdir(exist_ok=True)
    (warcs / warc(pristine).name).write_bytes(raw)
    damage = verify_archive(make_settings(pristine, WARCS_DIR=str(warcs))).damage
    # A changed byte of the packed record may be one that unpacks to the same page; then nothing is damaged.
    assert all(path in item.what and "1 of" in item.what for item in damage)
    assert len(damage) <= 1
    changed = bytes(raw[offset : offset + length])
    assert damage or same_page(changed, bytes(warc(pristine).read_bytes()[offset : offset + length]))


def same_page(item: bytes, other: bytes) -> bool:
    def page(member: bytes) -> bytes:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(member).partition(b"\r\n\r\n")[2]

    return page(item) == page(other)


def test_an_orphan_is_found(archive: Path) -> None:
    edit_database(archive / "archive.db", "PRAGMA foreign_keys = OFF", "DELETE FROM authors")
    assert any("has no authors" in line for line in lines(archive))


def test_a_broken_rule_of_the_tables_is_found(archive: Path) -> None:
    edit_database(
        archive / "archive.db", "PRAGMA ignore_check_constraints = ON", "UPDATE briefs SET published = 'soon'"
    )
    assert any("CHECK constraint failed in briefs" in line for line in lines(archive))


def test_the_remedy_for_a_search_index_works(archive: Path) -> None:
    edit_database(archive / "archive.db", "INSERT INTO briefs_fts (briefs_fts) VALUES ('delete-all')")
    (line,) = lines(archive)
    assert "search index" in line
    remedy = line.rpartition("sqlite-utils ")[2].partition(";")[0]
    subprocess.run([str(ROOT / ".venv/bin/sqlite-utils"), *shlex.split(remedy)], check=True)
    assert lines(archive) == []


def test_the_remedy_for_a_database_works(archive: Path) -> None:
    known = dump_rows(archive / "archive.db")
    raw = bytearray((archive / "archive.db").read_bytes())
    for page in range(4096 * 3, len(raw), 4096 * 7):
        raw[page : page + 512] = b"\xa5" * 512
    (archive / "archive.db").write_bytes(raw)
    run = scrapy(archive, "verify")
    assert run.returncode == IO
    assert "Traceback" not in run.stderr
    remedy = run.stderr.splitlines()[0].rpartition("pages kept: ")[2]
    assert subprocess.run(shlex.split(remedy), cwd=ROOT, check=False, capture_output=True).returncode == OK
    assert compare_tables(known, dump_rows(archive / "archive.db")) == []
    assert lines(archive) == []


@pytest.mark.parametrize("start", [0, 100, 4096])
def test_a_database_cut_off_or_overwritten_is_no_traceback(archive: Path, start: int) -> None:
    raw = (archive / "archive.db").read_bytes()
    (archive / "archive.db").write_bytes(raw[:start] + b"\0" * 5000 + raw[start + 5000 : len(raw) // 2])
    run = scrapy(archive, "verify")
    assert run.returncode not in (OK, 1)
    assert "Traceback" not in run.stderr


def test_workers_find_what_one_process_finds(archive: Path) -> None:
    raw = bytearray(warc(archive).read_bytes())
    for offset, length in query_database(
        archive / "archive.db", "SELECT warc_offset, warc_length FROM captures LIMIT 2"
    ):
        raw[offset + length // 2] ^= 255
    warc(archive).write_bytes(raw)
    edit_database(archive / "archive.db", "UPDATE captures SET captured_at = '2001-01-01T00:00:00Z' WHERE id = 4")
    result = []
    for count in (1, 2):
        done = list[tuple[int, int]]()
        workers = Workers(pytest.fail, count, few=0)
        health = verify_archive(make_settings(archive), workers=workers, progress=lambda *now: done.append(now))  # noqa: B023
        result.append((health, done))
    assert result[0] == result[1]
    assert ["pages checked" in line.what for line in result[0][0].damage].count(True) == 1
    assert ["address or time" in line.what for line in result[0][0].damage].count(True) == 1
