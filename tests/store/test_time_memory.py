"""What one run leaves for the next."""

from __future__ import annotations

from pathlib import Path

from pipelines.pages.runs import read_runs
from scraper.archive import KnownPost
from scraper.records import FoundAddress
from tests.support.specimens import (
    NOON,
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    open_archive,
    read_rows,
)


def test_a_line_is_remembered_and_replaced(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        assert opened.recall("feed") is None
        opened.remember("feed", '"etag"')
    with open_archive(tmp_path) as opened:
        assert opened.recall("feed") == '"etag"'
        opened.remember("feed", '"other"')
        assert opened.recall("feed") == '"other"'
    assert read_rows(tmp_path, "SELECT value FROM memory WHERE key = 'feed'") == [('"other"',)]


def test_known_are_all_posts(tmp_path: Path) -> None:
    other, lost = "/2021/01/01/other/", "/2021/02/02/lost/"
    with open_archive(tmp_path) as opened:
        opened.add_found([FoundAddress(SITE + other, "sitemap"), FoundAddress(SITE + "/about/", "link")])
        ingest_capture(opened, *make_page(make_brief(), NOON, source="live"))
        ingest_capture(opened, *make_page(make_brief(), "2021-07-01T00:00:00Z", source="live"))
        gone = make_extraction(path=lost, outcome="missing")
        ingest_capture(opened, make_capture(b"404", path=lost, status=404), gone)
        assert opened.list_posts() == [
            KnownPost(PATH, SITE + PATH, "2020-03-05", NOON, "2021-07-01T00:00:00Z", "live", None),
            KnownPost(other, SITE + other, None, None, None, "live", None),
            KnownPost(lost, SITE + lost, None, None, NOON, "missing", NOON),
        ]


def test_skipped_addresses_are_told_once_a_run(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.add_skipped_address(SITE + PATH, "robots")
        opened.begin_run("briefs", {})
        for address in (SITE + PATH, PATH, "mailto:desk@a.example"):
            opened.add_skipped_address(address, "robots")
        opened.finish_run("finished", {"requests": 1, "newest_published": "2020-03-05"}, exit_code=3)
    assert read_rows(tmp_path, "SELECT crawl_id, path, reason FROM skipped ORDER BY path") == [
        (1, PATH, "robots"),
        (1, "mailto:desk@a.example", "robots"),
    ]
    assert read_rows(tmp_path, "SELECT exit_code FROM crawls") == [(3,)]


def test_history_has_the_finished_runs_of_one_spider(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for spider in ("briefs", "ingest", "briefs", "briefs"):
            opened.begin_run(spider, {"force": "1"})
            opened.finish_run("finished", {"requests": 2, "look/divi": 1}, exit_code=0)
        opened.begin_run("briefs", {})
    found = [run for run in read_runs(tmp_path / "archive.db", 3, spider="briefs") if run.finished_at]
    assert [run.id for run in found] == [4, 3]
    assert (found[0].exit_code, found[0].counts["look/divi"], found[0].outcome) == (0, 1, "finished")
