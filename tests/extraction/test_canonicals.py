"""Pages with several canonical links: theme and plugins both print one, and only one of them is the post's."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Reading
from tests.support.post_copies import PATH, SITE, URL, make_copy, make_page

_WRONG = f"{SITE}/2020/01/01/another-post/"


def _link(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


def _read(page: bytes, url: str | None = URL) -> Reading:
    (reading,) = extract(make_copy(page, url=url)).readings
    return reading


def _conflicts(reading: Reading) -> list[str]:
    return [problem.message for problem in reading.problems if (problem.field, problem.kind) == ("url", "conflict")]


@pytest.mark.parametrize("url", [URL, f"{SITE}/?p=31", None, f"https://web.archive.org/web/2022/{URL}"])
@pytest.mark.parametrize("is_first", [True, False])
def test_the_canonical_link_that_agrees_is_believed_and_the_other_told(url: str | None, is_first: bool) -> None:
    page = make_page().replace(b"<title>", (_link(_WRONG) + "<title>").encode(), 1) if is_first else make_page()
    reading = _read(page if is_first else make_page(head=_link(_WRONG)), url)
    assert (reading.brief.path, reading.brief.url, reading.brief.published) == (PATH, URL, "2021-02-09")
    (message,) = _conflicts(reading)
    assert _WRONG in message


def test_the_captured_address_counts_for_more_than_another_that_the_page_states() -> None:
    reading = _read(make_page(canonical=_WRONG, head=_link(URL)))
    assert reading.brief.path == PATH
    assert len(_conflicts(reading)) == 1


@pytest.mark.parametrize("same", [URL, URL.replace("https", "http"), URL.replace("www.", ""), URL.rstrip("/")])
def test_the_same_address_twice_is_no_conflict(same: str) -> None:
    reading = _read(make_page(head=_link(same)))
    assert (reading.brief.path, _conflicts(reading)) == (PATH, [])
