"""Parquet: a table for the briefs, in a folder a year, and one for each of their lists; every column with its type."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.csv_tables import DAYS, OWN_COLUMNS, list_columns, list_rows
from scraper.errors import MissingExtra

if TYPE_CHECKING:
    import pyarrow

_ROWS = 1000  # of a row group: briefs are long
_INSTANTS = frozenset(("modified", "captured_at", "archived_at"))
_NUMBERS = frozenset(("wp_id", "number", "position"))
_NO_YEAR = "0"  # of a folder; Hive's own word for it is one that pandas cannot read beside years


def write_tables(briefs: Iterable[BriefRecord], folder: Path, *, with_contacts: bool) -> None:
    """Write `briefs/year=YYYY/briefs.parquet`, and a file for each list. Raises MissingExtra."""
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(closing(_Table(folder / f"{name}.parquet", columns)))
            for name, columns in list_columns(with_contacts=with_contacts).items()
            if name != "briefs"
        }
        for name, row in list_rows(briefs):
            place = f"briefs/year={(row['published'] or _NO_YEAR)[:4]}/briefs.parquet" if name == "briefs" else name
            if place not in tables:
                tables[place] = stack.enter_context(closing(_Table(folder / place, OWN_COLUMNS)))
            tables[place].add(row)


class _Table:
    """One file, written a group of rows at a time; a table without rows is a file too."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        try:
            from pyarrow import parquet  # noqa: PLC0415 - an extra
        except ImportError:
            raise MissingExtra("Parquet needs pyarrow: pip install brief-archive[parquet]") from None
        path.parent.mkdir(parents=True, exist_ok=True)
        self._schema = _make_schema(columns)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, row: BriefRecord) -> None:
        self._rows.append({name: _convert(name, row[name]) for name in self._schema.names})
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow  # noqa: PLC0415 - an extra

        self._writer.write_table(pyarrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def close(self) -> None:
        self._flush()
        self._writer.close()


def _make_schema(columns: Iterable[str]) -> pyarrow.Schema:
    import pyarrow  # noqa: PLC0415 - an extra

    def choose(name: str) -> pyarrow.DataType:
        if name in DAYS:
            return pyarrow.date32()
        if name in _INSTANTS:
            return pyarrow.timestamp("ms", tz="UTC")
        return pyarrow.int64() if name in _NUMBERS else pyarrow.string()

    return pyarrow.schema([(name, choose(name)) for name in columns])


def _convert(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None or not isinstance(value, str):
        return value
    if name in DAYS:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in _INSTANTS else value
