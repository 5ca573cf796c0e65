"""`scrapy crawl wayback` against a real pywb, straight and behind web.archive.org's dialect."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from scrapy.crawler import Crawler

from pipelines.archive import SqliteArchive
from scraper.errors import WebArchiveBusy
from scraper.spiders.wayback import WaybackSpider
from tests.pywb import history
from tests.pywb.front import ArchiveAnswer, Front
from tests.pywb.history import MOVED
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, NEW, RIVER, STRANGER
from tests.support.scrapy_running import scrapy
from tests.support.specimens import make_settings

_ROWS = "SELECT path, captured_at, status FROM captures"
_LAST = "SELECT outcome, exit_code FROM crawls ORDER BY id DESC LIMIT 1"
_STATES = "SELECT state, count(*) FROM mementos GROUP BY state"
REFUSED = ArchiveAnswer(429, b"Too Many Requests")


def _crawl(folder: Path, url: str, *words: str) -> CompletedProcess[str]:
    given = [word for pair in words for word in ("-s" if pair[0].isupper() else "-a", pair)]
    return scrapy(folder, "crawl", "wayback", "-a", f"archive={url}", *given)


def test_pywb_gives_every_version_once(collection: str, tmp_path: Path) -> None:
    run = _crawl(tmp_path, collection)
    assert (run.returncode, run.stderr) == (0, "")
    assert "13 taken, 4 with the same bytes as another, 1 missing" in run.stdout
    database = tmp_path / "archive.db"
    assert sorted(query_database(database, _ROWS)) == sorted(history.TAKEN)
    same = "SELECT path, timestamp FROM mementos WHERE state = 'same'"
    assert sorted(query_database(database, same)) == sorted(history.SAME)
    assert (
        query_database(database, "SELECT path, timestamp FROM mementos WHERE state = 'other'") == history.STEPPED_OVER
    )
    assert query_database(database, "SELECT path FROM mementos WHERE state = 'missing'") == [(history.LOST,)]
    assert query_database(database, _LAST) == [("finished", 0)]
    river = f"SELECT title FROM briefs WHERE path = '{RIVER}'"
    assert query_database(database, river) == [("The river's new pact",)]
    _assert_evidence(tmp_path, collection)


def _assert_evidence(folder: Path, collection: str) -> None:
    """Digests of the wire, citable addresses, and no twin without its reason."""
    database = folder / "archive.db"
    wrong = """SELECT captures.path FROM captures JOIN mementos ON capture_id = captures.id
        WHERE payload_sha1 != 'sha1:' || mementos.digest"""
    assert query_database(database, wrong) == []
    forest = f"SELECT memento, source FROM captures WHERE path = '{FOREST}' AND status = 200"
    assert query_database(database, forest) == [(f"{collection}20190501000000/{NEW}{FOREST}", "wayback")]
    assert query_database(database, "SELECT path FROM mementos WHERE state != 'taken' AND reason IS NULL") == []


def test_pages_of_the_index_and_a_second_run(wayback: Front, tmp_path: Path) -> None:
    run = _crawl(tmp_path, wayback.url, "WAYBACK_INDEX_PAGE=4")
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(query_database(tmp_path / "archive.db", _ROWS)) == sorted(history.TAKEN)
    assert len(wayback.queries) > 5
    assert any("resumeKey" in query for query in wayback.queries)
    assert all(int(query["limit"]) <= 4 for query in wayback.queries)
    assert len(wayback.copies) == len(set(wayback.copies))
    wayback.asked.clear()
    run = _crawl(tmp_path, wayback.url)
    assert (run.returncode, run.stderr, wayback.copies) == (0, "", [])
    assert [query["from"] for query in wayback.queries] == ["20200703000000", "20210302000000"]


def test_since_until_and_match_narrow_what_is_asked(wayback: Front, tmp_path: Path) -> None:
    words = ("since=2019-05", "until=2020-06", f"match={FOREST}")
    run = _crawl(tmp_path, wayback.url, *words, "site=usresistnews.org")
    assert (run.returncode, run.stderr) == (0, "")
    assert [(query["url"], query.get("from"), query.get("to")) for query in wayback.queries[1:]] == [
        ("usresistnews.org", "201905", "202006")
    ]
    assert query_database(tmp_path / "archive.db", "SELECT path, captured_at FROM captures") == [
        (FOREST, "2019-05-01T00:00:00Z")
    ]
    wayback.asked.clear()
    run = _crawl(tmp_path, wayback.url, "match=/old-law/")
    assert wayback.copies == ["20200601000000 " + NEW + "/old-law/", *wayback.copies[1:]]
    moved = f"SELECT captured_at, status FROM captures WHERE path = '{MOVED}'"
    assert query_database(tmp_path / "archive.db", moved) == [
        ("2020-06-02T00:00:00Z", 200)
    ]  # the redirect was followed


def test_refused_again_and_again_it_goes_on_later(wayback: Front, tmp_path: Path) -> None:
    wayback.moods = [("/feed/", REFUSED), ("/web/20190401", ArchiveAnswer(503, b"later", (("Retry-After", "0"),)))]
    wayback.moods += [("old-law", REFUSED)] * 3
    run = _crawl(tmp_path, wayback.url)
    assert run.returncode == 75
    assert "refuses again and again (HTTP 429)" in run.stderr
    assert "copies still wait" in run.stdout
    assert query_database(tmp_path / "archive.db", _LAST) == [("busy", 75)]
    first = list(wayback.copies)
    wayback.asked.clear()
    run = _crawl(tmp_path, wayback.url)
    assert (run.returncode, run.stderr) == (0, "")
    assert query_database(tmp_path / "archive.db", _LAST) == [("finished", 0)]
    assert sorted(query_database(tmp_path / "archive.db", _ROWS)) == sorted(history.TAKEN)
    again = set(first) & set(wayback.copies)
    assert again == {f"20200601000000 {NEW}/old-law/"}  # which was refused
    assert {query["from"] for query in wayback.queries} > {"20200703000000"}


def test_a_long_rest_that_was_asked_for_is_kept(wayback: Front, tmp_path: Path) -> None:
    wayback.moods = [("&fl=", ArchiveAnswer(429, b"", (("Retry-After", "3600"),)))]
    run = _crawl(tmp_path, wayback.url)
    assert (run.returncode, len(wayback.queries)) == (75, 2)
    assert "to be left alone for 3600 seconds" in run.stderr
    wayback.asked.clear()
    spider = WaybackSpider.from_crawler(Crawler(WaybackSpider, make_settings(tmp_path)), archive=wayback.url)
    with closing(SqliteArchive.open(make_settings(tmp_path))) as opened:
        spider.archive = opened
        with pytest.raises(WebArchiveBusy, match="nothing was asked"):
            asyncio.run(spider.fetch_all())
    assert wayback.asked == []


def test_what_the_archive_says_of_itself(wayback: Front, tmp_path: Path) -> None:
    blocked = ArchiveAnswer(
        403, b"org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
    )
    wayback.moods = [
        ("/sitemap.xml", blocked),
        ("20210101", ArchiveAnswer(404, b"<html>The Wayback Machine has not archived that URL.</html>")),
        ("20190501", ArchiveAnswer(500, b"oops")),
        ("/feed/", ArchiveAnswer(502, b"oops")),
        ("/feed/", ArchiveAnswer(502, b"oops")),
        ("old-law", ArchiveAnswer(200, b"x" * 99_000, (("Memento-Datetime", "Tue, 02 Jun 2020 00:00:00 GMT"),))),
        ("?p=41", ArchiveAnswer(200, b"<html>Please give</html>")),
    ]
    wayback.change = _lying
    run = _crawl(tmp_path, wayback.url, "DOWNLOAD_MAXSIZE=90000")
    assert run.returncode == 4
    database = tmp_path / "archive.db"
    assert dict(query_database(database, _STATES)) == {
        "excluded": 1, "failed": 2, "missing": 2, "other": 2, "same": 4, "taken": 8, "waiting": 1
    }  # fmt: skip
    assert query_database(database, _LAST) == [("unanswered", 4)]
    toll = history.TOLL.html()
    result = query_database(database, "SELECT message FROM problems WHERE kind = 'mismatch'")
    changed = history.base32(toll.replace(b"harbour", b"haven"))
    assert result == [(f"the payload of 20200901000000 is {changed}, the index says {history.base32(toll)}",)]
    kept = f"SELECT payload_sha1, captured_at FROM captures WHERE path = '{STRANGER}'"
    assert query_database(database, kept) == [(f"sha1:{changed}", "2020-09-01T00:00:00Z")]
    wayback.asked.clear()
    assert _crawl(tmp_path, wayback.url).returncode == 0
    assert wayback.copies == [f"20200102000000 {NEW}/feed/"]


def _lying(path: str, result: ArchiveAnswer) -> ArchiveAnswer:
    """Another text in place of what the index tells of."""
    if STRANGER not in path:
        return result
    return ArchiveAnswer(result.status, result.body.replace(b"harbour", b"haven"), result.headers)


def test_copies_that_never_come_do_not_stand_in_the_way(wayback: Front, tmp_path: Path) -> None:
    wayback.change = lambda path, result: ArchiveAnswer(503) if "id_/" in path and RIVER not in path else result
    run = _crawl(tmp_path, wayback.url)
    assert (run.returncode, len(wayback.copies)) == (69, 9)
    assert "fails again and again (HTTP 503)" in run.stderr
    assert query_database(tmp_path / "archive.db", _LAST) == [("unavailable", 69)]
    first = [wayback.copies[0], *wayback.copies[4:8]]
    wayback.asked.clear()
    _crawl(tmp_path, wayback.url)
    assert not set(first) & set(wayback.copies)


def test_a_host_that_may_not_be_told_of(wayback: Front, tmp_path: Path) -> None:
    wayback.moods = [
        ("url=usresistnews.org", ArchiveAnswer(403, b"AdministrativeAccessControlException: Blocked Site Error"))
    ]
    run = _crawl(tmp_path, wayback.url)
    assert (run.returncode, run.stderr) == (0, "")
    assert "may not tell what it has of 1 of the hosts" in run.stdout
    assert query_database(tmp_path / "archive.db", "SELECT count(*) FROM problems WHERE kind = 'excluded'") == [(1,)]


def test_an_archive_that_is_none(collection: str, tmp_path: Path) -> None:
    root = collection.removesuffix("web/")
    run = _crawl(tmp_path, root)
    assert run.returncode == 69
    assert f"no index of a web archive at {root}cdx/search/cdx nor {root}cdx" in run.stderr
    assert query_database(tmp_path / "archive.db", _LAST) == [("unavailable", 69)]
