"""What one run leaves for the next."""

from __future__ import annotations

from pathlib import Path

from scraper.archive import KnownPost
from scraper.records import FoundAddress
from tests.specimens import NOON, PATH, SITE, archive, brief, capture, extraction, rows, take, taking


def test_a_line_is_remembered_and_replaced(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        assert opened.recall("feed") is None
        opened.remember("feed", '"etag"')
    with archive(tmp_path) as opened:
        assert opened.recall("feed") == '"etag"'
        opened.remember("feed", '"other"')
        assert opened.recall("feed") == '"other"'
    assert rows(tmp_path, "SELECT value FROM memory WHERE key = 'feed'") == [('"other"',)]


def test_known_are_all_posts(tmp_path: Path) -> None:
    other, lost = "/2021/01/01/other/", "/2021/02/02/lost/"
    with archive(tmp_path) as opened:
        opened.add_found([FoundAddress(SITE + other, "sitemap"), FoundAddress(SITE + "/about/", "link")])
        take(opened, *taking(brief(), NOON, source="live"))
        take(opened, *taking(brief(), "2021-07-01T00:00:00Z", source="live"))
        gone = extraction(path=lost, outcome="missing")
        take(opened, capture(b"404", path=lost, status=404), gone)
        assert opened.list_posts() == [
            KnownPost(PATH, SITE + PATH, "2020-03-05", NOON, "2021-07-01T00:00:00Z", "live", None),
            KnownPost(other, SITE + other, None, None, None, "live", None),
            KnownPost(lost, SITE + lost, None, None, NOON, "missing", NOON),
        ]


def test_skipped_addresses_are_told_once_a_run(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        opened.add_skipped_address(SITE + PATH, "robots")
        opened.begin("briefs", {})
        for address in (SITE + PATH, PATH, "mailto:desk@a.example"):
            opened.add_skipped_address(address, "robots")
        opened.finish("finished", {"requests": 1, "newest_published": "2020-03-05"}, exit_code=3)
    assert rows(tmp_path, "SELECT crawl_id, path, reason FROM skipped ORDER BY path") == [
        (1, PATH, "robots"),
        (1, "mailto:desk@a.example", "robots"),
    ]
    assert rows(tmp_path, "SELECT exit_code FROM crawls") == [(3,)]


def test_history_has_the_finished_runs_of_one_spider(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        for spider in ("briefs", "ingest", "briefs", "briefs"):
            opened.begin(spider, {"force": "1"})
            opened.finish("finished", {"requests": 2, "look/divi": 1}, exit_code=0)
        opened.begin("briefs", {})
        found = opened.history("briefs", 2)
    assert [run.id for run in found] == [4, 3]
    assert (found[0].exit_code, found[0].counts["look/divi"], found[0].outcome) == (0, 1, "finished")
