"""Probabilities that a count is so low by chance: with two pages a night a share says little."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, lgamma, log, log1p


def binomial_cdf(k: int, n: int, p: float) -> float:
    """The probability of `k` or fewer successes in `n` trials with probability `p` each."""
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    return _sum_exponentials(_log_binomial(n, x) + x * log(p) + (n - x) * log1p(-p) for x in range(k + 1))


def beta_binomial_cdf(k: int, n: int, alpha: float, beta: float) -> float:
    """The probability of `k` or fewer successes in `n` trials after `alpha` successes and `beta` failures (above 0).

    Unlike `binomial_cdf` it allows for how uncertain a short history is.
    """
    if k >= n:
        return 1.0
    log_beta = _log_beta(alpha, beta)
    return _sum_exponentials(_log_binomial(n, x) + _log_beta(x + alpha, n - x + beta) - log_beta for x in range(k + 1))


def poisson_cdf(k: int, mean: float) -> float:
    """The probability of `k` or fewer events where `mean` are usual."""
    if mean <= 0:
        return 1.0
    return _sum_exponentials(x * log(mean) - mean - lgamma(x + 1) for x in range(k + 1))


def _sum_exponentials(logarithms: Iterable[float]) -> float:
    return min(1.0, sum(map(exp, logarithms)))


def _log_binomial(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
