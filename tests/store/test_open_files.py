"""A database or WARC file that is deleted or replaced under its writer ends the command with one line and 74."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.errors import IO, DiskTrouble
from tests.support.specimens import LATER, ingest_capture, make_brief, make_page, open_archive, read_rows


def replace_database(folder: Path) -> None:
    shutil.copy(folder / "archive.db", folder / "other.db")
    (folder / "other.db").replace(folder / "archive.db")


def replace_warcs(folder: Path) -> None:
    (folder / "warcs").rename(folder / "old")
    shutil.copytree(folder / "old", folder / "warcs")


def unlink_warc(folder: Path) -> None:
    max((folder / "warcs").iterdir()).unlink()


def cut_warc(folder: Path) -> None:
    os.truncate(max((folder / "warcs").iterdir()), 0)


def overwrite_warc(folder: Path) -> None:
    """As `cp` does, which keeps the inode."""
    shutil.copyfile(folder / "archive.db", max((folder / "warcs").iterdir()))


def extend_warc(folder: Path) -> None:
    with max((folder / "warcs").iterdir()).open("ab") as file:
        file.write(b"of another program")


LOSSES: dict[str, Callable[[Path], object]] = {
    "database": lambda folder: (folder / "archive.db").unlink(),
    "another database": replace_database,
    "log": lambda folder: (folder / "archive.db-wal").unlink(),
    "lock": lambda folder: (folder / "archive.db-lock").unlink(),
    "warc": unlink_warc,
    "warcs": lambda folder: shutil.rmtree(folder / "warcs"),
    "other warcs": replace_warcs,
    "cut warc": cut_warc,
    "overwritten warc": overwrite_warc,
    "longer warc": extend_warc,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_lost_under_a_writer_ends_it_at_the_next_commit(tmp_path: Path, loss: str) -> None:
    refuses = pytest.raises(DiskTrouble, match="while this command wrote to it")
    with refuses as refusal, open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
        LOSSES[loss](tmp_path)
        ingest_capture(archive, *make_page(make_brief(), at=LATER))
    assert refusal.value.exit_code == IO
    assert str(refusal.value).startswith(str(tmp_path))


@pytest.mark.parametrize("loss", ["warcs", "other warcs"])
def test_a_folder_that_is_lost_before_the_first_page_is_not_made_again(tmp_path: Path, loss: str) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
    before = read_rows(tmp_path, "SELECT path FROM captures")
    with pytest.raises(DiskTrouble, match="while this command wrote to it"), open_archive(tmp_path) as archive:
        LOSSES[loss](tmp_path)
        ingest_capture(archive, *make_page(make_brief(), at=LATER))
    assert read_rows(tmp_path, "SELECT path FROM captures") == before


def test_even_a_command_that_wrote_nothing_tells_it(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match="deleted or moved away"), open_archive(tmp_path):
        (tmp_path / "archive.db").rename(tmp_path / "moved.db")
