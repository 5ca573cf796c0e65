"""Which public copy a withdrawal renews: that of this archive, and no other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.maintenance.snapshot import make_snapshot
from scraper.errors import OK
from tests.support.filled_archive import query_database
from tests.support.room import SHARED, fill_room
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_new_archive

_HERE = "SELECT count(*) FROM briefs WHERE path = '{}'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("ours"))


def test_another_archive_s_copy_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    with open_new_archive(tmp_path) as theirs:  # an archive is known by when it was made
        ingest_capture(theirs, *make_page(make_brief()))
    copy = make_snapshot(make_settings(tmp_path)).path
    before = copy.read_bytes()
    run = scrapy(folder, "withdraw", SHARED, "--reason", "asked", "-s", f"SNAPSHOT={copy}")
    assert (run.returncode, copy.read_bytes()) == (OK, before)
    assert f"{copy} is a copy of another archive" in run.stderr


def test_that_there_is_no_copy_is_said_and_ours_is_renewed(folder: Path) -> None:
    scrapy(folder, "withdraw", SHARED, "--undo", "-s", f"SNAPSHOT={folder / 'public/archive.db'}")
    none = scrapy(folder, "withdraw", SHARED, "--reason", "asked", "-s", f"SNAPSHOT={folder / 'none.db'}")
    assert f"No public copy stands at {folder / 'none.db'}" in none.stdout
    scrapy(folder, "withdraw", SHARED, "--undo", "-s", f"SNAPSHOT={folder / 'none.db'}")
    copy = make_snapshot(make_settings(folder)).path
    assert query_database(copy, _HERE.format(SHARED)) == [(1,)]
    ours = scrapy(folder, "withdraw", SHARED, "--reason", "asked", "-s", f"SNAPSHOT={copy}")
    assert "renewed" in ours.stdout
    assert query_database(copy, _HERE.format(SHARED)) == [(0,)]
