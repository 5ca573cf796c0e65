"""How much may be asked of a web archive, and when it is to be left alone: one budget for all requests of a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from scraper.errors import SiteUnavailable, WebArchiveBusy

SLOW_START = 4.0  # times the least gap between two requests; a run begins so
FASTER, SLOWER, SLOWEST = 0.9, 2.0, 16.0  # what a good answer, and a refusal, make of the gap; its highest multiple
PATIENCE = 3  # refusals in a row; web.archive.org shuts out for hours who goes on after that
SILENCE = 5  # requests in a row that had no answer, or an error of the server
_LATER = "give the same command later; it goes on where it was"


class Budget:
    """What a spider awaits before each request and tells each answer to.

    Each kind of request has its pace; a refusal (429, or 503 that names a time) makes all of them wait.
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
        """`per_minute` are the most requests of each kind, 0 for no limit; `pause` seconds after a refusal that
        names no time; a refusal that names more than `longest` seconds ends the run."""
        self._least = {kind: 60 / most if most > 0 else 0.0 for kind, most in per_minute.items()}
        self._gaps = {kind: gap * SLOW_START for kind, gap in self._least.items()}
        self._next = dict.fromkeys(self._least, clock())  # when a request of the kind may begin
        self._rest = clock()  # when any may
        self._pause, self._longest = pause, longest
        self._clock, self._sleep = clock, sleep
        self._refused = self._silent = 0  # in a row
        self.refusals = 0  # of the whole run
        self.rest_until: float | None = None  # seconds from the last answer on, where a refusal asked for more

    async def wait(self, kind: str) -> None:
        """Until a request of that kind may begin; it counts as begun then."""
        while (seconds := max(self._next[kind], self._rest) - self._clock()) > 0:
            await self._sleep(seconds)
        self._next[kind] = self._clock() + self._gaps[kind]

    def answered(self, kind: str, status: int | None, retry_after: float | None = None) -> bool:
        """Take in an answer (None: there was none) and the seconds that its Retry-After asks for.

        Whether it is a refusal, after which the same may be asked again when the pause is over.

        Raises WebArchiveBusy when the archive is to be left alone, SiteUnavailable when it does not answer.
        """
        if status == 429 or (status == 503 and retry_after is not None):
            self._refuse(status, retry_after)
            return True
        if status is None or status >= 500:
            self._silent += 1
            if self._silent >= SILENCE:
                told = "no answer" if status is None else f"HTTP {status}"
                raise SiteUnavailable(f"the web archive fails again and again ({told}); {_LATER}")
            self._rest = self._clock() + (retry_after or self._pause / 6 * 2 ** (self._silent - 1))
        else:
            self._refused = self._silent = 0
            self._gaps[kind] = max(self._least[kind], self._gaps[kind] * FASTER)
        return False

    def _refuse(self, status: int, retry_after: float | None) -> None:
        self.refusals += 1
        self._refused += 1
        self._gaps = {k: min(gap * SLOWER, self._least[k] * SLOWEST) for k, gap in self._gaps.items()}
        if retry_after is not None and retry_after > self._longest:
            self.rest_until = retry_after
            raise WebArchiveBusy(f"the web archive asks to be left alone for {retry_after:.0f} seconds; {_LATER}")
        if self._refused >= PATIENCE:
            raise WebArchiveBusy(f"the web archive refuses again and again (HTTP {status}); {_LATER}")
        pause = self._pause * 2 ** (self._refused - 1) if retry_after is None else retry_after
        self._rest = self._clock() + pause
