"""Addresses mean what browsers make of them, and nobody's page is taken for the site's because of how it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.address import SITE_HOSTS, host_of, is_ours, make_absolute
from scraper.records import Capture
from scraper.sources.events import Omission
from scraper.sources.paths import SourceReader
from scraper.url_reading import clean_url, split_address
from tests.support.histories import HTML, RIVER, Post

POST = Post(RIVER, 41, "The river's pact")
LATER = "2030-01-01T00:00:00Z"
OURS = [
    rf"https:\\www.usresistnews.org{RIVER}",
    rf"https:/\www.usresistnews.org\{RIVER[1:]}",
    f" \x01https://www.usresist\tnews.org{RIVER}",
    f"https:www.usresistnews.org{RIVER}",
    f"https:///www.usresistnews.org{RIVER}",
    f"HTTPS://WWW.USRESISTNEWS.ORG:0443{RIVER}",
    f"https://www.usresistnews.org.{RIVER}",
    f"https://www%2eusresistnews%2Eorg{RIVER}",
    f"https://ｗｗｗ．ｕｓｒｅｓｉｓｔｎｅｗｓ。org{RIVER}",
    f"https://evil.example@www.usresistnews.org{RIVER}",
    f"https://web.archive.org/web/20290101000000/https://www.usresistnews.org{RIVER}",
]
STRANGERS = {
    rf"https://evil.example\@www.usresistnews.org{RIVER}": "evil.example",
    f"https://evil.example\\\t@www.usresistnews.org{RIVER}": "evil.example",
    f"https://www.usresistnews.org@evil.example{RIVER}": "evil.example",
    rf"https://www.usresistnews.org:x@evil.example\.usresistnews.org{RIVER}": "evil.example",
    rf"\\evil.example\www.usresistnews.org{RIVER}": "evil.example",
    f"https://evil.example%2f.usresistnews.org{RIVER}": "evil.example%2f.usresistnews.org",
    f"https://evil.example%5c@www.usresistnews.org:8443{RIVER}": "usresistnews.org:8443",
    f"https://usresıstnews.org{RIVER}": "xn--usresstnews-3zb.org",
    f"http://127.0.0.1:9999{RIVER}": "127.0.0.1:9999",
    f"http://0x7f.1:9999{RIVER}": "127.0.0.1:9999",
    f"http://localhost{RIVER}": "localhost",
    f"https://evil.example/web/20290101000000/https://www.usresistnews.org{RIVER}": "evil.example",
    f"https://evil.example/20290101000000id_/http://www.usresistnews.org{RIVER}": "evil.example",
    f"http://127.0.0.1:9999/web/20290101000000/https://www.usresistnews.org{RIVER}": "127.0.0.1:9999",
    f"https://archive.org.evil.example/web/20290101000000/https://usresistnews.org{RIVER}": "archive.org.evil.example",
    f"https://web.archive.org/web/2029/http://evil.example/web/2029/http://usresistnews.org{RIVER}": "web.archive.org",
}


@pytest.mark.parametrize("address", OURS)
def test_every_spelling_of_the_site_is_the_site_s(address: str) -> None:
    assert is_ours(address, SITE_HOSTS)
    capture = Capture(POST.html(named=False), address, LATER, "file", None, (), HTML)
    assert capture.path == RIVER
    (reading,) = extract(capture).readings
    assert host_of(reading.brief.url or "") == "usresistnews.org"
    assert (reading.brief.url or "").isascii()
    assert "@" not in (reading.brief.url or "")


@pytest.mark.parametrize(("address", "host"), STRANGERS.items())
def test_a_stranger_s_address_is_left_out_unless_its_host_is_named(tmp_path: Path, address: str, host: str) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(POST.html())
    (tmp_path / "page.html.meta.json").write_text(json.dumps({"url": address}))
    if not address.startswith("\\"):  # a sidecar's address has a scheme
        result = list(SourceReader(SITE_HOSTS).read(page))
        assert [(item.reason, item.detail) for item in result if isinstance(item, Omission)] == [("host", host)]
    assert not is_ours(address, SITE_HOSTS)
    assert host_of(address) == host


@pytest.mark.parametrize("scheme", ["javascript:", "JavaScript:", "vbscript:", "ftp:", "file:", "ws:", "x-open:"])
def test_an_address_that_no_web_server_serves_is_neither_the_site_s_nor_a_brief_s(scheme: str) -> None:
    address = f"{scheme}//www.usresistnews.org{RIVER}"
    for url in (address, f"https://web.archive.org/web/20290101000000/{address}"):
        assert not is_ours(url, SITE_HOSTS)
    for mark in ('<link rel="canonical" href="{}"/></head>', '<meta property="og:url" content="{}"/></head>'):
        page = POST.html(named=False).replace(b"</head>", mark.format(f"{address}%0aalert(1)").encode())
        for own in ("https://www.usresistnews.org/?p=41", None):
            (reading,) = extract(Capture(page, own, LATER, "file", None, (), HTML)).readings
            assert (reading.brief.url, reading.brief.path) == (own, "/?p=41")


def test_the_user_may_name_an_archive_of_his_own() -> None:
    address = f"https://pywb.example/coll/20290101000000/https://www.usresistnews.org{RIVER}"
    assert is_ours(address, SITE_HOSTS | {"pywb.example"})
    assert Capture(b"", address, None, "wayback").path == RIVER


@pytest.mark.parametrize(
    "prefix", ["/web/20200101000000/http://a", "%2Fweb%2F20200101%2Fhttp%3A%2F%2Fa", "/o/abcde//b"]
)
def test_an_address_of_nothing_but_prefixes_takes_no_time(prefix: str) -> None:
    short = f"https://www.usresistnews.org/{RIVER}"
    for count in (250, 40_000):  # a recorded address, a link and a redirect may be a megabyte long
        address = f"https://web.archive.org/{prefix * count}"
        page = Capture(b"", address, None, "warc", 301, (("Location", address),))
        assert page.path
        assert page.location
        assert not is_ours(make_absolute(address, short), SITE_HOSTS)
    thrice = "https://web.archive.org/web/20200101/" * 3 + short
    assert is_ours(thrice, SITE_HOSTS)
    assert Capture(b"", thrice, None, "warc").path == RIVER


def test_links_are_kept_as_a_browser_follows_them() -> None:
    base = "https://www.usresistnews.org/2019/03/10/a/"
    links = {
        "\\\\evil.example\\x": "https://evil.example/x",
        "/\t/evil.example/x": "https://evil.example/x",
        "..\\b\\?a\\b": "https://www.usresistnews.org/2019/03/10/b/?a\\b",
        "HTTPS:\\\\Evil.Example:443/X": "https://evil.example/X",
        "mailto:a\\b@c.example": "mailto:a\\b@c.example",
    }
    assert {link: make_absolute(link, base) for link in links} == links


@given(st.text(st.sampled_from("htps:/\\@.?#%[]:0158a\t\n éx．") | st.characters(), max_size=30))
@example("http://[")
@example("https://\ud800/")
@settings(deadline=None)
def test_a_clean_address_is_clean(text: str) -> None:
    cleaned = clean_url("https:" + text)
    assert clean_url(cleaned) == cleaned
    assert "@" not in split_address(cleaned).netloc
