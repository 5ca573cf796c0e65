"""Bylines that say where the writers are or how to reach them, or lack the space behind `By`."""

from __future__ import annotations

import pytest

from pipelines.extraction.wording.byline import read_byline


@pytest.mark.parametrize(
    ("line", "contact"),
    [
        ("By Rosa Klebb, rosa@example.org", "mailto:rosa@example.org"),
        ("By Rosa Klebb (rosa@example.org)", "mailto:rosa@example.org"),
        ("By Rosa Klebb rosa.k@mail.example.org", "mailto:rosa.k@mail.example.org"),
        ("By: Rosa Klebb – rosa@example.org", "mailto:rosa@example.org"),
        ("By Rosa Klebb", None),
    ],
)
def test_a_mailbox_behind_the_name_is_the_writer_s(line: str, contact: str | None) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert [(author.name, author.contact) for author in byline.authors] == [("Rosa Klebb", contact)]
    assert byline.confidence == "read"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Rosa Klebb, Aldmouth, Ohio", ["Rosa Klebb"]),
        ("By Rosa Klebb, Port Lark, North Carolina", ["Rosa Klebb"]),
        ("By Rosa Klebb, University of Aldmouth", ["Rosa Klebb"]),
        ("By Rosa Klebb and Tom Vale, Aldmouth College, Ohio", ["Rosa Klebb", "Tom Vale"]),
        ("By Rosa Klebb, Aldmouth School of Law, June 3, 2021", ["Rosa Klebb"]),
        ("ByRosa Klebb", ["Rosa Klebb"]),
    ],
)
def test_a_byline_with_a_place_a_school_or_no_space_is_a_guess(line: str, names: list[str]) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert [author.name for author in byline.authors] == names
    assert byline.confidence == "guessed"


def test_a_degree_is_no_state_and_a_name_no_byline_without_a_space() -> None:
    byline = read_byline("By Rosa Klebb, Tom Vale, MA")
    assert byline is not None
    assert [author.name for author in byline.authors] == ["Rosa Klebb", "Tom Vale, MA"]
    assert read_byline("Byron Klebb") is None
    assert read_byline("by rosa klebb") is None
