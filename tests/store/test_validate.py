"""Which values of a reading are doubted, and which are not: a step either side of every limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.normalise import normalise, normalise_capture
from pipelines.validate import ValidatePipeline, validate
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.records import Brief, Problem
from tests.support.specimens import PATH, make_brief, make_capture, make_extraction, make_reading

AT = "2021-06-01T22:00:00Z"  # the evening, when days of the site's zone and of UTC differ


def list_doubts(brief: Brief, at: str | None = AT) -> list[tuple[str | None, str]]:
    found = validate(make_extraction(make_reading(brief), at=at))
    return [(doubt.field, doubt.kind) for reading in found.readings for doubt in reading.doubts]


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ({}, []),
        ({"number": None}, [("number", "missing")]),
        ({"number": None, "kind": "post"}, []),
        ({"number": None, "kind": "blog"}, []),
        (
            {"title": None, "body": None, "published": None},
            [(name, "missing") for name in ("title", "published", "body")],
        ),
        ({"number": 0}, [("number", "range")]),
        ({"number": 1}, []),
        ({"number": 999}, []),
        ({"number": 1000}, [("number", "range")]),
        ({"title": "x" * 300}, []),
        ({"title": "x" * 301}, [("title", "long")]),
        ({"published": "2016-01-01"}, []),
        ({"published": "2015-12-31"}, [("published", "early")]),
        ({"published": "2021-06-02"}, []),  # it is the day after by another clock
        ({"published": "2021-06-03"}, [("published", "future")]),
        ({"dateline": "2021-06-02"}, []),
        ({"dateline": "2021-06-03"}, [("dateline", "future")]),
        ({"dateline": "1984-01-01"}, [("dateline", "early")]),
    ],
)
def test_a_value_is_doubted_beyond_its_limit_alone(values: dict[str, object], doubts: list[tuple[str, str]]) -> None:
    assert list_doubts(make_brief(PATH, **values)) == doubts


@pytest.mark.parametrize("charset", ["windows-1252", "cp437", "cp850", "mac-roman"])
@pytest.mark.parametrize("word", ["council’s", "“pier”", "a—b", "José", "naïve"])
def test_words_that_were_read_in_another_charset_are_told(word: str, charset: str) -> None:
    garbled = word.encode().decode(charset, "ignore")
    assert list_doubts(make_brief(PATH, title=f"The {garbled} order")) == [("title", "garbled")]
    assert list_doubts(make_brief(PATH, body=f"All of the {garbled} order.")) == [("body", "garbled")]
    assert list_doubts(make_brief(PATH, body=f"The {word} order: „Öl“, ’école, CAFÉ’S, ¬ √2, Â, 5 ±1")) == []


@pytest.mark.parametrize("text", ["the councilÕs order", "in brief. Â Then"])
def test_other_marks_of_a_wrong_charset_are_told(text: str) -> None:
    assert list_doubts(make_brief(PATH, body=text)) == [("body", "garbled")]


def test_no_day_is_to_come_for_a_capture_without_an_instant() -> None:
    assert list_doubts(make_brief(published="2999-01-01"), at=None) == []


def test_a_later_page_of_a_post_needs_no_headline_and_no_number() -> None:
    later = replace(make_reading(make_brief(title=None, number=None, published=None)), part=2, parts=2)
    (reading,) = validate(make_extraction(later)).readings
    assert reading.doubts == ()


def test_what_extraction_has_told_is_not_told_again() -> None:
    result = replace(
        make_reading(make_brief(number=None)), problems=(Problem("number", "missing", "The label has none."),)
    )
    (reading,) = validate(make_extraction(result)).readings
    assert reading.doubts == ()


def test_the_step_doubts_an_item_that_has_an_extraction_and_passes_all_others_on() -> None:
    step, item = ValidatePipeline(), CaptureItem(make_capture(b"text"), SITE_HOSTS)
    for other in (item, {"title": "x"}):
        assert step.process_item(other) is other
    assert item.extraction is None
    item.extraction = make_extraction(make_reading(make_brief(number=None)), at=AT)
    assert step.process_item(item) is item
    assert [doubt.field for doubt in item.extraction.readings[0].doubts] == ["number"]


@pytest.mark.parametrize(("status", "kept"), [(99, None), (100, 100), (999, 999), (1000, None), (-1, None)])
def test_a_status_has_three_digits(status: int, kept: int | None) -> None:
    capture, problems = normalise_capture(make_capture(b"text", status=status))
    assert (capture.status, [problem.kind for problem in problems]) == (kept, [] if kept else ["malformed"])


@pytest.mark.parametrize(("number", "kept"), [(2**63 - 1, 2**63 - 1), (2**63, None), (-(2**63), None)])
def test_a_number_is_one_that_the_tables_hold(number: int, kept: int | None) -> None:
    (reading,) = normalise(make_extraction(make_reading(make_brief(wp_id=number)))).readings
    assert (reading.brief.wp_id, [problem.field for problem in reading.problems]) == (kept, [] if kept else ["wp_id"])


def test_a_value_that_had_to_go_is_a_problem_beside_those_that_were_there() -> None:
    result = Problem("body", "doubtful", "It ends early.")
    reading = replace(make_reading(make_brief(dateline="yesterday", published=" 2020-03-05 ")), problems=(result,))
    (normal,) = normalise(make_extraction(reading)).readings
    assert (normal.brief.published, normal.brief.dateline) == ("2020-03-05", None)
    assert [(problem.field, problem.kind) for problem in normal.problems] == [
        ("body", "doubtful"),
        ("dateline", "malformed"),
    ]
