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
