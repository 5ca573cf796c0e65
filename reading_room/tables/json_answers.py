"""JSON in slices: stands in for Python's module `json`, which Datasette writes answers with.

Python writes a value in one step, in which no other reader is served; some answers have 50 MB.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import islice
from json import loads
from typing import Any

from datasette import renderer  # type: ignore[import-untyped]
from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

__all__ = ["dumps", "loads", "make_renderer", "replace_json_module"]
_ITEMS = 20  # of a list, written in one step


def dumps(value: object, **options: Any) -> str:  # noqa: ANN401 - as the module's own
    """The value as JSON, as Python's own `dumps` writes it."""
    if isinstance(value, dict) and value:
        pairs = (f"{json.dumps({key: 0}, **options)[1:-2]}{dumps(item, **options)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list) and len(value) > _ITEMS:
        items = iter(value)
        slices = iter(lambda: list(islice(items, _ITEMS)), [])
        return f"[{', '.join(json.dumps(part, **options)[1:-1] for part in slices)}]"
    return json.dumps(value, **options)


def replace_json_module() -> None:
    """Make Datasette write JSON with this module: it has no hook for that."""
    renderer.json = sys.modules[__name__]


def make_renderer() -> dict[str, Any]:
    """The renderer of `.json` that replaces Datasette's own: the same, in a thread."""
    return {"extension": "json", "render": _render_json, "can_render": lambda: True}


async def _render_json(args: Any, data: dict[str, Any], view_name: str) -> Response:  # noqa: ANN401 - Datasette's own
    response = await asyncio.to_thread(renderer.json_renderer, args, data, view_name)
    if args.get("_shape") == "object" and response.body.startswith('{"ok": false'):  # with status 200
        raise DatasetteError(loads(response.body)["error"], status=400)
    return response
