"""What an answer says of a recommended address, and which hosts are asked at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import DNSLookupError

from scraper.crawl.download_failure import describe_failure
from scraper.linkrot.copy_finder import find_nearest
from scraper.linkrot.link_check import REDIRECTS, LinkAnswer, LinkProblem, build_check, find_next_url
from scraper.linkrot.page_notice import find_notice
from scraper.linkrot.public_addresses import is_public, require_public
from scraper.records import Memento
from tests.crawl.test_links import INSIDE


@pytest.mark.parametrize("host", INSIDE.split())
def test_hosts_inside_a_network_are_not_public(host: str) -> None:
    assert not is_public(host)
    assert not is_public(f"[{host}]")


@pytest.mark.parametrize("host", "example.org 8.8.8.8 2606:4700::1111 0x.org 64:ff9b::8.8.8.8".split())
def test_other_hosts_are_public(host: str) -> None:
    assert is_public(host)


def test_names_that_lead_inside_have_no_address() -> None:
    assert require_public("8.8.8.8") == "8.8.8.8"
    with pytest.raises(DNSLookupError, match="no public address"):
        require_public("192.168.1.1")


def _page(title: str, text: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, _page("One moment, please", "Please wait"), "challenge"),
        (200, _page("Just a moment...", ""), "challenge"),
        (403, b"<html><script src='/cdn-cgi/challenge-platform/x.js'></script><p>Wait</p></html>", "challenge"),
        (503, _page("Service Unavailable", "Back soon"), None),
        (200, b"<html><title>Un instant</title><script>window._cf_chl_opt={}</script></html>", "challenge"),
        (200, _page("Making sure you&#39;re not a bot!", "Loading. " * 90), "challenge"),
        (522, b"<html><title>522: Connection timed out</title><div id='cf-error-details'>Error</div></html>", None),
        (404, _page("Page not found", "<div class='g-recaptcha'></div>"), None),
        (410, _page("Gone", "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"), None),
        (200, _page("Security check for gun buyers", "A short bill. " * 20), None),
        (200, _page("Please wait: the asylum backlog", "The towns ask who waits. " * 20), None),
        (200, _page("404", "Oh no"), "lost"),
        (200, _page("Page Not Found | River Watch", "Try the search"), "lost"),
        (200, _page("River Watch", "The page you requested could not be found."), "lost"),
        (200, _page("River Watch - Sorry, this page no longer exists", ""), "lost"),
        (200, _page("River Watch", "It looks like nothing was found at this location."), "lost"),
        (200, _page("River Watch", "This petition has been taken down"), "lost"),
        (200, _page("P&aacute;gina no encontrada", ""), "lost"),
        (200, _page("HTTP 404", ""), "lost"),
        (200, _page("River Watch", "Content on this page is not available in print."), None),
        (200, _page("Papers", "The document could not be found in 1974 by the towns."), None),
        (404, _page("Page not found", ""), None),
        (200, _page("river.example", "Buy this domain"), "parked"),
        (200, _page("river.example is for sale!", ""), "parked"),
        (200, _page("river.example", "The owner is offering it for sale for an asking price of 9 USD"), "parked"),
        (200, _page("river.example", "river.example steht zum Verkauf"), "parked"),
        (200, _page("river.example is for sale", "This domain is for sale at a fair price"), "parked"),
        (200, b"<html><script>window.onload=function(){location.href='/lander'}</script></html>", "parked"),
        (200, _page("Contact", "Write to us. <div class='g-recaptcha'></div>"), None),
        (200, _page("How 404 households lost their wells", "The towns ask who pays. " * 9), None),
        (200, _page("Domains of policy", "The firm has bought a domain for sale of wells. " * 99), None),
        (200, b"", None),
        (200, b"\xff\xfe\x00", None),
    ],
)
def test_what_a_page_says_of_itself(status: int, body: bytes, kind: str | None) -> None:
    notice = find_notice(status, {"content-type": "text/html"}, body)
    assert (notice.kind if notice else None) == kind


@pytest.mark.parametrize(
    ("url", "stamp", "is_found"),
    [
        ("http://www.river.example:80/a", "20200401000000", True),
        ("https://river.example/A?x=1", "20200401000000", True),
        ("https://stranger.example/a", "20200401000000", False),
        ("https://river.example/a", "20990401000000", False),
        ("https://river.example/a", "20201399000000", False),
    ],
)
def test_a_copy_is_of_that_host_and_of_the_past(url: str, stamp: str, is_found: bool) -> None:
    lines = [Memento("https://web.archive.org/", url, stamp, None, 200)]
    assert bool(find_nearest(lines, "https://river.example/a", "2020-01-01")) == is_found


def test_failures_are_told_in_words() -> None:
    raised = [
        DownloadTimeoutError("Getting http://a/ took longer than 1.0 seconds."),
        DownloadFailedError(
            "[<twisted.python.failure.Failure OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]>]"
        ),
        DownloadFailedError("[<twisted.python.failure.Failure twisted.internet.error.ConnectionLost: …>]"),
        OSError(5),
    ]
    result = [describe_failure(error) for error in raised]
    assert not any(word in " ".join(result) for word in ("twisted", "Error", "<", "routines"))
    assert len(set(result)) == 3


@given(st.lists(st.tuples(st.integers(100, 599), st.none() | st.text() | st.just("http://b.example/")), min_size=1))
def test_any_chain_of_answers_ends_in_a_verdict(result: list[tuple[int, str | None]]) -> None:
    way: list[LinkAnswer] = []
    target: str | None = "http://a.example/"
    trouble = None
    for status, location in result:
        if target is None:
            break
        way.append(LinkAnswer(target, status, location))
        try:
            target = find_next_url(way[-1], way)
        except LinkProblem as error:
            trouble = error
            break
    assert len(way) <= REDIRECTS + 1
    assert build_check("http://a.example/", "2026-01-01T00:00:00Z", way, trouble).status == way[-1].status
