"""Places in lists: what `_next` means in the address of a table or a view, in the place of Datasette's own."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import path_with_replaced_args, tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from datasette.views.table import TableView  # type: ignore[import-untyped]

from reading_room.query import query_archive, query_cached
from reading_room.server.asgi import hold_value
from reading_room.server.settings import NAME
from reading_room.tables.columns import read_views
from reading_room.tables.filter_values import BadFilter
from reading_room.tables.row_keys import read_keys
from reading_room.tables.row_order import RowOrder, make_mark, refuse_place, request_order

_OFFSET = re.compile(r"([0-9a-f]+),([1-9]\d{0,8})", re.ASCII)
_load_data = TableView.data


def replace_places() -> None:
    """Replace Datasette's reading of a page of rows, which has no hook."""
    TableView.data = _load_page


async def _load_page(view: Any, request: Request, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - Datasette's
    """What Datasette loads for a page of rows, from its place on; raises a DatasetteError for a place that is none."""
    datasette, table = view.ds, tilde_decode(request.url_vars["table"])
    order = await _find_order(datasette, request, table)
    if order is None or tilde_decode(request.url_vars["database"]) != NAME:
        return await _load_data(view, request, *arguments, **options)
    place = options.pop("_next", None) or request.args.get("_next")
    try:
        return await _load_from(view, request, order, place, arguments, options)
    except BadFilter as error:
        raise DatasetteError(str(error), status=400) from None


async def _load_from(
    view: Any,  # noqa: ANN401 - as above
    request: Request,
    order: RowOrder,
    place: str | None,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:  # noqa: ANN401 - as above
    if place and order.keys:
        order = await query_archive(view.ds, lambda db: order.move_to(db, place))
    elif place:
        options["_next"] = _read_offset(order, place)
    with hold_value(request_order, order):
        answer = await _load_data(view, _drop_place(request), *arguments, **options)
    if isinstance(answer, Response):
        return answer
    data = answer[0]
    if place and not data["rows"] and not order.keys:
        raise refuse_place(place)
    if data["next"]:
        data["next"] = await _make_place(view.ds, order, data["next"])
        path = view.ds.urls.path(path_with_replaced_args(request, {"_next": data["next"]}))
        data["next_url"] = view.ds.absolute_url(request, path)
    return answer


async def _find_order(datasette: Datasette, request: Request, table: str) -> RowOrder | None:
    """The order that a request asks for; None for what is neither a table nor a view."""
    keys = (await query_cached(datasette, read_keys)).get(table, [])
    if not keys and table not in await query_cached(datasette, read_views):
        return None
    wanted = {name: request.args.get(f"_{name}") for name in ("sort", "sort_desc")}
    wanted = wanted if any(wanted.values()) else datasette.table_metadata(NAME, table)
    column = wanted.get("sort") or wanted.get("sort_desc")
    return RowOrder(table, column, not wanted.get("sort"), tuple(name for name, _ in keys))


async def _make_place(datasette: Datasette, order: RowOrder, place: str) -> str:
    """The place that Datasette writes with the value and the keys of a row, or as a number of rows, as we do."""
    if not order.keys:
        return f"{_mark_view(order)},{place}"
    parts = place.split(",")[-len(order.keys) :]
    return await query_archive(datasette, lambda db: order.make_place(db, parts))


def _read_offset(order: RowOrder, place: str) -> str:
    """The number of rows before a place in a view; raises BadFilter for a place in another list."""
    match = _OFFSET.fullmatch(place)
    if match is None or match[1] != _mark_view(order):
        raise refuse_place(place)
    return match[2]


def _mark_view(order: RowOrder) -> str:
    return make_mark(order.table, order.column, order.is_descending)


def _drop_place(request: Request) -> Request:
    """The request as of the first page: it is our order that begins at the place."""
    pairs = [pair for pair in parse_qsl(request.query_string, keep_blank_values=True) if pair[0] != "_next"]
    return Request({**request.scope, "query_string": urlencode(pairs).encode()}, request.receive)
