"""Cheap searches in front of expensive ones: they let pass all that the expensive ones find."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from pipelines.extraction.layouts.spill import read_spill
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line, Span, join_lines
from pipelines.extraction.page_marks import is_page_mark
from pipelines.extraction.page_types import recognise_page
from pipelines.extraction.translation import find_translation
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.head_lines import split_parts
from pipelines.extraction.wording.label import read_closing_label, read_label
from pipelines.extraction.wording.linked_byline import read_linked_byline
from pipelines.extraction.wording.openings import read_dated_opening
from pipelines.extraction.wording.resource_headings import read_resource_heading
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import is_post
from scraper.dates import find_trailing_date
from scraper.markup.charset import decode_sound_utf8, lower_markup
from scraper.markup.html_page import Page, drop_invisible, join_text

_CONTROLS = [code for code in range(32) if code not in b"\t\n\r"]


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200c", "\u200d"])
def test_each_invisible_character_is_dropped(sign: str) -> None:
    assert drop_invisible(f"har{sign}bour – {sign}lamps{sign}") == "harbour – lamps"


def test_characters_that_join_letters_of_persian_stay() -> None:
    assert drop_invisible("می\u200cخواهم\u00ad – a\u200c") == "می\u200cخواهم – a"


@pytest.mark.parametrize("code", _CONTROLS)
def test_no_text_with_a_control_character_is_sound(code: int) -> None:
    assert decode_sound_utf8(b"<p>Lamps" + bytes((code,)) + b"</p>") is None


def test_quotes_that_became_controls_are_found_behind_other_characters_that_begin_alike() -> None:
    assert decode_sound_utf8("\xa0© 2019 \x93Lamps\x94".encode()) is None
    assert decode_sound_utf8("\xa0© 2019 “Lamps”\t\r\n".encode()) == "\xa0© 2019 “Lamps”\t\r\n"
    assert lower_markup("<P Class='Ä'>\tÉ</P>".encode()) == "<P Class='Ä'>\tÉ</P>".encode().lower()


@pytest.mark.parametrize("name", ["USRESIST NEWS", "U.S. Resist News", "US RENEW NEWS", "us renew news"])
def test_the_name_of_the_site_is_stripped_at_both_ends(name: str) -> None:
    assert (
        strip_site_name(f"Lamps at Night - {name}") == strip_site_name(f"{name} | Lamps at Night") == "Lamps at Night"
    )
    assert strip_site_name(f" {name} | {name} ") == ""


@pytest.mark.parametrize(
    "title",
    ["Lamps (Foreign Policy Brief #9)", "Lamps [Foreign Policy Brief #9", "Lamps (Foreign Policy Brief 9)",
     "Lamps – Foreign Policy Brief #9", "Lamps (Foreign Policy Brief #9)."],
)  # fmt: skip
def test_a_label_behind_a_headline_is_found_in_all_its_forms(title: str) -> None:
    closing = read_closing_label(title)
    assert closing is not None
    assert (closing[0], closing[1].number) == ("Lamps", 9)


@pytest.mark.parametrize("line", ["Breif No. 58 – Immigration", "BRIEF No 58: Immigration", "Breif #58—Immigration"])
def test_a_label_with_a_slip_or_without_its_sign_is_found(line: str) -> None:
    label = read_label(line)
    assert label is not None
    assert label.number == 58


@pytest.mark.parametrize("end", ["May 4, 2019", "| May 4,2019 ", "– MAY 4th 2019", "Sept. 4 , 2019"])
def test_a_date_at_the_end_is_found(end: str) -> None:
    assert find_trailing_date(f"Brief #5 Immigration {end}")
    assert not find_trailing_date(f"{end} in the harbour")


@pytest.mark.parametrize("day", ["May 4, 1999", "May 4th 2019", "Thu., May 4,2019"])
def test_a_date_in_front_of_a_byline_is_found(day: str) -> None:
    assert split_parts(f"{day} – By Ada Fenn") == [day, "By Ada Fenn"]
    opening = read_dated_opening(f"By Ada Fenn, {day} Lamps were lit at night.")
    assert opening is not None
    assert opening[0].dated is not None


@pytest.mark.parametrize("text", ["4/25/18", "(May 4, 2019)", "Posted on: 4 May 2019 at 5 pm", "2019-05-04"])
def test_a_dateline_is_found_in_all_its_forms(text: str) -> None:
    assert read_dateline(text)


@pytest.mark.parametrize(
    "word",
    ["Contact", "E-mail the author", "Email", "Biography", "Profile", "Follow", "Tweets", "Twitter", "LinkedIn",
     "Facebook", "Website", "Archive", "Posts", "Read More", "See All articles by the same writer of many briefs)"],
)  # fmt: skip
def test_the_name_of_each_link_behind_a_byline_is_no_part_of_it(word: str) -> None:
    byline = read_linked_byline(f"By Ada Fenn: {word}", Line(f"By Ada Fenn: {word}"))
    assert byline is not None
    assert [author.name for author in byline.authors] == ["Ada Fenn"]


def test_a_heading_of_resources_is_read_with_what_is_said_beside_it() -> None:
    aside = "(to read more of each of them, click on the name of the organization that stands below)"
    assert read_resource_heading(Line(f"Engagement Resources {aside}"))
    assert not read_resource_heading(
        Line("Engagement Resources are what the harbour has, and it has more than others do.")
    )


@pytest.mark.parametrize(("path", "is_one"), [("/?p=12", True), ("/?p=", False), ("/?p=1x", False), ("/?s=12", False)])
def test_a_short_address_is_a_posts(path: str, *, is_one: bool) -> None:
    assert is_post(path) is is_one


def test_elements_of_a_class_stand_in_document_order_whatever_else_they_are_called() -> None:
    markup = (
        "<body><i class='b'>1</i><!-- a --><i class=' a\tb '>2</i><i class=''>3</i><i class='c b'>4</i>"
        "<i class='b'>5</i>"
    )
    page = Page(markup.encode(), None, None)
    assert [element.text for element in page.find_by_class("none", "b")] == ["1", "2", "4", "5"]
    assert [element.text for element in page.find_by_class("a", "b")] == ["2"]
    assert page.find_by_class("none") == []


def test_one_line_is_joined_to_itself_and_the_spans_of_several_move() -> None:
    item, other = Line("Ada", spans=(Span("strong", 0, 3),)), Line("Fenn", spans=(Span("a", 1, 4, "/fenn"),))
    assert join_lines([item]) == item
    assert join_lines([item, other]).spans == (Span("strong", 0, 3), Span("a", 5, 8, "/fenn"))


@pytest.mark.parametrize(
    "mark",
    ["<p _MstHash='1'>", "<p data-moz-translations-id='3'>", "<p DATA-translated='true'>", "<p x-bergamot-id='1'>",
     "<p class='a immersive-translate-target-inner'>", "<ya-tr-span>", "<meta http-equiv='translated-by'>",
     "<meta name='translated-to' content='fr'>"],
)  # fmt: skip
def test_each_mark_of_a_translator_is_found(mark: str) -> None:
    assert find_translation(Page(f"<body>{mark}Lamps".encode(), None, None), None, None) is not None
    assert find_translation(Page(b"<body><p style='transform: translate(1px)'>Lamps", None, None), None, None) is None


@pytest.mark.parametrize("space", ["  ", "\t", "\n", "\xa0", " \u2028", "\u3000"])
def test_white_space_of_any_kind_in_a_line_is_one_space(space: str) -> None:
    element = fromstring("<p>x</p>")
    element.text = f" Lamps{space}at night "
    assert [line.text for line in read_lines(element, None)] == ["Lamps at night"]


@pytest.mark.parametrize(
    "href", ["/WP-Admin/post.php", "/a?ACTION=edit", "/a?b&elementor", "/lamps?et_fb=1", "/a?act\u0131on=edit"]
)
def test_a_link_to_the_editor_is_a_programs_mark(href: str) -> None:
    assert is_page_mark(fromstring(f"<a href='{href}'>Edit</a>"))


@pytest.mark.parametrize(
    "end", ["</div><!-- .entry-content --></body></html>", "</body></html>\n<!-- .entry-content -->"]
)
def test_the_comment_that_marks_the_end_of_the_text_is_found_wherever_it_stands(end: str) -> None:
    for mark, is_marked in ((end, True), (end.replace(".entry-content", ".entry"), False)):
        page = Page(f"<body><div class='entry-content'><p>Lamps{mark}".encode(), None, None)
        assert read_spill(page.find_by_class("entry-content")[0], [], None, page).is_marked == is_marked


def test_a_mark_of_a_program_is_found_beside_long_scripts_and_not_in_them() -> None:
    lamps = "let lamps = 1; " * 50
    script = f"<script>{lamps} '<p _msthash=1>' {lamps}</script>"
    assert Page(f"<body>{script}<p _mst=1>{script}Lamps".encode(), None, None).marks == {b"_mst"}
    assert Page(f"<body><!--{script[8:-9]}-->{script}<p>".encode(), None, None).marks == {b"_mst"}
    assert not Page(f"<body>{script}<p>Lamps</p>{script}".encode(), None, None).marks


def test_scripts_that_are_written_in_another_way_are_searched() -> None:
    script = "<script>let a = 1;\r\n" + "let lamps = 1;" * 100 + "</script>"
    assert Page(f"<body>{script}<p data-cfemail=''>{script}".encode(), None, None).marks == {b"data-cfemail"}


def test_all_text_of_an_element_is_joined_without_comments_and_what_follows_it() -> None:
    markup = "a<!-- b --><?php c ?><b>d&nbsp;&amp;&lamp;</b>e<script>f('<i>')</script><![CDATA[g]]>h"
    element = fromstring(f"<div><p>{markup}</p>behind</div>")[0]
    assert join_text(element) == "".join(map(str, element.itertext())) == "ad\xa0&&lamp;ef('<i>')h"


@pytest.mark.parametrize(("length", "outcome"), [(2499, "challenge"), (2500, "page")])
def test_a_page_is_too_long_for_a_notice_by_its_visible_text_alone(length: int, outcome: str) -> None:
    begin = "Just a moment <b>Wait</b>"
    rest = "x" * (length - len("Just a moment Wait  "))
    markup = f"<body>{begin} \n <i>\u200b</i><script>{'lamps ' * 900}</script> {rest[:9]}<p>{rest[9:]}</p>"
    page = Page(f"<title>Lamps</title>{markup}".encode(), None, None)
    assert recognise_page(page, "/lamps/").outcome == outcome
