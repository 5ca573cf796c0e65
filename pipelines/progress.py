"""The callback by which long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]  # done, of how many


def ignore_progress(done: int, total: int) -> None:
    """Ignore the progress of work that nobody watches."""
