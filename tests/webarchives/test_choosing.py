"""Which lines of an index are asked for, what an index is asked, and from where on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scraper.crawl.argument_values import list_changed_values
from scraper.errors import BadArgument
from scraper.records import Memento
from scraper.sources.cdx import IndexPage
from scraper.webarchives.cursor import IndexCursor, is_next_key
from scraper.webarchives.dedup import TakenVersions, explain_wayback_omission
from scraper.webarchives.selection import WaybackSelection
from scraper.webarchives.wayback_api import WAYBACK, IndexQuery, list_services

SITE = "https://www.usresistnews.org"
LINE = Memento(WAYBACK, f"{SITE}/2019/03/10/a/", "20190401000000", "A" * 32, 200, "text/html")


@pytest.mark.parametrize(
    ("path", "media_type", "out"),
    [
        ("/2019/03/10/a/", "text/html", False),
        ("/2019/03/10/a/", "warc/revisit", False),
        ("/2019/03/10/a/", "unk", False),
        ("/2019/03/10/a/", None, False),
        ("/feed/", "application/rss+xml", False),
        ("/wp-json/wp/v2/posts?page=2", "application/json", False),
        ("/wp-sitemap.xml", "application/xml", False),
        ("/wp-sitemap.xsl", "text/xml", False),
        ("/robots.txt", "text/plain", False),
        ("/a.png", "warc/revisit", True),
        ("/a.pdf", "application/pdf", True),
        ("/style", "text/css", True),
        ("/photo", "image/jpeg", True),
        ("/wp-admin/admin-ajax.php", "text/html", True),
        ("/wp-login.php?redirect_to=x", "text/html", True),
        ("/wp-json/oembed/1.0/embed?url=x", "application/json", True),
        ("/2019/03/10/a/?share=tweets", "text/html", True),
        ("/2019/03/10/a/?x=1&replytocom=7", "text/html", True),
        ("/wp-administration-of-justice/", "text/html", False),
    ],
)
def test_what_is_no_page(path: str, media_type: str | None, out: bool) -> None:
    assert (explain_wayback_omission(replace(LINE, url=SITE + path, media_type=media_type)) is not None) == out


def test_one_version_is_asked_for_once() -> None:
    taken = TakenVersions([LINE])
    later = replace(LINE, url="http://usresistnews.org/2019/03/10/a", timestamp="20210101000000")
    assert taken.find_twin(later) == LINE
    assert taken.find_twin(replace(later, status=None, media_type="warc/revisit")) == LINE
    assert taken.find_twin(replace(later, digest="B" * 32)) is None
    assert taken.find_twin(replace(later, digest=None)) is None
    assert taken.find_twin(replace(later, url=f"{SITE}/another/")) is None
    assert taken.find_twin(replace(later, status=404)) is None
    assert taken.find_memento(LINE.url, LINE.timestamp) == LINE
    assert taken.find_memento(later.url, later.timestamp) is None


def test_redirects_have_no_bytes_to_tell_them_apart() -> None:
    secure = replace(LINE, status=301)
    taken = TakenVersions([secure])
    assert taken.find_twin(replace(secure, timestamp="20200101000000")) == secure
    assert taken.find_twin(replace(secure, url=secure.url.replace("https:", "http:"))) is None
    assert taken.find_twin(replace(secure, status=302)) is None
    assert taken.find_twin(replace(secure, status=None)) == secure
    assert taken.find_twin(replace(secure, status=200)) is None


def test_a_revisit_counts_as_what_it_turned_out_to_be() -> None:
    revisit = replace(LINE, status=None)
    taken = TakenVersions()
    taken.add_memento(revisit, 404)
    assert taken.find_twin(LINE) is None
    assert taken.find_twin(replace(LINE, status=404)) == revisit


def test_a_bookmark_goes_on_and_then_asks_for_what_is_new() -> None:
    first = IndexCursor.parse(None).start_run("2019", recheck=False)
    assert (first.since, first.resume, first.finished) == ("2019", None, False)
    stopped = IndexCursor.parse(str(first.advance(IndexPage((LINE,), "org%2Cx%29%2F+2019"))))
    assert stopped.start_run("2019", recheck=True) == stopped
    assert (stopped.resume, stopped.newest) == ("org%2Cx%29%2F+2019", "20190401000000")
    done = IndexCursor.parse(str(stopped.advance(IndexPage((), None))))
    assert done.finished
    again = done.start_run("2019", recheck=False)
    assert (again.since, again.resume, again.newest) == ("20190131000000", None, "20190401000000")
    assert done.start_run("20190301", recheck=False).since == "20190301"
    assert done.start_run("2019", recheck=True).since == "2019"


def test_a_bookmark_stands_before_what_came_while_the_index_was_read() -> None:
    """It is sorted by address: what was read first lacks the captures that came since."""
    began = IndexCursor(began="20190601000000")
    read = began.advance(IndexPage((LINE,), "org%2Cx%29%2Fa+2019"))
    read = read.advance(IndexPage((replace(LINE, timestamp="20200501000000"),), None))
    assert (read.finished, read.newest) == (True, "20190401000000")


def test_a_line_from_the_future_moves_no_bookmark() -> None:
    cursor = IndexCursor.parse(None).start_run("", recheck=False)
    read = cursor.advance(IndexPage((LINE, replace(LINE, timestamp="29990101000000")), None))
    assert read.newest == LINE.timestamp
    assert replace(read, newest="29990101000000").start_run("", recheck=False).since == ""


def test_an_index_with_a_line_that_was_not_read_is_not_finished() -> None:
    cursor = IndexCursor(began="20200101000000").advance(IndexPage((LINE,), "org%2Cx%29%2Fa+2019", ("?",), False))
    read = cursor.advance(IndexPage((LINE,), None))
    assert (read.finished, read.resume) == (False, None)
    assert read.start_run("", recheck=False).since == ""


@pytest.mark.parametrize(
    ("key", "previous", "leads_on"),
    [
        ("org%2Cx%29%2Fa+20190401000000%21", None, True),
        ("org%2Cx%29%2Fb+20180401000000%21", "org%2Cx%29%2Fa+20190401000000%21", True),
        ("org%2Cx%29%2Fa+20190401000001%21", "org%2Cx%29%2Fa+20190401000000%21", True),
        ("org%2Cx%29%2Fa+20190401000000%21", "org%2Cx%29%2Fa+20190401000000%21", False),
        ("org%2Cx%29%2Fa+20190401000000%21", "org%2Cx%29%2Fb+20190401000000%21", False),
        ("-+20190401000000%21", None, False),
        ("-%2020190401000000", None, False),
        ("+20190401000000", None, False),
        ("opaque", None, True),
        ("opaque", "opaque", False),
        ("q", "opaque", True),
        ("paque", "r", False),
        ("org%2Cx%29%2Fa+20190401000000%21", "r", False),
    ],
)
def test_resume_keys_lead_on(key: str, previous: str | None, leads_on: bool) -> None:
    assert is_next_key(key, previous) == leads_on
    if not leads_on and previous is None:
        stopped = IndexCursor(resume=key, newest="2019").start_run("", recheck=False)
        assert stopped.resume is None  # an earlier version has remembered it


def test_what_an_index_is_asked() -> None:
    (wayback,) = list_services(WAYBACK)
    asked = wayback.build_index_url(IndexQuery("usresistnews.org", "2019", "", "/2019/03/"), 50, "a b!")
    assert asked.startswith("https://web.archive.org/cdx/search/cdx?url=usresistnews.org&matchType=host&output=json")
    assert "&from=2019&fl=urlkey%2Ctimestamp%2Coriginal%2C" in asked
    assert "&limit=50&showResumeKey=true&resumeKey=a+b%21&filter=%21mimetype" in asked
    assert asked.endswith("&filter=urlkey%3A.%2A%2F2019%2F03.%2A")
    assert "urlkey%3A" not in wayback.build_index_url(IndexQuery("usresistnews.org", match="/?p="), 50)
    own = list_services("http://127.0.0.1:9/web/")
    assert [(item.index[19:], item.replay[19:], item.has_resume_keys) for item in own] == [
        ("web/cdx/search/cdx", "web/web/", True), ("web/cdx", "web/", False), ("cdx/search/cdx", "web/", True)
    ]  # fmt: skip


def test_arguments() -> None:
    result = WaybackSelection.read(
        {"since": "2019-03", "until": "2020", "match": "/2019/", "archive": "http://127.0.0.1:9/web"}
    )
    assert (result.since, result.until, result.archive, result.is_local) == (
        "201903",
        "2020",
        "http://127.0.0.1:9/web/",
        True,
    )
    assert result.includes(replace(LINE, timestamp="20201231235959"))
    assert not result.includes(replace(LINE, timestamp="20190228235959"))
    assert not result.includes(replace(LINE, timestamp="20210101000000"))
    assert not result.includes(replace(LINE, timestamp="20200101000000", url=f"{SITE}/2020/a/"))
    assert not WaybackSelection.read({"site": "127.0.0.1:8000"}).includes(LINE)
    assert list_changed_values(result)["since"] == "201903"


@pytest.mark.parametrize(
    "words", [{"from": "2019"}, {"since": "May"}, {"archive": "web.archive.org"}, {"site": "a b"}, {"recheck": "some"}]
)
def test_arguments_that_do_not_fit(words: dict[str, str]) -> None:
    with pytest.raises(BadArgument, match="-a "):
        WaybackSelection.read(words)
