"""Nights in which something goes wrong: each is told, costs no page, and ends with the code that says why."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from demo.posts import list_posts
from pipelines.database.lock import hold_lock
from scraper import errors
from scraper.commands.night_steps import find_gravest_code
from tests.support import warm_start
from tests.support.filled_archive import edit_database, query_database
from tests.support.listening import listen_to_posts
from tests.support.scrapy_running import ROOT, command, scrapy, words_of
from tests.support.waiting import LIMIT, wait_for

POSTS = len(list_posts())


@pytest.fixture(scope="module")
def first(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    ran = scrapy(folder, *night(folder, site))
    assert ran.returncode == errors.OK, ran.stdout + ran.stderr
    return folder


@pytest.fixture
def archive(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "archive"))


def night(folder: Path, start: str, *more: str) -> list[str]:
    places = ["-s", f"SNAPSHOT={folder / 'public/archive.db'}", "-s", f"REPORTS_DIR={folder / 'reports'}"]
    return ["nightly", "-a", f"start={start}", *places, *more]


def reports(folder: Path) -> set[str]:
    return {path.name for path in (folder / "reports").glob("*.json")}


def test_the_gravest_step_gives_the_code() -> None:
    assert find_gravest_code({}) == errors.OK
    assert find_gravest_code({"crawl": errors.PARTLY, "monitors": errors.DOUBTFUL}) == errors.DOUBTFUL
    assert find_gravest_code({"crawl": errors.UNAVAILABLE, "verify": errors.IO, "snapshot": errors.OK}) == errors.IO


def test_a_second_night_ends_at_once_with_one_line(archive: Path, site: str) -> None:
    with hold_lock(archive / "archive.db-nightly-lock", ""), listen_to_posts() as people:
        ran = scrapy(archive, *night(archive, site, "-s", f"ALERT_PING={people.url}", "-s", "ALERT_ON=ok"))
    assert (ran.returncode, ran.stdout) == (errors.BUSY, "")
    assert ran.stderr.count("\n") == 1
    assert people.heard == []
    assert reports(archive) == {"1.json", "latest.json"}


def test_a_second_night_tells_people_of_one_that_hangs(archive: Path, site: str) -> None:
    mark = archive / "archive.db-nightly-begun"
    mark.write_text("2026-03-01T02:00:00Z")
    with hold_lock(archive / "archive.db-nightly-lock", ""), listen_to_posts() as people:
        ran = scrapy(archive, *night(archive, site, "-s", f"ALERT_WEBHOOK={people.url}"))
        result = scrapy(archive, "report")
    mark.unlink()
    assert (ran.returncode, ran.stderr.count("\n")) == (errors.BUSY, 1)
    assert "hangs" in json.loads(people.heard[0].body)["text"]
    assert "hangs" in result.stdout


def test_another_command_at_work_is_told_and_tried_again_later(archive: Path, site: str) -> None:
    with hold_lock(archive / "archive.db-lock", ""), listen_to_posts() as people:
        ran = scrapy(archive, *night(archive, site, "-s", f"ALERT_WEBHOOK={people.url}"))
    assert ran.returncode == errors.BUSY
    assert ran.stderr.count("\n") == 1
    assert json.loads(people.heard[0].body)["exit_code"] == errors.BUSY


@pytest.mark.parametrize(
    ("setting", "code", "word"),
    [
        ("NIGHTLY_FREE_MB=99999999999", errors.IO, "free room"),
        ("ALERT_ON=never", errors.USAGE, "ALERT_ON"),
        ("MONITOR_DROP=half", errors.USAGE, "MONITOR_"),
        ("ARCHIVE_DB=/nowhere/archive.db", errors.IO, "/nowhere"),
        ("ALERT_TIMEOUT=soon", errors.USAGE, "ALERT_TIMEOUT"),
    ],
)
def test_what_would_end_the_night_is_found_before_the_first_request(
    archive: Path, site: str, setting: str, code: int, word: str
) -> None:
    before = query_database(archive / "archive.db", "SELECT count(*) FROM crawls")
    words = [*words_of(archive, *night(archive, site)), "-s", setting]
    ran = warm_start.run(words, ROOT, LIMIT)
    assert ran.returncode == code
    assert word in ran.stderr
    assert "Traceback" not in ran.stderr
    assert query_database(archive / "archive.db", "SELECT count(*) FROM crawls") == before


@pytest.mark.parametrize("word", ["dry_run=perhaps", "weekly=1"])
def test_a_wrong_argument_is_one_line(archive: Path, site: str, word: str) -> None:
    ran = scrapy(archive, *night(archive, site, "-a", word))
    assert (ran.returncode, ran.stderr.count("\n")) == (errors.USAGE, 1)


def test_no_contact_is_found_before_the_first_request(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "nightly", "-s", "CONTACT=")
    assert ran.returncode == errors.CONFIG
    assert "BRIEFS_CONTACT" in ran.stderr
    assert not (tmp_path / "archive.db").exists()


def test_a_site_out_of_reach_is_told_and_the_other_steps_are_done(archive: Path) -> None:
    old = (archive / "public/archive.db").read_bytes()
    with listen_to_posts() as watchdog:
        ran = scrapy(archive, *night(archive, "http://127.0.0.1:9/", "-s", f"ALERT_PING={watchdog.url}"))
    assert ran.returncode == errors.UNAVAILABLE
    assert [heard.path.partition("?")[0] for heard in watchdog.heard] == ["/start", f"/{errors.UNAVAILABLE}"]
    assert reports(archive) == {"1.json", "2.json", "latest.json"}
    assert json.loads((archive / "reports/latest.json").read_text())["exit_code"] == errors.UNAVAILABLE
    assert (archive / "public/archive.db").read_bytes() != old  # it knows of this night


@pytest.mark.parametrize("start", ["http://127.0.0.1:9/", "http://brief-archive.invalid/"])
def test_a_first_night_without_a_network_says_so_and_publishes_nothing(tmp_path: Path, start: str) -> None:
    ran = scrapy(tmp_path, *night(tmp_path, start, "-s", "CONTACT=archivist@keepers.org", "-s", "RETRY_TIMES=0"))
    assert ran.returncode == errors.UNAVAILABLE
    result = json.loads((tmp_path / "reports/latest.json").read_text())
    assert [found["monitor"] for found in result["findings"]] == ["SiteMonitor"]
    assert result["findings"][0]["message"].startswith(f"the site could not be reached: {start}robots.txt")
    assert result["facts"]["snapshot"] == "not renewed, for there is no brief in the archive yet"
    assert not (tmp_path / "public").exists()
    shown = scrapy(tmp_path, "report")
    assert shown.stdout.count("**alarm**") == 1
    assert "the site could not be reached" in shown.stdout


def test_an_empty_archive_takes_no_other_copys_place(archive: Path, tmp_path: Path) -> None:
    public = tmp_path / "public/archive.db"
    public.parent.mkdir()
    shutil.copy(archive / "public/archive.db", public)
    scrapy(tmp_path, *night(tmp_path, "http://127.0.0.1:9/", "-s", "RETRY_TIMES=0"))
    assert query_database(public, "SELECT count(*) FROM briefs") == [(POSTS,)]


def test_those_who_cannot_be_told_do_not_fail_the_night(archive: Path, site: str) -> None:
    dead = ["-s", "ALERT_WEBHOOK=http://127.0.0.1:9/", "-s", "ALERT_PING=nonsense", "-s", "ALERT_ON=ok"]
    ran = scrapy(archive, *night(archive, site, *dead, "-s", "ALERT_PAUSES=0"))
    assert ran.returncode == errors.OK, ran.stderr
    assert "webhook" in ran.stderr
    assert "ping" in ran.stderr


def test_damage_is_an_alarm_and_is_not_published(archive: Path, site: str) -> None:
    old = (archive / "public/archive.db").read_bytes()
    edit_database(archive / "archive.db", "UPDATE briefs SET title = 'Otherwise' WHERE id = 3")
    with listen_to_posts() as people:
        ran = scrapy(archive, *night(archive, site, "-s", f"ALERT_WEBHOOK={people.url}"))
    assert ran.returncode == errors.IO
    assert "rebuild-fts" in ran.stderr
    assert (archive / "public/archive.db").read_bytes() == old
    result = json.loads((archive / "reports/latest.json").read_text())
    assert (result["exit_code"], result["level"], result["findings"][0]["monitor"]) == (
        errors.IO,
        "alarm",
        "VerifyStep",
    )
    assert "rebuild-fts" in json.loads(people.heard[0].body)["text"]


def test_reports_that_cannot_be_written_are_told(archive: Path, site: str) -> None:
    shutil.rmtree(archive / "reports")
    (archive / "reports").write_text("a file stands in the way")
    with listen_to_posts() as people:
        ran = scrapy(archive, *night(archive, site, "-s", f"ALERT_WEBHOOK={people.url}"))
    assert ran.returncode == errors.IO
    assert "Traceback" not in ran.stderr
    assert json.loads(people.heard[0].body)["exit_code"] == errors.IO


def test_a_fault_of_ours_in_one_step_is_told_and_the_others_are_done(archive: Path, site: str) -> None:
    with listen_to_posts() as watchdog:
        fault = ["-s", "NIGHTLY_VERIFY_SAMPLE=many", "-s", f"ALERT_PING={watchdog.url}"]
        ran = scrapy(archive, *night(archive, site, *fault))
    assert ran.returncode == errors.FAILED
    assert "please report it" in ran.stderr
    assert watchdog.heard[-1].path.startswith(f"/{errors.FAILED}?")
    assert json.loads((archive / "reports/latest.json").read_text())["exit_code"] == errors.FAILED


def begin_night(words: list[str], archive: Path, captures: int) -> subprocess.Popen[str]:
    """A night that has taken in so many captures."""
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def is_there() -> bool:
        assert process.poll() is None, "the night is over already"
        try:
            with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as db:
                return bool(db.execute("SELECT count(*) >= ? FROM captures", (captures,)).fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return False

    wait_for(is_there, f"{captures} captures")
    return process


def test_a_night_that_is_asked_to_stop_is_told_and_goes_on_later(tmp_path: Path, site: str) -> None:
    with listen_to_posts() as watchdog:
        words = command(tmp_path, *night(tmp_path, site, "-s", f"ALERT_PING={watchdog.url}"))
        with begin_night(words, tmp_path / "archive.db", 30) as process:
            process.send_signal(signal.SIGTERM)
            _, result = process.communicate(timeout=LIMIT)
    assert process.returncode == errors.PARTLY, result
    assert "asked to stop" in result
    assert watchdog.heard[-1].path.startswith(f"/{errors.PARTLY}?")
    assert reports(tmp_path) == {"1.json", "latest.json"}
    assert not (tmp_path / "public").exists()
    goes_on(tmp_path, site)


def test_a_night_that_was_killed_leaves_no_lock_and_no_gap(tmp_path: Path, site: str) -> None:
    with begin_night(command(tmp_path, *night(tmp_path, site)), tmp_path / "archive.db", 30) as process:
        process.kill()
    goes_on(tmp_path, site)
    assert query_database(tmp_path / "archive.db", "SELECT outcome FROM crawls") == [(None,), ("finished",)]


def goes_on(folder: Path, site: str) -> None:
    ran = scrapy(folder, *night(folder, site))
    assert ran.returncode == errors.OK, ran.stdout + ran.stderr
    assert query_database(folder / "public/archive.db", "SELECT count(*) FROM briefs") == [(POSTS,)]
