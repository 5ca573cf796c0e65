"""Broken and hostile bytes: no rule fails on them, none takes long, and the sections are still the body."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.expected import list_saved_pages, load_capture

pytestmark = pytest.mark.services

PAGES = [load_capture(page) for page in list_saved_pages()]
ADDRESS = "https://www.usresistnews.org/2019/01/02/slug/"
CRUMBS = (b"</div></div>", b"<div>", b"<!--", b"-->", b"<svg>", b"<title>", b"\0", b"By ", b"Brief #", b"<br>" * 50,
          b'<a href="http://[">x</a>', b"<dc:x>", b"\x1b", b"Photo by ", b"<p><strong>")  # fmt: skip


def _holds(extraction: Extraction) -> None:
    assert [problem.message for problem in extraction.problems if problem.kind == "fault"] == []
    for reading in extraction.readings:
        brief = reading.brief
        parts = (part for section in brief.sections for part in (section.heading, section.text) if part)
        assert "\n\n".join(parts) == (brief.body or "")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAGES), st.data())
def test_mutilated_pages_are_read_as_far_as_they_go(capture: Capture, data: st.DataObject) -> None:
    body = capture.body
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 600))
        body = body[:at] + data.draw(st.sampled_from(CRUMBS)) + body[at + cut :]
    _holds(extract(replace(capture, body=body)))


@pytest.mark.parametrize("broken", ["http://[", "http://[…]/", "//[::1", "http://x:port/"])
def test_a_broken_link_costs_no_page(broken: str) -> None:
    page = f'<body class="single"><article class="et_pb_post"><h1 class="entry-title">T</h1><div class="entry-content">\
<p>Brief #1—Education</p><p>Words <a href="{broken}">here</a>.</p><p>Resistance Resources</p>\
<ul><li><a href="{broken}">Name</a>: text</li></ul></div></article>'
    extraction = extract(Capture(page.encode(), ADDRESS, None, "file", content_type="text/html"))
    _holds(extraction)
    assert extraction.readings[0].brief.number == 1


@pytest.mark.parametrize(
    "line",
    [
        "By " + "A " * 100_000,
        "By Health & " + "Gender & " * 20_000,
        "By Health, " + "Gender, and " * 20_000,
        "Brief #1 " + "a " * 100_000,
        "Photo by " + "A b, " * 60_000,
        "-" * 300_000,
        ": " * 150_000,
        "(" * 200_000,
        "This Brief was submitted by " + "Ann " * 60_000,
        "January 1, 2018 " * 20_000,
        "x" + " " * 300_000,
    ],
    ids=lambda line: line[:12],
)
def test_no_pattern_runs_away(line: str) -> None:
    _holds(extract(Capture(line.encode(), ADDRESS, None, "file", content_type="text/plain")))
