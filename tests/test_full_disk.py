"""A disk that fills up loses nothing that was committed, leaves no half of a record, and is told in one line."""

from __future__ import annotations

import resource
import signal
import sqlite3
from pathlib import Path

import pytest

from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.warc_folder import scan_warcs
from scraper.errors import DiskTrouble
from tests.filled_archive import make_settings
from tests.specimens import (
    LATER,
    ingest_capture,
    make_brief,
    make_page,
    open_archive,
    read_rows,
)


@pytest.mark.parametrize("room", [0, 10, 400])
def test_a_full_disk_leaves_no_beginning_of_a_record(tmp_path: Path, room: int) -> None:
    """The limit is this process's: a write that passes it is cut short, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
        (warc,) = (tmp_path / "warcs").iterdir()
        size = warc.stat().st_size
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
            with pytest.raises(DiskTrouble):
                archive.keep_bytes(make_page(make_brief(), at=LATER)[0])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, handler)
        assert warc.stat().st_size == size
        ingest_capture(archive, *make_page(make_brief(), at=LATER))
    assert verify_archive(make_settings(tmp_path)).damage == ()


def test_a_commit_that_fails_leaves_no_hole_in_the_journal(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=100) as archive:
        archive.db.execute("CREATE TEMP TRIGGER fail BEFORE DELETE ON unwritten BEGIN SELECT raise(ABORT, 'no'); END")
        ingest_capture(archive, *make_page(make_brief()))
        with pytest.raises(sqlite3.IntegrityError):
            archive.commit()
        assert scan_warcs(tmp_path / "warcs", lambda more: None).entries == []
        archive.db.execute("DROP TRIGGER fail")
        assert archive.transaction.tally["new"] == 0
        ingest_capture(archive, *make_page(make_brief(), at=LATER))
    assert verify_archive(make_settings(tmp_path)).damage == ()
    assert read_rows(tmp_path, "SELECT captured_at FROM captures") == [(LATER,)]
