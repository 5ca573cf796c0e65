"""How long one page may be read: past it the page stays kept, a row tells of it, and the run goes on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

PAGE_SECONDS = 10.0  # of CPU time; real pages take a hundredth of one
_AGAIN = 1.0  # seconds after which it is said once more, should a finaliser have swallowed the first


class Overrun(BaseException):
    """The page took too long. No Exception, so that no rule can take it for a fault of its own."""


@contextmanager
def limit_cpu(seconds: float) -> Iterator[None]:
    """Raise Overrun in the block when it has had so many seconds of CPU time; patterns are stopped too.

    Only the main thread can be stopped so: there crawls, ingests and second readings extract their pages.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    _install_handler()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@cache
def _install_handler() -> None:
    """Install for good what the timer calls: to do so for each page would take longer than to set the timer."""
    signal.signal(signal.SIGVTALRM, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Overrun
