"""CSV: one table for people with a spreadsheet, or one file a table for those who join."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

from pipelines.exports.briefs import Told

_BRIEF = ("path", "published", "kind", "domain", "number", "label", "title", "publisher")
_LISTS = {
    "authors": ("name", "name_as_published", "kind", "role", "contact"),
    "resources": ("name", "name_as_published", "heading", "description", "text", "url"),
    "photo_credits": ("text", "name", "source", "url"),
    "sections": ("heading", "text"),
    "links": ("text", "url"),
    "categories": ("name", "slug"),
}
COLUMNS = (
    *(*_BRIEF, "authors", "resources", "photo_credit", "categories", "url", "captured_at", "source"),
    *("archived_url", "archived_at", "modified", "dateline", "body"),
)
_OWN = (
    *("path", "url", "wp_id", "kind", "label", "number", "domain", "title", "published", "modified", "dateline"),
    *("posted_by", "publisher", "body", "body_html", "captured_at", "source", "digest", "archived_url", "archived_at"),
)
# A spreadsheet runs what begins like this; an apostrophe in front makes it text, as OWASP advises.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """RFC 4180 with a header row and CRLF; several values in one cell have `; ` between them, unknown is empty."""
    yield _line(COLUMNS)
    for told in briefs:
        row = _flat(told) | {
            "authors": _joined(told["authors"], "name"),
            "resources": _joined(told["resources"], "name_as_published"),
            "photo_credit": _joined(told["photo_credits"], "text"),
            "categories": _joined(told["categories"], "name"),
        }
        yield _line(_cell(row[name]) for name in COLUMNS)


def write_tables(briefs: Iterable[Told], folder: Path, *, with_contacts: bool) -> None:
    """`briefs.csv` and a file for each list, whose rows name their brief by `path` and count `position` from 1."""
    lists = {name: tuple(c for c in columns if with_contacts or c != "contact") for name, columns in _LISTS.items()}
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in ("briefs", *lists)
        }
        files["briefs"].write(_line(_OWN))
        for name, columns in lists.items():
            files[name].write(_line(("path", "position", *columns)))
        for told in briefs:
            row = _flat(told)
            files["briefs"].write(_line(_cell(row[name]) for name in _OWN))
            for name, columns in lists.items():
                for position, item in enumerate(told[name], 1):
                    cells = (_cell(item[column]) for column in columns)
                    files[name].write(_line((told["path"], str(position), *cells)))


def _flat(told: Told) -> dict[str, Any]:
    capture, archived = told["capture"], told["archived"] or {}
    of_capture = {name: capture[name] for name in ("captured_at", "source", "digest")}
    return told | of_capture | {"archived_url": archived.get("url"), "archived_at": archived.get("captured_at")}


def _joined(items: Iterable[Mapping[str, str]], name: str) -> str:
    return "; ".join(item[name] for item in items)


def harmless(value: object) -> object:
    """The value, with an apostrophe before a text that a spreadsheet would run; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _cell(value: object) -> str:
    return "" if value is None else str(harmless(value))


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
