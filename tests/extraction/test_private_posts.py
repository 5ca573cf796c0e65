"""Copies of posts that were private when an editor saved them: no change of what the site published."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extract import extract
from tests.support.post_copies import TEXT, make_copy, make_page, take_copies
from tests.support.specimens import read_rows

_TITLE = "Two Lamps for Aldmouth"


@pytest.mark.parametrize("prefix", ["Private: ", "Protected: ", "Privado: ", "Privé : ", "Geschützt: "])
def test_the_prefix_of_wordpress_is_no_part_of_the_headline_and_is_told(prefix: str) -> None:
    (reading,) = extract(make_copy(make_page(title=prefix + _TITLE))).readings
    assert (reading.brief.title, reading.fidelity) == (_TITLE, 0)
    assert ("title", "withheld") in [(problem.field, problem.kind) for problem in reading.problems]


@pytest.mark.parametrize("title", ["Private Lamps: A Reckoning", "Privately: No", "Private:", "The Private: A Word"])
def test_a_headline_of_such_words_stays(title: str) -> None:
    (reading,) = extract(make_copy(make_page(title=title))).readings
    assert (reading.brief.title, reading.fidelity, reading.problems) == (title, 3, ())


def test_a_private_copy_changes_no_value(tmp_path: Path) -> None:
    take_copies(tmp_path, make_copy(make_page()))
    take_copies(tmp_path, make_copy(make_page(TEXT.replace("lit", "dim"), title=f"Private: {_TITLE}"), 2023))
    assert read_rows(tmp_path, "SELECT title, body LIKE '%dim%' FROM briefs") == [(_TITLE, 0)]
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []
    assert read_rows(tmp_path, "SELECT capture_id, field, kind FROM problems") == [(2, "title", "withheld")]
