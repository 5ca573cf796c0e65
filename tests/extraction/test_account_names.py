"""The names in a byline of an unknown look: people are told from papers, offices and words of links."""

from __future__ import annotations

import pytest

from pipelines.extraction.wording.account_names import adds_writer, are_writers, is_person, read_account

HOUSES = frozenset(("Harbour View",))


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Mara Whitlock", "Mara Whitlock"),
        ("Von: Mara Whitlock", "Mara Whitlock"),
        ("| By Mara Whitlock", "Mara Whitlock"),
        ("Posted by Mara Whitlock on May 3, 2021", "Mara Whitlock"),
        ("Mara Whitlock and Jonas Okafor", "Mara Whitlock, Jonas Okafor"),
        ("Mara Whitlock; Jonas Okafor", "Mara Whitlock, Jonas Okafor"),
        ("Mara Whitlock / Jonas Okafor / Mara Whitlock", "Mara Whitlock, Jonas Okafor"),
        ("Mara Whitlock, Harbour", "Mara Whitlock"),
        ("Harbour | Mara Whitlock", "Mara Whitlock"),
        ("Pierlight – Mara Whitlock", "Pierlight – Mara Whitlock"),
        ("Mara Whitlock · the harbour desk", "Mara Whitlock"),
        ("Mara Whitlock / 3 min of it", "Mara Whitlock"),
        ("Mara Whitlock and Jonas Okafor | Harbour", "Mara Whitlock, Jonas Okafor"),
        ("Okafor | Whitlock", "Okafor | Whitlock"),
        ("harbour desk | bay desk", "harbour desk | bay desk"),
        ("desk2020", "desk2020"),
        ("x" * 80, "x" * 80),
        ("x" * 81, None),
        ("admin", None),
        ("Guest12", None),
        ("Alles von Mara Whitlock", "Mara Whitlock"),
        ("Text: Mara Whitlock", "Mara Whitlock"),
        ("Mara Whitlock The Harbour Press", "Mara Whitlock"),
        ("Mara Whitlock at the Harbour View", "Mara Whitlock"),
        ("Letters To The Editors", "Letters To The Editors"),
        ("Mara Whitlock, Harbour Press", "Mara Whitlock"),
        ("Mara Whitlock, Gear Team", "Mara Whitlock, Gear Team"),
        ("Mara Whitlock, Edited by Jonas Okafor", "Mara Whitlock"),
        ("By Mara Whitlock • December 15, 2023 12:25 pm", "Mara Whitlock"),
        (", ".join(f"Ann {name} Lee" for name in "ABCDEFGH"), ", ".join(f"Ann {name} Lee" for name in "ABCDEFGH")),
        ("Stand: 20. April 2020, 14:57 Uhr", None),
        ("wordpressadmin", None),
        ("Unknown", None),
        ("All Articles", None),
        ("2 days ago", None),
        ("mara@harbour.example", None),
        ("www.harbour.example", None),
        ("By", None),
        ("Mara Whitlock Archive", None),
        (" | ", None),
        ("", None),
    ],
)
def test_an_account_is_the_names_of_people_where_there_are_any(text: str, account: str | None) -> None:
    assert read_account(text) == account


@pytest.mark.parametrize(
    ("name", "person", "writers"),
    [
        ("Mara Whitlock", True, True),
        ("Mara Whitlock, Jonas Okafor", True, True),
        ("Mara Whitlock, Whitlock", True, False),
        ("Mara Whitlock, the harbour desk", True, False),
        ("Harbour View", False, False),
        ("Harbour Tribune", True, False),
        ("Mara Whitlock, Harbour Tribune", True, False),
        ("U.S. Resist News Staff", True, True),
        ("mara77", False, True),
        ("newsroom", False, False),
        ("harbour.org", False, False),
        ("the harbour desk", False, False),
    ],
)
def test_an_account_is_a_person_s_a_writer_s_or_a_house_s(name: str, person: bool, writers: bool) -> None:
    assert (is_person(name, HOUSES), are_writers(name, HOUSES)) == (person, writers)


@pytest.mark.parametrize(
    ("other", "is_more"),
    [
        ("Mara Whitlock", False),
        ("Mara Whitlock, Jonas Okafor", True),
        ("Mara Whitlock, Jonas Okafor, Ada Wren", True),
        ("Mara Whitlock, Okafor", False),
        ("Mara Whitlock, Harbour Tribune", False),
        ("Mara Whitlock, Jonas Okafor, Harbour Tribune", False),
        ("Mara Whitlock, Mara Whitlock", False),
        ("Jonas Okafor, Mara Whitlock", False),
        ("Jonas Okafor", False),
    ],
)
def test_another_place_adds_a_writer_to_the_same_people(other: str, is_more: bool) -> None:
    assert adds_writer("Mara Whitlock", other) is is_more
