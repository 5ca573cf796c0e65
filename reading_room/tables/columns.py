"""The columns of a table: what the values of a filter can be in each."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass

from reading_room.tables.filter_values import FilterValues, check_choice, check_day

_COLUMNS = "SELECT name, type, pk FROM pragma_table_xinfo(?)"
_VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view'"
_TABLE = "SELECT sql FROM sqlite_master WHERE name = ?"
_CHOICES = re.compile(r"CHECK \((\w+) IN \(([^()]*)\)\)")
_COMPARISONS = frozenset("exact not gt gte lt lte".split())
_INSTANTS = "captured_at seen_at checked_at modified first_seen last_seen missing_since gone_at archived_at".split()
# Columns whose values are checked whatever the schema says of them, and as what.
_KINDS = {
    **{"domain": "domain", "number": "integer", "year": "integer", "published": "day", "dateline": "day"},
    **dict.fromkeys(_INSTANTS, "instant"),
}
_OF_BRIEFS = {**_KINDS, "kind": "kind"}  # views have no constraints, and other tables have kinds of their own


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its kind among those of FilterValues, or the values that its table allows; any value without both."""

    kind: str = ""
    choices: tuple[str, ...] = ()

    def check(self, comparison: str, value: str, values: FilterValues) -> str:
        """The value of a filter as the archive writes it; raises BadFilter for one that no row can have."""
        if comparison == "date" and value.strip():
            return check_day(value.strip())
        if comparison in ("in", "notin"):
            return self._check_list(value, values)
        return self._check_value(value, values) if comparison in _COMPARISONS else value

    def _check_list(self, value: str, values: FilterValues) -> str:
        """The values of a list, which is JSON or has commas."""
        try:
            items = json.loads(value) if value.startswith("[") else [part.strip() for part in value.split(",")]
        except ValueError:
            return value  # Datasette says so
        checked = [self._check_item(item, values) for item in items]
        return value if checked == items else json.dumps(checked)

    def _check_item(self, item: object, values: FilterValues) -> object:
        if isinstance(item, str):
            return self._check_value(item, values)
        self._check_value(json.dumps(item), values)  # of JSON; it stays what it is
        return item

    def _check_value(self, value: str, values: FilterValues) -> str:
        if self.choices and value.strip():
            return check_choice(self.choices, value.strip())
        return values.check(self.kind, value)


def read_columns(db: sqlite3.Connection, table: str) -> dict[str, Column]:
    """The columns of a table or view by their names; empty if there is none of this name."""
    kinds = _OF_BRIEFS if table in ("briefs", "brief_list") else _KINDS
    (sql,) = db.execute(_TABLE, (table,)).fetchone() or ("",)
    choices = {name: tuple(re.findall(r"[^\s',]+", values)) for name, values in _CHOICES.findall(sql or "")}
    rows = db.execute(_COLUMNS, (table,)).fetchall()
    is_numbered = rows and not any(pk for *_, pk in rows) and not (sql or "").startswith("CREATE VIEW")
    return {
        name: Column(kinds.get(name) or ("integer" if kind == "INTEGER" else ""), choices.get(name, ()))
        for name, kind, _ in (*rows, *([("rowid", "INTEGER", 0)] if is_numbered else ()))
    }


def read_views(db: sqlite3.Connection) -> frozenset[str]:
    """The names of the views, to be cached until the archive changes."""
    return frozenset(name for (name,) in db.execute(_VIEWS))
