"""Credits in the words of agencies and papers, in brackets, in list items, behind the author's line; and none."""

from __future__ import annotations

import pytest

from pipelines.extraction.layouts.page_credits import read_caption
from tests.extraction.test_people import LABEL, TEXT, has_problem, names, reading
from tests.extraction.test_resource_lists import HEADING, ITEMS


def credits_of(content: str) -> list[tuple[str | None, str | None]]:
    return [(credit.name, credit.source) for credit in reading(content).brief.photo_credits]


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("(Photo: Ana Kim)", None),
        ("[Photo credit: Ana Kim]", None),
        ("(Photo by Ana Kim/Getty Images)", "Getty Images"),
        ("*Photo by Ana Kim", None),
        ("Photographer: Ana Kim", None),
        ("Courtesy of Ana Kim", None),
        ("Top photo by Ana Kim", None),
        ("File photo by Ana Kim", None),
        ("Photo (above) by Ana Kim", None),
        ("Photo used with permission of Ana Kim", None),
        ("(AP Photo/Ana Kim, File)", "AP"),
        ("Photo: Ana Kim | Unsplash", "Unsplash"),
        ("Photo de Ana Kim sur Unsplash", "Unsplash"),
        ("Foto de Ana Kim en Unsplash", "Unsplash"),
        ("Foto von Ana Kim auf Unsplash", "Unsplash"),
        ("Foto di Ana Kim su Unsplash", "Unsplash"),
        ("Foto: Ana Kim / dpa", "dpa"),
        ("Bild: Ana Kim/dpa", "dpa"),
        ("Crédit photo : Ana Kim/AFP", "AFP"),
        ("Fotografía de Ana Kim", None),
        ("Photo cred: Ana Kim", None),
        ("PC: Ana Kim", None),
        ("Photo: Ana Kim – Pool/Getty Images", "Getty Images"),
        ("Photo by Ana Kim, CC BY-SA 2.0, via Wikimedia Commons", "Wikimedia Commons"),
        ("Photo by Ana Kim, Public domain, via Wikimedia Commons", "Wikimedia Commons"),
        ("Photo: Ana Kim, CC BY-SA 4.0, Wikimedia Commons", "Wikimedia Commons"),
        ("Photo by Ana Kim (CC BY 2.0) on Flickr", "Flickr"),
        ("Photo by Ana Kim (CC BY 2.0)", None),
        ("Photo by Ana Kim/Shutterstock.com", "Shutterstock"),
        ("Photo by Ana Kim. Getty Images.", "Getty Images"),
        ("Photo from Flickr by Ana Kim", "Flickr"),
    ],
)
@pytest.mark.parametrize("content", [LABEL + "<p>{}</p>" + TEXT, TEXT + HEADING + ITEMS + "<p>{}</p>"])
def test_a_line_is_a_credit(content: str, words: str, source: str | None) -> None:
    found = reading(content.format(words))
    assert [(credit.name, credit.source) for credit in found.brief.photo_credits] == [("Ana Kim", source)]
    assert "Ana Kim" not in (found.brief.body or "")


@pytest.mark.parametrize("words", ["Photo by Ana Kim", "Photo: Ana Kim", "Image credit: Ana Kim"])
def test_a_credit_as_the_last_item_of_a_list_is_no_resource(words: str) -> None:
    found = reading(TEXT + HEADING + ITEMS.replace("</ul>", f"<li>{words}</li></ul>"))
    assert [credit.name for credit in found.brief.photo_credits] == ["Ana Kim"]
    assert [resource.name for resource in found.brief.resources] == ["Bay Towns", "Law Desk"]


@pytest.mark.parametrize("words", ["Map of Open Docks: a chart.", "Image of Oxley", "Photo Archive of Tarn"])
def test_an_item_about_pictures_is_a_resource(words: str) -> None:
    assert len(reading(TEXT + HEADING + ITEMS.replace("</ul>", f"<li>{words}</li></ul>")).brief.resources) == 3


@pytest.mark.parametrize("gap", [" ", ". ", "<br>", ": "])
def test_a_credit_behind_the_author_line_is_kept(gap: str) -> None:
    closing = "This Brief was submitted by USRESIST NEWS Analyst Leo Marsh: <a href='mailto:l@b.example'>Contact</a>"
    found = reading(LABEL + TEXT + f"<p>{closing}{gap}Photo by Ana Kim</p>")
    assert (names(found), found.brief.authors[0].contact) == (["Leo Marsh"], "mailto:l@b.example")
    assert [credit.name for credit in found.brief.photo_credits] == ["Ana Kim"]


def test_a_heading_about_credit_is_none_and_what_may_be_one_is_told() -> None:
    heading = reading(TEXT + "<h3>Photo Credit Where Due</h3><p>The board had none of it, and said so.</p>")
    assert [section.heading for section in heading.brief.sections][-1] == "Photo Credit Where Due"
    for end in ("<p>Photo Ana Kim</p>", "<h3>Photo Credits</h3><ul><li>Ana Kim</li></ul>"):
        found = reading(TEXT + end)
        assert not found.brief.photo_credits and has_problem(found, "photo_credits")
    assert credits_of(TEXT + "<p>Courtesy of the board was a rare thing that year.</p>") == []


@pytest.mark.parametrize("words", ["Getty Images", "Shutterstock.", "Stock photo", "AI-generated image", "File photo"])
def test_a_line_that_only_says_where_a_picture_is_from_is_told(words: str) -> None:
    found = reading(f"{LABEL}{TEXT}<p>{words}</p>")
    assert not found.brief.photo_credits and has_problem(found, "photo_credits")


@pytest.mark.parametrize("words", ["Foto de familia de la cumbre.", "Imagen: la rada", "Photo de la rada, un jour"])
def test_words_about_a_picture_in_another_language_are_no_credit(words: str) -> None:
    assert credits_of(f"{LABEL}{TEXT}<p>{words}</p>") == []


@pytest.mark.parametrize(
    ("caption", "text", "name", "source", "confidence"),
    [
        ("Photo: Ann Lee/AP", "Photo: Ann Lee/AP", "Ann Lee", "AP", "read"),
        (
            "Photo courtesy of the Museum of Oxley",
            "Photo courtesy of the Museum of Oxley",
            "Museum of Oxley",
            None,
            "guessed",
        ),
        ("A pier. Photo by Ann Lee", "Photo by Ann Lee", "Ann Lee", None, "read"),
        ("The pier Photo: Ann Lee", "Photo: Ann Lee", "Ann Lee", None, "read"),
        ("A pier. Source: Ann Lee/AP", "Source: Ann Lee/AP", "Ann Lee", "AP", "read"),
        ("A pier (Photo: Ann Lee)", "Photo: Ann Lee", "Ann Lee", None, "read"),
        ("A pier [by Ann Lee].", "by Ann Lee", "Ann Lee", None, "read"),
        ("A pier (Ann Lee/AP)", "Ann Lee/AP", "Ann Lee", "AP", "guessed"),  # it may be who is shown
        ("A pier (Getty Images)", "Getty Images", None, "Getty Images", "guessed"),
        ("A pier (AP)", "AP", None, "AP", "guessed"),
        ("A pier (Photo: AP)", "Photo: AP", None, "AP", "read"),
        ("A pier (Photo: Lo)", "Photo: Lo", "Lo", None, "read"),
    ],
)
def test_the_credit_of_a_caption_in_an_unknown_look(
    caption: str, text: str, name: str | None, source: str | None, confidence: str
) -> None:
    credit = read_caption(caption)
    assert credit is not None
    found = credit.value
    assert (found.text, found.name, found.source, credit.confidence) == (text, name, source, confidence)


@pytest.mark.parametrize(
    "caption",
    [
        "A pier",
        "A pier (left and right)",
        "A pier (Ann Lee) at dawn",
        "A pier (Photo: X)",
        "A pier (Photo: 99)",
        "A pier. Photo: 2020",
        "Photo: ",
        f"A pier (Photo: {'Ann ' * 30})",
    ],
)
def test_a_caption_without_a_name_has_no_credit(caption: str) -> None:
    assert read_caption(caption) is None
