"""A signal ends verify and snapshot at once, alone or behind a night, which then still writes its report."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from pipelines.database.db_errors import explain_db_errors, obey_signals
from pipelines.maintenance.verify import verify_archive
from scraper.commands.night_steps import Steps
from scraper.console.stop_signals import end_on_stop_signals
from scraper.errors import OK, PARTLY
from tests.support.small_site import Post
from tests.support.specimens import ingest_capture, make_capture, make_settings, open_archive

_LONG = """WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 500000000)
    SELECT count(*) FROM numbers"""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, make_capture(Post(1).page(), path=Post(1).path))
    return tmp_path


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", _SIGNALS)
def test_a_signal_ends_a_long_statement(tmp_path: Path, number: int) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        obey_signals(db)
        timer = Timer(0.1, send, (number,))
        with pytest.raises(KeyboardInterrupt), end_on_stop_signals(), explain_db_errors(tmp_path):
            timer.start()
            db.execute(_LONG)
        timer.join()


@pytest.mark.parametrize("number", _SIGNALS)
def test_verify_ends_where_it_is(folder: Path, number: int) -> None:
    with pytest.raises(KeyboardInterrupt), end_on_stop_signals():
        verify_archive(make_settings(folder), progress=lambda done, of: send(number))
    assert verify_archive(make_settings(folder)).damage == ()


@pytest.mark.parametrize("number", _SIGNALS)
@pytest.mark.parametrize("stopped", ["verify", "snapshot"])
def test_a_night_whose_last_steps_are_stopped_leaves_them_to_the_next(folder: Path, stopped: str, number: int) -> None:
    def say(line: str) -> None:
        if line.startswith(stopped):
            send(number)

    lines: list[str] = []
    steps = Steps(make_settings(folder), say, lines.append)
    steps.protect_archive()
    reason = "stopped by a signal; the next night does it"
    assert steps.codes == {"verify": OK, stopped: PARTLY}
    assert lines == [f"{stopped}: {reason}"]
    assert steps.facts[stopped] == reason
    assert [finding.level for finding in steps.findings] == ["warning"]
    assert list((folder / "public").glob("*.tmp")) == []
    assert steps.report_no_run().exit_code == PARTLY
