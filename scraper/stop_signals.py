"""Signals that end a command where it is, also in the middle of a long statement of SQLite."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_signals: list[int] = []  # that came since somebody listens


def is_end_requested() -> bool:
    """Whether a signal asked the command to end at once; SQLite asks so while a statement takes long."""
    return bool(_signals)


@contextmanager
def end_on_stop_signals() -> Iterator[None]:
    """While inside, the first Ctrl-C or TERM signal raises KeyboardInterrupt; further ones leave the clean-up alone."""
    handlers = {number: signal.signal(number, _end_command) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        _signals.clear()


def _end_command(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    # SQLite drops what its callbacks raise; there the answer alone ends the statement.
    is_asked_by_sqlite = frame is not None and frame.f_code is is_end_requested.__code__
    if len(_signals) == 1 and not is_asked_by_sqlite:
        raise KeyboardInterrupt
