"""Credits as the site really has them, each in several forms."""

from __future__ import annotations

import pytest

from tests.extraction.test_real_heads import CLASSIC, LABEL, PARTS, URL, classic, read_page


@pytest.mark.parametrize("name", ["visuals by K", "photos by lanty", "k by k", "Standsome Worklifestyle"])
@pytest.mark.parametrize(
    "credit",
    [
        "<p>Photo by <a href='https://unsplash.com/@k'>{}</a></p>",
        "<p>Photo by {} on <a href='https://unsplash.com/'>Unsplash</a></p>",
        "<p>unsplash-logoPhoto by {}</p>",
    ],
)
def test_photographers_have_any_name_where_the_place_is_sure(name: str, credit: str) -> None:
    brief = classic(f"{LABEL}<p>By Jose Pena</p>{PARTS}{credit.format(name)}")
    assert [(found.name, found.source) for found in brief.photo_credits] == [(name, "Unsplash")]
    assert "hoto by" not in (brief.body or "")


@pytest.mark.parametrize(
    ("credit", "name"),
    [
        ("Featured Photo: Collage by Ann Lowe for U.S. RESIST NEWS, 2024", "Ann Lowe"),
        ("Featured Photo: Illustration by Ann Lowe, 2023", "Ann Lowe"),
        ("Image: Artwork by Ann Lowe", "Ann Lowe"),
    ],
)
def test_who_made_a_collage_is_named(credit: str, name: str) -> None:
    (found,) = classic(f"{LABEL}{PARTS}<p>{credit}</p>").photo_credits
    assert (found.text, found.name) == (credit, name)


@pytest.mark.parametrize("name", ["visuals by K", "shot by ireland", "photos by lanty"])
@pytest.mark.parametrize("front", ["Photo by", "Photo:", "Featured photo by", "Image credit:"])
def test_a_photographer_s_alias_is_a_guess_where_no_place_is_named(front: str, name: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"{LABEL}{PARTS}<p>{front} {name}</p>"))
    assert [found.name for found in reading.brief.photo_credits] == [name]
    assert ("photo_credits", "guessed") in {(problem.field, problem.kind) for problem in reading.problems}


def test_the_whole_of_a_badge_is_the_name() -> None:
    badge = '<a href="https://unsplash.com/@l?utm_content=creditBadge"><span>Photos by Lanty</span></a>'
    (found,) = classic(f"{LABEL}{PARTS}<p>{badge}</p>").photo_credits
    assert (found.name, found.source) == ("Photos by Lanty", "Unsplash")


@pytest.mark.parametrize(
    ("caption", "text", "name"),
    [
        ("A man walks past the pier. AFP/Getty Image", "AFP/Getty Image", "AFP"),
        ("A man walks past the pier. AFP / Getty Images.", "AFP / Getty Images.", "AFP"),
        ("A man at the pier AFP/Getty Image", "AFP/Getty Image", "AFP"),
        ("A man at the pier (AFP/Getty Images)", "(AFP/Getty Images)", "AFP"),
        ("The pier in the spring – Ann Lowe/AFP/Getty Images", "Ann Lowe/AFP/Getty Images", "Ann Lowe"),
        ("AFP/Getty Image", "AFP/Getty Image", "AFP"),
    ],
)
@pytest.mark.parametrize("element", ["<p>{}</p>", "<figure><figcaption>{}</figcaption></figure>"])
def test_a_caption_that_ends_in_agencies_is_a_credit(element: str, caption: str, text: str, name: str) -> None:
    brief = classic(f"{LABEL}{PARTS}{element.format(caption)}")
    assert [(c.text, c.name, c.source) for c in brief.photo_credits] == [(text, name, "Getty Images")]
    assert caption not in (brief.body or "")


@pytest.mark.parametrize(
    "prose",
    ["Nobody knows who gave the pictures to AFP/Getty Images.", "The pictures, they say, were sold to Reuters."],
)
def test_a_sentence_that_ends_in_an_agency_stays(prose: str) -> None:
    brief = classic(f"{LABEL}{PARTS}<p>{prose}</p>")
    assert (brief.photo_credits, prose in (brief.body or "")) == ((), True)


@pytest.mark.parametrize(
    "caption",
    [
        "A man walks past the pier. AFP/Getty Image",
        "A man walks past the pier. AFP/Getty Images",
        "The pier “in the spring.” Reuters",
        "Two boats (left and right). AP",
    ],
)
def test_a_caption_that_ends_in_an_agency_is_told(caption: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"{LABEL}{PARTS}<p>{caption}</p>"))
    problems = {(problem.field, problem.kind) for problem in reading.problems}
    assert reading.brief.photo_credits or ("photo_credits", "unread") in problems
