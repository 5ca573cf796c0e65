"""Sentences and headings of the editors that begin as boilerplate does, and the lines that plugins print."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line, Span
from pipelines.extraction.wording.boilerplate_phrases import is_boilerplate_phrase
from pipelines.extraction.wording.parts import compose_text, read_parts

PROSE = Line("The harbor council voted late in the spring to shelve the plan that its own engineers had drawn, " * 2)
OFFER = "Get the latest updates from our reporters by subscribing to the U.S. RESIST DEMOCRACY Weekly Newsletter, and"


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our newsletter, the page said, and forty captains did.",
        "Sign up for our newsletter and win a boat",
        "Sign up for our mailing list. That is what the port told them.",
        "Follow us on Twitter, Facebook and Instagram, the crews wrote.",
        "Follow us on Facebook or lose your berth",
        "Tags: the port issues them for dogs, and from June for gulls as well.",
        "Tags: red for boats, blue for barges, and none for rafts.",
        "Categories: low, medium and high.",
        "Filed under: things the mayor would rather not discuss.",
        "Posted in every school is the tide table",
        "Like this article? Share it, the plugin asks; the court calls that a vote.",
        "Get connected: under that name the state pays half of the bill of a pier.",
        "GET CONNECTED ACT PASSES",
        "This entry was posted on the wall of the mill, and the owner tore it down.",
        "More captains told their stories.",
        "Stay in the know and out of jail.",
        "Click here to subscribe now, said the mail, or lose your berth.",
        "DONATE to the campaign, the mails said.",
        "Was this helpful to the piers?",
        "Next, the harbor.",
        "Check out the pier.",
    ],
)
def test_a_sentence_that_only_begins_like_boilerplate_is_text(sentence: str) -> None:
    assert not is_boilerplate_phrase(sentence)


@pytest.mark.parametrize(
    "call",
    [
        "Sign up for our weekly newsletter to get the latest news in your inbox.",
        "Sign up for our mailing list and stay informed!",
        "Sign up for our newsletter here",
        "Follow us on Facebook, Twitter and Instagram for the latest news",
        "Follow us on Twitter @PortStar",
        "Tags: harbor fees, Puerto Rico, U.S.",
        "Categories: Foreign Policy",
        "Posted in Foreign Policy, Immigration",
        "Like this? Share it on Facebook, Twitter or Reddit!",
        "GET CONNECTED---signup to receive free, just in time briefs",
        "This entry was posted in Immigration. Bookmark the permalink.",
        "1,204 total views, 3 views today",
        "Click to rate this post! [Total: 3 Average: 4.5]",
        "Click to share on Facebook (Opens in new window)",
        "REPORT THIS AD",
        "Was this helpful? Yes No",
        "Support independent journalism. Donate today.",
        "← Previous Post",
        "Next Post →",
        "Copyright © 2021 U.S. RESIST NEWS. All rights reserved.",
        "Translate »",
        "Spread the loveFacebookTweet",
        f"{OFFER} please consider contributing to Keeping Democracy Alive by donating today!",
        "Keep up with U.S. RESIST NEWS by following us on Twitter and Facebook.",
        "To support our work, donate at usresistnews.org/donate.",
        "Check out usresistnews.org/foreign-policy for more news from this reporter.",
    ],
)
def test_a_line_that_is_boilerplate_from_end_to_end_is_none(call: str) -> None:
    assert is_boilerplate_phrase(call)


def read_headings(*lines: Line) -> list[str | None]:
    return [section.heading for section in compose_text(read_parts([PROSE, *lines], None)).sections]


@pytest.mark.parametrize("words", ["Subscribe", "Advertisements", "Related Posts", "Leave a Reply", "Share This"])
def test_words_of_boilerplate_head_the_prose_below_them_and_are_told(words: str) -> None:
    heading = Line(words, "h")
    assert read_headings(heading, PROSE) == [None, words]
    assert read_headings(Line(words, spans=(Span("strong", 0, len(words)),)), PROSE) == [None, words]
    assert [problem.field for problem in read_parts([PROSE, heading, PROSE], None).doubts] == ["body"]
    assert read_headings(Line(words), PROSE) == [None]
    assert read_headings(heading, Line("The tide table", "p"), PROSE) == [None]
    linked = Line(PROSE.text, spans=(Span("a", 0, 9, "https://pier.example.org/"),))
    assert read_headings(heading, linked, PROSE) == [None]


@pytest.mark.parametrize(
    "words",
    [
        "Advertisement",
        "2 Comments",
        "Donate now",
        "Subscribe Below to Our News Service",
        "Keeping Democracy Alive",
        "———",
        "___",
    ],
)
def test_words_of_nothing_but_boilerplate_head_no_prose(words: str) -> None:
    assert read_headings(Line(words, "h"), PROSE) == [None]
