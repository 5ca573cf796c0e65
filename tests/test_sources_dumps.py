"""Posts as JSON, in the forms that people save many of them."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.discovery.json_values import parse_dump
from scraper.records import Capture, Extraction
from tests.histories import Post

ONE, OTHER = Post("/2019/01/02/one/", 71, "One"), Post("/2019/01/03/other/", 72, "Other")
BOTH = [ONE.rest(), OTHER.rest()]
LINES = "\n".join(json.dumps(post) for post in BOTH)


def read(text: str, content_type: str = "application/json") -> Extraction:
    return extract(Capture(text.encode(), None, "2024-01-01T00:00:00Z", "file", content_type=content_type))


def paths(extraction: Extraction) -> list[str]:
    return [reading.brief.path for reading in extraction.readings]


FORMS = {
    "an answer": json.dumps(BOTH),
    "an object with posts": json.dumps({"found": 2, "posts": BOTH}),
    "a line an object": LINES,
    "lines between empty ones": f"\n{LINES}\n\n".replace("\n", "\r\n"),
    "with a mark": "\ufeff" + json.dumps(BOTH, indent=2),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_every_form_gives_the_same_posts(text: str, content_type: str) -> None:
    found = read(text, content_type)
    assert (found.outcome, found.problems, paths(found)) == ("rest", (), [ONE.path, OTHER.path])
    assert {reading.fidelity for reading in found.readings} == {3}


def test_one_post_alone_and_posts_that_are_not_for_everybody() -> None:
    assert paths(read(json.dumps(ONE.rest()))) == [ONE.path]
    locked = ONE.rest() | {"content": {"rendered": "", "protected": True}}
    drafts = [OTHER.rest() | {"status": "draft"}, OTHER.rest() | {"type": "page"}]
    assert read(json.dumps([locked, *drafts])).readings == ()


def test_what_breaks_off_gives_what_is_whole_and_tells_it() -> None:
    whole = json.dumps(BOTH)
    for text in (whole[:-40], whole[:-1], LINES + '\n{"id":', "{broken\n" + LINES):
        found = read(text)
        assert found.outcome == "rest" and ONE.path in paths(found)
        assert [problem.kind for problem in found.problems] == ["truncated"]
    assert read('[{"id": 1').outcome == "unreadable"


def test_an_editors_answer_is_read_as_shown_and_one_with_raw_text_alone_as_an_export_is() -> None:
    shown: dict[str, Any] = ONE.rest()
    shown["content"] |= {"raw": "[et_pb_text]Not this[/et_pb_text]"}
    raw = OTHER.rest() | {"content": {"raw": OTHER.content}, "title": {"raw": "Other"}}
    first, second = read(json.dumps([shown, raw])).readings
    assert (first.fidelity, second.fidelity, second.brief.title) == (3, 2, "Other")
    assert "Not this" not in (first.brief.body or "") and "The towns on the river" in (second.brief.body or "")


@pytest.mark.parametrize("other", [{"name": "Desk"}, {"taxonomy": "category"}, {"media_type": "image"}])
def test_other_answers_beside_them_are_kept_and_hold_no_posts(other: dict[str, str]) -> None:
    found = read(json.dumps([{"id": 1, "slug": "desk", "_links": {}, "link": "https://x/"} | other]))
    assert (found.outcome, found.readings) == ("rest", ())


@given(st.text('[]{}":, \n12ab\\', max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_dump(text.encode()).items, tuple)
    assert read(text).outcome


def test_a_text_in_brackets_is_a_text() -> None:
    assert read("[1] The ferry sails.\n[2] It does not.", "text/plain").layout == "text"
