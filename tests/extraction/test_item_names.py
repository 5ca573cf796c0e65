"""Which words of an item are the name of its resource, and which items of a list may be none."""

from __future__ import annotations

import pytest

from pipelines.extraction.wording.odd_items import find_odd_items
from scraper.records import Resource
from tests.extraction.test_resource_lists import BAY, HEADING, read

POST = "https://www.usresistnews.org/2019/01/01/the-old-pier/"


@pytest.mark.parametrize(
    ("item", "name", "description"),
    [
        ("<b>Bay Towns</b> It follows hearings.", "Bay Towns", "It follows hearings."),
        ("<b>Bay Towns:</b> It follows hearings.", "Bay Towns", "It follows hearings."),
        ("<b>Bay Towns:</b>It follows hearings.", "Bay Towns", "It follows hearings."),
        ("<b>Bay Towns –</b>It follows hearings.", "Bay Towns", "It follows hearings."),
        ("<b>Bay</b> <b>Towns</b> It follows hearings.", "Bay Towns", "It follows hearings."),
        (f"<b>Bay Towns</b> {BAY}", "Bay Towns", BAY),
        ("<b>Bay Towns</b>", "Bay Towns", None),
        ("<b>Bay Towns</b> follows hearings.", "Bay Towns follows hearings.", None),
        ("<b>Forty towns object.</b> It says so.", "Forty towns object. It says so.", None),
        ("<b>Come to Oxley!</b> It is near.", "Come to Oxley! It is near.", None),
        ("<b>Who pays?</b> It says so.", "Who pays? It says so.", None),
        ("<b>Bay Towns,</b> Oxley", "Bay Towns, Oxley", None),
        ('Bay Towns - hearings. <a href="https://bay.example.org">bay.org</a>', "Bay Towns - hearings. bay.org", None),
        ("Bay Towns https://bay.org", "Bay Towns", None),
        ("To join them visit https://bay.org", "To join them visit https://bay.org", None),
        ('Sign up at <a href="https://bay.org">https://bay.org</a>', "Sign up at https://bay.org", None),
        ("<b>Visit Bay Towns</b> It follows hearings.", "Visit Bay Towns It follows hearings.", None),
    ],
)
@pytest.mark.parametrize("form", ["<ul><li>{}</li></ul>", "<ul><li><p>{}</p></li></ul>"])
def test_a_bold_name_ends_where_a_sentence_begins(form: str, item: str, name: str, description: str | None) -> None:
    (resource,) = [found.value for found in read(HEADING + form.format(item)).resources]
    assert (resource.name, resource.description) == (name, description)


@pytest.mark.parametrize(
    ("item", "name", "is_guess"),
    [
        ("Bay Towns — it follows hearings.", "Bay Towns — it follows hearings.", True),
        ("Bay Towns - it follows hearings.", "Bay Towns - it follows hearings.", True),
        ("Bay Towns – it follows hearings.", "Bay Towns", False),
        ("Bay Towns– it follows hearings.", "Bay Towns– it follows hearings.", True),
        ("Bay-Towns", "Bay-Towns", False),
        ("Bay—Towns", "Bay—Towns", False),
        (f'<a href="{BAY}">The Bay: Towns of Oxley</a>', "The Bay", True),
        (f'<a href="{BAY}">Bay Towns</a>: it follows hearings.', "Bay Towns", False),
        (f'Bay Towns (<a href="{BAY}">baytowns.org</a>): it follows.', "Bay Towns (baytowns.org)", False),
    ],
)
def test_a_name_that_may_end_elsewhere_is_a_guess(item: str, name: str, is_guess: bool) -> None:
    (found,) = read(f"{HEADING}<ul><li>{item}</li></ul>").resources
    assert (found.value.name, found.confidence == "guessed") == (name, is_guess)


def item(text: str, url: str | None = None, description: str | None = None) -> Resource:
    return Resource("Engagement Resources", text, url, description, text)


LINK, OTHER, NAME, WORDS = item("Bay Towns", BAY), item("Law Desk", BAY + "law"), item("Group"), item("It sues.")


@pytest.mark.parametrize(
    ("items", "odd"),
    [
        ([LINK, OTHER], []),
        ([item("The Old Pier", POST), LINK], ["The Old Pier"]),
        ([LINK, item("The Old Pier", POST), item("The Mill", POST + "?m")], ["The Old Pier"]),
        ([item("The Old Pier", POST), item("The Mill", POST + "?m")], []),  # they are what it recommends
        ([NAME, LINK, OTHER], ["Group"]),
        ([NAME, LINK], []),
        ([NAME, LINK, item("Mill")], []),
        ([NAME, item("Mill"), LINK], []),
        ([item("Group", BAY + "g"), LINK, OTHER], []),
        ([item("Group", description="its aim"), LINK, OTHER], []),
        ([LINK, WORDS], ["It sues."]),
        ([LINK, NAME], []),
        ([item("Law Desk", BAY, "it acts."), WORDS], []),
        ([NAME, WORDS], []),
        ([LINK, item("It sues.", BAY + "s")], []),
        ([LINK, item("It sues.", description="often")], []),
        ([LINK, OTHER, WORDS, NAME], ["It sues."]),
    ],
)
def test_an_item_that_may_be_no_resource_is_told(items: list[Resource], odd: list[str]) -> None:
    found = list(find_odd_items(items))
    assert [(problem.field, problem.kind) for problem in found] == [("resources", "doubtful")] * len(odd)
    assert all(repr(text) in problem.message for text, problem in zip(odd, found, strict=True))
