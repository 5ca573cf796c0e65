"""The parameters with an underscore, by which readers steer Datasette and the room; any other is refused."""

from __future__ import annotations

import re

from reading_room.filter_values import BadFilter, find_near, quote_value
from reading_room.public_url import is_tracking

# Of Datasette 0.65, its plugin for feeds, and the room: sizes and order, facets, the shape of JSON and CSV, filters.
OPTIONS = frozenset(
    (
        "_size _next _page _sort _sort_desc _sort_by_desc _col _nocol _nocount _nofacet _nosuggest _timelimit _ttl "
        "_facet _facet_size _facet_array _facet_date _search _searchmode _fts_table _fts_pk _where _through "
        "_shape _json _json_infinity _nl _labels _label _extras _stream _dl _header _raw _blob_column _blob_hash "
        "_filter_column _filter_op _filter_value _hide_sql _show_sql _show_hidden _feed_title _trace"
    ).split()
)
# Search in one column, the rows of the filter form, a comparison that is spelled out.
_FAMILIES = re.compile(r"_search_.+|_filter_(?:column|op|value)_\d+")


def check_option(name: str) -> None:
    """Raise BadFilter if no parameter with an underscore has this name."""
    if name in OPTIONS or _FAMILIES.fullmatch(name) or is_tracking(name):
        return
    near = find_near(name, OPTIONS)
    hint = f"did you mean {near}?" if near else "those with an underscore are such as _size, _sort and _shape"
    raise BadFilter(f"There is no parameter {quote_value(name)}: {hint}")
