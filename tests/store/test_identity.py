"""One post, one path: whatever its address is written like."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.address import host_of, identity, is_loopback, is_post, strip_wayback

_HOSTS = st.sampled_from(["usresistnews.org", "usrenewnews.org"])
_SLUGS = st.text(string.ascii_lowercase + string.digits + "-éпá", min_size=1, max_size=20)
_DAYS = st.tuples(st.integers(2017, 2030), st.integers(1, 12), st.integers(1, 28))
_TRACKING = st.sampled_from(
    ["", "?utm_source=a&utm_medium=b", "?fbclid=IwAR0x", "?et_blog", "?amp=1", "?print=pdf", "?share=email", "?ref=x"]
)
_FRAGMENTS = st.sampled_from(["", "#respond", "#comment-12", "#:~:text=a"])
_ENDS = st.sampled_from(
    [
        "/",
        "",
        "//",
        "/index.html",
        "/index.htm",
        "/amp/",
        "/amp",
        "/print/",
        "/comment-page-2/",
        "/./",
        "/x/..",
        "/%2E/",
    ]
)
_SCHEMES = st.sampled_from(["https://", "http://", "HTTP://", "Https://", "//"])
_PORTS = st.sampled_from(["", ":80", ":443"])
_FLAGS = st.sampled_from(["", "id_", "if_", "im_", "mp_", "oe_"])
_STAMPS = st.integers(2017, 2030).map(lambda year: f"{year}0401000000")
_WAYBACKS = st.sampled_from(
    [
        *("https://web.archive.org/web/", "http://web.archive.org:80/web/", "http://www.web.archive.org/web/"),
        *("//web.archive.org/web/", "http://localhost:8080/coll/", "https://wayback.example/web/"),
    ]
)
_RELATIVE = st.sampled_from(["/web/20210401000000/", "/web/20210401000000id_/", "/coll/20210401000000mp_/"])


@st.composite
def _needlessly(draw: st.DrawFn, text: str) -> str:
    """The text with some of its letters percent-encoded that need not be, in either case."""
    letters = []
    for letter in text:
        coded = quote(letter, safe="") if letter not in string.ascii_lowercase else f"%{ord(letter):02x}"
        letters.append(draw(st.sampled_from([letter, coded, coded.lower()])))
    return "".join(letters)


@st.composite
def _spell_address(draw: st.DrawFn, path: str) -> str:
    """One of the ways to write the address of a post."""
    slug = draw(_needlessly(path.split("/")[-2]))
    host = draw(st.sampled_from(["", "www."])) + draw(_HOSTS)
    host = draw(st.sampled_from([host, host.upper()])) + draw(_PORTS)
    address = draw(_SCHEMES) + host + path.rpartition("/")[0].rpartition("/")[0] + "/" + slug
    address += draw(_ENDS) + draw(_TRACKING) + draw(_FRAGMENTS)
    for _ in range(draw(st.integers(0, 3))):
        address = draw(st.sampled_from([address, address.replace("://", ":/", 1)]))
        address = draw(_WAYBACKS) + draw(_STAMPS) + draw(_FLAGS) + "/" + address
    return draw(st.sampled_from(["", draw(_RELATIVE)])) + address


def _path(day: tuple[int, int, int], slug: str) -> str:
    return "/{:04}/{:02}/{:02}/".format(*day) + quote(slug).lower() + "/"


@given(st.data(), _DAYS, _SLUGS)
def test_all_spellings_of_one_address_are_one(data: st.DataObject, day: tuple[int, int, int], slug: str) -> None:
    path = _path(day, slug)
    spelled = data.draw(_spell_address("/{:04}/{:02}/{:02}/".format(*day) + slug + "/"))
    assert identity(spelled) == path
    assert is_post(path)


@given(st.data(), st.integers(1, 99999), _TRACKING)
def test_a_number_is_one_however_it_is_asked_for(data: st.DataObject, number: int, tracking: str) -> None:
    host = data.draw(st.sampled_from(["https://www.usresistnews.org", "http://usrenewnews.org:80"]))
    more = tracking.replace("?", "&")
    for address in (f"{host}/?p={number}", f"{host}?p={number}{more}", f"{host}/index.php?p={number}#x"):
        assert identity(address) == f"/?p={number}"


@given(_DAYS, _DAYS, _SLUGS, _SLUGS)
def test_different_posts_are_different(
    day: tuple[int, int, int], other_day: tuple[int, int, int], slug: str, other_slug: str
) -> None:
    item, other = (day, slug), (other_day, other_slug)
    result = [
        identity("https://usresistnews.org" + "/{:04}/{:02}/{:02}/".format(*d) + s + "/") for d, s in (item, other)
    ]
    assert (result[0] == result[1]) == (item == other)


_PIECES = st.sampled_from(
    [
        "http",
        ":",
        "/",
        "//",
        "%",
        "%2F",
        "%2e",
        "?",
        "&",
        "=",
        "#",
        "p=4",
        "[",
        "]",
        "web/",
        "20190401000000",
        "id_/",
        ".",
    ]
)
_ANYTHING = st.text() | st.lists(_PIECES | st.text(max_size=3), max_size=12).map("".join)


@given(_ANYTHING)
@example("http://[")
@example("/\ud800?p=\ud800")
@example("https://a.example/%2F%2Findex.php/%2e?p=1&p=2&s=%")
def test_any_text_has_one_identity_that_stays(text: str) -> None:
    path = identity(text)
    assert path.startswith(("/", "urn:"))
    assert identity(path) == path
    strip_wayback(text)


@pytest.mark.parametrize("address", ["/wp-json/wp/v2/posts?page=2", "/?s=harbour", "/feed/", "/wp-sitemap.xml"])
def test_what_is_no_post_keeps_what_selects_it(address: str) -> None:
    assert identity("https://www.usresistnews.org" + address) == address


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        *((here, True) for here in ("127.0.0.1", "127.0.0.1:8001", "127.8.9.1", "localhost:80", "[::1]", "[::1]:8001")),
        *((there, False) for there in ("127.0.0.1.evil.example", "127.evil.example:80", "localhost.evil.example")),
        *((there, False) for there in ("127.0.0.1.2", "128.0.0.1", "[::2]", "[::1", "127.", "")),
    ],
)
def test_this_machine_is_known_by_its_numbers_and_its_one_name(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here
    assert is_loopback(host_of(f"http://{host}/page/")) is is_here
