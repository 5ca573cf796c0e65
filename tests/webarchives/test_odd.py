"""Whatever a Wayback answers, nothing is lost, nothing is settled by accident, and only a finished run says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from scraper.errors import BUSY, OK, PARTLY, UNAVAILABLE
from scraper.webarchives.cursor import IndexCursor
from scraper.webarchives.index_answer import EmptyPage, read_index_page
from scraper.webarchives.replay import WaybackAnswer
from scraper.webarchives.wayback_api import list_services
from tests.support.filled_archive import query_database
from tests.support.histories import Post
from tests.support.recorded_answers import (
    ABSENCES,
    EXCLUSIONS,
    NO_INDEX,
    ODD_COPIES,
    SITE,
    RecordedAnswer,
    Version,
    Wayback,
    pack,
    serve_recorded_wayback,
)
from tests.support.scrapy_running import scrapy

(SERVICE,) = list_services("https://web.archive.org/")
KNOWN = IndexCursor(resume="org%2Cx%29%2F+2019", newest="20190401000000", began="20200101000000")


def _versions(count: int) -> list[Version]:
    posts = [Post(f"/2019/03/10/post-{n:02}/", n, f"The pact of {n} towns") for n in range(1, count + 1)]
    return [Version(post.path, f"201904010000{post.number:02}", post.html()) for post in posts]


def _crawl(folder: Path, wayback: Wayback, *words: str) -> CompletedProcess[str]:
    given = [word for pair in words for word in ("-s" if pair[0].isupper() else "-a", pair)]
    return scrapy(folder, "crawl", "wayback", "-a", f"archive={wayback.url}", "-a", "site=usresistnews.org", *given)


def _states(folder: Path) -> dict[str, int]:
    return dict(query_database(folder / "archive.db", "SELECT state, count(*) FROM mementos GROUP BY state"))


def _answer(recorded: RecordedAnswer) -> WaybackAnswer:
    return WaybackAnswer(
        "https://web.archive.org/", recorded.status, recorded.headers, recorded.body, recorded.short > 0
    )


@pytest.mark.parametrize("kind", NO_INDEX)
def test_what_is_no_page_of_an_index_never_ends_it(kind: str) -> None:
    with pytest.raises(ValueError):
        read_index_page(_answer(NO_INDEX[kind]), SERVICE, KNOWN)


def test_an_index_that_was_coded_is_read() -> None:
    with serve_recorded_wayback(*_versions(2)) as wayback:
        plain = wayback.answer("/cdx/search/cdx?url=usresistnews.org&limit=9")
    for recorded in (plain, pack(plain), RecordedAnswer(200, pack(plain).body, plain.headers)):
        assert len(read_index_page(_answer(recorded), SERVICE, KNOWN).mementos) == 2
    assert read_index_page(_answer(NO_INDEX["no rows"]), SERVICE, IndexCursor()).mementos == ()


def test_an_index_that_fails_in_its_midst_is_read_to_its_end_later(tmp_path: Path) -> None:
    with serve_recorded_wayback(*_versions(6)) as wayback:
        wayback.always = [("resumeKey=org", NO_INDEX["nothing"])]
        run = _crawl(tmp_path, wayback, "WAYBACK_INDEX_PAGE=2")
        assert (run.returncode, _states(tmp_path)) == (PARTLY, {"taken": 2})
        wayback.always = []
        wayback.instead = [("resumeKey=org", NO_INDEX[kind]) for kind in ("no rows", "half of it", "an error in JSON")]
        run = _crawl(tmp_path, wayback, "WAYBACK_INDEX_PAGE=2")
        assert (run.returncode, run.stderr, _states(tmp_path)) == (OK, "", {"taken": 6})
        assert any("resumeKey" not in address for address in wayback.asked if "fl=" in address)  # what was before it


def test_a_resume_key_that_two_runs_could_not_follow_is_given_up(tmp_path: Path) -> None:
    with serve_recorded_wayback(*_versions(6)) as wayback:
        wayback.always = [("resumeKey=org", NO_INDEX["an error in JSON"])]
        codes = [_crawl(tmp_path, wayback, "WAYBACK_INDEX_PAGE=2").returncode for _ in range(2)]
        assert (codes, _states(tmp_path)) == ([PARTLY, UNAVAILABLE], {"taken": 2})
        wayback.asked = []
        run = _crawl(tmp_path, wayback, "WAYBACK_INDEX_PAGE=9")
        assert (run.returncode, _states(tmp_path)) == (OK, {"taken": 6})
        assert not any("resumeKey" in address for address in wayback.asked)


def test_a_page_that_is_full_is_the_last_one_only_if_a_smaller_one_says_so() -> None:
    with serve_recorded_wayback(*_versions(2)) as wayback:
        (full, short) = (wayback.answer(f"/cdx/search/cdx?url=usresistnews.org&limit={limit}") for limit in (2, 3))
    keyless = replace(full, body=short.body)
    pages = [read_index_page(_answer(page), SERVICE, IndexCursor(), 2) for page in (full, keyless)]
    assert [(bool(page.resume), page.is_whole) for page in pages] == [(True, True), (False, False)]
    assert read_index_page(_answer(short), SERVICE, IndexCursor(), 3).is_whole
    behind = IndexCursor(began="2020").advance(pages[0]).advance(pages[0])
    with pytest.raises(EmptyPage):
        read_index_page(_answer(NO_INDEX["no rows"]), SERVICE, behind, 2)
    assert behind.step_back().resume == pages[0].resume
    assert behind.step_back().step_back().resume is None


@pytest.mark.parametrize("key", ["", None, ["org,x)/ 2019"], {}, " ", "- 2019"])
def test_a_resume_key_that_names_no_place_is_told(key: object) -> None:
    with serve_recorded_wayback(*_versions(2)) as wayback:
        whole = wayback.answer("/cdx/search/cdx?url=usresistnews.org&limit=9")
    body = json.dumps([*json.loads(whole.body), [], [key]]).encode()
    page = read_index_page(_answer(RecordedAnswer(200, body, whole.headers)), SERVICE, IndexCursor())
    assert (len(page.mementos), page.resume, page.is_whole) == (2, None, False)


def test_a_resume_key_that_leaves_lines_out_is_not_followed(tmp_path: Path) -> None:
    with serve_recorded_wayback(*_versions(3)) as wayback:
        jump = wayback.answer("/cdx/search/cdx?url=usresistnews.org&limit=1")
        jump = RecordedAnswer(
            200, jump.body.replace(b"org%2Cusresistnews%29%2F2019%2F03%2F10%2Fpost-01%2F", b"-"), jump.headers
        )
        wayback.always = [("fl=", jump)]
        assert _crawl(tmp_path, wayback).returncode == PARTLY
        assert not any("resumeKey=-" in address for address in wayback.asked)
        assert _states(tmp_path) == {"taken": 1}
        wayback.always = []
        assert (_crawl(tmp_path, wayback).returncode, _states(tmp_path)) == (OK, {"taken": 3})


def test_odd_answers_settle_no_copy(tmp_path: Path) -> None:
    kinds = [*ODD_COPIES.values()]
    versions = _versions(2 * len(kinds) + 6)
    odd = versions[::2][: len(kinds)]
    with serve_recorded_wayback(*versions) as wayback:
        wayback.always = [(item.path, answer) for item, answer in zip(odd, kinds, strict=True)]
        for item, answer in zip(versions[-6:], [*EXCLUSIONS.values(), *ABSENCES.values()], strict=True):
            wayback.always.append((item.path, answer))
        run = _crawl(tmp_path, wayback)
        settled = {"excluded": len(EXCLUSIONS), "missing": len(ABSENCES)}
        assert run.returncode == PARTLY
        assert _states(tmp_path) == settled | {"waiting": len(kinds), "taken": len(versions) - len(kinds) - 6}
        assert f"{len(kinds)} copies still wait" in run.stdout
        wayback.always, wayback.asked = [], []
        assert (_crawl(tmp_path, wayback).returncode, len(wayback.copies)) == (OK, len(kinds))
        assert _states(tmp_path) == settled | {"taken": len(versions) - 6}
        wayback.asked = []
        assert _crawl(tmp_path, wayback, "recheck=1").returncode == OK
        assert (_states(tmp_path), len(wayback.copies)) == ({"taken": len(versions)}, 6)


@pytest.mark.parametrize(
    ("kind", "code", "times"),
    [("nginx forbids", BUSY, 3), ("offline", UNAVAILABLE, 5)],
)
def test_several_odd_answers_in_a_row_stop_the_run(tmp_path: Path, kind: str, code: int, times: int) -> None:
    with serve_recorded_wayback(*_versions(9)) as wayback:
        wayback.always = [("id_/", ODD_COPIES[kind])]
        run = _crawl(tmp_path, wayback)
        assert (run.returncode, len(wayback.copies)) == (code, times)
        assert f"{times} answers in a row were neither index nor copy" in run.stderr
        assert "9 copies still wait" in run.stdout
        wayback.always = [("post-01", ODD_COPIES[kind])]
        assert _crawl(tmp_path, wayback).returncode == PARTLY
    assert _states(tmp_path) == {"taken": 8, "waiting": 1}


def test_one_copy_that_is_refused_does_not_stand_before_the_others(tmp_path: Path) -> None:
    with serve_recorded_wayback(*_versions(3)) as wayback:
        wayback.always = [("post-02", RecordedAnswer(429, b"", (("Retry-After", "0"),)))]
        assert [_crawl(tmp_path, wayback).returncode for _ in range(2)] == [BUSY, BUSY]
    assert _states(tmp_path) == {"taken": 2, "waiting": 1}


def test_a_wall_before_everything_is_no_end(tmp_path: Path) -> None:
    with serve_recorded_wayback(*_versions(1)) as wayback:
        _crawl(tmp_path, wayback)
        wayback.always = [("/", ODD_COPIES["nginx forbids"])]
        run = _crawl(tmp_path, wayback)
    assert (run.returncode, _states(tmp_path)) == (BUSY, {"taken": 1})


def test_one_version_captured_twelve_times_is_one_request_and_no_alarm(tmp_path: Path) -> None:
    (post,) = _versions(1)
    chunked = ("X-Archive-Orig-Transfer-Encoding", "chunked")
    versions = [
        Version(post.path, f"2020{month:02}01000000", post.body, "A" * 32, headers=(chunked,)) for month in range(1, 13)
    ]
    with serve_recorded_wayback(*versions) as wayback:
        run = _crawl(tmp_path, wayback)
        assert (run.returncode, run.stderr, len(wayback.copies)) == (OK, "", 1)
    assert _states(tmp_path) == {"taken": 1, "same": 11}
    assert query_database(tmp_path / "archive.db", "SELECT kind, count(*) FROM problems GROUP BY kind") == [
        ("unverified", 1)
    ]


def test_a_copy_without_a_digest_tells_what_later_ones_are(tmp_path: Path) -> None:
    (post,) = _versions(1)
    first = Version(post.path, "20190320000000", post.body, "-")
    altered = Version("/2019/03/11/a/", "20190401000000", b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->" + post.body, "-")
    with serve_recorded_wayback(first, post, altered) as wayback:
        assert _crawl(tmp_path, wayback).returncode == OK
        assert wayback.copies == [SITE + post.path, SITE + altered.path]
    result = query_database(tmp_path / "archive.db", "SELECT path, kind FROM problems WHERE kind = 'rewritten'")
    assert result == [(altered.path, "rewritten")]
