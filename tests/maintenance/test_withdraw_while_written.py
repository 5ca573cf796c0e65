"""A withdrawal does not wait for the end of a crawl: who writes carries it out; copies in the making are renewed."""

from __future__ import annotations

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.database.lock import hold_lock
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.maintenance.withdraw import read_withdrawals, withdraw_post
from pipelines.withdrawals.requests import read_pending_requests, request_withdrawal
from scraper.errors import BUSY, OK, BadInput
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, NEW, RIVER, captures
from tests.support.loopback import serve_pages
from tests.support.scrapy_running import command, scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap
from tests.support.specimens import ingest_capture, make_settings, open_archive
from tests.support.waiting import LIMIT, wait_for

POSTS = [Post(number) for number in range(1, 120)]
PATHS = "SELECT path FROM briefs"


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("archive.db*")) if path.is_file())


def test_a_crawl_goes_on_and_the_brief_is_gone_from_archive_and_copy(tmp_path: Path) -> None:
    pages = {**posts_of(POSTS), "/robots.txt": robots("User-agent: *\n"), "/": listing(POSTS[:3])}
    database, shown = tmp_path / "archive.db", tmp_path / "public/archive.db"
    with open_archive(tmp_path):
        pass  # it is there before the crawl
    with serve_pages(pages | {"/wp-sitemap.xml": sitemap(POSTS)}) as server:
        words = ("crawl", "briefs", "-a", f"start={server.url}", "-s", "DOWNLOAD_DELAY=0.5")
        with subprocess.Popen(command(tmp_path, *words), stderr=subprocess.DEVNULL) as crawl:
            wait_for(lambda: len(query_database(database, PATHS)) > 2, "three briefs")
            ((hidden,), *_) = query_database(database, PATHS)
            make_snapshot(make_settings(tmp_path))
            run = scrapy(tmp_path, "withdraw", hidden, "--reason", "asked", "-s", f"SNAPSHOT={shown}")
            assert crawl.poll() is None
            left = [path for path in (database, shown) if (hidden,) in query_database(path, PATHS)]
            crawl.send_signal(signal.SIGTERM)
        assert crawl.returncode != 0  # it was far from its end
    assert run.returncode == OK, run.stderr
    assert "another command writes to it" in run.stderr
    assert f"{hidden} (brief " in run.stdout
    assert "renewed" in run.stdout
    assert left == []
    assert len(query_database(database, PATHS)) > 1
    town = query_database(database, f"SELECT path FROM withdrawals WHERE path = '{hidden}' AND undone_at IS NULL")
    assert town == [(hidden,)]
    number = hidden.strip("/").rpartition("-")[2].encode()
    assert b"The council of town " + number + b" wants" not in every_byte(tmp_path)


def test_asked_of_the_writer_it_is_as_if_done_alone(tmp_path: Path) -> None:
    for name in ("alone", "asked"):
        (tmp_path / name).mkdir()
        with ThreadPoolExecutor(1) as beside, open_archive(tmp_path / name, batch=10) as opened:
            for item in captures():
                ingest_capture(opened, item)
            if name == "asked":
                opened.commit()
                waiting = beside.submit(withdraw_post, make_settings(tmp_path / name), NEW + FOREST, "why")
                wait_for(lambda: read_pending_requests(tmp_path / "asked/archive.db"), "a request to withdraw")
                opened.commit()
                outcome = waiting.result(LIMIT)
                assert not (tmp_path / "asked/archive.db-asked").exists()
    alone = withdraw_post(make_settings(tmp_path / "alone"), NEW + FOREST, "why")
    assert (outcome.changed, alone.changed) == (True, True)
    assert outcome.captures == alone.captures
    assert outcome.withdrawal.others == alone.withdrawal.others == ("/?p=42",)
    assert b"orest law" not in every_byte(tmp_path / "asked")
    for sql in (PATHS, "SELECT capture_id, path, brief_path, substr(title, 1, 7) FROM readings ORDER BY 1, 2"):
        assert query_database(tmp_path / "asked/archive.db", sql) == query_database(tmp_path / "alone/archive.db", sql)


def test_a_writer_that_ends_without_a_commit_leaves_it_to_who_asked(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for item in captures()[:8]:
            ingest_capture(opened, item)
    with ThreadPoolExecutor(1) as beside, hold_lock(tmp_path / "archive.db-lock", "busy"):
        waiting = beside.submit(withdraw_post, make_settings(tmp_path), RIVER, "why")
        wait_for(lambda: read_pending_requests(tmp_path / "archive.db"), "a request to withdraw")
        assert waiting.running()
    assert waiting.result(LIMIT).changed
    assert [item.path for item in read_withdrawals(make_settings(tmp_path))] == [RIVER]
    assert not (tmp_path / "archive.db-asked").exists()


def test_what_is_withdrawn_already_and_what_is_no_post(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for item in captures()[:8]:
            ingest_capture(opened, item)
    withdraw_post(make_settings(tmp_path), RIVER, "why")
    with open_archive(tmp_path):
        again = withdraw_post(make_settings(tmp_path), RIVER, "another reason")
        assert (again.changed, again.withdrawal.reason) == (False, "why")
        with pytest.raises(BadInput, match="knows no such post"):
            withdraw_post(make_settings(tmp_path), "/2001/01/01/none/", "why")
        assert scrapy(tmp_path, "withdraw", RIVER, "--undo").returncode == BUSY


def test_who_stops_waiting_asks_for_nothing(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for item in captures()[:8]:
            ingest_capture(opened, item)
        python, _, _, *words = command(tmp_path, "withdraw", RIVER, "--reason", "why")
        # Shells have what they put behind ignore the signal; -W is left out, for the signal may come between the
        # opening of a file and the line that will close it.
        heeding = ["env", "--default-signal=INT", python, *words]
        with subprocess.Popen(heeding, stderr=subprocess.PIPE, text=True) as waiting:
            wait_for(lambda: read_pending_requests(tmp_path / "archive.db"), "a request to withdraw")
            waiting.send_signal(signal.SIGINT)
            result = waiting.communicate(timeout=LIMIT)[1]
        assert "stopped at once" in result
        assert "Traceback" not in result
        opened.commit()
    assert read_withdrawals(make_settings(tmp_path)) == []
    assert not (tmp_path / "archive.db-asked").exists()


@pytest.mark.parametrize("goes_through", [False, True])
def test_an_interruption_while_the_request_is_written_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, goes_through: bool
) -> None:
    replace = Path.replace

    def interrupt(part: Path, file: Path) -> Path:
        if goes_through:
            replace(part, file)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    database = tmp_path / "archive.db"
    with pytest.raises(KeyboardInterrupt), request_withdrawal(database, RIVER, "why"):
        pytest.fail("nobody waits")
    assert read_pending_requests(database) == []
    assert list(tmp_path.iterdir()) == []


def test_two_may_ask_at_once(tmp_path: Path) -> None:
    database = tmp_path / "archive.db"
    with request_withdrawal(database, RIVER, "why"), request_withdrawal(database, FOREST, "why"):
        assert {item.post for item in read_pending_requests(database)} == {RIVER, FOREST}
    assert read_pending_requests(database) == []


def test_a_copy_in_the_making_is_renewed_after_it(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for item in captures()[:8]:
            ingest_capture(opened, item)
    make_snapshot(make_settings(tmp_path))
    words = command(tmp_path, "withdraw", RIVER, "--reason", "why", "-s", f"SNAPSHOT={tmp_path / 'public/archive.db'}")
    with ExitStack() as other:
        other.enter_context(hold_lock(tmp_path / "public/.archive.db-lock", "busy"))
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
            wait_for(lambda: (RIVER,) not in query_database(tmp_path / "archive.db", PATHS), "the withdrawal")
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(1)
            other.close()
            assert "renewed" in run.communicate(timeout=LIMIT)[0]
    assert (RIVER,) not in query_database(tmp_path / "public/archive.db", PATHS)
