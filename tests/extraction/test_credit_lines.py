"""Credits that a break parts or that are glued to text, those of free pictures, and headings in the same words."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line, LineKind, Span
from pipelines.extraction.wording.credit import may_be_credit, read_credit
from pipelines.extraction.wording.credit_lines import arrange_credits
from pipelines.extraction.wording.parts import read_parts

SENTENCE = "The council voted late in the spring, and nobody came."


def split(text: str) -> list[str]:
    return [line.text for line in arrange_credits([Line(text)])]


@pytest.mark.parametrize(
    ("credit", "mark"),
    [
        ("Photo by Jo Simm on Unsplash", ""),
        ("Photo by Jo Simm on Unsplash.", ""),
        ("(Photo by Jo Simm)", ""),
        ("[Photo: Jo Simm]", ""),
        ("(AP Photo/Jo Simm)", ""),
        ("Photo: Jo Simm/Getty Images", " –"),
        ("Image by Jo Simm from Pixabay", ""),
    ],
)
def test_a_credit_is_split_from_the_sentence_behind_it(credit: str, mark: str) -> None:
    assert split(f"{credit}{mark} {SENTENCE}") == [credit, SENTENCE]


@pytest.mark.parametrize(
    "text",
    [
        f"Photo by Jo Simm {SENTENCE}",
        "Photos by Jo Simm of the harbor show the damage that the storm did.",
        "Photo by Jo Simm on Flickr shows the mill, said the board to all.",
        f"(Photos by the crew show the damage.) {SENTENCE}",
        f"[Chart by Income] {SENTENCE}",
        f"(Source: Jo Simm) {SENTENCE}",
        f"Photo: AP/Jo Simm {SENTENCE}",
        "Photo by Jo Simm on Unsplash. Edited by Bo Ng.",
        "Photo by Jo Simm on Unsplash June 3, 2021",
        "Photos from Reuters Show the damage that the storm did.",
    ],
)
def test_other_lines_are_not_split(text: str) -> None:
    assert split(text) == [text]


def test_a_credit_whose_end_nobody_knows_is_told() -> None:
    assert may_be_credit(f"Photo by Jo Simm {SENTENCE}")
    assert may_be_credit(f"Photo: AP/Jo Simm {SENTENCE}")
    assert may_be_credit("Photo Credit:")
    bare = read_credit(Line("Bay Report (CC BY 4.0)"))
    assert bare is not None
    assert bare.confidence == "guessed"
    assert not may_be_credit("Photos by Jo Simm of the harbor show the damage that the storm did to it.")


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("Photo by Jo Simm", "on Unsplash", True),
        ("Photo by Jo Simm", "via Flickr", True),
        ("Photo: Jo Simm", "(CC BY 2.0)", True),
        ("Photo Credit:", "Jo Simm/AP", True),
        ("Photo by", "Jo Simm", True),
        ("Photo by Jo Simm", "Photo by Bo Ng", False),
        ("Photo by Jo Simm", "on June 3 the mill closed, and nobody came", False),
        ("Photo:", "The mill in June.", False),
        ("The mill", "on Unsplash", False),
    ],
)
def test_a_credit_goes_on_below_a_break(above: str, below: str, joined: bool) -> None:
    lines = [Line(above, block=2), Line(below, block=2)]
    assert [line.text for line in arrange_credits(lines)] == ([f"{above} {below}"] if joined else [above, below])
    apart = [Line(above, block=2), Line(below, block=3)]
    assert arrange_credits(apart) == apart


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        (
            "Jo Simm, CC BY-SA 4.0 <https://creativecommons.org/licenses/by-sa/4.0>, via Wikimedia Commons",
            "Jo Simm",
            "W",
        ),
        ("Jo Simm from Aldmouth, AZ, United States, CC BY-SA 2.0 , via Wikimedia Commons", "Jo Simm", "W"),
        ("jsimm99, CC0, via Wikimedia Commons", "jsimm99", "W"),
        ("The White House, Public domain, via Wikimedia Commons", "The White House", "W"),
        ("Unknown author, Public domain, via Wikimedia Commons", None, "W"),
        ("U.S. Army photo by Sgt. Jo Simm, Public domain, via Wikimedia Commons", "Sgt. Jo Simm", "W"),
        ("By Jo Simm - Own work, CC BY-SA 4.0, https://commons.wikimedia.org/w/index.php?curid=1", "Jo Simm", "W"),
        ("Jo Simm, via Wikimedia Commons", "Jo Simm", "W"),
        ("Wikimedia Commons, public domain", None, "W"),
        ("Jo Simm, CC BY 2.0, via Flickr", "Jo Simm", "Flickr"),
        ("Jo Simm / CC BY-SA (https://creativecommons.org/licenses/by-sa/4.0)", "Jo Simm", None),
        ("Jo Simm (CC BY-SA 4.0)", "Jo Simm", None),
        ("Jo Simm, CC-BY-2.0, via Flickr (cropped)", "Jo Simm", "Flickr"),
        ("Photo by Jo Simm on Unsplash. Edited by Bo Ng.", "Jo Simm", "Unsplash"),
        ("Photo by Jo Simm on Unsplash. Used under licence.", "Jo Simm", "Unsplash"),
        ("Photo by Jo Simm-Lee and Bo Ng/AFP via Getty Images", "Jo Simm-Lee and Bo Ng", "Getty Images"),
        ("Image credit: taken from Getty Images", None, "Getty Images"),
        ("Stock photos by Vecteezy", None, "Vecteezy"),
        ("Vector by Vecteezy", None, "Vecteezy"),
        ("Stock photo from Getty Images", None, "Getty Images"),
    ],
)
def test_the_credit_of_a_free_picture(text: str, name: str | None, source: str | None) -> None:
    credit = read_credit(Line(text))
    assert credit is not None
    assert (credit.value.text, credit.value.name) == (text, name)
    assert credit.value.source == ("Wikimedia Commons" if source == "W" else source)


@pytest.mark.parametrize("kind", ["li", "h"])
def test_the_credit_of_a_free_picture_is_one_in_any_element(kind: LineKind) -> None:
    parts = read_parts([Line(SENTENCE), Line("Jo Simm, CC BY 2.0, via Flickr", kind), Line(SENTENCE)], None)
    assert [credit.value.name for credit in parts.credits] == ["Jo Simm"]
    assert [line.text for _, _, line in parts.text] == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    "text",
    [
        "The board publishes its maps under a free licence (CC BY 4.0).",
        "Most of the maps, CC BY 4.0, via the board of Larkin",
        "Its photos, public domain, are free.",
        "Copyright Law, Public Domain",
        "Stock prices fell, and photos of it were seen.",
        "Vectors by state",
        "Photo by Jo Simm on Unsplash. The council met.",
    ],
)
def test_words_of_licences_in_prose_are_no_credit(text: str) -> None:
    assert read_credit(Line(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "The scanner was Jo Simm, CC BY 2.0, via Wikimedia Commons",
        "Jo Simm, AP",
        "Jo Simm via Reuters",
        "Public domain image",
        "NOAA photo",
        "Licensed under CC BY 2.0",
    ],
)
def test_what_may_be_a_credit_is_told(text: str) -> None:
    assert read_credit(Line(text)) is None
    assert may_be_credit(text)


@pytest.mark.parametrize(
    ("text", "is_credit"),
    [
        ("Map by County", False),
        ("Chart by Age Group", False),
        ("Photos by Phone", False),
        ("MAP BY COUNTY", False),
        ("Reuters/Ipsos Poll", False),
        ("Photo by NASA", True),
        ("Photo by Reuters", True),
        ("Illustration by Jo Simm", True),
        ("Photo credit: Lanty", True),
    ],
)
@pytest.mark.parametrize("kind", ["h", "p"])
def test_a_heading_about_pictures_is_no_credit(text: str, is_credit: bool, kind: LineKind) -> None:
    line = Line(text, kind, spans=(Span("strong", 0, len(text)),) if kind == "p" else ())
    assert (read_credit(line) is not None) is is_credit
    if not is_credit:
        assert [heading for heading, _, _ in read_parts([Line(SENTENCE), line, Line(SENTENCE)], None).text][1] == text


@pytest.mark.parametrize("credit", ["(Photo by Jo Simm on Unsplash)", "Photo by Jo Simm on Unsplash"])
@pytest.mark.parametrize("front", [[], [Line(SENTENCE)]])
def test_a_paragraph_that_only_ends_in_a_credit_is_text_or_told(credit: str, front: list[Line]) -> None:
    long = " ".join([SENTENCE] * 6)
    parts = read_parts([*front, Line(f"{long} {credit}"), Line(SENTENCE)], None)
    assert [line.text for _, _, line in parts.text] == [*(line.text for line in front), long, SENTENCE]
    assert [found.value.text for found in parts.credits] == [credit]
    short = read_parts([*front, Line(f"{SENTENCE} {SENTENCE} {credit}"), Line(SENTENCE)], None)
    assert [problem.field for problem in (*short.head.doubts, *short.doubts)] == ["body"]
    caption = read_parts([Line(f"The mill in June. {credit}"), Line(SENTENCE)], None)
    assert (len(caption.credits), caption.head.doubts, caption.doubts) == (1, [], [])
