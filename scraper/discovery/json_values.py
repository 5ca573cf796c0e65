"""JSON in files as people save them: behind a server's notices, in callbacks, cut off, several values in a row."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any

from scraper.markup.charset import decode_text, restore_punctuation

_COMMA_AT_END = re.compile(r"(?:,\s*)?\]")  # from Python 3.13 on the parser stops before the comma
_BEGINNING = re.compile(r"[\[{](?=\s*[\[{\"\]}])|^\{", re.MULTILINE)
_HEAD = 64 * 1024
_DEEPEST = 6  # levels of objects that a list of posts stands in
# Under these names an answer holds its posts: WordPress with _envelope, WordPress.com, JSON Feed, exports of a table,
# PowerShell, batches, GraphQL.
_HOLDERS = ("body", "posts", "post", "items", "data", "value", "responses", "nodes", "edges", "node")
# Browsers show JSON in a page of their own, which some programs save instead.
_PRE = re.compile(rb"<pre")  # for short words with a rare first letter a pattern is twice as fast as `in`
_VIEWER = re.compile(r"<body[^>]*>\s*(?:<div[^>]*>\s*(?:</div>\s*)?)?<pre[^>]*>\s*(?=[\[{])", re.IGNORECASE)
_CONTENTS = frozenset(("content", "content_html", "content_text", "post_content"))
_TITLES = frozenset(("title", "post_title"))
_ESCAPED_C1 = re.compile(r"(?<!\\)((?:\\\\)*)\\u00([89][0-9a-f])", re.IGNORECASE)
_decode = json.JSONDecoder(strict=False).raw_decode


@dataclass(frozen=True, slots=True)
class Dump:
    """The objects of a file, in order, and whether all of its JSON could be read."""

    items: tuple[Any, ...]
    is_whole: bool = True
    is_list: bool = True  # False: a single object
    is_feed: bool = False  # a JSON Feed


@lru_cache(maxsize=1)  # whether a file is JSON, its addresses and its posts are asked one after the other
def parse_dump(body: bytes) -> Dump:
    """Parse objects, arrays, objects with an array of posts, one after the other and between other text.

    Of a file that breaks off the complete objects are read. Raises ValueError or RecursionError where there are none.
    """
    text = _ESCAPED_C1.sub(
        lambda match: match[1] + restore_punctuation(chr(int(match[2], 16))), decode_text(body, None)[0]
    )
    values, is_whole = _read_values(_unwrap_page(text))
    if not values:
        raise ValueError("no JSON in it")
    items = [item for value in values for item in _list_items(value)]
    if not is_whole:
        items = [item for item in items if isinstance(item, dict)]
    first = values[0] if len(values) == 1 and isinstance(values[0], dict) else None
    is_feed = first is not None and "jsonfeed.org" in str(first.get("version"))
    is_list = first is None or not (len(items) == 1 and items[0] is first)
    return Dump(tuple(items), is_whole, is_list, is_feed)


def is_json_viewer(head: bytes) -> bool:
    """Whether a page is a browser's own view of JSON."""
    return _PRE.search(head) is not None and _VIEWER.search(head.decode("utf-8", "replace")) is not None


def _unwrap_page(text: str) -> str:
    viewer = _VIEWER.search(text[:_HEAD])
    return unescape(text[viewer.end() :].partition("</pre>")[0]) if viewer else text


def _read_values(text: str) -> tuple[list[Any], bool]:
    """Read the values in a text, and whether none of them was broken; of a broken array its elements are read."""
    try:
        return [json.loads(text, strict=False)], True
    except ValueError:
        pass
    values: list[Any] = []
    is_whole = True
    at = 0
    while match := _BEGINNING.search(text, at):
        try:
            value, at = _decode(text, match.start())
            values.append(value)
        except ValueError as error:
            stop = getattr(error, "pos", 0)
            is_array = match[0] == "["
            is_whole = is_whole and is_array and bool(_COMMA_AT_END.match(text, stop))  # which is no loss
            at = match.end() if is_array else max(stop, match.end())
    return values, is_whole


def _list_items(value: object, depth: int = 0) -> list[Any]:
    """List the objects in a value, those of an answer that only holds them instead of the answer."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{") and depth == 0:  # JSON that was written twice
        return [item for inner in _read_values(value)[0] for item in _list_items(inner, 1)]
    if isinstance(value, list):
        inner_depth = depth + any(isinstance(part, list) for part in value)  # a list a page of the answer
        return [item for part in value for item in _list_items(part, inner_depth)]
    if (
        not isinstance(value, dict)
        or depth > _DEEPEST
        or "message" in value
        or any(name in value for name in _CONTENTS)
    ):
        return [value]
    if value and all(name.isdecimal() and isinstance(item, dict) for name, item in value.items()):
        return _list_items(list(value.values()), depth + 1)  # PHP's list with gaps
    inner = next((value[name] for name in _HOLDERS if _is_holder(value.get(name))), None)
    return _find_posts(value, depth) or [value] if inner is None else _list_items(inner, depth + 1)


def _find_posts(value: dict[str, Any], depth: int) -> list[Any]:
    """Find the posts that stand in an answer under names that nobody knows beforehand."""
    items = (item for part in value.values() if isinstance(part, dict | list) for item in _list_items(part, depth + 1))
    return [item for item in items if isinstance(item, dict) and _TITLES & item.keys() and item.keys() & _CONTENTS]


def _is_holder(value: object) -> bool:
    if isinstance(value, list):
        return not value or any(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and len(value) > 0
