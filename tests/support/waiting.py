"""The one way to wait in tests: for the thing itself, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

# Seconds until what does not come counts as a failure: far more than a busy machine needs.
LIMIT = 180.0
_PAUSE = 0.02
_T = TypeVar("_T")


def wait_for(look: Callable[[], _T | None], thing: str) -> _T:
    """What `look` returns as soon as it is true; `thing` says what is waited for. Raises AssertionError after LIMIT."""
    until = time.monotonic() + LIMIT
    while True:
        if found := look():
            return found
        assert time.monotonic() < until, f"waited {LIMIT:.0f} s in vain: {thing}"
        time.sleep(_PAUSE)
