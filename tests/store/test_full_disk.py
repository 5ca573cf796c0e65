"""A disk that fills up loses nothing that was committed, leaves no half of a record, and is told in one line."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.warc_folder import scan_warcs
from pipelines.maintenance.withdraw import withdraw_post
from pipelines.withdrawals.requests import request_withdrawal
from scraper.errors import IO, DiskTrouble
from tests.support.specimens import (
    LATER,
    PATH,
    ingest_capture,
    make_brief,
    make_page,
    make_settings,
    open_archive,
    read_rows,
)


@contextmanager
def limit_file_size(size: int) -> Iterator[None]:
    """A write of this process that passes the limit is cut short, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("room", [0, 10, 400])
def test_a_full_disk_leaves_no_beginning_of_a_record(tmp_path: Path, room: int) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
        (warc,) = (tmp_path / "warcs").iterdir()
        size = warc.stat().st_size
        with limit_file_size(size + room), pytest.raises(DiskTrouble):
            archive.keep_bytes(make_page(make_brief(), at=LATER)[0])
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


def test_a_journal_that_cannot_be_written_anew_is_as_it_was(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
        archive.commit()
        before = scan_warcs(tmp_path / "warcs", lambda more: None).entries
        archive.db.execute("CREATE TEMP TRIGGER fail BEFORE DELETE ON unwritten BEGIN SELECT raise(ABORT, 'no'); END")
        with pytest.raises(sqlite3.IntegrityError):
            archive.transaction.write_journal_anew()
        assert scan_warcs(tmp_path / "warcs", lambda more: None).entries == before
        archive.db.execute("DROP TRIGGER fail")
    assert verify_archive(make_settings(tmp_path)).damage == ()


def test_a_withdrawal_whose_bytes_stay_in_the_file_is_not_done(tmp_path: Path) -> None:
    """The rows fit, but not the copy of the file that sweeps it."""
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
    size = (tmp_path / "archive.db").stat().st_size
    with limit_file_size(size):
        outcome = withdraw_post(make_settings(tmp_path), PATH, "asked")
    assert outcome.changed
    assert outcome.unerased is not None
    assert (outcome.unerased.exit_code, "withdraw it again" in str(outcome.unerased)) == (IO, True)
    again = withdraw_post(make_settings(tmp_path), PATH, "asked")
    assert (again.changed, again.unerased) == (False, None)


def test_a_writer_that_withdraws_for_others_ends_with_an_error_if_bytes_stay(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
    size = (tmp_path / "archive.db").stat().st_size
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(DiskTrouble, match="withdraw it again"))
        stack.enter_context(limit_file_size(size))
        stack.enter_context(request_withdrawal(tmp_path / "archive.db", PATH, "asked"))
        archive = stack.enter_context(open_archive(tmp_path))
        archive.commit()
    assert read_rows(tmp_path, "SELECT path FROM briefs") == []
