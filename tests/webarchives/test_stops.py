"""A backfill that is killed or stopped goes on where it was: nothing is lost, nothing fetched twice."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from pathlib import Path

from tests.pywb import history
from tests.pywb.front import ArchiveAnswer, Front
from tests.support.filled_archive import query_database
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.support.waiting import LIMIT, wait_for

_ROWS = "SELECT path, captured_at, status FROM captures"


def _kill_at(wayback: Front, folder: Path, part: str, times: int) -> None:
    """Crawl, and kill the process -9 while it waits for that many-th answer to a request with `part` in its address."""
    words = command(folder, "crawl", "wayback", "-a", f"archive={wayback.url}", "-s", "WAYBACK_INDEX_PAGE=4")
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:

        def kill(path: str, result: ArchiveAnswer) -> ArchiveAnswer:
            if sum(part in asked for asked in wayback.asked) == times:
                process.kill()
                process.wait()
            return result

        wayback.change = kill
        assert process.wait(LIMIT) == -signal.SIGKILL
    wayback.change = None


def test_killed_in_the_index_and_among_the_copies(wayback: Front, tmp_path: Path) -> None:
    _kill_at(wayback, tmp_path, "/cdx/search/", 4)
    queries = [path for path in wayback.asked if "fl=" in path]
    _kill_at(wayback, tmp_path, "id_/", 5)
    again = [path for path in wayback.asked if "fl=" in path][len(queries) :]
    run = scrapy(tmp_path, "crawl", "wayback", "-a", f"archive={wayback.url}")
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(query_database(tmp_path / "archive.db", _ROWS)) == sorted(history.TAKEN)
    assert queries[:-2] and not set(queries[1:-1]) & set(again)  # of one host; what is in flight is asked again
    assert again[1] == queries[-1]
    twice = [copy for copy, times in Counter(wayback.copies).items() if times > 1]
    assert twice == wayback.copies[4:5]  # the one that was in flight
    ends = query_database(tmp_path / "archive.db", "SELECT outcome, exit_code FROM crawls ORDER BY id")
    assert ends == [(None, None), (None, None), ("finished", 0)]


def test_stopped_while_it_leaves_the_archive_alone(wayback: Front, tmp_path: Path) -> None:
    wayback.moods = [("/feed/", ArchiveAnswer(429))]
    words = command(tmp_path, "crawl", "wayback", "-a", f"archive={wayback.url}", "-s", "BUSY_PAUSE=600")
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: not wayback.moods, "a request for the feed")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 4
    assert "stopped early: asked to stop; run it again to go on" in err
    assert "3 copies still wait" in out
    last = "SELECT outcome, exit_code FROM crawls"
    assert query_database(tmp_path / "archive.db", last) == [("shutdown", 4)]
