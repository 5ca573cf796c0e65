"""Every address known, how it was found, and whether it is still there."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.maintenance.withdraw import withdraw_post
from scraper.records import FoundAddress, Outcome
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_settings,
    open_archive,
    read_rows,
)

pytestmark = pytest.mark.services

_STATE = "SELECT status, first_seen, last_seen, missing_since FROM pages WHERE path = ?"


def _at(year: int) -> str:
    return f"{year}-01-01T00:00:00Z"


def test_a_page_goes_missing_and_comes_back_in_any_order_of_taking(tmp_path: Path) -> None:
    visits: list[tuple[int, Outcome]] = [(2020, "brief"), (2021, "missing"), (2022, "soft404"), (2023, "challenge")]
    for turn, order in enumerate(permutations(visits)):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with open_archive(folder, batch=9) as opened:
            for year, outcome in order:
                ingest_capture(
                    opened, make_capture(outcome.encode(), _at(year)), make_extraction(at=_at(year), outcome=outcome)
                )
        assert read_rows(folder, _STATE, PATH) == [("missing", _at(2020), _at(2020), _at(2021))]
    with open_archive(folder) as opened:
        ingest_capture(opened, make_capture(b"back", _at(2024)), make_extraction(at=_at(2024)))
    assert read_rows(folder, _STATE, PATH) == [("live", _at(2020), _at(2024), None)]


def test_what_is_gone_is_not_called_live_by_old_captures(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), _at(2020)))
        for day in range(1, 6):
            at = f"2022-01-{day * 5:02}T00:00:00Z"
            ingest_capture(opened, make_capture(b"%d" % day, at, status=404), make_extraction(at=at, outcome="missing"))
        ingest_capture(opened, *make_page(make_brief(title="Old"), _at(2019)))
        assert opened.list_waiting_addresses() == []
        assert read_rows(tmp_path, "SELECT status, gone_at FROM pages") == [("gone", "2022-01-25T00:00:00Z")]
        ingest_capture(opened, *make_page(make_brief(title="Again"), _at(2023)))
        assert read_rows(tmp_path, "SELECT status, gone_at FROM pages") == [("live", None)]


def test_what_was_withdrawn_stays_so(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), _at(2020)))
    withdraw_post(make_settings(tmp_path), PATH, "asked by its author")
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(title="Again"), _at(2023)))
        assert opened.list_waiting_addresses() == []
        assert read_rows(tmp_path, "SELECT status FROM pages") == [("withdrawn",)]


def test_found_addresses_add_up(tmp_path: Path) -> None:
    listed = (FoundAddress(SITE + PATH, "listing"), FoundAddress("mailto:us@a.example", "link"))
    with open_archive(tmp_path) as opened:
        ingest_capture(
            opened,
            make_capture(b"list", _at(2020)),
            make_extraction(outcome="listing", path="/", at=_at(2020), found=listed),
        )
        opened.add_found([FoundAddress("http://usrenewnews.org" + PATH, "sitemap", "2020-03-06")])
        opened.add_found([FoundAddress(SITE + PATH + "?utm_source=x", "sitemap", "2020-03-05")])
    found = read_rows(tmp_path, "SELECT url, first_seen, found_by, lastmod, status FROM pages WHERE path <> '/'")
    assert found == [(SITE + PATH, _at(2020), '["listing", "sitemap"]', "2020-03-06", "live")]


def test_finding_the_same_again_writes_nothing(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.add_found([FoundAddress(SITE + PATH, "rest")])
        before = opened.db.total_changes
        opened.add_found([FoundAddress(SITE + PATH, "rest")])
        assert opened.db.total_changes == before


def test_waiting_is_what_no_capture_answers(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.add_found(
            FoundAddress(f"{SITE}{path}", "sitemap") for path in (PATH, "/2020/05/05/down/", "/?p=9", "/gone/")
        )
        ingest_capture(opened, *make_page(make_brief(), _at(2020)))
        down = "/2020/05/05/down/"
        ingest_capture(opened, make_capture(b"503", path=down, status=503), make_extraction(path=down, outcome="error"))
        ingest_capture(
            opened, make_capture(b"404", path="/gone/", status=404), make_extraction(path="/gone/", outcome="missing")
        )
        short = replace(make_extraction(path="/2020/09/09/nine/"), url=f"{SITE}/?p=9")
        ingest_capture(opened, make_capture(b"9", path="/?p=9"), short)
        assert [item.path for item in opened.list_waiting_addresses()] == [down]
        assert opened.list_waiting_addresses()[0].url == SITE + down
        assert opened.read_summary().waiting == 1


def test_captured_tells_the_newest_good_copy_of_the_live_site(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for year in (2021, 2020):
            ingest_capture(opened, *make_page(make_brief(title=str(year)), _at(year), source="live"))
        ingest_capture(opened, *make_page(make_brief(title="2023"), _at(2023), source="warc"))
        ingest_capture(opened, make_capture(b"404", _at(2022)), make_extraction(at=_at(2022), outcome="missing"))
        ingest_capture(opened, *make_page(make_brief("/2020/01/01/undated/"), None))
        ingest_capture(opened, *make_page(make_brief("/2020/01/01/archived/"), _at(2020)))
        assert opened.read_capture_times() == {PATH: _at(2021)}  # the site is asked for what came from elsewhere


def test_a_copy_without_a_date_is_older_than_any(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(b"404", None), make_extraction(at=None, outcome="missing"))
        assert read_rows(tmp_path, _STATE, PATH) == [("missing", None, None, None)]
        ingest_capture(opened, *make_page(make_brief(), _at(2020)))
    assert read_rows(tmp_path, _STATE, PATH) == [("live", _at(2020), _at(2020), None)]
