"""The mark that a night leaves while it runs, which shows others that it hangs or never ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.database.lock import is_locked
from scraper.dates import now
from scraper.monitoring.findings import Finding

_HANGS_AFTER = timedelta(hours=6)  # deploy/briefs-nightly.service stops a night then


@dataclass(frozen=True, slots=True)
class NightMark:
    """The lock of the nights of one archive, and the mark of the one at work, which begins with its instant."""

    lock: Path
    place: Path

    @classmethod
    def of(cls, settings: BaseSettings) -> NightMark:
        """Name both by the archive."""
        return cls(*(Path(f"{settings['ARCHIVE_DB']}-nightly-{name}") for name in ("lock", "begun")))

    def read_begin(self) -> str | None:
        """The instant of the night that has not ended, None if all have."""
        with suppress(OSError, ValueError):
            return self.place.read_text() or None
        return None

    def write_begin(self) -> None:
        """Leave the mark; it is no reason to end a night."""
        with suppress(OSError):
            self.place.write_text(now())

    def remove(self) -> None:
        """Take the mark away at the end of the night."""
        self.place.unlink(missing_ok=True)

    def find_hanging_night(self) -> Finding | None:
        """LostRunMonitor: a night that is at work for longer than any takes."""
        begin = self.read_begin()
        if begin is None or not is_locked(self.lock):
            return None
        try:
            hours = (datetime.now(UTC) - datetime.fromisoformat(begin)) // timedelta(hours=1)
        except (ValueError, TypeError):
            return None
        if hours < _HANGS_AFTER // timedelta(hours=1):
            return None
        advice = "stop its process, which loses nothing; the next night does what it left"
        message = f"the night of {begin} hangs, it is at work for {hours} hours: {advice}"
        return Finding("LostRunMonitor", "alarm", message)
