"""Changed pages: no field comes out wrong or empty without a word more often than before."""

from __future__ import annotations

from benchmarks.mutations import KINDS, load_specimens
from benchmarks.silent_errors import (
    SMALL,
    Trial,
    change_page,
    count_silent,
    judge_pages,
    judge_unchanged,
    read_ceilings,
)
from tests.support.expected import FIELDS


def test_silent_errors_never_rise() -> None:
    counts = count_silent(verdict for page in judge_pages(SMALL, 1) for verdict in page)
    ceilings = read_ceilings()
    risen = {field: (ceilings[field], number) for field, number in counts.items() if number > ceilings[field]}
    assert not risen, f"silent errors, before and now: {risen}; see `python -m benchmarks.silent_errors --help`"


def test_pages_as_they_were_saved_have_no_silent_error() -> None:
    assert not [str(verdict) for page in judge_unchanged() for verdict in page if verdict.is_silent]


def test_a_trial_gives_the_same_page_again() -> None:
    trial = Trial("unsplash-plain", ("insert_prose", "pad_spaces"), "7")
    item, other = change_page(trial), change_page(trial)
    assert item and other
    assert item.markup == other.markup != load_specimens()["unsplash-plain"].markup


def test_every_kind_fits_some_page() -> None:
    pages = load_specimens().values()
    idle = [name for name in KINDS if not any(change_page(Trial(page.name, (name,), "1")) for page in pages)]
    assert not idle
    assert set(FIELDS) <= set(next(iter(pages)).truth)
