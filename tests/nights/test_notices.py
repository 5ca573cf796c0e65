"""A short notice in the place of a text is held as a cut is, and comes in when another night reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest import run_steps
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.records import Capture
from tests.nights.test_holding import read_bodies, read_held, run
from tests.support.post_copies import TEXT, URL, make_page

NOTICE = "<p>This text was withdrawn by its editors, for its figures were wrong.</p>"
MEMBERS = "<p>This content is for members only. Please log in or subscribe to read it.</p>"


@pytest.mark.parametrize(
    ("nights", "is_in"),
    [
        ((TEXT, NOTICE), False),
        ((TEXT, NOTICE, NOTICE), True),
        ((TEXT, NOTICE, TEXT), False),
        ((TEXT, MEMBERS, MEMBERS), False),
    ],
)
def test_a_notice_comes_in_when_it_is_read_again(tmp_path: Path, nights: tuple[str, ...], is_in: bool) -> None:
    for day, content in enumerate(nights, 1):
        with run(tmp_path, day) as archive:
            page = Capture(make_page(content), URL, f"2022-06-{day:02}T02:05:00Z", "live", 200, (), "text/html")
            run_steps(archive, CaptureItem(page, SITE_HOSTS))
    (body,) = read_bodies(tmp_path)
    assert ("withdrawn by its editors" in body) == is_in
    assert bool(read_held(tmp_path)) == (nights[1:] == (NOTICE,))
