"""Items of one file with one address: one post in two states, or two posts; and items that have no text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.histories import NEW, Post

LINK = f"{NEW}/the-river-pact/"
FIRST = Post("/2019/03/10/x/", 41, "The river’s pact")
# What the second item has of its own: a title, a day, a label.
TITLE, DAY, LABEL = {"title": "The pact of the river"}, {"path": "/2019/06/11/x/"}, {"number": 42}


def read(body: str) -> Extraction:
    return extract(Capture(body.encode(), None, "2024-01-01T00:00:00Z", "file"))


def make_item(post: Post, wp_id: int | None, **values: object) -> dict[str, object]:
    return {**post.rest(), "id": wp_id, "link": LINK, **values}


@pytest.mark.parametrize(
    ("others", "with_one_number", "with_two", "with_one_or_none"),
    [
        ({}, 1, 2, 1),
        (TITLE, 1, 2, 2),
        (DAY, 1, 2, 2),
        (LABEL, 1, 2, 1),
        (TITLE | DAY, 2, 2, 2),
        (TITLE | LABEL, 2, 2, 2),
        (DAY | LABEL, 2, 2, 2),
        (TITLE | DAY | LABEL, 2, 2, 2),
    ],
)
def test_two_items_are_one_post_by_number_title_day_and_label(
    others: dict[str, object], with_one_number: int, with_two: int, with_one_or_none: int
) -> None:
    other = replace(FIRST, **others)  # type: ignore[arg-type]
    numbers: dict[tuple[int | None, int | None], int] = {(7, 7): with_one_number, (7, 8): with_two, (8, 7): with_two}
    numbers |= dict.fromkeys([(7, None), (None, 7), (None, None)], with_one_or_none)
    for (first, second), count in numbers.items():
        items = [make_item(FIRST, first), make_item(other, second)]
        for order in (items, items[::-1]):
            found = read(json.dumps(order))
            assert len(found.readings) == count, (first, second)
            assert [problem.kind for problem in found.problems] == ["repetition"] * (2 - count)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2019-04-01T00:00:00", "2019-04-02T00:00:00", "second"),
        ("2019-04-02T00:00:00", "2019-04-01T00:00:00", "first"),
        ("2019-04-01T00:00:00", "2019-04-01T00:00:00", "first"),
        (None, "2019-04-01T00:00:00", "second"),
        ("2019-04-01T00:00:00", None, "first"),
        (None, None, "first"),
    ],
)
def test_of_two_states_the_latest_is_read_and_of_two_of_one_time_the_first(
    first: str | None, second: str | None, said: str
) -> None:
    states = {"first": first, "second": second}
    items = [make_item(replace(FIRST, said=f"So says the {name}."), 7, modified_gmt=at) for name, at in states.items()]
    (reading,) = read(json.dumps(items)).readings
    assert f"So says the {said}." in (reading.brief.body or "")


WHOLE = f"<content:encoded><![CDATA[{FIRST.content}]]></content:encoded>"


def write_feed(*items: str) -> str:
    inside = "".join(f"<item><title>A pact</title>{item}</item>" for item in items)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
        f"{inside}</channel></rss>"
    )


def write_link(name: str) -> str:
    return f"<link>{NEW}/2019/03/1{name}</link>"


@pytest.mark.parametrize(
    ("items", "kind", "result"),
    [
        ((WHOLE, write_link("1/a/")), "excerpt", f"1 of 2 items have no full text, the first is {NEW}/2019/03/11/a/."),
        ((WHOLE, write_link("1/a/"), write_link("2/b/")), "excerpt", f"2 of 3 items .* is {NEW}/2019/03/11/a/."),
        ((WHOLE, ""), "unread", "1 of 2 items have no full text, the first is number 2."),
        (("", WHOLE, ""), "unread", "2 of 3 items have no full text, the first is number 1."),
        ((WHOLE, write_link("1/a/"), ""), "unread", f"2 of 3 items .* is {NEW}/2019/03/11/a/."),
        ((WHOLE, "<link>https://other.example/a/b/</link>"), "unread", "1 of 2 .* is https://other.example/a/b/."),
    ],
)
def test_items_of_a_feed_without_their_text_are_counted_and_the_first_is_named(
    items: tuple[str, ...], kind: str, result: str
) -> None:
    found = read(write_feed(*items))
    (problem,) = (problem for problem in found.problems if problem.field == "body")
    assert problem.kind == kind
    start, _, end = result.partition(".*")
    assert problem.message.startswith(start) and problem.message.endswith(end)
    assert len(found.readings) == 1


def test_a_reader_s_comment_in_a_feed_is_no_item_without_text() -> None:
    comment = f"<link>{NEW}/2019/03/11/a/#comment-5</link>"
    found = read(write_feed(write_link("0/x/") + WHOLE, comment))
    assert (len(found.readings), [problem for problem in found.problems if problem.field == "body"]) == (1, [])
