"""What Ctrl-C and the TERM signal do to a command: end its step first, or end it even in a long statement of SQLite."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_signals: list[int] = []  # that came since somebody listens


class StopFlag:
    """Whether Ctrl-C or a TERM signal asked the command to stop. A second one stops it at once."""

    def __init__(self) -> None:
        self.is_requested = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.is_requested:
            raise KeyboardInterrupt
        self.is_requested = True


@contextmanager
def catch_stop_signals() -> Iterator[StopFlag]:
    """While inside, both signals only set `is_requested`, so that the current step can finish."""
    stop = StopFlag()
    with _handle_stop_signals(stop):
        yield stop


def is_end_requested() -> bool:
    """Whether a signal asked the command to end at once; SQLite asks so while a statement takes long."""
    return bool(_signals)


@contextmanager
def end_on_stop_signals() -> Iterator[None]:
    """While inside, the first Ctrl-C or TERM signal raises KeyboardInterrupt; further ones leave the clean-up alone."""
    try:
        with _handle_stop_signals(_end_command):
            yield
    finally:
        _signals.clear()


@contextmanager
def _handle_stop_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    handlers = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, former in handlers.items():
            signal.signal(number, former)


def _end_command(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    # SQLite drops what its callbacks raise; there the answer alone ends the statement.
    is_asked_by_sqlite = frame is not None and frame.f_code is is_end_requested.__code__
    if len(_signals) == 1 and not is_asked_by_sqlite:
        raise KeyboardInterrupt
