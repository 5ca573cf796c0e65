"""A clock that stands still, for what the archive writes of the present."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest


@contextmanager
def stop_clock(instant: datetime, *modules: str) -> Iterator[None]:
    """Stop the clock of scraper.dates, and of these modules, which read it themselves."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return instant

    with pytest.MonkeyPatch.context() as patch:
        for module in ("scraper.dates", *modules):
            patch.setattr(f"{module}.datetime", Clock)
        yield
