"""Which changes are of substance, and what an archive of the first schema becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.briefs.change_class import change_of
from pipelines.extract import EXTRACTOR
from tests.specimens import NOON, archive, brief, resource, rows, take, taking

LATER = "2022-06-01T12:00:00Z"


@pytest.mark.parametrize(
    ("field", "old", "new", "change"),
    [
        ("title", "The River Pact", "THE RIVER  PACT.", "cosmetic"),
        ("title", "“The” pact’s end", '"The" pact\'s end', "cosmetic"),
        ("title", "Pact—an end", "Pact - an end", "cosmetic"),
        ("title", "The River Pact", "The Forest Pact", "substantive"),
        ("title", "Not a pact", "A pact", "substantive"),
        ("title", None, "A pact", "substantive"),
        ("body", "One.\n\nTwo", "One.\u00a0Two", "cosmetic"),
        ("number", "7", "8", "substantive"),
        ("published", "2020-03-05", "2020-03-06", "substantive"),
        ("path", "/2020/03/05/a-b/", "/2020/03/05/a--b/", "substantive"),
        ("authors", '["Ada Fenn", "Ben Oak"]', '["ADA FENN", "Ben Oak "]', "cosmetic"),
        ("authors", '["Ada Fenn", "Ben Oak"]', '["Ben Oak", "Ada Fenn"]', "substantive"),
        ("authors", '["Ada Fenn"]', '["Ada Fenn", "Ben Oak"]', "substantive"),
    ],
)
def test_cosmetic_or_substantive(field: str, old: str | None, new: str, change: str) -> None:
    assert change_of(field, old, new) == change


@given(st.text(), st.text())
def test_the_class_does_not_hang_on_the_direction(old: str, new: str) -> None:
    assert change_of("body", old, new) == change_of("body", new, old)
    assert change_of("body", old, old + " \n") == "cosmetic"
    assert change_of("resources", json.dumps([old]), json.dumps([new])) == change_of("title", old, new)


def test_revisions_tell_their_class(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        take(opened, *taking(brief(resources=(resource("A"), resource("B", None))), NOON))
        changed = brief(title="The river pact", resources=(resource("A"), resource("C", None)))
        take(opened, *taking(changed, LATER))
    assert rows(tmp_path, "SELECT field, change FROM revisions ORDER BY field") == [
        ("resources", "substantive"),
        ("title", "cosmetic"),
    ]


def test_evidence_tells_the_version_of_the_rules(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        take(opened, *taking(brief(), NOON))
        opened.db.execute("UPDATE captures SET extractor = '0'")
        take(opened, *taking(brief(title=None, label=None, number=None, domain=None), LATER))
    assert rows(tmp_path, "SELECT field, extractor FROM evidence ORDER BY field") == [
        ("domain", "0"),
        ("label", "0"),
        ("number", "0"),
        ("published", EXTRACTOR),
        ("title", "0"),
    ]
