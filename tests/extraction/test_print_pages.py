"""A print page is known by what it is made of, whatever title a site gives its document."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from tests.support.scrapy_running import ROOT

_TITLES = ("", "<title>USRESIST NEWS</title>", "<title>Print | Tolls</title>", "<title>Tolls - USRESIST NEWS</title>")
_FOOT = re.compile(rb"<p>(?:Article printed from|URL to article).*?</p>", re.DOTALL)


@pytest.mark.parametrize("title", _TITLES)
@pytest.mark.parametrize("foot", [True, False])
@pytest.mark.parametrize("name", ["print-poster", "print-simple", "print-wp-print"])
def test_account_and_categories_do_not_hang_on_the_title(name: str, title: str, foot: bool) -> None:
    body = re.sub(rb"<title>.*?</title>", title.encode(), (ROOT / f"tests/pages/{name}.html").read_bytes(), flags=re.S)
    body = body.replace(b'class="print"', b"")
    body = body if foot else _FOOT.sub(b"", body)
    (expected,) = json.loads((ROOT / f"tests/pages/{name}.json").read_text("utf-8"))["briefs"]
    found = extract(Capture(body, expected["url"], "2024-01-01T00:00:00Z", "file", content_type="text/html"))
    (reading,) = found.readings
    assert (found.layout, reading.brief.title, reading.brief.posted_by) == (
        "print",
        expected["title"],
        expected.get("posted_by"),
    )
    names = [category["name"] for category in expected.get("categories", ())]
    assert [category.name for category in reading.brief.categories] == names


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Posted By <u>Web Team</u> On June 05, 2020 @ 9:30 am In Health", "2020-06-05"),
        ("Posted By Web Team On March 5, 2020 @ 1:00 am", "2020-03-04"),  # the permalink's, a day before
        ("Posted By Web Team On 5 June 2020", "2020-06-05"),
        ("Posted By April May On Sunday", "2020-03-04"),
    ],
)
def test_the_printed_day_is_the_theme_s(line: str, day: str) -> None:
    url = "https://www.usresistnews.org/2020/03/04/two-piers/"
    page = (
        f'<html><head><title>Site » Two Piers » Print</title></head><body><p id="BlogTitle">Two Piers</p>'
        f'<p id="BlogDate">{line}</p><div id="BlogContent"><p>Brief #58—Foreign Policy</p>'
        "<p>The port sold both piers in May.</p></div></body></html>"
    )
    (reading,) = extract(Capture(page.encode(), url, "2024-01-01T00:00:00Z", "file", content_type="text/html")).readings
    assert reading.brief.published == day


@pytest.mark.parametrize("gap", [" ", "<!-- x --> ", " <!-- x -->", " <!-- x --> "])
def test_the_number_behind_a_link_leaves_no_space(gap: str) -> None:
    page = (
        '<html><head><title>Site » Two Piers » Print</title></head><body><p id="BlogTitle">Two Piers</p>'
        f'<div id="BlogContent"><p>It asks <a href="https://a.org">the port</a>{gap}<sup>[1]</sup>, and waits.</p>'
        "</div></body></html>"
    )
    url = "https://www.usresistnews.org/2020/03/04/two-piers/"
    (reading,) = extract(Capture(page.encode(), url, "2024-01-01T00:00:00Z", "file", content_type="text/html")).readings
    assert reading.brief.body == "It asks the port, and waits."
