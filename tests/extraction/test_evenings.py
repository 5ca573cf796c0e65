"""A post that is put up in the evening is of that day, whatever form it is read in: UTC has the next day by then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.address import permalink_date
from scraper.dates import parse_iso_instant, parse_site_day
from scraper.records import Capture, Extraction
from tests.support.expected import SavedPage, list_saved_pages, load_capture, load_expectation

# Every form in which pages, REST, feeds and exports state an instant: in UTC, and in the site's own time.
_UTC = re.compile(rb'(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\+00:00|Z)|(?<="date_gmt": ")(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d')
_GMT = re.compile(rb"(?<=<wp:post_date_gmt>)(?:<!\[CDATA\[)?(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d")
_MAIL = re.compile(rb"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000")
_HOUR = re.compile(rb'(?<="date": ")(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?=")')
_PERMALINK = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/")


def _next_day(day: bytes) -> bytes:
    return (date.fromisoformat(day.decode()) + timedelta(days=1)).isoformat().encode()


def _move_to_evening(body: bytes, time: bytes) -> bytes:
    """Have every instant stand at this time of the next day in UTC, and 21:30 of its own where it is the site's."""
    body = _UTC.sub(lambda m: _next_day(m[1] or m[3]) + b"T" + time + (m[2] or b""), body)
    body = _GMT.sub(lambda m: m[0][: m[0].index(m[1])] + _next_day(m[1]) + b" " + time, body)
    body = _HOUR.sub(lambda m: m[1] + b"T21:30:00", body)

    def move_mail(match: re.Match[bytes]) -> bytes:
        day = datetime.strptime(match[0].decode(), "%a, %d %b %Y %H:%M:%S %z").date() + timedelta(days=1)
        hour, minute, second = map(int, time.split(b":"))
        return format_datetime(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)).encode()

    return _MAIL.sub(move_mail, body)


def _days(extraction: Extraction) -> list[str | None]:
    return [reading.brief.published for reading in extraction.readings]


def _has_day(page: SavedPage) -> bool:
    return any(brief.get("published") for brief in load_expectation(page)["briefs"])


_PAGES = [page for page in list_saved_pages() if page.expectation.exists() and _has_day(page)]


@cache
def _read_days(page: SavedPage) -> list[str | None]:
    return _days(extract(load_capture(page)))


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_every_look_and_source_keeps_the_day(page: SavedPage) -> None:
    """A page takes one edge of the evening, its neighbour the other; every look and source has several pages."""
    time = (b"00:00:01", b"03:59:59")[_PAGES.index(page) % 2]
    capture = load_capture(page)
    evening = replace(capture, body=_move_to_evening(capture.body, time))
    assert _days(extract(evening)) == _read_days(page)


@pytest.mark.parametrize("page", [page for page in _PAGES if page.page.suffix == ".html"], ids=lambda page: page.name)
def test_without_a_day_in_the_address_the_site_s_clock_decides(page: SavedPage) -> None:
    capture = load_capture(page)
    short = _PERMALINK.sub("/p-\\1-\\2-\\3-", capture.body.decode("utf-8", "surrogateescape")).encode(
        "utf-8", "surrogateescape"
    )
    url = _PERMALINK.sub("/", capture.url) if capture.url else None
    noon, evening = (replace(capture, body=body, url=url) for body in (short, _move_to_evening(short, b"02:30:00")))
    assert _days(extract(evening)) == _days(extract(noon))


_HEAD = '<meta property="article:published_time" content="{}">'
_POST = """<html><head>{head}<link rel="canonical" href="https://www.usresistnews.org/{address}"></head><body>
<article class="et_pb_post"><h1 class="entry-title">The Harbour Lamp</h1><div class="entry-content">
<p>Brief #7—Environment</p><p>The harbour master asked for a second lamp, and the council has not answered yet.</p>
</div></article></body></html>"""


def _read_day(stated: str, address: str) -> tuple[str | None, set[str]]:
    body = _POST.format(head=_HEAD.format(stated), address=address).encode()
    url = f"https://www.usresistnews.org/{address}"
    (reading,) = extract(Capture(body, url, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")).readings
    return reading.brief.published, {problem.kind for problem in reading.problems if problem.field == "published"}


@pytest.mark.parametrize(
    ("stated", "address", "day", "problems"),
    [
        ("2023-11-09T02:30:00+00:00", "2023/11/08/lamp/", "2023-11-08", set()),
        ("2023-11-09T02:30:00+00:00", "lamp/", "2023-11-08", set()),
        ("2023-11-09T02:30:00Z", "2023/11/09/lamp/", "2023-11-09", set()),  # the site's clock stood otherwise then
        ("2023-07-09T03:59:59Z", "lamp/", "2023-07-08", set()),  # summer: four hours
        ("2023-12-09T04:59:59Z", "lamp/", "2023-12-08", set()),  # winter: five
        ("2023-12-09T05:00:00Z", "lamp/", "2023-12-09", set()),
        ("2023-11-08T21:30:00-05:00", "2023/11/08/lamp/", "2023-11-08", set()),
        ("2023-11-08T21:30:00-05:00", "lamp/", "2023-11-08", set()),
        ("2023-11-09T00:30:00+01:00", "lamp/", "2023-11-09", set()),  # an offset is somebody's own calendar
        ("2023-11-08", "lamp/", "2023-11-08", set()),
        ("2023-11-10T12:00:00Z", "2023/11/08/lamp/", "2023-11-10", {"conflict"}),  # too far for a zone
    ],
)
def test_which_day_is_believed(stated: str, address: str, day: str, problems: set[str]) -> None:
    assert _read_day(stated, address) == (day, problems)


@given(st.datetimes(datetime(2017, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_a_day_is_that_of_new_york(instant: datetime) -> None:
    day = instant.astimezone(ZoneInfo("America/New_York")).date().isoformat()
    assert parse_site_day(instant.isoformat()) == day
    assert parse_site_day(instant.replace(tzinfo=None).isoformat(), is_utc=True) == day
    assert parse_site_day(instant.replace(tzinfo=None).isoformat()) == instant.date().isoformat()


@pytest.mark.parametrize("path", ["/2019/03/32/page/", "/2019/02/30/page/", "/2019/13/01/page/", "/2019/00/00/page/"])
def test_a_day_that_no_month_has_is_none(path: str) -> None:
    assert permalink_date(path) is None
    assert _read_day("2019-03-05T12:00:00Z", path.lstrip("/")) == ("2019-03-05", set())


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+09:00"])
def test_an_instant_at_the_edge_of_the_calendar_is_no_fault(text: str) -> None:
    """Some programs write it for a date that they do not have."""
    assert parse_site_day(text) == "0001-01-01"
    assert parse_iso_instant(text) == (None if text.endswith("+09:00") else "0001-01-01T00:00:00Z")


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:30:00+01:00"])
def test_an_instant_that_utc_does_not_have_is_none(text: str) -> None:
    assert parse_iso_instant(text) is None
