"""Years in a row, and those that a misprint would make endless."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reading_room.pages.counts import list_years


@given(st.sets(st.integers(1, 9999), max_size=8))
def test_all_years_are_there_in_order_and_never_very_many(result: set[int]) -> None:
    years = list(list_years(result))
    assert result <= set(years)
    assert years == sorted(set(years))
    assert len(years) <= 80
    assert not result or (years[0], years[-1]) == (min(result), max(result))
