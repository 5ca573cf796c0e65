"""Cheap looks at a line in front of the careful ones: they let pass all that the careful ones read."""

from __future__ import annotations

import nh3
import pytest

from pipelines.extraction.lines import Line, Span
from pipelines.extraction.wording.access_notice import split_notices
from pipelines.extraction.wording.beside_byline import read_line_beside
from pipelines.extraction.wording.byline import read_byline, read_signature
from pipelines.extraction.wording.contact_line import read_contact
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.credit_parts import ends_in_agency
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.head import Head
from pipelines.extraction.wording.head_lines import have_same_words, split_parts
from pipelines.extraction.wording.kicker import is_kicker
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.language import is_english
from pipelines.extraction.wording.name_marks import split_date
from pipelines.extraction.wording.parts import Parts, compose_text
from pipelines.extraction.wording.resource_headings import (
    is_call_to_action,
    may_head_links,
    may_head_list,
    names_resources,
    read_resource_heading,
)

_PROSE = "The harbor board met twice in spring, and no member of it would say who had asked for the second vote. "


@pytest.mark.parametrize("line", ["BY ANN LEE", "bY: Ann Lee", "US RESIST NEWS", "the U.S. Renew News Staff", "usrn",
                                  "Democracy now!", "Author: Ann Lee", "(By Ann Lee)", "ByAnn Lee Vale"])  # fmt: skip
def test_bylines_pass_whatever_their_case_and_marks(line: str) -> None:
    assert read_byline(line) is not None


def test_a_house_with_many_groups_is_a_byline_however_long() -> None:
    assert read_byline("US RESIST NEWS" + " Staff" * 40) is not None


@pytest.mark.parametrize("line", ["By Ann Lee | June 10, 2020", "By Ann Lee | ann@lamps.example", "By: Ann | x@y.org"])
def test_a_bar_behind_a_name_parts_it_from_a_day_or_a_mailbox(line: str) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert len(byline.authors) == 1


@pytest.mark.parametrize(
    "behind", [", June 10, 2020", " (June 10, 2020).", " | Updated: June 10, 2020 )", " – June 2020"]
)
def test_days_behind_names_are_split_off_with_the_marks_that_end_them(behind: str) -> None:
    assert split_date(f"Ann Lee{behind}")[0] == "Ann Lee"


def test_a_signature_needs_a_role_behind_its_comma() -> None:
    assert read_signature("Ann Lee, Policy Analyst") is not None
    assert read_signature("Ann Lee,") is read_signature("Ann Lee") is None


@pytest.mark.parametrize("text", ["OPINION", "July Op Ed", "op-ed.", "U.S. RESIST NEWS Editorial:", "OPED"])
def test_kickers_pass(text: str) -> None:
    assert is_kicker(text)


@pytest.mark.parametrize("text", ["Majority Opinion", "Public Opinion", "The Opinion", "Legal Opinion:", "Opinions"])
def test_opinions_of_others_are_no_kickers(text: str) -> None:
    assert not is_kicker(text)
    assert is_kicker("May 2020 Opinion") and is_kicker("Guest Opinion") and is_kicker("U.S. RESIST NEWS OPINION")


@pytest.mark.parametrize(
    "text", ["Posted on Wednesday, September 12, 2018", "———— (1/25/18) ————", "2018-01-25 " + _PROSE]
)
def test_datelines_pass_with_words_and_rules_around_them(text: str) -> None:
    assert read_dateline(text) is not None


def test_a_label_is_parted_from_what_marks_stand_for_bars() -> None:
    assert split_parts("Brief #58—Immigration / By Ann Lee / May 3, 2021")[0] == "Brief #58—Immigration"
    assert split_parts(f"{_PROSE * 4}| x") == [(_PROSE * 4).strip(), "x"]


@pytest.mark.parametrize("label", ["Brief USRN Blog", "Brief—Civil Rights", "Brief #TBD – Foreign Policy"])
def test_labels_without_a_number_pass(label: str) -> None:
    assert read_label(label) is not None


@pytest.mark.parametrize(
    "tail",
    ["Photo by Ann Lee", "(Reuters) Photo credit: Ann Lee/Reuters", "Image: Ann Lee/AP", "“Pier”Photo by Ann Lee"],
)
def test_a_credit_behind_a_mark_ends_a_long_caption(tail: str) -> None:
    credit = read_credit(Line(f"{_PROSE * 3}{tail}"))
    assert credit is not None
    assert credit.rule == "credit.caption_tail"


@pytest.mark.parametrize("text", [
    "Ann Lee on PEXELS", "U.S. Army photo by Ann Lee", "(AP PHOTO/Ann Lee)", "*Image: Ann Lee",
    "[Photo by Ann Lee]", "‘Pier’ by Ann Lee is licensed under CC BY 2.0", "Harbor Stock Photos by Pexels",
    "UNSPLASH-LOGO Ann Lee", _PROSE + "AFP/Reuters",
])  # fmt: skip
def test_credits_pass_whatever_they_begin_and_end_with(text: str) -> None:
    assert read_credit(Line(text)) is not None


def test_a_link_to_a_place_for_pictures_is_a_credit() -> None:
    assert read_credit(Line("Ann Lee", spans=(Span("a", 0, 7, "https://unsplash.com/@annlee"),))) is not None


@pytest.mark.parametrize("agency", ["AP", "dpa", "Reuters.", "Getty Images)", "EPA-EFE", "ADOBE STOCK"])
def test_each_agency_may_end_a_text(agency: str) -> None:
    assert ends_in_agency(f"The pier at night. {agency}")


@pytest.mark.parametrize(
    "text", ["Contact the author: ann@lamps.example", "E-MAIL the writer", "REACH out to the author"]
)
def test_lines_that_say_whom_to_write_to_pass_in_any_case(text: str) -> None:
    assert read_contact(Line(text)) is not None


@pytest.mark.parametrize("text", ["Log in to read the full story.", "Premium content only", "Unlock this", "Loading…",
                                  "… please subscribe to continue reading.", "Already a member?"])  # fmt: skip
def test_notices_pass_wherever_they_begin(text: str) -> None:
    assert split_notices([Line(_PROSE), Line(text)])[1] == [text]


def test_words_are_the_same_whatever_stands_in_front_and_between() -> None:
    assert have_same_words("“U . S . Lamps”: at night", '"US LAMPS" at Night.')
    assert not have_same_words(_PROSE, _PROSE[:-3])


def test_headings_of_links_are_short_but_for_an_aside() -> None:
    assert names_resources(f"Engagement Resources ({'click or tap on a resource link below to visit it, ' * 2})")
    assert may_head_links(Line(f"Helpful Organizations involved {'x' * 38}"))
    assert is_call_to_action(Line("Recursos para " + "x" * 40))


@pytest.mark.parametrize(
    "text", ["“Lamps” & 'piers' <b>", "Lamps\xa0&nbsp;", "\u2028La\u00admps\x0c\r\x01", "Пирс 灯 🚢 \u0e33"]
)
def test_what_is_not_sanitised_is_as_the_sanitiser_leaves_it(text: str) -> None:
    emphasised = Line(text, spans=(Span("strong", 0, 3),))
    parts = Parts(Head(), [(text, "known", Line(text)), (None, "", Line(text)), (None, "", emphasised)])
    html = compose_text(parts).body_html
    assert html == nh3.clean(html or "", tags={"h2", "p", "strong"})


@pytest.mark.parametrize("url", ["https://a.example/x?b=1&copy=2#c", "https://xn--a.example/", "http://1.2.3.4.5/",
                                 "https://a.example/\"><b>", "javascript:x", "mailto:a@b.example", None])  # fmt: skip
@pytest.mark.parametrize("inner", [Span("em", 2, 4), Span("em", 6, 9)])
def test_links_that_are_not_sanitised_are_as_the_sanitiser_leaves_them(url: str | None, inner: Span) -> None:
    line = Line("Lamps & 'piers'", spans=(Span("a", 0, 5, url), inner))
    html = compose_text(Parts(Head(), [(None, "", line)])).body_html
    assert html == nh3.clean(html or "", tags={"p", "a", "em"})


@pytest.mark.parametrize("text", ["(Edited BY Ann Lee)", "Editor: Ann Lee", "Follow me on @annlee", "Boston, Texas"])
def test_lines_beside_a_byline_pass(text: str) -> None:
    assert read_line_beside(Line(text), below_byline=True) is not None


@pytest.mark.parametrize("line", [
    Line("“Engagement Resources" + " –" * 60 + "”"),
    Line("Resistance Resources: " + _PROSE * 2, is_plain=True),
    Line("Engagement Resources " + _PROSE * 2, spans=(Span("strong", 0, 20),)),
    Line(f"Engagement Resources ({'click or tap on a resource link below to visit it, ' * 2})"),
])  # fmt: skip
def test_headings_of_resources_pass_however_long_their_lines(line: Line) -> None:
    assert read_resource_heading(line) is not None
    assert may_head_list(line)


def test_few_letters_of_another_script_are_no_other_language() -> None:
    assert is_english(_PROSE * 5 + "“Пирс”") is True
    assert is_english(_PROSE * 5 + "Пирс ночью и утром " * 10) is False
