"""Live, missing, gone, back: what the archive says of a page by all that was seen at its address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.archive import SqliteArchive
from pipelines.pages.status_timeline import Grace, PageEvent, Sighting, build_history
from scraper.records import Capture, Extraction, Outcome, Source
from tests.support.specimens import (
    PATH,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    open_archive,
    read_rows,
)
from tests.support.specimens import make_settings as places

pytestmark = pytest.mark.services

_GRACE = Grace(5, 14)
_STATE = "SELECT status, last_seen, missing_since, gone_at, checked_at, checks_missing FROM pages WHERE path = ?"
_EVENTS = "SELECT at, event, detail FROM page_events WHERE path = ? ORDER BY rowid"


def _at(day: int, hour: int = 0) -> str:
    return f"2024-01-{day:02}T{hour:02}:00:00Z"


def _see(
    day: int, outcome: Outcome, *, hour: int = 0, body: bytes | None = None, source: Source = "wayback"
) -> tuple[Capture, Extraction]:
    """Any answer at the page's address; each has its own bytes unless `body` names them."""
    at = _at(day, hour)
    status = {"missing": 404, "error": 503}.get(outcome, 200)
    if outcome == "brief":
        return make_page(make_brief(), at, source=source)
    page = make_capture(f"{outcome} {at}".encode() if body is None else body, at, status=status, source=source)
    return page, make_extraction(at=at, outcome=outcome)


def _take(opened: SqliteArchive, *seen: tuple[Capture, Extraction]) -> None:
    for page, result in seen:
        ingest_capture(opened, page, result)


def test_gone_after_enough_checks_over_enough_days(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _take(opened, _see(1, "brief"), *(_see(day, "missing") for day in (2, 3, 4, 5, 15)))
        assert read_rows(tmp_path, _STATE, PATH) == [("missing", _at(1), _at(2), None, _at(15), 5)]
        _take(opened, _see(16, "soft404"))
        assert read_rows(tmp_path, _STATE, PATH) == [("gone", _at(1), _at(2), _at(16), _at(16), 6)]
        assert read_rows(tmp_path, "SELECT count(*) FROM briefs") == [(1,)]
        _take(opened, _see(20, "brief"))
    assert read_rows(tmp_path, _STATE, PATH) == [("live", _at(20), None, None, _at(20), 0)]
    assert read_rows(tmp_path, _EVENTS, PATH) == [
        (_at(1), "seen", None),
        (_at(2), "missing", "HTTP 404"),
        (_at(16), "gone", "6 checks since 2024-01-02"),
        (_at(20), "back", None),
    ]


def test_many_checks_of_a_few_days_are_a_few_checks(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _take(opened, _see(1, "brief"), *(_see(day, "missing", hour=hour) for day in (2, 20) for hour in range(9)))
    assert read_rows(tmp_path, _STATE, PATH) == [("missing", _at(1), _at(2), None, _at(20, 8), 2)]


def test_the_same_not_found_page_night_after_night_counts(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _take(opened, *(_see(day, "missing", body=b"404", source="live") for day in (2, 5, 8, 11, 16)))
        assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(1,)]
    assert read_rows(tmp_path, _STATE, PATH) == [("gone", None, _at(2), _at(16), _at(16), 5)]


@pytest.mark.parametrize("outcome", ["challenge", "maintenance", "parked", "error"])
def test_the_weather_of_the_web_moves_nothing(tmp_path: Path, outcome: Outcome) -> None:
    with open_archive(tmp_path) as opened:
        _take(opened, _see(1, "brief", source="live"), *(_see(day, outcome) for day in range(2, 30)))
        assert read_rows(tmp_path, _STATE, PATH) == [("live", _at(1), None, None, _at(1), 0)]
        assert opened.read_capture_times() == {PATH: _at(1)}
        assert [item.checked_at for item in opened.list_posts()] == [_at(1)]
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The River Pact",)]


def test_the_settings_say_when_a_page_is_gone(tmp_path: Path) -> None:
    patient = places(tmp_path)
    patient.setdict({"GONE_AFTER_CHECKS": 2, "GONE_AFTER_DAYS": 3})
    opened = SqliteArchive.open(patient)
    _take(opened, *(_see(day, "missing") for day in (1, 4)))
    opened.close()
    assert read_rows(tmp_path, _STATE, PATH) == [("gone", None, _at(1), _at(4), _at(4), 2)]


_OUTCOMES: list[Outcome] = ["brief", "missing", "missing", "missing", "soft404", "challenge", "redirect", "unreadable"]
_SEEN = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(_OUTCOMES)), min_size=2, max_size=14)


def _page_of(captures: list[tuple[Capture, Extraction]]) -> list[list[tuple[Any, ...]]]:
    with TemporaryDirectory() as name:
        with open_archive(Path(name), batch=100) as opened:
            _take(opened, *captures)
        return [read_rows(Path(name), sql, PATH) for sql in (_STATE, _EVENTS)]


@given(st.data(), _SEEN)
@settings(max_examples=30, deadline=None)
def test_any_order_of_taking_tells_the_same_life(data: st.DataObject, seen: list[tuple[int, Outcome]]) -> None:
    captures = [_see(day, outcome) for day, outcome in seen]
    shuffled = data.draw(st.permutations(captures))
    assert _page_of(shuffled) == _page_of(captures)


@given(_SEEN)
@settings(max_examples=30, deadline=None)
def test_a_check_of_the_same_bytes_counts_as_a_capture_of_other_bytes(seen: list[tuple[int, Outcome]]) -> None:
    result = {day: _see(day, outcome, source="live") for day, outcome in sorted(seen)}
    constant = [
        (replace(page, body=result.outcome.encode() if result.outcome != "brief" else page.body), result)
        for page, result in result.values()
    ]
    assert _page_of(constant) == _page_of(list(result.values()))


def test_an_undated_copy_is_older_than_any() -> None:
    result = build_history(
        [Sighting(None, "missing", "HTTP 404"), Sighting(_at(2), "missing"), Sighting(_at(3), "brief")], _GRACE
    )
    assert (result.status, result.last_seen, result.missing_since) == ("live", _at(3), None)
    assert result.events == (PageEvent(None, "missing", "HTTP 404"), PageEvent(_at(3), "back"))


def test_a_truncated_copy_is_to_be_asked_for_again(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        page, result = make_page(make_brief(), _at(1), source="live")
        ingest_capture(opened, replace(page, truncated=True), result)
        assert opened.read_capture_times() == {}
        assert [item.path for item in opened.list_waiting_addresses()] == [PATH]
        ingest_capture(opened, *make_page(make_brief(title="Whole"), _at(2), source="live"))
        assert (opened.read_capture_times(), opened.list_waiting_addresses()) == ({PATH: _at(2)}, [])


def test_after_a_probe_only_posts_are_waiting(tmp_path: Path) -> None:
    others: list[tuple[str, Outcome]] = [("/", "listing"), ("/robots.txt", "robots"), ("/sitemap.xml", "sitemap")]
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), _at(1)), store_readings=False)
        for path, outcome in others:
            result = make_extraction(path=path, outcome=outcome, at=_at(1))
            ingest_capture(opened, make_capture(b"x", _at(1), path=path), result, store_readings=False)
        assert [item.path for item in opened.list_waiting_addresses()] == [PATH]
        assert opened.read_capture_times() == {}
