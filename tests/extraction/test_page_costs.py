"""What a page may cost: no more than its length, whatever it is made of, and never more than its budget."""

from __future__ import annotations

import gc
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import pytest
from lxml import etree

from pipelines.extract import extract
from pipelines.extraction.cpu_budget import Overrun, limit_cpu
from scraper.markup.attribute_cap import cap_attributes
from scraper.markup.html_page import Page
from scraper.records import Capture, Extraction
from tests.support.specimens import ingest_capture, open_archive, read_rows

_URL = "https://usresistnews.org/2019/03/10/lamps/"
_PAGE = """<!doctype html><html><head><title>A Study of Lamps</title></head><body class="single postid-5">
<article id="post-5"><h1 class="entry-title">A Study of Lamps</h1><div class="entry-content">
<p>Brief #5—Foreign Policy</p><p>By Ada Fenn</p>{prose}{many}{prose}</div></article></body></html>"""
_PROSE = "<p>The council met and wrote a long and careful report about the lamps that light the harbour at night.</p>"
_FEW = 60
# One of many, with its number for `@`.
_PARTS = {
    "short lines": "<p>Line @</p>",
    "lines by breaks": "Line @<br>",
    "closing lines": "<p>This brief was submitted by Ada Fenn@: Contact <a href='mailto:a@@b.example'>her</a></p>",
    "bylines": "<p>By Ada Fenn@</p>",
    "credits": "<p>Photo by Ada Fenn@ on Unsplash</p>",
    "captions": "<figure><img src='@.jpg'><figcaption>Photo by Ada Fenn@ on Unsplash</figcaption></figure>",
    "links": "<a href='https://lamps.example/@'>Link @</a> ",
    "list items": "<li>Item @</li>",
    "resources": "<h3>Engagement Resources</h3><ul><li><a href='https://lamps.example/@'>Lamp @</a> – shines</li></ul>",
    "headings": "<h3>Heading @</h3><p>Text of the part @.</p>",
    "cells": "<table><tr><td>Cell @</td><td>Cell</td></tr></table>",
    "labels": "<p>Brief #@—Foreign Policy</p>",
    "boilerplate": "<div class='widget share'><a href='/x@'>Share @</a></div>",
    "bold lines": "<p><strong>Bold line @</strong></p>",
    "days": "<h3>March 3, 19@@</h3>",
    "calls to action": "<h3>Learn More</h3><p><a href='https://lamps.example/@'>Lamp @</a></p>",
    "share lines": "<p>Share</p><p>Leave a Comment</p>",
    "table of contents": "<p><a href='#h@'>Heading @</a></p>",
    "notices": "<p>Log in to read this article @</p>",
    "other posts": "<article><h2 class='entry-title'><a href='/2019/03/10/p@/'>Post @</a></h2></article>",
    "pages of the post": "<a class='post-page-numbers' href='/2019/03/10/lamps/@/'>@</a>",
    "modules": "<div class='et_pb_module'>Module @</div>",
    "authors in a line": "Ada Fenn@, ",
    "categories": "<a rel='category tag' href='/category/c@/'>C @</a>",
}


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """Without the collector of garbage, in whose callbacks an Overrun would be lost."""
    gc.disable()
    yield
    gc.enable()


def _extract(markup: str, seconds: float = 60) -> Extraction:
    return extract(Capture(markup.encode(), _URL, "2019-04-01T00:00:00Z", "live", 200), seconds=seconds)


_LETTERS = str.maketrans("0123456789", "abcdefghij")


def _repeat(part: str, count: int) -> str:
    words = (str(number).translate(_LETTERS) for number in range(count))  # a name has no digits
    many = "".join(part.replace("@", word) for word in words)
    return _PAGE.format(prose=_PROSE, many=many)


def _nest(part: str, count: int) -> str:
    return _PAGE.format(prose=_PROSE, many=part * count + _PROSE + "</div>" * count)


def _count_calls(markup: str) -> int:
    """Count the calls of functions, Python's and C's: unlike seconds they are the same on a busy machine."""
    calls = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        _extract(markup)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "build",
    [
        *(pytest.param(lambda count, part=part: _repeat(part, count), id=name) for name, part in _PARTS.items()),
        *(
            pytest.param(lambda count, part=part: _nest(part, count // 2), id=f"nested {part}")
            for part in ("<div>", "<div class='widget'>", "<div class='entry-content'>")
        ),
    ],
)
def test_four_times_as_many_cost_four_times_as_much(build: Callable[[int], str]) -> None:
    _extract(build(10))  # what is remembered from page to page is no cost of the first
    few = _count_calls(build(_FEW))
    assert _count_calls(build(4 * _FEW)) < 5 * few


@pytest.mark.parametrize(
    "tag", ["<p {}>x</p>", "<body {}>", "<p {} data-x='>'>x</p>"], ids=["paragraph", "body", "mark in quotes"]
)
def test_a_tag_of_very_many_attributes_is_cut_with_a_row(tag: str) -> None:
    many = " ".join(f"a{number}='b'" for number in range(30_000))
    markup = _PAGE.format(prose=_PROSE, many=tag.format(many))
    before = time.process_time()
    extraction = _extract(markup)
    assert time.process_time() - before < 2  # it was half a minute
    assert [problem.kind for problem in extraction.problems if problem.kind == "capped"] == ["capped"]
    assert "long and careful report" in (extraction.readings[0].brief.body or "")


def test_very_many_comments_are_dropped_and_the_words_between_them_stay() -> None:
    """A walk over a tree takes the square of the comments in a row: half a megabyte of them was a second."""
    markup = _PAGE.format(prose=_PROSE, many="<p>One<!-- a -->" + "<!-- b -->" * 6000 + "two</p>")
    assert not [*Page(markup.encode(), None, _URL).tree.iter(etree.Comment)]
    assert "\n\nOnetwo\n\n" in (_extract(markup).readings[0].brief.body or "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>if (a <b) {{ x = '{}'</script>",
        "<!-- <p {} -->",
        "<style>p::after {{ content: '<b {}' }}</style>",
        "<p title='it<b' data-x={}>x</p>",
        "5 <6 {} >",
    ],
    ids=["script", "comment", "style", "value", "less than"],
)
def test_what_only_looks_like_a_long_tag_is_no_tag(text: str) -> None:
    words = text.format("it's " + 'a="b" ' * 3000) if "data-x" not in text else text.format('"' + "a b " * 3000 + '"')
    page = _PAGE.format(prose=_PROSE, many=words + "<p></p>" * 30_000)
    assert cap_attributes(page) == (page, ())


def test_a_page_that_takes_too_long_is_told_and_the_next_one_is_read() -> None:
    slow = _extract(_repeat(_PARTS["headings"], 3000), seconds=0.02)
    assert (slow.outcome, slow.readings) == ("unreadable", ())
    assert [(problem.kind, problem.message) for problem in slow.problems] == [
        ("budget", "Reading it takes more than 0.02 seconds: its bytes are kept, and none of it is read.")
    ]
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert _extract(_repeat("", 0)).outcome == "brief"


def test_a_page_that_takes_too_long_is_kept(tmp_path: Path) -> None:
    markup = _repeat(_PARTS["headings"], 300)
    page = Capture(markup.encode(), _URL, "2019-04-01T00:00:00Z", "live", 200)
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page, extract(page, seconds=0.005))
    assert read_rows(tmp_path, "SELECT outcome, length(digest) > 0 FROM captures") == [("unreadable", 1)]
    assert read_rows(tmp_path, "SELECT kind FROM problems") == [("budget",)]


def test_patterns_are_stopped_and_no_rule_takes_that_for_its_own_fault() -> None:
    endless = re.compile("(?:a|a)*b")
    with pytest.raises(Overrun), limit_cpu(0.02):
        try:
            endless.search("a" * 64)
        except Exception:
            pytest.fail("a rule would have gone on")


def test_other_threads_read_without_a_budget() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_extract, _repeat("", 0), 0.0001).result().outcome == "brief"
