"""Which changes are of substance, and what an archive of the first schema becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.briefs.change_class import classify_change
from pipelines.extraction.version import EXTRACTOR
from tests.support.specimens import (
    NOON,
    ingest_capture,
    make_brief,
    make_page,
    make_resource,
    open_archive,
    read_rows,
)

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
    assert classify_change(field, old, new) == change


@given(st.text(), st.text())
def test_the_class_does_not_hang_on_the_direction(old: str, new: str) -> None:
    assert classify_change("body", old, new) == classify_change("body", new, old)
    assert classify_change("body", old, old + " \n") == "cosmetic"
    assert classify_change("resources", json.dumps([old]), json.dumps([new])) == classify_change("title", old, new)


def test_revisions_tell_their_class(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(resources=(make_resource("A"), make_resource("B", None))), NOON))
        changed = make_brief(title="The river pact", resources=(make_resource("A"), make_resource("C", None)))
        ingest_capture(opened, *make_page(changed, LATER))
    assert read_rows(tmp_path, "SELECT field, change FROM revisions ORDER BY field") == [
        ("resources", "substantive"),
        ("title", "cosmetic"),
    ]


def test_evidence_tells_the_version_of_the_rules(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), NOON))
        opened.db.execute("UPDATE captures SET extractor = '0'")
        ingest_capture(opened, *make_page(make_brief(title=None, label=None, number=None, domain=None), LATER))
    assert read_rows(tmp_path, "SELECT field, extractor FROM evidence ORDER BY field") == [
        ("domain", "0"),
        ("label", "0"),
        ("number", "0"),
        ("published", EXTRACTOR),
        ("title", "0"),
    ]
