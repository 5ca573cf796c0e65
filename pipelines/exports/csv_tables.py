"""CSV: one table for people with a spreadsheet, or a file for each table for people who join them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

from pipelines.exports.brief_records import BriefRecord

_BRIEF = ("path", "published", "kind", "domain", "number", "label", "title", "publisher")
LISTS = {
    "authors": ("name", "name_as_published", "kind", "role", "contact"),
    "resources": ("name", "name_as_published", "heading", "description", "text", "url"),
    "photo_credits": ("text", "name", "source", "url"),
    "sections": ("heading", "text"),
    "links": ("text", "url"),
    "categories": ("name", "slug"),
}
OPTIONAL = "contact"  # only there with --with-contacts
OF_CAPTURE = ("captured_at", "source", "digest")
DAYS = ("published", "dateline")
COLUMNS = (
    *(*_BRIEF, "authors", "resources", "photo_credit", "categories", "url", "captured_at", "source"),
    *("archived_url", "archived_at", "modified", "dateline", "body"),
)
OWN_COLUMNS = (
    *("path", "url", "wp_id", "kind", "label", "number", "domain", "title", "published", "modified", "dateline"),
    *("posted_by", "publisher", "body", "body_html", *OF_CAPTURE, "archived_url", "archived_at"),
)
# A spreadsheet runs a cell that begins like this; an apostrophe in front makes it text, as OWASP advises.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


def format_briefs(briefs: Iterable[BriefRecord]) -> Iterator[str]:
    """Yield RFC 4180 with a header row and CRLF; values in one cell are joined by `; `, an unknown value is empty."""
    yield format_row(COLUMNS)
    for brief in briefs:
        row = _flatten_brief(brief) | {
            "authors": _join_items(brief["authors"], "name"),
            "resources": _join_items(brief["resources"], "name_as_published"),
            "photo_credit": _join_items(brief["photo_credits"], "text"),
            "categories": _join_items(brief["categories"], "name"),
        }
        yield format_row(_format_cell(row[name]) for name in COLUMNS)


def write_tables(briefs: Iterable[BriefRecord], folder: Path, *, with_contacts: bool) -> None:
    """Write `briefs.csv` and a file for each list."""
    tables = list_columns(with_contacts=with_contacts)
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in tables
        }
        for name, columns in tables.items():
            files[name].write(format_row(columns))
        for name, row in list_rows(briefs):
            files[name].write(format_row(_format_cell(row[column]) for column in tables[name]))


def list_columns(*, with_contacts: bool) -> dict[str, tuple[str, ...]]:
    """The columns of the tables, the briefs' first, without what is for archivists only unless contacts are wanted."""
    lists = {name: [c for c in columns if with_contacts or c != OPTIONAL] for name, columns in LISTS.items()}
    return {"briefs": OWN_COLUMNS, **{name: ("path", "position", *columns) for name, columns in lists.items()}}


def list_rows(briefs: Iterable[BriefRecord]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each brief and the items of its lists, which name it by `path`, with their table; `position` is from 1."""
    for brief in briefs:
        yield "briefs", _flatten_brief(brief)
        for name in LISTS:
            for position, item in enumerate(brief[name], 1):
                yield name, item | {"path": brief["path"], "position": position}


def _flatten_brief(brief: BriefRecord) -> dict[str, Any]:
    """The brief with what its row says of its capture and of its archived copy."""
    capture, archived = brief["capture"], brief["archived"] or {}
    of_capture = {name: capture[name] for name in OF_CAPTURE}
    return brief | of_capture | {"archived_url": archived.get("url"), "archived_at": archived.get("captured_at")}


def _join_items(items: Iterable[Mapping[str, str]], name: str) -> str:
    return "; ".join(item[name] for item in items)


def escape_formula(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _format_cell(value: object) -> str:
    return "" if value is None else str(escape_formula(value))


def format_table(columns: Iterable[str], rows: Iterable[Iterable[object]], end: str = "\r\n") -> Iterator[str]:
    """Yield a header and the rows, in which no spreadsheet finds a formula."""
    yield format_row(columns, end)
    yield from (format_row(map(_format_cell, row), end) for row in rows)


def format_row(cells: Iterable[str], end: str = "\r\n") -> str:
    """Format the cells as one row of CSV."""
    out = StringIO()
    csv.writer(out, lineterminator=end).writerow(cells)
    return out.getvalue()
