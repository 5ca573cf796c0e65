"""Plain texts as programs write them: copied from Word or a PDF, wrapped, printed by a browser."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Reading

_URL = "https://www.usresistnews.org/2021/05/16/harbor-pact-signed/"
_SUMMARY = "The river board closed the canal today in Calder. It was a close one by any count that the clerk made."
_ANALYSIS = "The orchard permit came in the long night. Nobody knew what the union clinic would do about it."
_BODY = f"Policy Summary\n\n{_SUMMARY}\n\nAnalysis\n\n{_ANALYSIS}"
_HEAD = "Brief #131—Foreign Policy\nBy Dana Whitlow\n"
_ITEMS = "• Harbor Watch: Keeps watch.\n• Calder Law Fund: Gives counsel.\n"


def _read(head: str = _HEAD, amid: str = "", items: str = _ITEMS) -> Reading:
    text = (
        f"{head}\nPolicy Summary\n\n{_SUMMARY}\n\n{amid}Analysis\n\n{_ANALYSIS}\n\nEngagement Resources\n\n{items}\n"
        "Photo by Lena Ortiz on Unsplash\n"
    )
    (reading,) = extract(
        Capture(text.encode(), _URL, "2022-05-05T00:00:00Z", "live", 200, content_type="text/plain")
    ).readings
    assert reading.brief.body == _BODY
    assert [author.name for author in reading.brief.authors] == ["Dana Whitlow"]
    assert [credit.name for credit in reading.brief.photo_credits] == ["Lena Ortiz"]
    return reading


def _list_items(items: str) -> list[tuple[str, str | None, str | None]]:
    return [(each.name, each.description, each.url) for each in _read(items=items).brief.resources]


_TWO = [("Harbor Watch", "Keeps watch.", None), ("Calder Law Fund", "Gives counsel.", None)]


@pytest.mark.parametrize(
    "bullet",
    ["•", "*", "-", "o ", "e ", "\uf0b7", "\uf0a7 ", "➢ ", "○\t", "✓ ", "❖", "•\n", "\uf0b7\n", "o\n", "•\n\n"],
)
def test_signs_of_bullets_are_no_part_of_a_name(bullet: str) -> None:
    bullet = f"{bullet} " if bullet == "-" else bullet
    assert _list_items(f"{bullet}Harbor Watch: Keeps watch.\n{bullet}Calder Law Fund: Gives counsel.\n") == _TWO


@pytest.mark.parametrize("indent", ["  ", "\t", ""])
def test_an_item_that_was_wrapped_goes_on(indent: str) -> None:
    items = f"• Harbor Watch: Keeps watch\n{indent}over the whole of the harbor.\n• Calder Law Fund: Gives counsel.\n"
    assert _list_items(items) == [("Harbor Watch", "Keeps watch over the whole of the harbor.", None), _TWO[1]]


def test_a_broken_line_goes_on_with_a_name() -> None:
    items = (
        "• Harbor Watch: Keeps watch day and night over all the lamps of\nCalder.\n• Calder Law Fund: Gives counsel.\n"
    )
    assert [each[1] for each in _list_items(items)] == [
        "Keeps watch day and night over all the lamps of Calder.",
        "Gives counsel.",
    ]


@pytest.mark.parametrize(
    ("behind", "url"),
    [
        ("\nhttps://harborwatch.org/", "https://harborwatch.org/"),
        ("\n\nhttps://harborwatch.org/", "https://harborwatch.org/"),
        ("\n  https://harborwatch.org/", "https://harborwatch.org/"),
        (" (https://harborwatch.org/)", "https://harborwatch.org/"),
        (" <https://harborwatch.org/>", "https://harborwatch.org/"),
        (" https://harborwatch.org/a-b", "https://harborwatch.org/a-b"),
        (" – www.harborwatch.org", "http://www.harborwatch.org"),
        (" (harborwatch.org)", "http://harborwatch.org"),
        (" harborwatch.org", "http://harborwatch.org"),
        (" Website: https://harborwatch.org/", "https://harborwatch.org/"),
    ],
)
def test_an_address_behind_the_description_is_the_item_s(behind: str, url: str) -> None:
    items = f"• Harbor Watch: Keeps watch.{behind}\n• Calder Law Fund: Gives counsel.\n"
    assert _list_items(items) == [("Harbor Watch", "Keeps watch.", url), _TWO[1]]


@pytest.mark.parametrize(
    ("head", "confidence"),
    [
        ("Brief #131—Foreign Policy\nHarbor Pact Signed\nBy Dana Whitlow\n", "read"),
        ("Foreign Policy Brief #131\n\nHarbor Pact Signed\n\nBy Dana Whitlow\nMay 16, 2021\n", "read"),
        ("Brief #131—Foreign Policy | By Dana Whitlow\n\nHarbor Pact Signed\n", "guessed"),
        ("Brief #131—Foreign Policy\nBy Dana Whitlow\nHarbor Pact Signed\n", "guessed"),
    ],
)
def test_the_headline_below_the_label(head: str, confidence: str) -> None:
    reading = _read(head)
    assert (reading.brief.title, reading.brief.number) == ("Harbor Pact Signed", 131)
    (title,) = [item for item in reading.evidence if item.field == "title" and item.chosen]
    assert title.confidence == confidence


def test_a_text_without_a_headline_has_its_label() -> None:
    assert _read().brief.title == "Brief #131—Foreign Policy"


@pytest.mark.parametrize(
    "mark",
    [
        "Page 1 of 2",
        "page 2",
        "1/3",
        "2 | Page",
        "- 3 -",
        "https://www.usresistnews.org/2021/05/12/x/ 1/3",
        "5/12/21, 9:30 AM Harbor Pact Signed - USRESIST NEWS",
        "5/12/2021 Harbor Pact Signed - USRESIST NEWS",
        "5/12/2021 Harbor Pact Signed",
        "12.05.2021, 09:30",
    ],
)
def test_what_stands_on_each_printed_page_is_no_text(mark: str) -> None:
    reading = _read(f"{mark}\n\nHarbor Pact Signed\n\n{_HEAD}", f"{mark}\n\n")
    assert reading.brief.title == "Harbor Pact Signed"


@pytest.mark.parametrize("front", ["5/12/21, 9:30 AM", "5/12/2021"])
def test_times_and_numbers_of_the_text_stay(front: str) -> None:
    words = f"{front} The clerk opened the gate of the canal."
    text = f"Harbor Pact Signed\n\n{_HEAD}\nPolicy Summary\n\n{_SUMMARY}\n\n{words}\n\nAnalysis\n\n{_ANALYSIS}\n"
    (reading,) = extract(Capture(text.encode(), _URL, None, "live", 200, content_type="text/plain")).readings
    assert words in (reading.brief.body or "")


def test_a_sentence_that_a_page_parted_is_one_paragraph() -> None:
    front, _, behind = _SUMMARY.partition(" today ")
    behind = f"today {behind}"
    text = f"{_HEAD}\nPolicy Summary\n\n{front}\n\nPage 1 of 2\n\n{behind}\n\nAnalysis\n\n{_ANALYSIS}\n"
    (reading,) = extract(Capture(text.encode(), _URL, None, "live", 200, content_type="text/plain")).readings
    assert reading.brief.body == _BODY


def test_a_text_below_is_told_without_its_words() -> None:
    """The other post may be withdrawn, and the row would stay."""
    texts = f"{_HEAD}\n{_BODY}\n\nBrief #132—Foreign Policy\nA zorblat toll\nBy Ann Roe\n\n{_BODY}\n"
    extraction = extract(Capture(texts.encode(), _URL, "2022-05-05T00:00:00Z", "live", 200, content_type="text/plain"))
    assert ["Another text" in problem.message for problem in extraction.problems] == [True]
    assert "zorblat" not in str(extraction).lower()
