"""What saved pages say of where and when they were saved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import parse_instant, parse_script_instant, parse_wayback_instant
from scraper.sources.provenance import find_origin, origin_of_address
from scraper.sources.saved_page import Origin

PAGE = "https://www.usresistnews.org/2019/03/10/lighthouse/"

SAVED = {
    "browser": (
        f"<!DOCTYPE html>\n<!-- saved from url=(0051){PAGE} -->\n<html>",
        Origin(PAGE),
    ),
    "browser, from the Wayback Machine": (
        f"<!-- saved from url=(0098)https://web.archive.org/web/20190401000000/{PAGE} -->",
        Origin(PAGE, "2019-04-01T00:00:00Z", wayback=True),
    ),
    "browser, from nowhere": ("<!-- saved from url=(0014)about:internet -->", Origin()),
    "SingleFile": (
        f"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: {PAGE} \n"
        " saved date: Fri Apr 05 2019 18:02:11 GMT+0200 (Central European Summer Time)\n-->",
        Origin(PAGE, "2019-04-05T16:02:11Z"),
    ),
    "HTTrack": (
        "<html><!-- Mirrored from www.usresistnews.org/2019/03/10/lighthouse/index.html by HTTrack Website Copier/3.x "
        "[XR&CO'2014], Tue, 05 Mar 2019 18:02:11 GMT -->",
        Origin(PAGE, "2019-03-05T18:02:11Z"),
    ),
    "Wayback": (
        f'<script>__wm.wombat("{PAGE}","20190405180211","https://web.archive.org/","web","/_static/");</script>'
        "<!--\n     FILE ARCHIVED ON 18:02:12 Apr 5, 2019 AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON ...-->",
        Origin(PAGE, "2019-04-05T18:02:11Z", wayback=True),
    ),
    "Wayback, an old one": (
        f'<link href="/web/20180405180211/{PAGE}" rel="canonical"><!-- FILE ARCHIVED ON 18:02:11 Apr 05, 2018 AND -->',
        Origin(PAGE, "2018-04-05T18:02:11Z", wayback=True),
    ),
    "Wayback, its foot cut off": (
        f'<link rel="canonical" href="https://web.archive.org/web/20190405180211/{PAGE}?a=1&amp;b=2" />',
        Origin(f"{PAGE}?a=1&b=2", "2019-04-05T18:02:11Z", wayback=True),
    ),
    "nothing": (f'<link rel="canonical" href="{PAGE}"><p>Mirrored from the sea by HTTrack</p>', Origin()),
    "a link to it": (
        f'<a href="https://web.archive.org/web/20190405180211/{PAGE}">copy</a>',
        Origin(),
    ),
}


@pytest.mark.parametrize(("text", "expected"), SAVED.values(), ids=SAVED.keys())
def test_what_a_saved_page_says_of_itself(text: str, expected: Origin) -> None:
    assert find_origin(text.encode()) == expected
    assert find_origin(b"<html>" + b" " * 200_000 + text.encode()) == expected


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert isinstance(find_origin(b"<!-- saved from url=(1)http://" + body), Origin)
    assert isinstance(find_origin(b"<!-- Mirrored from " + body + b" by HTTrack" + body + b" -->"), Origin)


BEGINNINGS = (
    *(b"<!-- Mirrored from a by HTTrack ", b"<link rel=canonical ", b"<link rel=bookmark href=a>"),
    *(b"<!-- Page saved with SingleFile", b"archive.ph/ id=HEADER <input value=a ", b"id=a-google-cache-hdr <"),
    b"<!-- Banner:Start --><base ",
)


def test_a_megabyte_of_beginnings_takes_no_time() -> None:
    for beginning in BEGINNINGS:
        assert find_origin(beginning * (2**20 // len(beginning))) == Origin()


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-01T00:00:00Z",
        "2019-04-01",
        "20190401",
        "20190401000000",
        "20190401T000000Z",
        "2019-04-01 02:00+02:00",
        "2019-03-31T19:00:00.123456789-05:00",
        " 2019-04-01T00:00:00 ",
        "Mon, 01 Apr 2019 00:00:00 GMT",
    ],
)
def test_an_instant_in_any_form(text: str) -> None:
    assert parse_instant(text) == "2019-04-01T00:00:00Z"


@pytest.mark.parametrize("text", ["", "2019", "yesterday", "20191301000000", "2019-02-30", "0001-01-01T00:00:00+23:00"])
def test_what_is_no_instant_is_none(text: str) -> None:
    assert parse_instant(text) is None
    assert parse_script_instant(text) is None
    assert parse_wayback_instant(text) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-14, 14))
def test_instants_keep_their_moment(moment: datetime, hours: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    expected = there.astimezone(UTC).replace(microsecond=0)
    assert datetime.fromisoformat(parse_instant(there.isoformat()) or "") == expected
    in_script = there.strftime("%a %b %d %Y %H:%M:%S GMT%z (Somewhere)")
    assert datetime.fromisoformat(parse_script_instant(in_script) or "") == expected


def test_an_address_of_the_wayback_machine_tells_both() -> None:
    assert origin_of_address(f"https://web.archive.org/web/20190401000000id_/{PAGE}") == Origin(
        PAGE, "2019-04-01T00:00:00Z", wayback=True
    )
    assert origin_of_address(PAGE) == Origin(PAGE)
    assert origin_of_address(f"https://web.archive.org/web/2019/{PAGE}").captured_at is None
