"""How far a run has read the index of a web archive for one query; the next run goes on from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from scraper.sources.cdx import IndexPage

OVERLAP = timedelta(days=60)  # an index lists captures only weeks after they were made
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class IndexCursor:
    """The state of a query: the index is read from `since` on; `newest` is the newest capture that it listed."""

    since: str = ""
    resume: str | None = None  # the key of the next page; None at the beginning
    newest: str = ""
    finished: bool = False

    @classmethod
    def parse(cls, line: str | None) -> Self:
        """Parse the line that `str` made; None gives a new cursor."""
        return cls(**json.loads(line)) if line else cls()

    def __str__(self) -> str:
        """One line, for Archive.remember."""
        return json.dumps(asdict(self))

    def start_run(self, since: str, *, recheck: bool) -> IndexCursor:
        """Return the cursor for a run: this one if the last run was stopped, else from before the newest capture."""
        if not self.finished:
            return replace(self, since=self.since or since)
        if recheck or not self.newest:
            return IndexCursor(since, newest=self.newest)
        return IndexCursor(max(since, _subtract_overlap(self.newest)), newest=self.newest)

    def advance(self, page: IndexPage) -> IndexCursor:
        """Return the cursor behind that page."""
        newest = max((memento.timestamp for memento in page.mementos), default="")
        return replace(self, resume=page.resume, newest=max(self.newest, newest), finished=page.resume is None)


def _subtract_overlap(stamp: str) -> str:
    try:
        return (datetime.strptime(stamp, _STAMP) - OVERLAP).strftime(_STAMP)
    except (ValueError, OverflowError):
        return ""
