"""How fast a web archive may be asked, and when it is to be left alone: one limit for all requests of a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from scraper.errors import SiteUnavailable, WebArchiveBusy

SLOW_START = 4.0  # a run begins with so many times the least gap between two requests
FASTER, SLOWER, SLOWEST = (
    0.9,
    2.0,
    16.0,
)  # factors of the gap after an answer and a refusal; its highest multiple
PATIENCE = 3  # refusals or failures in a row; web.archive.org bans for hours whoever goes on after that
SILENCE = 5  # requests in a row without an answer, or with an error of the server
_LATER = "give the same command later; it goes on where it was"


class RateLimit:
    """The rate of requests: a spider waits for its turn before each one and notes each answer.

    Each kind of request has its own rate; a refusal (429, or 503 that names a time) makes all of them wait.
    """

    def __init__(
        self,
        per_minute: Mapping[str, float],
        *,
        pause: float = 60.0,
        longest: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Set the most requests of each kind, 0 for no limit, and how refusals are answered.

        `pause` is the seconds to wait after one that names no time; one that names more than `longest` ends the run.
        """
        self._least = {kind: 60 / most if most > 0 else 0.0 for kind, most in per_minute.items()}
        self._gaps = {kind: gap * SLOW_START for kind, gap in self._least.items()}
        self._next = dict.fromkeys(self._least, clock())  # when a request of the kind may begin
        self._rest_end = clock()  # when any may
        self._pause, self._longest = pause, longest
        self._clock, self._sleep = clock, sleep
        self._refused = self._silent = 0  # in a row
        self.refusals = 0  # of the whole run
        self.rest_seconds: float | None = None  # from the last answer on, where a refusal asked for more than `longest`

    async def wait_for_turn(self, kind: str) -> None:
        """Wait until a request of that kind may begin; it counts as begun then."""
        while (seconds := max(self._next[kind], self._rest_end) - self._clock()) > 0:
            await self._sleep(seconds)
        self._next[kind] = self._clock() + self._gaps[kind]

    def note_answer(self, kind: str, status: int | None, retry_after: float | None = None) -> bool:
        """Note an answer (None: there was none) and the seconds of its Retry-After; whether it is a refusal.

        After a refusal the same request may be made again when its turn comes.

        Raises WebArchiveBusy when the archive is to be left alone, SiteUnavailable when it does not answer.
        """
        if status == 429 or (status == 503 and retry_after is not None):
            self._note_refusal(status, retry_after)
            return True
        if status is None or status >= 500:
            self._silent += 1
            if self._silent >= SILENCE:
                reason = "no answer" if status is None else f"HTTP {status}"
                raise SiteUnavailable(f"the web archive fails again and again ({reason}); {_LATER}")
            self._rest_end = self._clock() + (retry_after or self._pause / 6 * 2 ** (self._silent - 1))
        else:
            self._refused = self._silent = 0
            self._gaps[kind] = max(self._least[kind], self._gaps[kind] * FASTER)
        return False

    def _note_refusal(self, status: int, retry_after: float | None) -> None:
        self.refusals += 1
        self._refused += 1
        self._gaps = {k: min(gap * SLOWER, self._least[k] * SLOWEST) for k, gap in self._gaps.items()}
        if retry_after is not None and retry_after > self._longest:
            self.rest_seconds = retry_after
            raise WebArchiveBusy(f"the web archive asks to be left alone for {retry_after:.0f} seconds; {_LATER}")
        if self._refused >= PATIENCE:
            raise WebArchiveBusy(f"the web archive refuses again and again (HTTP {status}); {_LATER}")
        pause = self._pause * 2 ** (self._refused - 1) if retry_after is None else retry_after
        self._rest_end = self._clock() + pause
