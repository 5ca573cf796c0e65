"""Whatever Common Crawl answers, nothing is lost, nothing is settled by accident, and only a finished run says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.errors import BUSY, OK, PARTLY
from scraper.webarchives import commoncrawl as cc
from tests.support.commoncrawl_server import Server, Shelf, serve_common_crawl
from tests.support.recorded_answers import NO_INDEX, ODD_COPIES
from tests.support.scrapy_running import scrapy
from tests.support.specimens import read_rows
from tests.support.warc_writing import html

STATES = "SELECT state, count(*) FROM mementos GROUP BY state ORDER BY state"
NO_PAGES = ("nothing", "no rows", "a sentence", "an error in JSON", "offline")
NO_RECORDS = ("nginx finds nothing", "a router finds nothing", "no token", "token expired", "offline", "log in")
ENTRY = {"id": "CC-MAIN-2019-13", "cdx-api": "https://index.commoncrawl.org/CC-MAIN-2019-13-index"}


def _shelf(number: int, pages: int) -> Shelf:
    shelf = Shelf(f"CC-MAIN-2019-{number}")
    for n in range(pages):
        place = number * 100 + n
        shelf.page(f"https://www.usresistnews.org/2019/03/01/page-{place}/", f"2019032010{place:04}", html(place))
    return shelf


def _crawl(folder: Path, server: Server, *words: str) -> int:
    return scrapy(folder, "crawl", "commoncrawl", "-a", f"index={server.url}", *words).returncode


def test_what_is_no_page_of_an_index_never_ends_it(tmp_path: Path) -> None:
    with serve_common_crawl(*(_shelf(10 + n, 3) for n in range(len(NO_PAGES)))) as served:
        for shelf, kind in zip(served.shelves, NO_PAGES, strict=True):
            served.instead[f"{shelf.id}-index?url=usresistnews.org&matchType=domain&output=json&page=1"] = (
                NO_INDEX[kind].status,
                NO_INDEX[kind].body,
            )
        served.further = [5, {"id": "CC-MAIN-2019-99"}]
        assert _crawl(tmp_path, served) == PARTLY
        assert read_rows(tmp_path, STATES) == [("taken", 2 * len(NO_PAGES))]
        result = read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'index'")
        assert len([row for row in result if "names no crawl" in row[0]]) == 2
        served.instead, served.further = {}, []
        assert _crawl(tmp_path, served) == OK
        assert read_rows(tmp_path, STATES) == [("taken", 3 * len(NO_PAGES))]


def test_odd_answers_settle_no_record(tmp_path: Path) -> None:
    shelf = _shelf(20, 2 * len(NO_RECORDS) + 2)
    lines = shelf.lines[: 2 * len(NO_RECORDS) : 2]
    shelf.lines[-1]["filename"] = "elsewhere.warc.gz"
    with serve_common_crawl(shelf) as served:
        served.page_size = 99
        for line, kind in zip(lines, NO_RECORDS, strict=True):
            last = int(line["offset"]) + int(line["length"]) - 1
            served.instead[f"bytes={line['offset']}-{last}"] = ODD_COPIES[kind].status, ODD_COPIES[kind].body
        assert _crawl(tmp_path, served) == PARTLY
        missing, taken, left = ("missing", 1), len(NO_RECORDS) + 1, len(NO_RECORDS)
        assert read_rows(tmp_path, STATES) == [missing, ("taken", taken), ("waiting", left)]
        served.instead = {}
        assert _crawl(tmp_path, served) == OK
        assert read_rows(tmp_path, STATES) == [missing, ("taken", taken + left)]
        served.asked = []
        assert _crawl(tmp_path, served, "-a", "recheck=1") == OK
        assert served.count_requests("warc.gz") == 1


def test_walls_in_a_row_stop_it(tmp_path: Path) -> None:
    with serve_common_crawl(_shelf(30, 9)) as served:
        served.instead["warc.gz"] = 401, b""
        assert (_crawl(tmp_path, served), served.count_requests("warc.gz")) == (BUSY, 3)


def test_an_index_with_fewer_pages_than_it_told_is_read_anew(tmp_path: Path) -> None:
    with serve_common_crawl(_shelf(40, 3)) as served:
        served.page_size, served.moods = 1, {"page=1": [503] * 3}
        assert _crawl(tmp_path, served) == BUSY
        served.page_size = 3
        assert _crawl(tmp_path, served) == OK
    assert read_rows(tmp_path, STATES) == [("taken", 3)]


@pytest.mark.parametrize("bad", [None, 5, "x", [], {}, {"id": 7, "cdx-api": 8}, {"id": "x", "cdx-api": "http://["}])
def test_one_bad_entry_costs_itself(bad: object) -> None:
    crawls, bad_entries = cc.parse_crawls("\ufeff" + json.dumps([ENTRY, bad, ENTRY]), "http://x/")
    assert ([crawl.id for crawl in crawls], len(bad_entries)) == ([ENTRY["id"]], 1)
    with pytest.raises(ValueError, match="no crawl"):
        cc.parse_crawls(json.dumps([bad]), "http://x/")


@pytest.mark.parametrize("text", ["", "[]", "{}", "true", '{"pages": "3"}', '{"pages": -1}', '{"error": "x"}', "<p>"])
def test_what_is_no_number_of_pages(text: str) -> None:
    with pytest.raises(ValueError):
        cc.parse_page_count(text)
