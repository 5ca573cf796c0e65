"""How likely so few are by chance alone: with two pages a night a share says little, a probability says enough."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, lgamma, log, log1p


def binomial_at_most(found: int, read: int, rate: float) -> float:
    """The chance of `found` or fewer of `read` when each is there with probability `rate`."""
    if found >= read or rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    return _sum(_choose(read, x) + x * log(rate) + (read - x) * log1p(-rate) for x in range(found + 1))


def predicted_at_most(found: int, read: int, there: float, absent: float) -> float:
    """The chance of `found` or fewer of `read` after `there` and `absent` were counted (beta-binomial; both above 0).

    Unlike `binomial_at_most` it knows how little a short history is worth.
    """
    if found >= read:
        return 1.0
    whole = _beta(there, absent)
    return _sum(_choose(read, x) + _beta(x + there, read - x + absent) - whole for x in range(found + 1))


def poisson_at_most(number: int, mean: float) -> float:
    """The chance of `number` or fewer when `mean` are usual."""
    if mean <= 0:
        return 1.0
    return _sum(x * log(mean) - mean - lgamma(x + 1) for x in range(number + 1))


def _sum(logarithms: Iterable[float]) -> float:
    return min(1.0, sum(map(exp, logarithms)))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
