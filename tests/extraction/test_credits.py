"""Photo credits in the wordings of agencies, stock pages and captions, and the prose and headlines beside them."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line, LineKind, Span
from pipelines.extraction.wording.credit import find_unread_caption, may_be_credit, read_credit, read_credits
from pipelines.extraction.wording.parts import read_parts

LINES = [
    ("Photo: AP/Jo Simm", "Jo Simm", "AP"),
    ("Photo by REUTERS/Jo Simm", "Jo Simm", "Reuters"),
    ("Photo: Getty Images/Jo Simm", "Jo Simm", "Getty Images"),
    ("Photo: Anadolu/Getty Images", "Anadolu", "Getty Images"),
    ("AP Photo/Jo Simm", "Jo Simm", "AP"),
    ("(AP Photo/Jo Simm)", "Jo Simm", "AP"),
    ("Photo from iStock", None, "iStock"),
    ("Photo credit to Jo Simm", "Jo Simm", None),
    ("Photo © Jo Simm", "Jo Simm", None),
    ("© Getty Images", None, "Getty Images"),
    ("Photo – Jo Simm", "Jo Simm", None),
    ("Photo | Jo Simm", "Jo Simm", None),
    ("Image source – Pixabay", None, "Pixabay"),
    ("Source: Getty Images", None, "Getty Images"),
    ("Photo by jo simm on Unsplash", "jo simm", "Unsplash"),
    ("Photo by josimm99 on Pixabay", "josimm99", "Pixabay"),
    ("Jo Simm on Unsplash", "Jo Simm", "Unsplash"),
    ("Bay Stock photos by Vecteezy", "Bay Stock photos", "Vecteezy"),
    ("Photo: By Jo Simm – Own work, CC BY-SA 4.0", "Jo Simm", None),
    ("Photo by Jo Simm is licensed under CC BY 2.0", "Jo Simm", None),
    ("Photo by Jo Simm on Unsplash. Used with permission.", "Jo Simm", "Unsplash"),
    ("Photo by Jo Simm for The Daily Harbor", "Jo Simm", "The Daily Harbor"),
    ("Photo: https://www.flickr.com/photos/jo/1234", None, "Flickr"),
    ("Photo taken from: www.harbor.example.com", "www.harbor.example.com", None),
    ("Screenshot by Jo Simm", "Jo Simm", None),
    ("Official White House Photo by Jo Simm", "Jo Simm", "White House"),
    ("U.S. Army photo by Sgt. Jo Simm", "Sgt. Jo Simm", "U.S. Army"),
]
PROSE = [
    "Photos of the harbour show the damage.",
    "Photo identification is required in nine states.",
    "Images from Aldmouth shocked the world.",
    "Map: Counties with a ban",
    "Source: The Harbour Survey",
    "© 2021 US Resist News",
    "Taken from: Harbor Act, Section 9",
    "Graphic: Number of Piers by County",
    "Credit: Who Gets It",
    "Reuters, June 4, 2020",
    "Reuters - Minister Says No",
    "AP | Minister Resigns",
    "Reuters/Ipsos",
    "The harbour master on Reuters",
]
CAPTIONS = [
    ("Mayor Dunn at Pier 9 in Halvorsen (Jo Simm/Reuters)", "Jo Simm", "Reuters"),
    ("Mayor Dunn speaks. Jo Simm | AP Photo", "Jo Simm", "AP"),
    ("Jo Simm / Getty Images", "Jo Simm", "Getty Images"),
    ("Piers at dawn. Photo: Jo Simm/Getty Images", "Jo Simm", "Getty Images"),
]
ENDS = [
    ("(Photo by Jo Simm / AFP)", "Jo Simm", "AFP"),
    ("(Photo by Jo Simm/Getty Images)", "Jo Simm", "Getty Images"),
    ("[Image: Jo Simm]", "Jo Simm", None),
    ("(Photo: Jo Simm)", "Jo Simm", None),
    ("(Photo by Jo Simm/NurPhoto via Getty Images)", "Jo Simm", "Getty Images"),
    ("(Credit: Jo Simm/EPA-EFE)", "Jo Simm", "EPA"),
    ("Jo Simm via Getty Images", "Jo Simm", "Getty Images"),
    ("Jo Simm/AFP/Getty Image", "Jo Simm", "Getty Images"),
    ("Jo M. Simm/Sipa USA via AP", "Jo M. Simm", "AP"),
    ("Jo Simm/Pool via REUTERS", "Jo Simm", "Reuters"),
    ("Jo Simm/The Harbor Times", "Jo Simm", "The Harbor Times"),
    ("EPA-EFE/JO SIMM", "JO SIMM", "EPA"),
    ("© Jo Simm", "Jo Simm", None),
    ("© 2021 Jo Simm / Magnum Photos", "Jo Simm", "Magnum Photos"),
    ("Photographer: Jo Simm/Bloomberg", "Jo Simm", "Bloomberg"),
    ("Credit...Jo Simm for The Harbor Times", "Jo Simm", "The Harbor Times"),
    ("Courtesy of Jo Simm", "Jo Simm", None),
    ("Photo courtesy Jo Simm", "Jo Simm", None),
    ("Photo: Courtesy of Jo Simm", "Jo Simm", None),
    ("“Pier” by Jo Simm, CC BY-SA 4.0, via Wikimedia Commons", "Jo Simm", "Wikimedia Commons"),
    ("Jo Simm, CC BY-SA 4.0, via Wikimedia Commons", "Jo Simm", "Wikimedia Commons"),
]


@pytest.mark.parametrize("front", ["", "Dockers on strike at Pier 9. ", "Is it the last? "])
@pytest.mark.parametrize(("words", "name", "source"), ENDS)
def test_the_credit_that_a_caption_is_or_ends_with(front: str, words: str, name: str, source: str | None) -> None:
    credit = read_credit(Line(front + words, "caption"))
    assert credit is not None
    assert (credit.value.text, credit.value.name, credit.value.source) == (words, name, source)
    assert credit.confidence == "read"


@pytest.mark.parametrize("work", ["“Aldmouth Pier”", '"Aldmouth Pier"', "‘Pier’"])
@pytest.mark.parametrize("licence", ["is licensed under CC BY 2.0", "is marked with CC0 1.0", ", CC BY-SA 4.0"])
@pytest.mark.parametrize("kind", ["p", "caption"])
def test_the_attribution_of_a_free_picture(work: str, licence: str, kind: LineKind) -> None:
    words = f"{work} by Jo Simm {licence}".replace(" ,", ",")
    end = words.index("Pier")
    credit = read_credit(Line(words, kind, spans=(Span("a", 0, end, "https://www.flickr.com/photos/1@N0/2"),)))
    assert credit is not None
    assert (credit.value.name, credit.value.source, credit.confidence) == ("Jo Simm", "Flickr", "read")


@pytest.mark.parametrize(
    "caption",
    [
        "The pier (photo by the keeper’s son, who was there)",
        "The pier. Courtesy of somebody who would not give a name",
        "Keeper/Harbor Office",
        "Photographs: see the last page of the report, and the first of the next one",
    ],
)
def test_a_caption_that_seems_to_hold_a_credit_is_told(caption: str) -> None:
    problem = find_unread_caption(Line(caption, "caption"))
    assert problem is not None
    assert (problem.field, problem.kind) == ("photo_credits", "unread")


@pytest.mark.parametrize(
    "caption", ["The pier of Aldmouth. It is closed.", "Men and/or women of the pier, via the quay"]
)
def test_a_caption_that_names_nobody_is_not_told(caption: str) -> None:
    assert (read_credit(Line(caption, "caption")), find_unread_caption(Line(caption, "caption"))) == (None, None)


def test_a_licence_in_prose_is_no_credit() -> None:
    assert read_credit(Line("“Nobody” by the law is licensed to drive, under CC BY or not, and that is that.")) is None


@pytest.mark.parametrize(("words", "name", "source"), LINES)
def test_a_line_that_is_a_credit(words: str, name: str | None, source: str | None) -> None:
    credit = read_credit(Line(words))
    assert credit is not None
    assert (credit.value.name, credit.value.source, credit.confidence) == (name, source, "read")
    assert credit.value.text == words


@pytest.mark.parametrize("words", PROSE)
def test_a_line_that_is_none(words: str) -> None:
    credit = read_credit(Line(words, "h") if words.startswith("Credit") else Line(words))
    assert credit is None


@pytest.mark.parametrize(("words", "name", "source"), CAPTIONS)
def test_a_caption_ends_in_one(words: str, name: str, source: str) -> None:
    credit = read_credit(Line(words, "caption"))
    assert credit is not None
    assert (credit.value.name, credit.value.source) == (name, source)
    assert words.endswith(credit.value.text)


def test_a_caption_is_not_a_credit_for_ending_in_an_agency() -> None:
    assert read_credit(Line("Ships on their way from Reuters", "caption")) is None


@pytest.mark.parametrize("kind", ["h", "p"])
@pytest.mark.parametrize("words", ["Photos From Inside the Camps", "Images of Detention", "Photos: A Year at Sea"])
def test_a_headline_about_pictures_is_none(words: str, kind: LineKind) -> None:
    assert read_credit(Line(words, kind, spans=(Span("strong", 0, len(words)),))) is None


def test_words_that_may_be_no_name_are_a_guess() -> None:
    credit = read_credit(Line("Photo courtesy of the museum of Halvorsen"))
    assert credit is None
    credit = read_credit(Line("Photo courtesy of the Museum of Halvorsen"))
    assert credit is not None
    assert (credit.value.name, credit.confidence) == ("Museum of Halvorsen", "guessed")
    credit = read_credit(Line("Photo courtesy of The Museum of Halvorsen"))
    assert credit is not None
    assert credit.confidence == "guessed"


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Chart: Jo Simm", "guessed"),
        ("Map: Rising Rents", "guessed"),
        ("Graph: Jo Simm/AP", "read"),
        ("Chart by Jo Simm", "read"),
    ],
)
def test_a_name_behind_what_is_drawn_may_be_the_drawing_s(text: str, confidence: str) -> None:
    credit = read_credit(Line(text))
    assert credit is not None
    assert credit.confidence == confidence


def test_what_begins_like_a_credit_and_is_not_read_can_be_told() -> None:
    assert may_be_credit("Photos from the old harbour wall")
    assert not may_be_credit("Photos of the harbour show the damage.")
    assert not may_be_credit("The harbour wall")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Photos by Jo Simm on Unsplash and Al Ray on Pexels", ["Jo Simm", "Al Ray"]),
        ("Photo by Jo Simm on Unsplash; Photo by Al Ray on Pexels", ["Jo Simm", "Al Ray"]),
        ("Photos: Jo Simm/Reuters, Al Ray/AP & Di Fox/AFP", ["Jo Simm", "Al Ray", "Di Fox"]),
        ("Photo by Jo Simm on Unsplash | Photo by Al Ray", ["Jo Simm", "Al Ray"]),
        ("Photo by Jo Simm on Unsplash", ["Jo Simm"]),
        ("Photo by Jo Simm/NurPhoto via Getty Images", ["Jo Simm"]),
        ("unsplash-logoJo Simm", ["Jo Simm"]),
    ],
)
def test_each_picture_of_a_line_has_its_credit(text: str, names: list[str]) -> None:
    assert [credit.value.name for credit in read_credits(Line(text))] == names


def test_a_credit_behind_the_closing_line_or_in_the_head_line_is_found() -> None:
    closing = "This brief was submitted by USRESIST NEWS Analyst Ada Wren: Contact. Photo by Jo Simm on Unsplash"
    head = "Foreign Policy Brief #131 | By: Ada Wren | May 12, 2021 | Photo by Jo Simm on Unsplash"
    for parts in (
        read_parts([Line("The pier is shut."), Line(closing)], None),
        read_parts([Line(head), Line("It is.")], None),
    ):
        assert [credit.value.name for credit in parts.credits] == ["Jo Simm"]
        assert [author.name for c in (*parts.head.authors, *parts.closings) for author in c.value] == ["Ada Wren"]
    assert [label.value.number for label in parts.head.labels] == [131]
    assert [day.value for day in parts.head.datelines] == ["2021-05-12"]


def test_a_sentence_behind_a_closing_line_is_told() -> None:
    parts = read_parts(
        [Line("It is."), Line("This brief was written by Ada Wren: Contact. The port closes at nine.")], None
    )
    assert [doubt.message[:12] for doubt in parts.doubts] == ["'The port cl"]
