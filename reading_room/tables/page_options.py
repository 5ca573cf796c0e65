"""The parameters with an underscore, which steer Datasette and the room: where each has a meaning, and its values."""

from __future__ import annotations

import re
from collections.abc import Collection

from reading_room.addresses.public_url import is_tracking
from reading_room.tables.filter_values import BadFilter, find_near, quote_value

_SWITCH, _COUNT, _SIZE, _COLUMN, _ANY = r"on|off|1|0|true|false", r"\d{1,9}", r"max|\d{1,9}", "column", ".*"
_PLACE = r"[1-9]\d{0,8}"
_FACETS = rf"max|{_PLACE}"
_ON = ("on", "1", "true")
_LIMITS = {"_timelimit": _PLACE, "_ttl": _COUNT}
# By the kind of a page.
_KINDS: dict[str, dict[str, str]] = {
    "table": {
        **_LIMITS,
        **{"_size": _SIZE, "_facet_size": _FACETS},
        **dict.fromkeys(("_nocount", "_nofacet", "_nosuggest", "_sort_by_desc", "_labels"), _SWITCH),
        **dict.fromkeys(("_sort", "_sort_desc", "_col", "_nocol", "_label", "_filter_column"), _COLUMN),
        **dict.fromkeys(("_facet", "_facet_array", "_facet_date"), _COLUMN),
        **dict.fromkeys(("_next", "_search", "_where", "_through", "_filter_op", "_filter_value"), _ANY),
        **{"_searchmode": "raw|escaped", "_fts_table": r"\w+", "_fts_pk": r"\w+"},
    },
    "query": {**_LIMITS, "_size": "max", "_hide_sql": _SWITCH, "_show_sql": _SWITCH},  # as Datasette's links have them
    "row": {},
    "database": {"_show_hidden": _SWITCH},
    "page": {},
}
# By the form of an answer; those of a page itself are of queries.
_FORMS: dict[str, dict[str, str]] = {
    "": {"_page": _PLACE},
    "json": {
        "_shape": "arrays|objects|array|object|arrayfirst",
        "_json": _COLUMN,
        "_json_infinity": _SWITCH,
        "_nl": _SWITCH,
        "_extras": "foreign_key_tables",
    },
    "csv": dict.fromkeys(("_stream", "_dl", "_header", "_raw"), _SWITCH),
    "atom": {"_feed_title": _ANY},
    "blob": {"_blob_column": _ANY, "_blob_hash": _ANY},
}
_DESCRIPTIONS = {
    **{
        _SWITCH: "on or off",
        _COUNT: "a whole number",
        _SIZE: "a whole number or max",
        r"\w+": "a name",
        _PLACE: "1 or more",
        _FACETS: "1 or more, or max",
    },
    "max": "max here, for a ready query gives all its rows",
}
_REPEATED = frozenset("_col _nocol _label _facet _facet_array _facet_date _where _through _json".split())
# Datasette looks whether they are there, so that `off` would be on.
_BARE = frozenset("_nocount _nofacet _nosuggest _sort_by_desc _stream _dl _hide_sql _show_sql _show_hidden".split())
# Search in one column, the rows of the filter form.
_FAMILIES = re.compile(r"_search_.+|_filter_(?:column|op|value)_\d+")
_ALL = frozenset(name for options in (*_KINDS.values(), *_FORMS.values()) for name in options)


def check_options(
    pairs: list[tuple[str, str]],
    kind: str,
    form: str | None,
    columns: Collection[str] = (),
    parameters: Collection[str] = (),
) -> list[tuple[str, str]]:
    """The parameters, of which those with an underscore are as Datasette reads them; raises BadFilter.

    `parameters` are those that the page has besides, to be named where they are near.
    """
    options = {**_KINDS[kind], **(_FORMS.get(form or "", {}) if form or kind == "query" else {})}
    if "page" in parameters:  # such a list has pages of its own
        options.pop("_page", None)
    checked: list[tuple[str, str]] = []
    earlier: dict[str, str] = {}
    for name, value in pairs:
        if not name.startswith("_") or name in columns or name.partition("__")[0] in columns or is_tracking(name):
            checked.append((name, value))
            continue
        is_family = kind == "table" and _FAMILIES.fullmatch(name) is not None
        if name not in options and not is_family:
            raise BadFilter(_explain_name(name, (*options, *parameters), form))
        written = _check_value(name, value, _ANY if is_family else options[name], columns)
        if name not in _REPEATED and earlier.setdefault(name, value) != value:
            raise BadFilter(f"{name} is given twice: {quote_value(earlier[name])} and {quote_value(value)}")
        if written is not None:
            checked.append((name, written))
    return checked


def _check_value(name: str, value: str, shape: str, columns: Collection[str]) -> str | None:
    """The value as Datasette reads it; None where the parameter says nothing."""
    if not value:
        return value
    if shape == _COLUMN:
        if columns and value not in columns:
            hint = f": did you mean {near}?" if (near := find_near(value, columns)) else ""
            raise BadFilter(f"{name}: there is no column {quote_value(value)}{hint}")
        return value
    if not re.fullmatch(shape, value, re.ASCII | re.DOTALL | re.IGNORECASE):
        values = _DESCRIPTIONS.get(shape) or shape.replace("|", ", ")
        raise BadFilter(f"{name} cannot be {quote_value(value)}: it is {values}")
    if shape != _SWITCH:
        return value
    is_on = value.lower() in _ON
    return None if name in _BARE and not is_on else ("on" if is_on else "off")


def _explain_name(name: str, names: Collection[str], form: str | None) -> str:
    near = find_near(name, names)
    if near is None and name not in _ALL and (near := find_near(name, _ALL)) is None:
        hint = "those with an underscore are such as _size, _sort and _shape"
        return f"There is no parameter {quote_value(name)}: {hint}"
    if name not in _ALL:
        return f"There is no parameter {quote_value(name)}: did you mean {near}?"
    forms = [f".{form}" for form, options in _FORMS.items() if form and name in options]
    hint = f": did you mean {near}?" if near else f": it is for {' and '.join(forms) or 'lists'}"
    return f"{name} has no meaning {f'for .{form}' if form else 'on this page'}{hint}"
