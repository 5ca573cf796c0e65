"""The marks of readings that are held, and what checks say of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs.holding import DOUBTFUL
from pipelines.pages.run_state import remember

NIGHTS = 5  # in a row in which a page shows something else each time: then it is the page's way
# A run marks a page that it cannot explain in `memory`, which the journal records: a rebuild holds the same.
_KEY = "unexplained:{path}:{run}"
MARKED = "EXISTS (SELECT 1 FROM memory WHERE key = 'unexplained:' || {path} || ':' || {run})"
_COUNT = """SELECT count(*) FROM memory WHERE key > :first AND key < :last AND CAST(substr(key, :start) AS INTEGER) > (
    SELECT ifnull(max(crawl_id), 0) FROM captures JOIN readings ON capture_id = captures.id
    WHERE captures.path = :path AND outcome = 'brief' AND source = 'live' AND held = 0)"""
_BRIEFS = "SELECT DISTINCT brief_path FROM readings WHERE held = 1 ORDER BY brief_path"
_IS_HELD = "SELECT 1 FROM readings WHERE capture_id = ? AND held = 1"
_MARKED = "SELECT capture_id, path FROM readings WHERE brief_path = ? AND held = 1"
_MARK = "UPDATE readings SET held = ? WHERE capture_id = ? AND brief_path = ?"
# Runs follow each other, so a check belongs to the last that began before it.
_VERDICTS = f"""SELECT CASE WHEN {MARKED.format(path="checks.path", run="runs.id")}
        THEN 'unexplained' ELSE runs.verdict END
    FROM checks JOIN captures ON captures.id = capture_id LEFT JOIN crawls AS runs ON runs.id = (
        SELECT id FROM crawls WHERE started_at <= checked_at ORDER BY id DESC LIMIT 1)
    WHERE capture_id = ? AND checked_at > captured_at ORDER BY checked_at DESC"""  # noqa: S608 - our own names


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

    def mark_unexplained(self, crawl_id: int, paths: Iterable[str]) -> list[str]:
        """Hold what the run read of these pages; return those that are held. A page that changes each time is not."""
        held = [path for path in paths if self._count_marks(path) < NIGHTS]
        for path in held:
            remember(self.db, _KEY.format(path=path, run=crawl_id), "")
        return held

    def _count_marks(self, path: str) -> int:
        first = _KEY.format(path=path, run="")
        values = {"first": first, "last": f"{first[:-1]};", "start": len(first) + 1, "path": path}
        return int(self.db.execute(_COUNT, values).fetchone()[0])

    def is_confirmed(self, capture_id: int) -> bool:
        """Whether a run that is not doubtful found the page later as the capture shows it."""
        return any(verdict not in DOUBTFUL for (verdict,) in self.db.execute(_VERDICTS, (capture_id,)))
