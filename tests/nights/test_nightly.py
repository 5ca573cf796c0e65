"""Whole nights on a real WordPress: the first, quiet ones, news, a broken theme; who is told of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.address import identity, is_post
from scraper.errors import DOUBTFUL, OK
from tests.support.filled_archive import query_database
from tests.support.listening import listen_to_posts
from tests.support.scrapy_running import scrapy
from tests.wordpress.posts import wordpress_posts
from tests.wordpress.server import WordPress, wait_for_next_second
from tests.wordpress.theme import OTHER_NAMES, WITHOUT_TEXT, break_theme

POSTS = [post for post in wordpress_posts(60) if post.status == "publish"]
NEW = replace(POSTS[7], slug="the-new-quay", date="2026-01-05 09:00:00", title="The quay (Foreign Policy Brief #777)")
_OLD_SITE = ["-s", "MONITOR_STALE_DAYS=100000"]  # its posts are invented, and end before today


@pytest.fixture(scope="module")
def first(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after the first night."""
    folder = tmp_path_factory.mktemp("night")
    ran = night(wordpress, folder)
    assert ran.returncode == OK, ran.stdout + ran.stderr
    assert ran.stderr == ""
    return folder


@pytest.fixture
def archive(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "archive"))


def night(site: WordPress, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    places = ["-s", f"SNAPSHOT={folder / 'public/archive.db'}", "-s", f"REPORTS_DIR={folder / 'reports'}"]
    site.take_requests()
    return scrapy(folder, "nightly", "-a", f"start={site.url}", *places, *_OLD_SITE, *more)


def report(folder: Path) -> dict[str, object]:
    result: dict[str, object] = json.loads((folder / "reports/latest.json").read_text())
    return result


def alarms(folder: Path) -> set[str]:
    findings = report(folder)["findings"]
    assert isinstance(findings, list)
    return {finding["monitor"] for finding in findings if finding["level"] == "alarm"}


def besides_robots(site: WordPress) -> list[str]:
    return [path for path in site.take_requests() if path != "/robots.txt"]


def test_the_first_night_brings_everything(first: Path) -> None:
    for database in (first / "archive.db", first / "public/archive.db"):
        assert query_database(database, "SELECT count(*) FROM briefs") == [(len(POSTS),)]
    assert {path.name for path in (first / "reports").iterdir()} == {
        f"{name}.{ending}" for name in ("1", "latest") for ending in ("json", "md", "html")
    }
    result = report(first)
    assert (result["exit_code"], result["posts_read"]) == (OK, len(POSTS))
    facts = result["facts"]
    assert isinstance(facts, dict)
    assert "sound" in facts["verify"]
    assert "sha256" in facts["snapshot"]


def test_a_quiet_night_costs_three_requests_and_changes_no_brief(archive: Path, wordpress: WordPress) -> None:
    before = query_database(archive / "archive.db", "SELECT * FROM briefs")
    ran = night(wordpress, archive)
    assert (ran.returncode, ran.stderr) == (OK, "")
    asked = besides_robots(wordpress)
    assert "/feed/" in asked
    assert len(asked) <= 3
    print(f"a quiet night: {asked}")
    assert query_database(archive / "archive.db", "SELECT * FROM briefs") == before
    assert query_database(archive / "archive.db", "SELECT count(*) FROM revisions") == [(0,)]


def test_a_dry_run_writes_nothing(archive: Path, wordpress: WordPress, tmp_path: Path) -> None:
    before = files(archive)
    ran = night(wordpress, archive, "--dry-run")
    assert ran.returncode == OK, ran.stderr
    assert files(archive) == before
    assert "nothing was written" in ran.stdout
    assert "the newest post" in ran.stdout
    assert not [path for path in wordpress.take_requests() if is_post(identity(path))]
    (tmp_path / "empty").mkdir()
    assert night(wordpress, tmp_path / "empty", "--dry-run").returncode == OK
    assert list((tmp_path / "empty").iterdir()) == []


def files(folder: Path) -> dict[str, bytes]:
    """All but what SQLite keeps beside a database while it reads it."""
    names = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path): path.read_bytes() for path in names}


def test_a_new_and_an_edited_post_cost_three_more(archive: Path, wordpress: WordPress) -> None:
    wait_for_next_second()
    wordpress.publish([NEW])
    wordpress.edit(POSTS[0].slug, "The bridge was counted twice", "The bridge was counted thrice")
    ran = night(wordpress, archive)
    assert (ran.returncode, ran.stderr) == (OK, "")
    asked = besides_robots(wordpress)
    assert {NEW.path, POSTS[0].path} <= set(asked)
    assert len(asked) <= 6
    print(f"one new and one edited post: {asked}")
    for database in (archive / "archive.db", archive / "public/archive.db"):
        assert query_database(database, "SELECT count(*) FROM briefs") == [(len(POSTS) + 1,)]
        assert query_database(database, "SELECT field FROM revisions") == [("body",)]


@pytest.mark.parametrize("template", [WITHOUT_TEXT, OTHER_NAMES], ids=["without text", "other names"])
def test_a_broken_theme_is_an_alarm_the_same_night(archive: Path, wordpress: WordPress, template: str) -> None:
    night(wordpress, archive)  # whatever other tests have published
    before = query_database(archive / "archive.db", "SELECT path, title, body FROM briefs ORDER BY path")
    with break_theme(wordpress, template), listen_to_posts() as people, listen_to_posts() as watchdog:
        addresses = ["-s", f"ALERT_WEBHOOK={people.url}/hook", "-s", f"ALERT_PING={watchdog.url}/uuid"]
        began = time.monotonic()
        ran = night(wordpress, archive, *addresses)
        seconds = time.monotonic() - began
    assert ran.returncode == DOUBTFUL, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert alarms(archive)
    print(
        f"broken theme to alarm: {seconds:.1f} s, {len(besides_robots(wordpress))} requests, {sorted(alarms(archive))}"
    )
    (result,) = people.heard
    assert (result.path, json.loads(result.body)["exit_code"]) == ("/hook", DOUBTFUL)
    assert json.loads(result.body)["level"] == "alarm"
    assert [heard.path.partition("?")[0] for heard in watchdog.heard] == ["/uuid/start", f"/uuid/{DOUBTFUL}"]
    assert len({heard.path.partition("?")[2] for heard in watchdog.heard}) == 1
    assert query_database(archive / "archive.db", "SELECT path, title, body FROM briefs ORDER BY path") == before


def test_the_night_after_the_repair_is_well_again(archive: Path, wordpress: WordPress) -> None:
    night(wordpress, archive)
    with break_theme(wordpress, WITHOUT_TEXT):
        assert night(wordpress, archive).returncode == DOUBTFUL
    ran = night(wordpress, archive)
    assert (ran.returncode, ran.stderr) == (OK, "")
