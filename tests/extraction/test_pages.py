"""Every saved page comes out as its expectation says, with evidence for each value, and accuracy never falls."""

from __future__ import annotations

import json

import pytest

from tests.accuracy import read_pin, tally
from tests.support.expected import PAGES, SavedPage, describe_extraction, differences, extraction_of, list_saved_pages

# Held by their own evidence's parts: sections and links are cut out of the body, the path out of the address.
_WITHOUT_OWN_EVIDENCE = {"path", "sections", "links", "body_html"}

each_page = pytest.mark.parametrize("page", list_saved_pages(), ids=lambda page: page.name)


@each_page
def test_page_reads_as_expected(page: SavedPage) -> None:
    if not page.expectation.exists():
        written = json.dumps(describe_extraction(extraction_of(page)), indent=2, ensure_ascii=False)
        page.expectation.write_text(written + "\n", encoding="utf-8")
        pytest.fail(f"{page.expectation.name} was missing and has been written from what was read: check it by hand")
    found = [str(difference) for difference in differences(page)]
    assert not found, f"{page.page.name}:\n" + "\n".join(found)


@each_page
def test_every_value_has_its_evidence(page: SavedPage) -> None:
    extraction = extraction_of(page)
    for reading, values in zip(extraction.readings, describe_extraction(extraction)["briefs"], strict=True):
        held = {evidence.field for evidence in reading.evidence if evidence.chosen}
        without = set(values) - held - _WITHOUT_OWN_EVIDENCE
        assert not without, f"{page.page.name}, {reading.brief.path}: no evidence for {sorted(without)}"


def test_no_expectation_without_its_page() -> None:
    names = {page.name for page in list_saved_pages()}
    strangers = {path.name for path in PAGES.iterdir() if path.name.split(".")[0] not in names}
    assert not strangers


def test_accuracy_never_falls() -> None:
    before, now = read_pin(), tally()
    fallen = {f: (before[f], now[f]) for f in before if _wrong(now[f]) > _wrong(before[f])}
    assert not fallen, f"fields that come out worse, as (right, total) before and now: {fallen}"
    assert now == before, "accuracy rose, or pages were added: run `python -m tests.accuracy --pin` and commit the file"


def _wrong(counts: tuple[int, int]) -> int:
    return counts[1] - counts[0]
