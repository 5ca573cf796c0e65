"""The chances by which monitors judge a night."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from scraper.monitoring.distributions import beta_binomial_cdf, binomial_cdf, poisson_cdf


@trying(deadline=None)
@given(st.integers(1, 300), st.floats(0.01, 0.99), st.integers(0, 300), st.integers(0, 300))
def test_chances_grow_with_what_is_found(read: int, rate: float, there: int, absent: int) -> None:
    for chance in (
        [binomial_cdf(found, read, rate) for found in range(read + 1)],
        [beta_binomial_cdf(found, read, there + 0.5, absent + 0.5) for found in range(read + 1)],
        [poisson_cdf(found, rate * read) for found in range(read + 1)],
    ):
        assert all(0 <= less <= more + 1e-9 <= 1 + 2e-9 for less, more in pairwise(chance))


def test_chances_are_those_of_the_textbook() -> None:
    assert binomial_cdf(0, 2, 0.98) == pytest.approx(0.02**2)
    assert binomial_cdf(1, 3, 0.5) == pytest.approx(0.5)
    assert beta_binomial_cdf(0, 2, 14.5, 0.5) == pytest.approx(0.5 * 1.5 / (15 * 16))
    assert poisson_cdf(1, 2) == pytest.approx(0.406, abs=0.001)
