"""What a Wayback shows for a line of its index: believed only as far as its bytes and its headers bear it out."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from scraper.records import Memento
from scraper.webarchives.replay import ReplayedCapture, ReplayFailure, WaybackAnswer, find_archive_redirect, read_answer
from scraper.webarchives.wayback_api import WAYBACK, WaybackService, list_services
from tests.pywb.history import base32

(SERVICE,) = list_services(WAYBACK)
PAGE = "https://www.usresistnews.org/2019/03/10/the-river-pact/"
BODY = b"<html><p>The ferry sails.</p></html>"
CODED = gzip.compress(BODY, mtime=0)
ASKED = Memento(WAYBACK, PAGE, "20190401102030", base32(BODY), 200, "text/html")
AT = ("Memento-Datetime", "Mon, 01 Apr 2019 10:20:30 GMT")
KIND = ("X-Archive-Orig-Content-Type", "text/html; charset=utf-8")


def _answer(body: bytes = BODY, *headers: tuple[str, str], status: int = 200, is_cut: bool = False) -> WaybackAnswer:
    return WaybackAnswer(SERVICE.build_raw_url(ASKED), status, headers or (AT, KIND), body, is_cut)


def _replay(answer: WaybackAnswer, memento: Memento = ASKED, service: WaybackService = SERVICE) -> ReplayedCapture:
    result = read_answer(memento, answer, service)
    assert isinstance(result, ReplayedCapture)
    return result


def test_a_page_as_it_was() -> None:
    shown = _replay(_answer(BODY, AT, KIND, ("X-Archive-Orig-Server", "nginx"), ("Server", "the archive's")))
    capture = shown.capture
    assert (shown.timestamp, shown.has_digest) == (ASKED.timestamp, True)
    assert (capture.url, capture.captured_at, capture.status) == (PAGE, "2019-04-01T10:20:30Z", 200)
    assert (capture.body, capture.wire, capture.truncated, capture.source) == (BODY, None, False, "wayback")
    assert capture.headers == (("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"))
    assert capture.memento == f"https://web.archive.org/web/20190401102030/{PAGE}"


@pytest.mark.parametrize(
    "encodings",
    [
        [("Content-Encoding", "gzip")],
        [("X-Archive-Orig-Content-Encoding", "gzip")],
        [("Content-Encoding", "gzip"), ("X-Archive-Orig-Content-Encoding", "gzip")],
        [("Content-Encoding", ""), ("X-Archive-Orig-Content-Encoding", "gzip")],
        [("Content-Encoding", "gzip, gzip")],
        [("Content-Encoding", "")],
        [],
    ],
)
def test_gzip_in_every_dress(encodings: list[tuple[str, str]]) -> None:
    asked = replace(ASKED, digest=base32(CODED))
    shown = _replay(_answer(CODED, AT, KIND, *encodings), asked)
    assert (shown.has_digest, shown.capture.body, shown.capture.wire) == (True, BODY, CODED)
    assert shown.capture.payload_sha1 == f"sha1:{asked.digest}"


def test_gzip_that_the_archive_put_on_or_took_off() -> None:
    on = _replay(_answer(CODED, AT, KIND, ("Content-Encoding", "gzip")))
    assert (on.has_digest, on.capture.body, on.capture.wire) == (True, BODY, None)
    off = _replay(_answer(BODY, AT, KIND, ("X-Archive-Orig-Content-Encoding", "gzip")), replace(ASKED, digest=None))
    assert (off.has_digest, off.capture.body) == (None, BODY)


def test_another_payload_is_kept_and_told() -> None:
    shown = _replay(_answer(b"<html>something else</html>"))
    assert (shown.has_digest, shown.capture.body) == (False, b"<html>something else</html>")


def test_another_instant_is_the_capture_it_is() -> None:
    link = ("Link", f'<http://usresistnews.org/2019/03/10/the-river-pact/>; rel="original", <{PAGE}>; rel="timegate"')
    shown = _replay(_answer(BODY, ("Memento-Datetime", "Tue, 02 Jun 2020 00:00:00 GMT"), link))
    assert (shown.timestamp, shown.capture.captured_at) == ("20200602000000", "2020-06-02T00:00:00Z")
    assert shown.capture.url == "http://usresistnews.org/2019/03/10/the-river-pact/"
    assert shown.capture.memento == f"https://web.archive.org/web/20200602000000/{shown.capture.url}"


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (BODY, ("X-Archive-Orig-Transfer-Encoding", "chunked")),
        (BODY, ("X-Archive-Orig-Content-Encoding", "gzip")),
        (BODY, ("X-Archive-Orig-Content-Encoding", "br")),
        (CODED, ("Content-Encoding", "gzip")),
        (CODED, ("Content-Encoding", "")),
    ],
)
def test_a_digest_of_a_form_that_is_gone_cannot_be_compared(body: bytes, coding: tuple[str, str]) -> None:
    shown = _replay(_answer(body, AT, KIND, coding), replace(ASKED, digest="A" * 32))
    assert (shown.has_digest, shown.is_requested, shown.capture.body) == (None, True, BODY)


@pytest.mark.parametrize(
    ("put_in", "is_rewritten"),
    [
        (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", True),
        (b'<script src="https://web-static.archive.org/_static/js/bundle-playback.js"></script>', True),
        (f'<a href="/web/20190401102030/{PAGE}">'.encode(), True),
        (f"<img src='https://web.archive.org/web/20190401102030im_/{PAGE}x.png'>".encode(), True),
        (b'<a href="/web/design/">', False),
    ],
)
def test_a_page_that_the_archive_has_altered(put_in: bytes, is_rewritten: bool) -> None:
    assert _replay(_answer(BODY + put_in), replace(ASKED, digest=None)).is_rewritten == is_rewritten
    as_recorded = _replay(_answer(BODY + put_in), replace(ASKED, digest=base32(BODY + put_in)))
    assert not as_recorded.is_rewritten  # the site itself has linked so


def test_of_one_second_a_page_is_no_redirect_to_it() -> None:
    link = ("Link", f'<{PAGE}>; rel="original"')
    redirect = replace(ASKED, url=PAGE.replace("https:", "http:"), status=301, digest=base32(b""))
    assert not _replay(_answer(BODY, AT, link), redirect).is_requested
    assert _replay(_answer(BODY, AT, link), replace(redirect, digest=ASKED.digest)).is_requested
    assert _replay(_answer(BODY, AT, link), replace(redirect, url=PAGE)).is_requested


@pytest.mark.parametrize(("scheme", "port"), [("http", ":80"), ("https", ":443"), ("https", "")])
def test_the_port_that_everybody_means_is_left_away(scheme: str, port: str) -> None:
    stated = PAGE.replace("https://www.usresistnews.org", f"{scheme}://www.usresistnews.org{port}")
    shown = _replay(_answer(BODY, AT, ("Link", f'<{stated}>; rel="original"')), replace(ASKED, url=stated))
    assert shown.capture.url == PAGE.replace("https", scheme)


@pytest.mark.parametrize(
    "form",
    [
        '<{escaped}>; rel="original", <https://x.example/>; rel="timegate"',
        '<https://x.example/>; title="a, b"; rel="timemap", <{url}>; type="text/html"; rel=\'original timegate\'',
        "<{url}>;REL=original",
    ],
)
def test_a_link_header_is_escaped_as_if_it_were_html(form: str) -> None:
    url = "https://www.usresistnews.org/?p=41&page=2"
    link = ("Link", form.format(url=url, escaped=url.replace("&", "&amp;")))
    assert _replay(_answer(BODY, AT, link), replace(ASKED, url=f"{url}&utm_source=x")).capture.url == url


def test_an_original_that_is_another_page_is_not_believed() -> None:
    link = ("Link", '<https://stranger.example/>; rel="original"')
    assert _replay(_answer(BODY, AT, link)).capture.url == PAGE


@pytest.mark.parametrize("status", [301, 404, 429, 500, 503])
def test_archived_answers_are_captures(status: int) -> None:
    headers = [AT, KIND, ("Location", f"/web/20190401102030id_/{PAGE}x/")]
    capture = _replay(_answer(b"", *headers, status=status)).capture
    assert (capture.status, dict(capture.headers)["Location"]) == (status, f"{PAGE}x/")


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (404, b"not archived", "missing"),
        (410, b"<p>The Resource you requested is no longer in this archive.</p>", "missing"),
        (404, gzip.compress(b"<p>La page n'est pas dans les archives</p>", mtime=0), "missing"),
        (404, b"", None),
        (404, b"404 page not found", None),
        (404, b"<pre>Cannot GET /web/2019id_/https://www.usresistnews.org/</pre> at web.archive.org", None),
        (404, b"<h2>Pywb Error</h2><p>Collection not found: <b>web</b></p>", None),
        (410, b"Gone", None),
        (403, b"<p>Access Blocked to https://web.archive.org/ by your organisation</p>", None),
        (200, b"<p>How to have pages excluded from the Wayback Machine</p>", None),
        (200, b"<p>This URL has been excluded from&nbsp;the <b>Wayback</b> Machine.</p>", "excluded"),
        (404, b"This URL has been excluded from the Wayback Machine.", "excluded"),
        (500, b"RobotAccessControlException: Blocked By Robots", "excluded"),
        (451, b"<p>Access Blocked to https://www.usresistnews.org/</p>", "excluded"),
        (200, b"<i></i>" * 9000 + b"This URL has been\nexcluded from the Wayback Machine.", "excluded"),
        (
            200,
            gzip.compress(b" " * 56_720 + b"This URL has been excluded from the Wayback Machine", mtime=0),
            "excluded",
        ),
        (403, b"<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>", None),
        (404, b"<center><h1>404 Not Found</h1></center><hr><center>nginx/1.25.1</center>", None),
        (401, b"", None),
        (451, b"", None),
        (498, b"", None),
        (429, b"", None),
        (503, b"", None),
        (200, b"<html>The Internet Archive is offline</html>", None),
        (400, b"", None),
        (302, b"", None),
    ],
)
def test_the_archives_own_word(status: int, body: bytes, state: str | None) -> None:
    result = read_answer(ASKED, _answer(body, ("Content-Type", "text/html"), status=status), SERVICE)
    assert isinstance(result, ReplayFailure)
    assert result.state == state


def test_a_cut_answer_waits_unless_it_is_whole() -> None:
    assert read_answer(ASKED, _answer(BODY[:9], is_cut=True), SERVICE) == ReplayFailure(None, "the answer was cut off")
    assert _replay(_answer(is_cut=True)).has_digest


LENGTH = ("X-Archive-Orig-Content-Length", str(len(BODY)))
PACKED = ("Content-Encoding", "gzip")


@pytest.mark.parametrize(
    "answer",
    [
        _answer(b""),
        _answer(b"", AT, KIND, ("X-Archive-Orig-Transfer-Encoding", "chunked")),
        _answer(BODY[:-9], AT, KIND, LENGTH),  # a connection that was to end with the page
        _answer(CODED[: len(CODED) // 2], AT, KIND, PACKED),
    ],
)
def test_what_was_cut_on_its_way_waits(answer: WaybackAnswer) -> None:
    assert read_answer(ASKED, answer, SERVICE) == ReplayFailure(None, "the answer was cut off")


@pytest.mark.parametrize(
    ("answer", "digest"),
    [
        (_answer(BODY[:-9], AT, KIND, LENGTH), base32(BODY[:-9])),
        (_answer(CODED[:-9], AT, KIND, PACKED), base32(CODED[:-9])),
        (_answer(CODED[:-9], AT, KIND, ("X-Archive-Orig-Content-Encoding", "gzip")), base32(b"chunked")),
    ],
)
def test_what_the_web_archive_recorded_cut_is_taken(answer: WaybackAnswer, digest: str) -> None:
    assert _replay(answer, replace(ASKED, digest=digest)).capture.body


def test_an_instant_that_nobody_can_read_is_no_capture() -> None:
    result = read_answer(ASKED, _answer(BODY, ("Memento-Datetime", "yesterday")), SERVICE)
    assert result == ReplayFailure(None, "its instant cannot be read: yesterday")


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        (f"/web/20200101000000id_/{PAGE}", True),
        (f"https://web.archive.org/web/20200101000000id_/http://usresistnews.org{PAGE[28:]}", True),
        ("/web/20200101000000id_/https://www.usresistnews.org/another/", False),
        (f"https://stranger.example/web/20200101000000id_/{PAGE}", False),
        ("/donate", False),
        ("http://[::bad", False),
    ],
)
def test_where_the_archive_sends_us(location: str, leads: bool) -> None:
    target = find_archive_redirect(_answer(b"", ("Location", location), status=302), SERVICE)
    assert (target is not None) == leads
    assert find_archive_redirect(_answer(b"", AT, ("Location", location), status=302), SERVICE) is None
