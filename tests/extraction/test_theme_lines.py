"""Lines and elements of a look that nobody knows, which may be the theme's or the editors'."""

from __future__ import annotations

import pytest

from tests.support.unknown_look import BODY, FIRST, SECOND, TEXT, THIRD, list_flags, read_unknown


@pytest.mark.parametrize(
    "passage",
    [
        f'<div class="sidebar"><p>{FIRST[4:]}</p></div>',
        f'<div class="bio"><h4>More</h4><ul><li>{FIRST[4:]}</li></ul></div>',
        "<p>May 3, 2021</p>",
        "<p>Disclaimer</p><p>The piers are no one's.</p>",
        "<h3>More about piers</h3><ul><li>The old stone pier</li></ul>",
        "<p>Sign up for our updates is what they called it.</p>",
    ],
)
def test_what_may_be_text_and_is_left_out_is_told(passage: str) -> None:
    long = SECOND.replace("Shippers", "Shippers, whom nobody in the council had asked for their view of it,")
    reading = read_unknown(f'<div class="t"><p>{FIRST}</p>{passage}<p>{long}</p><p>{long[:-1]} too.</p></div>')
    assert (reading.brief.body or "").count("\n\n") == 2
    assert "doubtful" in list_flags(reading, "body")


@pytest.mark.parametrize(
    "around", ["<article>{}</article>", "<main><div>{}</div></main>", '<div class="wrap">{}</div>']
)
@pytest.mark.parametrize("aside", ["<aside><blockquote>{}</blockquote></aside>", "<header><p>{}</p></header>"])
def test_prose_in_an_aside_of_the_article_is_left_out_and_told(around: str, aside: str) -> None:
    said = f"“{FIRST}” said the oldest of the captains, and nobody in the room had a word to say."
    reading = read_unknown(around.format(f'<div class="t">{TEXT * 3}</div>{aside.format(said)}'))
    assert said not in (reading.brief.body or "")
    assert any(said[:60] in problem.message for problem in reading.problems if problem.kind == "doubtful")


@pytest.mark.parametrize(
    ("line", "is_text", "is_told"),
    [
        ('<ul><li><a href="https://x.example.org/a">The report of the council</a></li></ul>', True, False),
        ('<h3><a href="https://x.example.org/a">The report of the council</a></h3>', True, False),
        ('<p><a href="https://x.example.org/a">The report of the council</a></p>', False, True),
        ('<p><a href="/2019/03/04/a/">The report of the council</a></p>', False, False),
        ('<ul><li><a href="/2019/03/04/a/">The report of the council</a></li></ul>', False, False),
    ],
)
def test_links_to_other_sites_are_text_or_told(line: str, is_text: bool, is_told: bool) -> None:
    reading = read_unknown(f'<div class="t"><p>{FIRST}</p>{line}<p>{SECOND}</p><p>{THIRD}</p></div>')
    assert ("The report" in (reading.brief.body or "")) is is_text
    assert ("doubtful" in list_flags(reading, "body")) is is_told


def test_labels_of_the_theme_are_left_out_without_a_word() -> None:
    text = f"<p>Free daily newsletter</p><p>{FIRST}</p><p>Advertisement</p><p>{SECOND}</p><p>{THIRD}</p>"
    reading = read_unknown(f'<div class="t">{text}<div class="related"><a href="/x/">Piers</a></div></div>')
    assert reading.brief.body == BODY
    assert "doubtful" not in list_flags(reading, "body")


def test_what_may_say_who_wrote_which_brief_is_no_label_of_the_theme() -> None:
    label, byline = "<p>Brief #12—Environment: Piers</p>", "<p>By Mara Whitlock</p><p>mara@example.org</p>"
    assert "unread" in list_flags(read_unknown(f'<div class="t">{label}{TEXT}</div>'), "label")
    (author,) = read_unknown(f'<div class="t">{byline}{TEXT}</div>').brief.authors
    assert author.contact == "mailto:mara@example.org"
