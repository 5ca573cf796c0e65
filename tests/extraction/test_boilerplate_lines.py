"""Lines of boilerplate among those of the editors: where the article ends, and which words of menus are written."""

from __future__ import annotations

import pytest

from pipelines.extraction.layouts.text import TextPost
from pipelines.extraction.lines import Line, LineKind, Span
from pipelines.extraction.wording.boilerplate_phrases import split_boilerplate
from pipelines.extraction.wording.parts import read_parts

PROSE = Line(
    "The port authority withdrew its dredging rule in a notice of two pages, and the committee objected to it. " * 2
)
MORE = Line(
    "Captains say that the order was written without them, and a survey of their crews agrees with all of it. " * 2
)
SHARE, LATER = Line("Share This"), Line("The tide table")
APPEAL = Line(
    f"Whoever reads this on a train or at sea may {'at any hour ' * 5}contribute to U.S. RESIST NEWS by post."
)


def mark(text: str, kind: LineKind = "p", *urls: str) -> Line:
    """A line that begins with its links, of a letter each."""
    return Line(text, kind, 0, tuple(Span("a", at, at + 1, url) for at, url in enumerate(urls)))


def bold(text: str) -> Line:
    return Line(text, "p", 0, (Span("strong", 0, len(text)),))


def keep_written(lines: list[Line]) -> list[Line]:
    """The lines that editors wrote."""
    return split_boilerplate(lines)[0]


@pytest.mark.parametrize(
    "end", ["Share This", "Leave a Comment", "2 Comments", "Related Posts", "GET CONNECTED with us"]
)
@pytest.mark.parametrize(
    ("behind", "kept"),
    [
        ([], []),
        ([LATER], []),
        ([LATER, mark("Facebook"), LATER], []),
        ([APPEAL, LATER], []),
        ([LATER, MORE], [LATER, MORE]),
        ([MORE, SHARE, LATER], [MORE]),
        ([MORE, LATER], [MORE, LATER]),
        ([Line("Photo by Jo Simm on Unsplash"), SHARE, LATER], [Line("Photo by Jo Simm on Unsplash")]),
        ([Line("This brief was written by Ada Wren: Contact")], [Line("This brief was written by Ada Wren: Contact")]),
        ([Line("Engagement Resources", "h"), LATER], [Line("Engagement Resources", "h"), LATER]),
    ],
)
def test_an_article_ends_at_boilerplate_unless_the_editors_go_on(
    end: str, behind: list[Line], kept: list[Line]
) -> None:
    assert len(APPEAL.text) > 120
    assert keep_written([PROSE, Line(end), *behind]) == [PROSE, *kept]
    assert keep_written([Line(end), LATER, PROSE]) == [LATER, PROSE]  # nothing has begun that could end


def test_sentences_behind_the_end_are_told() -> None:
    short = Line("The council of the port met again.")
    assert split_boilerplate([PROSE, Line("Share This"), short, Line("Facebook"), LATER]) == ([PROSE], [short])
    assert [p.message[:13] for p in read_parts([PROSE, Line("Share This"), short], None).doubts] == ["'The council "]
    assert list(TextPost([PROSE, Line("Share This"), short], None).find_doubts())
    assert not read_parts([PROSE, Line("Share This"), Line("Nice one.")], None).doubts


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Follow us on the road to the port.", True),
        ("Follow us on Twitter and Facebook", False),
        ("Follow us on social media!", False),
        ("DONATE Act passes", True),
        ("Get connected to the county line, the firm said, or wait.", True),
        ("Get connected – sign up here", False),
        ("GET CONNECTED signup to receive free briefs", False),
        ("Stay in the know, the port said, and sent no letters.", True),
        ("Stay in-the-know with our free briefs", False),
        ("Click here to donate to Bay Towns.", True),
        ("Click here to subscribe to our service", False),
        ("Click here to print the map of the piers.", True),
        ("Article printed from the Star of Oxley.", True),
        ("Article printed from US Renew News: https://www.usrenewnews.org", False),
        ("DONATE TODAY", False),
        ("DONATE to keep us at work", False),
        ("Posted in the window of the shop was a sign.", True),
        ("Posted in Foreign Policy, Immigration", False),
        ("If you like this pier, please share the cost of it.", True),
        ("If you like this article, please share it with a friend!", False),
        ("Like this? Share it on Facebook", False),
    ],
)
def test_a_sentence_that_begins_as_plugins_do_is_text(line: str, stays: bool) -> None:
    assert (Line(line) in keep_written([PROSE, Line(line), MORE])) is stays


LINK = "https://pier.example.org/"
RESOURCES = Line("Engagement Resources", "h")


@pytest.mark.parametrize("word", ["About", "Print:", "Donate", "Facebook"])
@pytest.mark.parametrize(
    ("above", "kind", "urls", "below", "stays"),
    [
        ([PROSE], "h", [], [MORE], True),
        ([PROSE], "li", [], [MORE], True),
        ([PROSE], "li", [LINK], [MORE], True),
        ([PROSE], "p", [], [MORE], False),
        ([PROSE], "h", [], [LATER], False),
        ([], "h", [], [MORE], False),
        ([LATER], "h", [], [MORE], False),
        ([PROSE], "li", [], [LATER], True),
        ([PROSE, MORE, LATER], "li", [], [], True),
        ([PROSE, LATER], "li", [LINK], [], False),
        ([LATER], "li", [], [PROSE], False),
        ([LATER], "li", [], [LATER], False),
        ([LATER, RESOURCES], "li", [LINK], [], True),
        ([LATER, RESOURCES, LATER], "li", [LINK], [LATER], True),
        ([LATER, RESOURCES], "li", [], [], False),
        ([LATER, RESOURCES], "p", [LINK], [], False),
        ([LATER], "li", [LINK], [RESOURCES, LATER], False),
    ],
)
def test_a_word_of_menus_stays_amid_prose_and_in_lists(
    word: str, above: list[Line], kind: LineKind, urls: list[str], below: list[Line], stays: bool
) -> None:
    line = mark(word, kind, *urls)
    assert keep_written([*above, line, *below]) == [*above, *[line] * stays, *below]


def test_a_bold_word_of_menus_stays_amid_prose() -> None:
    assert bold("About") in keep_written([PROSE, bold("About"), MORE])
    assert bold("About") not in keep_written([bold("About"), PROSE])


GIFT = "https://www.usresistnews.org/donate/"


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (mark("Give here", "p", GIFT), False),
        (mark("Give here", "p", GIFT, LINK), False),
        (mark("Give here", "p", LINK, GIFT), True),
        (mark("Give here", "p", LINK), True),
        (mark("Give here"), True),
        (mark("Give here " * 19, "p", GIFT), False),
        (mark("Give here " * 20, "p", GIFT), True),
    ],
)
def test_a_short_line_is_an_appeal_by_its_first_link(line: Line, stays: bool) -> None:
    assert (line in keep_written([PROSE, line, MORE])) is stays


@pytest.mark.parametrize(
    ("following", "goes"),
    [
        ([], True),
        ([Line("Outlook", "h")], True),
        ([Line("Outlook", "h"), MORE], True),
        ([bold("Outlook")], True),
        ([Line("Pin It on Pinterest")], True),
        ([LATER], False),
        ([MORE], False),
    ],
)
@pytest.mark.parametrize("heading", [Line("Support Our Work", "h"), bold("Support Our Work")])
def test_the_heading_of_an_appeal_goes_with_it_where_nothing_else_stands_below(
    heading: Line, following: list[Line], goes: bool
) -> None:
    assert (heading not in keep_written([PROSE, heading, mark("Give here", "p", GIFT), *following])) is goes
    plain = Line(heading.text)
    assert plain in keep_written([PROSE, plain, mark("Give here", "p", GIFT), *following])


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (Line("Follow us on Google News"), False),
        (Line("Follow us on Apple News!"), False),
        (Line("Follow us on this journey"), True),
        (Line("AdvertisementBay Insurance", spans=(Span("a", 13, 26, LINK),)), False),
        (Line("Sponsored by: Bay Insurance", spans=(Span("a", 14, 27, LINK),)), False),
        (Line("Advertisement of piers", spans=(Span("a", 17, 22, LINK),)), True),
    ],
)
def test_calls_to_follow_and_paid_links_are_dropped(line: Line, stays: bool) -> None:
    assert (line in keep_written([PROSE, line, MORE])) is stays


@pytest.mark.parametrize("words", ["On this page", "Jump to section:", "Inhalt", "In this article"])
def test_the_words_above_a_table_of_contents_go_with_it(words: str) -> None:
    entry = Line("Outlook", "li", spans=(Span("a", 0, 7, "#outlook"),))
    below = [PROSE, Line("Outlook", "h"), MORE]
    assert keep_written([Line(words), entry, *below]) == below
    assert keep_written([Line(words), *below]) == [Line(words), *below]
    assert keep_written([Line("By Ada Wren"), entry, *below]) == [Line("By Ada Wren"), *below]


def test_the_list_of_links_on_a_print_page_ends_the_article() -> None:
    below = [Line("URLs in this post:"), Line("[1] a pier: https://pier.example.org/"), MORE]
    assert split_boilerplate([PROSE, MORE, *below]) == ([PROSE, MORE], [])
