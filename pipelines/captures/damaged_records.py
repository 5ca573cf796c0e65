"""Records of captures that are damaged are replaced when the same captures come again."""

from __future__ import annotations

from dataclasses import replace

from pipelines.captures import capture_rows
from pipelines.captures.read_back import has_record, read_intact_capture
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.transactions import Transaction
from scraper.records import Capture


def replace_if_damaged(transaction: Transaction, capture_id: int, capture: Capture) -> None:
    """Write the bytes of a stored capture anew, now that they are at hand, if the stored ones are not sound."""
    with explain_db_errors(transaction.path):
        place, captured_at = capture_rows.find_place(transaction.db, capture_id)
    folder = transaction.warcs.folder
    if has_record(folder, place, capture.record) or read_intact_capture(folder, place, capture.digest):
        return
    if captured_at != capture.captured_at:  # of a live page that was met unchanged
        capture = replace(capture, captured_at=captured_at, record=None)
    with transaction.open_savepoint():
        capture_rows.move_captures(transaction.db, place, transaction.warcs.add(capture, capture.path))
        transaction.tally["mended"] += 1
