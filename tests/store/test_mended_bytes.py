"""Damaged bytes of a capture are written anew when the same capture comes again, and the archive is sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.ingest import Intake
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.verify import verify_archive
from scraper.address import SITE_HOSTS
from scraper.console.stop_signals import StopFlag
from scraper.records import Capture, Source
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.small_site import Post
from tests.support.specimens import LATER, NOON, ingest_capture, make_capture, make_settings, open_archive, read_rows

_PLACES = "SELECT warc_offset, warc_length FROM captures ORDER BY id"


def flip_bit(warc: Path, offset: int, length: int) -> None:
    raw = bytearray(warc.read_bytes())
    raw[offset + length // 2] ^= 1
    warc.write_bytes(raw)


def flip_checksum(warc: Path, offset: int, length: int) -> None:
    """Our own reader forgives this, others do not."""
    raw = bytearray(warc.read_bytes())
    raw[offset + length - 6] ^= 1
    warc.write_bytes(raw)


def erase_record(warc: Path, offset: int, length: int) -> None:
    raw = bytearray(warc.read_bytes())
    raw[offset : offset + length] = bytes(length)
    warc.write_bytes(raw)


def cut_file(warc: Path, offset: int, length: int) -> None:
    warc.write_bytes(warc.read_bytes()[: offset + length // 2])


DAMAGE: dict[str, Callable[[Path, int, int], object]] = {
    "bit": flip_bit,
    "checksum": flip_checksum,
    "zeros": erase_record,
    "end": cut_file,
    "file": lambda warc, offset, length: warc.unlink(),
}


def make_post(number: int, source: Source, at: str = NOON) -> Capture:
    post = Post(number)
    return make_capture(post.page(), at, path=post.path, source=source)


def ingest_again(folder: Path, *captures: Capture) -> int:
    """As `briefs ingest` does; returns how many records were written anew."""
    with open_archive(folder) as archive:
        intake = Intake(archive, SITE_HOSTS, lambda line: None, StopFlag())
        intake.take_items(captures)
        assert intake.counts == {"known": len(captures), "readings": len(captures)}
        return archive.tally["mended"]


@pytest.mark.parametrize("source", ["file", "live"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_the_same_capture_brings_them_back(tmp_path: Path, damage: str, source: Source) -> None:
    captures = [make_post(number, source) for number in (1, 2)]
    with open_archive(tmp_path) as archive:
        for capture in captures:
            ingest_capture(archive, capture)
    (warc,) = (tmp_path / "warcs").iterdir()
    rows = read_tables(tmp_path / "archive.db")
    DAMAGE[damage](warc, *read_rows(tmp_path, _PLACES)[0])
    is_file_lost = damage in ("end", "file")
    assert ingest_again(tmp_path, *captures) == 1 + is_file_lost
    journal_damage = verify_archive(make_settings(tmp_path)).damage
    assert len(journal_damage) == is_file_lost, journal_damage
    assert ingest_again(tmp_path, *captures) == 0
    assert compare_tables(rows, read_tables(tmp_path / "archive.db")) == []


def test_a_rebuild_uses_the_new_ones(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, make_post(1, "file"))
    rows = read_tables(tmp_path / "archive.db")
    (warc,) = (tmp_path / "warcs").iterdir()
    flip_bit(warc, *read_rows(tmp_path, _PLACES)[0])
    assert ingest_again(tmp_path, make_post(1, "file")) == 1
    assert rebuild_archive(make_settings(tmp_path), replace=True).lost == ()
    assert compare_tables(rows, read_tables(tmp_path / "archive.db")) == []


def test_a_live_page_met_unchanged_brings_them_back_with_the_older_instant(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, make_post(1, "live"))
    (warc,) = (tmp_path / "warcs").iterdir()
    flip_bit(warc, *read_rows(tmp_path, _PLACES)[0])
    with open_archive(tmp_path) as archive:
        assert ingest_capture(archive, make_post(1, "live", LATER)) == "unchanged"
        assert archive.tally["mended"] == 1
    assert verify_archive(make_settings(tmp_path)).damage == ()
    assert read_rows(tmp_path, "SELECT captured_at FROM captures") == [(NOON,)]
