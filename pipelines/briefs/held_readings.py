"""The marks of readings that are held, and what checks say of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs.holding import DOUBTFUL

_BRIEFS = "SELECT DISTINCT brief_path FROM readings WHERE held = 1 ORDER BY brief_path"
_IS_HELD = "SELECT 1 FROM readings WHERE capture_id = ? AND held = 1"
_MARKED = "SELECT capture_id, path FROM readings WHERE brief_path = ? AND held = 1"
_MARK = "UPDATE readings SET held = ? WHERE capture_id = ? AND brief_path = ?"
# Runs follow each other, so a check belongs to the last that began before it.
_VERDICTS = """SELECT (SELECT verdict FROM crawls WHERE started_at <= checked_at ORDER BY id DESC LIMIT 1)
    FROM checks JOIN captures ON captures.id = capture_id
    WHERE capture_id = ? AND checked_at > captured_at ORDER BY checked_at DESC"""


@dataclass(frozen=True, slots=True)
class HeldReadings:
    """The held readings of one archive."""

    db: sqlite3.Connection

    def list_briefs(self) -> list[str]:
        """The paths of the posts of which a reading is held."""
        return [path for (path,) in self.db.execute(_BRIEFS).fetchall()]

    def has_capture(self, capture_id: int) -> bool:
        """Whether a reading of the capture is held."""
        return self.db.execute(_IS_HELD, (capture_id,)).fetchone() is not None

    def mark(self, brief_path: str, captures: Iterable[int]) -> None:
        """Mark the readings of the brief in these captures as held, and no others."""
        marked, held = {row[0] for row in self.db.execute(_MARKED, (brief_path,))}, set(captures)
        for capture_id in marked ^ held:
            self.db.execute(_MARK, (capture_id in held, capture_id, brief_path))

    def is_confirmed(self, capture_id: int) -> bool:
        """Whether a run that is not doubtful found the page later as the capture shows it."""
        return any(verdict not in DOUBTFUL for (verdict,) in self.db.execute(_VERDICTS, (capture_id,)))
