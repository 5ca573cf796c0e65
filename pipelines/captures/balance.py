"""Whether all that a run was offered came out of it: as a row, as a repeat of one, or as a problem."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.captures import capture_rows
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.transactions import Transaction
from scraper.archive import CaptureItem
from scraper.errors import FAILED, OK, PARTLY, Imbalance
from scraper.records import Problem

_ROWS = "SELECT count(*) FROM captures WHERE crawl_id = ?"
_ENDS = "SELECT warc_file, max(warc_offset + warc_length) FROM captures WHERE crawl_id = ? GROUP BY warc_file"
_BEHIND = """SELECT ifnull(url, path) FROM captures
    WHERE crawl_id = ? AND warc_file = ? AND warc_offset + warc_length > ? ORDER BY id"""
_SHOWN = 5  # addresses in a line


@dataclass(slots=True)
class Ledger:
    """Things on their way between two places, by their addresses; at the end there must be none."""

    entered: int = 0
    _under_way: dict[int, tuple[object, str]] = field(default_factory=dict)

    def add(self, thing: object, address: str | None) -> None:
        """Count a thing that sets out."""
        self.entered += 1
        self._under_way[id(thing)] = thing, address or "a page without an address"

    def settle(self, thing: object) -> None:
        """Note that a thing has come to its end."""
        self._under_way.pop(id(thing), None)

    def abandon(self) -> None:
        """Expect nothing more, for somebody asked to stop."""
        self._under_way.clear()

    def find_losses(self, what: str) -> Iterator[str]:
        """A line if something never came; `what` says of which things, and what did not become of them."""
        if lost := [address for _, address in self._under_way.values()]:
            yield f"{len(lost)} of {self.entered} {what}: {_join(lost)}"


@dataclass(slots=True)
class Balance:
    """The captures of a run that are under way: from a reader to the writer, and there through the steps."""

    handed_in: Ledger = field(default_factory=Ledger)
    _items: Ledger = field(default_factory=Ledger)

    def add(self, item: CaptureItem) -> None:
        """Count an item that enters the first step."""
        self._items.add(item, item.capture.url or item.capture.name or item.capture.path)

    def settle(self, item: CaptureItem) -> None:
        """Note that an item is stored, or that a problem says why it is not."""
        self._items.settle(item)

    def close_run(
        self,
        transaction: Transaction,
        crawl_id: int,
        ending: tuple[str, int | None],
        counts: Mapping[str, object],
    ) -> None:
        """Complete the run's row; `ending` is outcome and exit code. Raises Imbalance if what came in is not there."""
        transaction.commit()
        # A run that failed has said so, and its last captures with it.
        losses = self._find_losses(transaction, crawl_id) if ending[1] in (None, OK, PARTLY) else []
        ending = (ending[0], FAILED) if losses else ending
        with transaction.open_savepoint():
            problems = [Problem(None, "imbalance", line) for line in losses]
            transaction.tally["problems"] += capture_rows.add_problems(transaction.db, None, None, problems)
            capture_rows.finish_run(transaction.db, crawl_id, ending, counts, transaction.tally)
        transaction.commit()
        if losses:
            raise Imbalance(f"{transaction.path}: {'; '.join(losses)}: please report it")

    def _find_losses(self, transaction: Transaction, crawl_id: int) -> list[str]:
        """A line for each sum that is wrong: of captures offered, of their rows, of the bytes behind these."""
        with explain_db_errors(transaction.path):
            # Captures that an earlier run kept and did not read are new to readers, and have their rows already.
            new, (rows,) = transaction.tally["rows"], transaction.db.execute(_ROWS, (crawl_id,)).fetchone()
            return [
                *self.handed_in.find_losses("things that were read never came to the writer"),
                *self._items.find_losses("captures became neither rows nor problems"),
                *([f"{new} captures were counted as new, and {rows} rows are there"] if rows < new else []),
                *_find_lost_bytes(transaction.db, transaction.warcs.folder, crawl_id),
            ]


def _find_lost_bytes(db: sqlite3.Connection, warcs: Path, crawl_id: int) -> Iterator[str]:
    for name, end in db.execute(_ENDS, (crawl_id,)).fetchall():
        size = (warcs / name).stat().st_size if (warcs / name).exists() else 0
        if size < end:
            lost = [address for (address,) in db.execute(_BEHIND, (crawl_id, name, size))]
            yield f"{warcs / name} ends at byte {size}, before the bytes of {len(lost)} captures: {_join(lost)}"


def _join(addresses: list[str]) -> str:
    more = f" and {len(addresses) - _SHOWN} more" if len(addresses) > _SHOWN else ""
    return ", ".join(addresses[:_SHOWN]) + more
