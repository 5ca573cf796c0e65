"""How far a run has read the index of a web archive for one query; the next run goes on from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import unquote_plus

from scraper.sources.cdx import IndexPage

OVERLAP = timedelta(days=60)  # an index lists captures only weeks after they were made
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class IndexCursor:
    """The state of a query: the index is read from `since` on; `newest` is the newest capture that it listed.

    An index is sorted by address, so that a part read months ago lacks what came since: nothing after `began` counts.
    """

    since: str = ""
    resume: str | None = None  # the key of the next page; None at the beginning
    previous: str | None = None  # the key of the page before that
    newest: str = ""
    finished: bool = False
    began: str = ""  # when its first page was requested
    is_whole: bool = True  # False after a page with lines that could not be parsed

    @classmethod
    def parse(cls, line: str | None) -> Self:
        """Parse the line that `str` made; None gives a new cursor."""
        return cls(**json.loads(line)) if line else cls()

    def __str__(self) -> str:
        """One line, for Archive.remember."""
        return json.dumps(asdict(self))

    def start_run(self, since: str, *, recheck: bool) -> IndexCursor:
        """Return the cursor for a run: this one if the last run was stopped, else from before the newest capture."""
        if not self.finished and self.resume and is_next_key(self.resume, None):
            return self
        began = datetime.now(UTC).strftime(_STAMP)
        newest = self.newest if self.newest <= began else ""
        if not self.finished:
            return IndexCursor(self.since or since, newest=newest, began=began)
        known = "" if recheck or not newest else _subtract_overlap(newest)
        return IndexCursor(max(since, known), newest=newest, began=began)

    def restart(self) -> IndexCursor:
        """Return the cursor for a run that reads the query from its beginning."""
        return IndexCursor(self.since, newest=self.newest)

    def advance(self, page: IndexPage) -> IndexCursor:
        """Return the cursor behind that page; an index of which a line could not be parsed is not finished."""
        listed = (memento.timestamp for memento in page.mementos if memento.timestamp <= self.began)
        newest, is_whole = max([self.newest, *listed]), self.is_whole and page.is_whole
        if page.resume is None and not is_whole:
            return replace(self, newest=newest).restart()
        ahead = replace(self, resume=page.resume, previous=self.resume, newest=newest, is_whole=is_whole)
        return replace(ahead, finished=page.resume is None)

    def step_back(self) -> IndexCursor:
        """Return the cursor before the last page, which is read again as smaller ones."""
        return replace(self, resume=self.previous, previous=None)


def is_next_key(key: str, previous: str | None) -> bool:
    """Whether a resume key leads on from the one before it: web.archive.org's name an address and an instant.

    One without the address (`-+20190401000000`) would leave out all that the index has before that instant, and
    keys that do not rise can lead in circles.
    """
    address, instant = _read_place(key)
    return address not in (b"", b"-") and (previous is None or (address, instant) > _read_place(previous))


def _read_place(key: str) -> tuple[bytes, bytes]:
    address, _, instant = unquote_plus(key).partition(" ")
    return address.encode(), instant.encode()


def _subtract_overlap(stamp: str) -> str:
    try:
        return (datetime.strptime(stamp, _STAMP) - OVERLAP).strftime(_STAMP)
    except (ValueError, OverflowError):
        return ""
