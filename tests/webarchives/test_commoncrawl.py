"""Common Crawl: every version once, nothing believed that is not as told, and back where it was after a refusal."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BUSY, OK, PARTLY, UNAVAILABLE, BadArgument
from scraper.records import Capture, Memento
from scraper.webarchives import commoncrawl as cc
from scraper.webarchives.selection import DATA, INDEX, CommonCrawlSelection
from tests.support.commoncrawl_server import Server, Shelf, serve_common_crawl
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.support.specimens import read_rows
from tests.support.waiting import LIMIT, wait_for
from tests.support.warc_writing import IDENTICAL, Warc, html

PAGE = "https://www.usresistnews.org/2019/03/0{0}/page-{0}/"
OLD = "http://usrenewnews.org/2019/03/01/page-1"
STATES = "SELECT state, count(*) FROM mementos GROUP BY state ORDER BY state"


def spring() -> Shelf:
    shelf = Shelf("CC-MAIN-2019-13", span=("2019-03-18T00:00:00", "2019-03-27T00:00:00"))
    for n in range(1, 6):
        shelf.page(PAGE.format(n), f"2019032010000{n}", html(n))
    return shelf


def april() -> Shelf:
    """Two pages as before, one edited, one at the other host's address, an image, another host, no digest."""
    shelf = Shelf("CC-MAIN-2019-18", span=("2019-04-18T00:00:00", "2019-04-27T00:00:00"))
    for n in (1, 2):
        shelf.page(PAGE.format(n), f"2019042010000{n}", html(n))
    shelf.page(PAGE.format(3), "20190420100003", html(33))
    shelf.page(OLD, "20190420100004", html(1)).page(f"{OLD}.png", "20190420100005", b"png", mime="image/png")
    shelf.page("https://mail.usresistnews.org/", "20190420100006", html(6))
    del shelf.lines[2]["digest"]
    return shelf


@pytest.fixture
def server() -> Iterator[Server]:
    with serve_common_crawl(spring(), april()) as served:
        yield served


def crawl(folder: Path, server: Server, *args: str) -> tuple[int, str, str]:
    run = scrapy(folder, "crawl", "commoncrawl", "-a", f"index={server.url}", *args)
    return run.returncode, run.stdout, run.stderr


def test_every_version_is_taken_once_with_its_record(tmp_path: Path, server: Server) -> None:
    code, out, err = crawl(tmp_path, server)
    assert (code, err) == (OK, "")
    assert read_rows(tmp_path, STATES) == [("other", 2), ("same", 3), ("taken", 6)]
    assert "Indexes read: 4 of 4; 11 captures not known before" in out
    assert "Records: 6 taken; 3 more had the same bytes, 2 were no pages, 0 missing" in out
    taken = read_rows(tmp_path, "SELECT source, captured_at, name FROM captures ORDER BY captured_at")
    assert {row[0] for row in taken} == {"commoncrawl"}
    assert taken[-1][1:] == ("2019-04-20T10:00:03Z", april().file)
    (warc,) = (tmp_path / "warcs").glob("*.warc.gz")
    shelf = server.shelves[0]
    for line in shelf.lines:
        at = int(line["offset"])
        assert shelf.warc[at : at + int(line["length"])] in warc.read_bytes()

    server.asked.clear()
    assert crawl(tmp_path, server)[0] == OK
    assert server.asked == ["/collinfo.json"]  # what was read is not asked again


def test_a_refusal_stops_it_and_it_goes_on_where_it_was(tmp_path: Path, server: Server) -> None:
    server.moods["page=1"] = [503] * 3
    code, out, err = crawl(tmp_path, server)
    assert code == BUSY
    assert "HTTP 503 again and again" in err
    assert "Indexes read: 1 of 4" in out  # of the second, one page is read
    server.moods = {"crawl-data": [429] * 3}
    server.asked.clear()
    assert crawl(tmp_path, server)[0] == BUSY
    assert server.count_requests("2019-13-index") == 2  # the page that was refused, and the last
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]
    server.asked.clear()
    assert crawl(tmp_path, server)[0] == OK
    assert server.count_requests("-index") == 0
    assert read_rows(tmp_path, STATES) == [("other", 2), ("same", 3), ("taken", 6)]


def test_what_is_not_as_told_is_a_problem_and_no_capture(tmp_path: Path) -> None:
    shelf = spring()
    shelf.page(PAGE.format(6), "20190320100006", html(6))
    shelf.lines[1]["digest"] = "A" * 32
    shelf.lines[2]["timestamp"] = "20190320100009"
    shelf.lines[3]["url"] = PAGE.format(9)
    shelf.lines[4]["offset"] = str(int(shelf.lines[4]["offset"]) + 1)
    shelf.lines[5]["filename"] = "../../elsewhere.warc.gz"
    with serve_common_crawl(shelf) as served:
        served.moods["crawl-data"] = [403]  # of one file that is no ban
        code, out, _ = crawl(tmp_path, served)
    assert code == PARTLY
    assert read_rows(tmp_path, STATES) == [("failed", 4), ("missing", 1), ("waiting", 1)]
    assert "1 missing, 4 not as the index says, 1 without an answer" in out
    assert len(read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'memento'")) == 4
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]


def test_a_record_that_was_damaged_on_its_way_waits(tmp_path: Path) -> None:
    with serve_common_crawl(Shelf("CC-MAIN-2019-13").page(PAGE.format(1), "20190320100001", html(1))) as served:
        length, noise = int(served.shelves[0].lines[0]["length"]), iter(range(9))
        real = served.answer

        def answer_damaged(address: str, wanted: str) -> tuple[int, bytes, dict[str, str]]:
            return (206, bytes([31, 139, 8, next(noise)]).ljust(length), {}) if wanted else real(address, wanted)

        served.answer = answer_damaged  # type: ignore[method-assign]
        assert crawl(tmp_path, served)[0] == PARTLY
        assert read_rows(tmp_path, STATES) == [("waiting", 1)]
        served.answer = real  # type: ignore[method-assign]
        assert crawl(tmp_path, served)[0] == OK
    assert read_rows(tmp_path, STATES) == [("taken", 1)]


def test_a_server_without_ranges_is_told(tmp_path: Path, server: Server) -> None:
    server.ranges = False
    code, _, err = crawl(tmp_path, server)
    assert code == UNAVAILABLE
    assert "gives whole files and no byte ranges" in err
    assert read_rows(tmp_path, "SELECT count(*) FROM mementos WHERE state = 'taken'") == [(0,)]


def test_short_bodies_wait_for_another_run(tmp_path: Path, server: Server) -> None:
    server.cut = 3
    code, out, err = crawl(tmp_path, server, "-a", "until=2019-03", "-a", "match=/page-1")
    assert code == PARTLY
    assert "1 answers are missing or wrong" in err
    assert "Still waiting: 1 for another run, 4 that since, until and match left aside" in out
    assert server.count_requests("2019-18-index") == 0  # that crawl began later
    assert read_rows(tmp_path, STATES) == [("waiting", 5)]
    assert read_rows(tmp_path, "SELECT outcome FROM crawls") == [("unanswered",)]


def test_forbidden_again_and_again_is_a_ban(tmp_path: Path, server: Server) -> None:
    server.moods["crawl-data"] = [403] * 3
    code, out, err = crawl(tmp_path, server)
    assert code == BUSY
    assert "3 answers in a row were neither index nor copy" in err
    assert "Still waiting: 9 for another run" in out


def test_a_run_that_is_stopped_or_killed_loses_nothing(tmp_path: Path) -> None:
    shelf = Shelf("CC-MAIN-2019-13")
    for n in range(120):
        shelf.page(PAGE.format(n), f"20190320{n:06}"[:12] + f"{n % 60:02}", html(n))
    with serve_common_crawl(shelf) as served:
        served.page_size = 100
        for sent in (signal.SIGINT, signal.SIGKILL):
            run = Popen(command(tmp_path, "crawl", "commoncrawl", "-a", f"index={served.url}"), cwd=ROOT, stderr=PIPE)
            enough = len(served.asked) + 30
            wait_for(lambda: len(served.asked) >= enough, "30 requests")  # noqa: B023 - asked in this very turn
            run.send_signal(sent)
            run.communicate(timeout=LIMIT)
        assert read_rows(tmp_path, "SELECT outcome FROM crawls ORDER BY id") == [("shutdown",), (None,)]
        assert crawl(tmp_path, served)[0] == OK
        assert served.count_requests("crawl-data") <= 122  # what was on its way is asked again
    assert read_rows(tmp_path, STATES) == [("taken", 120)]


def test_an_index_server_that_is_down_is_one_line(tmp_path: Path) -> None:
    run = scrapy(tmp_path, "crawl", "commoncrawl", "-a", "index=http://127.0.0.1:9/")
    assert run.returncode == UNAVAILABLE
    (line,) = run.stderr.splitlines()
    assert "it does not answer" in line


def test_only_servers_of_this_machine_are_asked_in_haste_and_by_nobody() -> None:
    here = {"index": "http://127.0.0.1:9/"}
    assert CommonCrawlSelection.read(here).is_local
    assert not CommonCrawlSelection.read(here | {"data": "https://data.example/"}).is_local
    assert not CommonCrawlSelection.read({}).is_local
    own = CommonCrawlSelection.read({"index": INDEX.rstrip("/")})
    assert (own.index, own.data) == (INDEX, DATA)


@pytest.mark.parametrize(
    "word", ["since=soon", "until=2019-3", "colour=red", "index=nowhere", "index=http://[", "site=a b"]
)
def test_arguments_nobody_can_follow_are_refused(word: str) -> None:
    name, _, value = word.partition("=")
    with pytest.raises(BadArgument, match=f"-a {name}"):
        CommonCrawlSelection.read({name: value})


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_any_answer_is_read_or_refused(text: str) -> None:
    for read in (lambda: cc.parse_crawls(text, "http://x/"), lambda: cc.parse_page_count(text)):
        with suppress(ValueError):
            read()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_a_reason(noise: bytes) -> None:
    memento = Memento("http://x/", PAGE.format(1), "20190320100001", file="a.warc.gz", offset=0, length=len(noise))
    for member in (noise, gzip.compress(noise), gzip.compress(b"WARC/1.0\r\n" + noise)):
        with pytest.raises(cc.IndexMismatch):
            cc.parse_capture(memento, member)


def test_a_record_keeps_its_flags() -> None:
    shelf = Shelf("CC").page(PAGE.format(1), "20190320100001", html(1))
    memento = Memento("http://x/", PAGE.format(1), "20190320100001", file="a.warc.gz", offset=0)
    assert not cc.parse_capture(memento, shelf.warc).truncated
    cut = gzip.decompress(shelf.warc).replace(b"WARC/1.1\r\n", b"WARC/1.1\r\nWARC-Truncated: length\r\n")
    assert cc.parse_capture(memento, gzip.compress(cut)).truncated
    assert cc.build_range_header(replace(memento, length=10)) == "bytes=0-9"
    assert not cc.is_requested_range(replace(memento, length=10), "bytes 0-8/100")


def test_since_and_until_take_days_months_and_years() -> None:
    selection = CommonCrawlSelection.read({"since": "2018-06", "until": "2019", "site": "https://www.Example.org/x"})
    stamps = ["20180531235959", "20180601000000", "20191231235959", "20200101000000"]
    mementos = [Memento("x", "http://example.org/", stamp) for stamp in stamps]
    assert [selection.includes(memento) for memento in mementos] == [False, True, True, False]
    assert selection.hosts == {"example.org"}
    crawl = cc.Crawl("CC", "x", "20191230", "20200110")
    assert crawl.overlaps("", "2019")
    assert not crawl.overlaps("202002", "")


def test_what_waited_for_a_page_is_taken_when_the_crawl_brings_it(tmp_path: Path, server: Server) -> None:
    body = Capture(html(1), None, None, "warc")
    result = {"WARC-Profile": IDENTICAL, "WARC-Payload-Digest": body.payload_sha1, "WARC-Date": "2019-06-01T00:00:00Z"}
    revisit = Warc().page(0, b"", url=PAGE.format(1), kind="revisit", warc=result).save(tmp_path, name="revisits")
    scrapy(tmp_path, "ingest", revisit)
    assert read_rows(tmp_path, "SELECT count(*) FROM revisits") == [(1,)]
    assert crawl(tmp_path, server)[0] == OK
    assert read_rows(tmp_path, "SELECT count(*) FROM revisits") == [(0,)]
    assert ("2019-06-01T00:00:00Z", body.digest) in read_rows(tmp_path, "SELECT captured_at, digest FROM captures")
