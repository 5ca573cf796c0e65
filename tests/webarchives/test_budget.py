"""How much is asked of a web archive, and when it is left alone; the clock is the test's."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from scraper.errors import BUSY, UNAVAILABLE, SiteUnavailable, WebArchiveBusy
from scraper.webarchives.rate_limit import PATIENCE, SILENCE, SLOW_START, RateLimit


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> RateLimit:
    return RateLimit({"index": 24, "replay": 480}, clock=clock, sleep=clock.sleep)


def _time_requests(limit: RateLimit, clock: Clock, kind: str, times: int, status: int | None = 200) -> list[float]:
    """When each of some requests began."""
    begun = []
    for _ in range(times):
        asyncio.run(limit.wait_for_turn(kind))
        begun.append(clock.now)
        limit.note_answer(kind, status)
    return begun


def test_it_begins_slowly_and_keeps_to_its_most(limit: RateLimit, clock: Clock) -> None:
    begun = _time_requests(limit, clock, "index", 40)
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert gaps[0] == pytest.approx(SLOW_START * 60 / 24)
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(60 / 24)
    assert max(sum(1 for at in begun if start <= at < start + 60) for start in begun) <= 25


def test_copies_have_their_own_pace(limit: RateLimit, clock: Clock) -> None:
    _time_requests(limit, clock, "index", 1)
    begun = _time_requests(limit, clock, "replay", 40)
    assert begun[0] == 100.0
    assert begun[-1] - begun[-2] == pytest.approx(60 / 480)


def test_without_a_limit_nobody_waits(clock: Clock) -> None:
    assert _time_requests(RateLimit({"index": 0}, clock=clock, sleep=clock.sleep), clock, "index", 9)[-1] == 100.0


def test_a_refusal_stops_everything_for_a_while_and_slows_it(limit: RateLimit, clock: Clock) -> None:
    _time_requests(limit, clock, "replay", 40)
    before = clock.now
    assert limit.note_answer("replay", 429)
    asyncio.run(limit.wait_for_turn("index"))
    assert clock.now == before + 60
    begun = _time_requests(limit, clock, "replay", 3)
    assert begun[-1] - begun[-2] > 60 / 480


def test_retry_after_is_kept_to(limit: RateLimit, clock: Clock) -> None:
    limit.note_answer("index", 503, 17.0)
    asyncio.run(limit.wait_for_turn("replay"))
    assert clock.now == 117.0


def test_repeated_refusals_end_the_run(limit: RateLimit) -> None:
    for _ in range(PATIENCE - 1):
        assert limit.note_answer("replay", 429)
    with pytest.raises(WebArchiveBusy, match="again and again") as result:
        limit.note_answer("index", 429)
    assert result.value.exit_code == BUSY
    assert limit.rest_seconds is None


def test_good_answers_between_refusals_make_it_patient_again(limit: RateLimit) -> None:
    for _ in range(5 * PATIENCE):
        limit.note_answer("replay", 429)
        assert not limit.note_answer("replay", 200)
    assert limit.refusals == 5 * PATIENCE


def test_a_long_rest_ends_the_run_at_once(limit: RateLimit) -> None:
    with pytest.raises(WebArchiveBusy, match="for 3600 seconds"):
        limit.note_answer("index", 429, 3600.0)
    assert limit.rest_seconds == 3600.0


@pytest.mark.parametrize("status", [None, 500, 503, 504])
def test_a_server_that_fails_is_given_time_and_then_up(limit: RateLimit, clock: Clock, status: int | None) -> None:
    begun = _time_requests(limit, clock, "replay", SILENCE - 1, status)
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert gaps == [10, 20, 40]
    with pytest.raises(SiteUnavailable) as result:
        limit.note_answer("replay", status)
    assert result.value.exit_code == UNAVAILABLE
