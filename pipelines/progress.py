"""How long work says how far it has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]  # done, of how many


def ignore_progress(done: int, total: int) -> None:
    """For work that nobody watches."""
