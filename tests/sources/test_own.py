"""Our own WARC records come back as the captures that they were made of, without the database."""

from __future__ import annotations

import gzip
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.captures.warc_writer import WarcAppender
from scraper.address import SITE_HOSTS
from scraper.records import Capture
from scraper.sources import warc
from tests.support.specimens import NOON, PATH, SITE

_PAGE = b"<html><body><p>A pact.</p></body></html>"
_ANSWER = Capture(_PAGE, SITE + PATH, NOON, "live", 200, (("Content-Type", "text/html"),), "text/html")
_TEXT = Capture(b"HTTP/1.1 200 OK\r\n\r\nA text of the days of dial-up.", None, None, "file", content_type="text/plain")
_MEMENTO = "https://web.archive.org/web/20210601120000/" + SITE + PATH
CAPTURES = {
    "live": _ANSWER,
    "a Wayback copy that can be cited": replace(_ANSWER, source="wayback", memento=_MEMENTO),
    "Common Crawl's": replace(_ANSWER, source="commoncrawl"),
    "out of a WACZ, cut": replace(_ANSWER, source="wacz", name="c.wacz", truncated=True),
    "a saved file of an unknown day": replace(_ANSWER, source="file", captured_at=None, status=None, headers=()),
    "a text without an address, like an HTTP message": replace(_TEXT, name="texts/one.txt"),
}


def read_back(folder: Path, item: Capture) -> Capture:
    with closing(WarcAppender(folder)) as shelf:
        place = shelf.add(item, "urn:" + item.digest)
        shelf.add_metadata(b"{}", "application/vnd.brief-archive.journal+json")
    (found,) = warc.read_captures(folder / place.file, SITE_HOSTS, lambda _: None, [])
    assert isinstance(found, Capture)
    return found


@pytest.mark.parametrize("item", CAPTURES.values(), ids=CAPTURES)
def test_a_capture_comes_back(tmp_path: Path, item: Capture) -> None:
    found = read_back(tmp_path, item)
    for name in ("body", "url", "captured_at", "source", "status", "content_type", "truncated", "memento"):
        assert getattr(found, name) == getattr(item, name)
    assert item.name in (None, found.name)


def test_a_record_of_somebody_else_may_not_say_what_it_likes(tmp_path: Path) -> None:
    with closing(WarcAppender(tmp_path)) as shelf:
        place = shelf.add(_ANSWER, "urn:x")
    path = tmp_path / place.file
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Source: live", b"Source: evil")))
    (found,) = warc.read_captures(path, SITE_HOSTS, lambda _: None, [])
    assert isinstance(found, Capture)
    assert found.source == "warc"
