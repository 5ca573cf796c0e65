"""Where the list of resources begins and ends, what is an item of it, and which lines of boilerplate are none."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line, LineKind, Span
from pipelines.extraction.wording.boilerplate_phrases import split_boilerplate
from pipelines.extraction.wording.parts import Parts, compose_text, read_parts
from pipelines.extraction.wording.resource_headings import read_resource_heading

PROSE = (
    "The port authority withdrew its dredging rule in a two-page notice, and the committee objected the same day. " * 2
)
URL = "https://pier.example.org/"


def link_line(name: str, rest: str = "", kind: LineKind = "p", block: int = 0, url: str = URL) -> Line:
    return Line(name + rest, kind, block, (Span("a", 0, len(name), url),))


def strong(text: str, block: int = 0) -> Line:
    return Line(text, "p", block, (Span("strong", 0, len(text)),))


def read(*lines: Line) -> Parts:
    numbered = [Line(line.text, line.kind, number, line.spans) for number, line in enumerate(lines)]
    return read_parts([Line("Analysis", "h", 900), Line(PROSE.strip(), "p", 901), *numbered], "A title")


def names(parts: Parts) -> list[str]:
    return [each.value.name for each in parts.resources]


@pytest.mark.parametrize(
    "words",
    [
        "Resistance Resources",
        "Engagement Resources & Learn More",
        "Engagement/Resistance Resources",
        "Engagement Reources",
        "Engagement Recources:",
        "Resistance Resources (click on links)",
        "Resources for Engagement",
        "Resource Organizations",
    ],
)
def test_a_heading_of_resources(words: str) -> None:
    assert read_resource_heading(Line(words)) is not None


@pytest.mark.parametrize(
    "words", ["Natural Resources", "Human Resources", "Water Resources", "Reports", "Responses", "Key Reforms", "Learn"]
)
def test_a_heading_of_something_else(words: str) -> None:
    assert read_resource_heading(Line(words)) is None


def test_a_call_above_links_alone_heads_resources_and_is_a_guess() -> None:
    parts = read(Line("Take Action", "h"), link_line("Pier Watch", ": A group.", "li"), link_line("Bay Fund", "", "li"))
    assert names(parts) == ["Pier Watch", "Bay Fund"]
    assert {each.confidence for each in parts.resources} == {"guessed"}
    prose = read(Line("Take Action", "h"), Line(PROSE.strip()), link_line("Pier Watch", ": A group.", "li"))
    assert names(prose) == []
    assert "Take Action" in (compose_text(prose).body or "")


def test_sources_of_a_text_are_no_resources() -> None:
    parts = read(Line("References", "h"), link_line("Bay Report", ", 2020.", "li"))
    assert names(parts) == []
    assert "Bay Report, 2020." in (compose_text(parts).body or "")


def test_prose_ends_a_list_without_bullets_and_is_told() -> None:
    parts = read(strong("Engagement Resources"), link_line("Pier Watch", ": A group."), Line(PROSE.strip()))
    assert names(parts) == ["Pier Watch"]
    assert [each.field for each in parts.doubts] == ["resources"]


def test_a_heading_of_more_resources_above_prose_is_a_heading_of_the_text() -> None:
    parts = read(Line("More Resources", "h"), Line(PROSE.strip()))
    assert names(parts) == []
    assert "More Resources" in (compose_text(parts).body or "")


def test_a_byline_ends_the_list() -> None:
    parts = read(strong("Engagement Resources"), link_line("Pier Watch", ": A group."), Line("By Rosa Klebb"))
    assert names(parts) == ["Pier Watch"]
    assert [author.name for each in parts.closings for author in each.value] == ["Rosa Klebb"]


def test_groups_and_instructions_within_the_list_are_no_items() -> None:
    parts = read(
        strong("Engagement Resources"),
        Line("These groups work on harbours:"),
        strong("National"),
        link_line("Pier Watch", ": A group.", "li"),
        strong("Local"),
        link_line("Bay Fund", ": Grants.", "li"),
    )
    assert names(parts) == ["Pier Watch", "Bay Fund"]


def test_a_line_with_a_colon_that_leads_to_no_item_is_kept() -> None:
    parts = read(strong("Engagement Resources"), Line("Write to both of your senators:"), Line("Bay Fund"))
    assert names(parts) == ["Write to both of your senators", "Bay Fund"]


def test_a_name_and_the_bare_address_below_are_one_item() -> None:
    lines = [strong("Pier Watch", 7), link_line(URL, "", "p", 7)]
    parts = read_parts([Line("Engagement Resources", "h", 1), *lines], "A title")
    assert [(each.value.name, each.value.url) for each in parts.resources] == [("Pier Watch", URL)]


def test_a_credit_in_the_last_item_is_a_credit() -> None:
    parts = read(
        strong("Engagement Resources"), link_line("Pier Watch", "", "li"), Line("Photo by Jo Simm on Unsplash", "li")
    )
    assert names(parts) == ["Pier Watch"]
    assert [each.value.name for each in parts.credits] == ["Jo Simm"]


@pytest.mark.parametrize(
    ("front", "words", "name", "how"),
    [
        ("Donate to ", "Pier Watch", "Donate to Pier Watch", "read"),
        ("The ", "Pier Watch", "The Pier Watch", "read"),
        ("Pier Watch ", "website", "Pier Watch website", "guessed"),
    ],
)
def test_an_item_that_ends_in_a_link_is_a_name_as_a_whole(front: str, words: str, name: str, how: str) -> None:
    link = Span("a", len(front), len(front) + len(words), URL)
    (item,) = read(strong("Engagement Resources"), Line(front + words, "li", 1, (link,))).resources
    assert (item.value.name, item.value.url, item.confidence) == (name, URL, how)


@pytest.mark.parametrize("words", ["Donate to Pier Watch", "Sign up for the mailing list of Pier Watch"])
def test_what_others_ask_for_is_recommended(words: str) -> None:
    assert names(read(strong("Engagement Resources"), link_line(words, "", "li"))) == [words]


@pytest.mark.parametrize(
    "line",
    [
        Line("DONATE NOW TO KEEP US AT WORK"),
        Line("Stay in-the-know! Get the latest updates from our reporters by subscribing to the weekly letter."),
        Line("Please consider making a donation to U.S. RESIST NEWS to keep our reporters at work."),
        link_line("Donate", " to keep our reporters at work.", url="https://www.usresistnews.org/donate/"),
        Line("Facebook"),
        Line("[et_pb_row][et_pb_column type=“4_4”]"),
        Line("[/et_pb_column][/et_pb_row]"),
    ],
    ids=lambda line: line.text[:12],
)
def test_what_the_site_asks_for_is_boilerplate(line: Line) -> None:
    assert split_boilerplate([Line(PROSE), line])[0] == [Line(PROSE)]


@pytest.mark.parametrize("line", [Line("Facebook", "h"), Line("Search", "h"), Line("Twitter", "li"), strong("About")])
def test_words_of_menus_between_paragraphs_are_text(line: Line) -> None:
    assert split_boilerplate([Line(PROSE), line, Line(PROSE)])[0][1:2] == [line]


def test_a_shortcode_around_a_caption_goes_and_the_caption_is_one() -> None:
    (line,) = split_boilerplate([Line('[caption id="attachment_5"] Piers at dawn[/caption]')])[0]
    assert (line.text, line.kind) == ("Piers at dawn", "caption")


def test_a_paragraph_left_out_as_a_caption_is_told() -> None:
    parts = read(Line("The harbour master speaks at noon. Photograph: Anadolu/Getty Images"))
    assert [each.value.source for each in parts.credits] == ["Getty Images"]
    assert [each.field for each in parts.doubts] == ["body"]


@pytest.mark.parametrize("mark", ["", "• ", "· ", "- ", "* "])
def test_links_behind_bullets_are_recommended_below_a_call_to_action(mark: str) -> None:
    text = f"{mark}Pier Watch: A group of neighbors."
    item = Line(text, "p", 0, (Span("a", len(mark), len(mark) + 10, URL),))
    assert names(read(strong("Learn More"), item)) == ["Pier Watch"]


@pytest.mark.parametrize("ends", [(10,), (11,), (4, 10), (10, 14)])
def test_bold_words_in_several_elements_are_one_heading(ends: tuple[int, ...]) -> None:
    text = "Resistance Resources:"
    starts = [0, *(end + (text[end] == " ") for end in ends)]
    spans = tuple(Span("strong", start, end) for start, end in zip(starts, [*ends, len(text)], strict=True))
    assert Line(text, "li", 0, spans).is_bold
    assert not Line(text, "li", 0, spans[1:]).is_bold


@pytest.mark.parametrize(
    ("spans", "is_heading"),
    [
        ([], True),
        ([(0, 13)], False),
        ([(0, 4)], True),
        ([(8, 13)], True),
        ([(0, 4), (8, 13)], True),
        ([(0, 4), (0, 13)], False),
    ],
)
def test_a_bold_line_is_a_heading_unless_all_of_it_is_one_link(spans: list[tuple[int, int]], is_heading: bool) -> None:
    text = "More on Piers"
    links = tuple(Span("a", start, end, URL) for start, end in spans)
    sections = compose_text(
        read(Line(text, "p", 0, (Span("strong", 0, len(text)), *links)), Line("So it is."))
    ).sections
    assert (text in [section.heading for section in sections]) is is_heading
    assert sections[-1].text.endswith("So it is." if is_heading else f"{text}\n\nSo it is.")


@pytest.mark.parametrize("text", ["More on Piers", "Analysis"])
def test_a_heading_that_is_a_link_is_one_by_its_element_or_its_words(text: str) -> None:
    link = link_line(text, kind="h") if text != "Analysis" else link_line(text)
    assert text in [section.heading for section in compose_text(read(link, Line("So it is."))).sections]


@pytest.mark.parametrize("line", [Line("Photo by Ana Kim on Unsplash"), Line("A pier. Photo: Ana Kim/AP", "caption")])
def test_a_credit_that_is_no_paragraph_is_left_out_without_a_doubt(line: Line) -> None:
    parts = read(line)
    assert ([each.value.name for each in parts.credits], parts.doubts) == (["Ana Kim"], [])
    assert "Ana Kim" not in (compose_text(parts).body or "")


@pytest.mark.parametrize(
    ("lines", "writers"),
    [
        ([Line("By Rosa Klebb")], ["Rosa Klebb"]),
        ([strong("By Rosa Klebb")], ["Rosa Klebb"]),
        ([Line("By Rosa Klebb", "li")], []),
        ([Line("By Rosa Klebb"), Line("So it is.")], []),
        ([Line("This brief was written by Ada Wren: Contact"), Line("By Rosa Klebb")], ["Ada Wren"]),
    ],
)
def test_a_byline_that_is_the_last_line_of_the_text_signs_it_where_nobody_else_does(
    lines: list[Line], writers: list[str]
) -> None:
    parts = read(*lines)
    assert [author.name for each in parts.closings for author in each.value] == writers
    headed = read_parts([Line("By Ada Wren"), Line("Analysis", "h"), Line(PROSE.strip()), *lines[:1]], "A title")
    assert "Rosa Klebb" not in [author.name for each in headed.closings for author in each.value]
