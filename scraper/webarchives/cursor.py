"""How far the index of a web archive was read for one query, kept from run to run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from scraper.sources.cdx import IndexPage

OVERLAP = timedelta(days=60)  # captures come into an index weeks after they were made
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a query stands. The index is read from `since` on; `newest` is the newest capture that it told of."""

    since: str = ""
    resume: str | None = None  # what to go on with; None at the beginning
    newest: str = ""
    finished: bool = False

    @classmethod
    def told(cls, line: str | None) -> Self:
        """Out of the line that `str` made of it; a new one for None."""
        return cls(**json.loads(line)) if line else cls()

    def __str__(self) -> str:
        """One line, for Archive.remember."""
        return json.dumps(asdict(self))

    def opened(self, since: str, *, recheck: bool) -> Bookmark:
        """Ready for a run: as it is where the last one was stopped, else from shortly before the newest capture."""
        if not self.finished:
            return replace(self, since=self.since or since)
        if recheck or not self.newest:
            return Bookmark(since, newest=self.newest)
        return Bookmark(max(since, _before(self.newest)), newest=self.newest)

    def after(self, page: IndexPage) -> Bookmark:
        """As it stands when that page is in the ledger."""
        newest = max((memento.timestamp for memento in page.mementos), default="")
        return replace(self, resume=page.resume, newest=max(self.newest, newest), finished=page.resume is None)


def _before(stamp: str) -> str:
    try:
        return (datetime.strptime(stamp, _STAMP) - OVERLAP).strftime(_STAMP)
    except (ValueError, OverflowError):
        return ""
