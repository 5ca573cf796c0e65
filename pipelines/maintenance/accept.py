"""`briefs accept`: a person lets count what a doubtful run read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.briefs.verdicts import Verdicts
from pipelines.captures import capture_rows
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.opening import require_archive
from pipelines.maintenance.rereading import extract_rows, select_rows
from scraper.errors import BadInput

_HELD_RUNS = """SELECT DISTINCT crawl_id FROM captures JOIN readings ON capture_id = captures.id WHERE held = 1
    UNION SELECT id FROM crawls WHERE verdict = 'held' ORDER BY 1"""
_UNREAD = "crawl_id = ? AND read = 0 AND outcome = 'brief'"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What counts now that a run was accepted."""

    run: int
    read: int  # captures of which nothing had been read
    pending: int  # posts of which something is still held


def accept_run(settings: BaseSettings, run: int) -> Acceptance:
    """Let all count that the run read; what it only kept is read now.

    Raises BadInput for a run that holds nothing, and what opening the archive raises.
    """
    path = Path(settings["ARCHIVE_DB"])
    require_archive(path)
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        verdicts = Verdicts(archive.transaction)
        if run not in (held := [number for (number,) in archive.db.execute(_HELD_RUNS)]):
            known = f"runs that do: {', '.join(map(str, held))}" if held else "no run does"
            raise BadInput(f"{path}: nothing that run {run} read is held; {known}")
        verdicts.settle(run, "accepted")
        count = _read_captures(archive, run)
        archive.commit()
        return Acceptance(run, count, verdicts.count_pending())


def _read_captures(archive: SqliteArchive, run: int) -> int:
    """Store the readings of captures that a run kept without them; return how many there are."""
    count = 0
    for row, extraction in extract_rows(archive.warcs.folder, select_rows(archive.db, _UNREAD, (run,))):
        if extraction is not None:
            with archive.transaction.open_savepoint():
                capture_rows.mark_read(archive.db, row.id)
                archive.contents.store(row.id, extraction)
            count += 1
    return count
