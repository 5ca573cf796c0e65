"""Text that page builders keep out of the HTML: in attributes of blocks (Divi 5, custom blocks) or beside the post."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape

_BEGINNING, _END = "<!-- wp:", "-->"
_CORE = re.compile(r"[\w-]+(?:\s|$)")  # no slash: a block of WordPress itself, whose text stands in its HTML
_PARTS = ("title", "heading", "subhead", "content")  # of a module of Divi, in the order in which it shows them
_HEADINGS = frozenset(("title", "heading"))
_VARIABLE = re.compile(r"\$variable\([^$]*\)\$")  # what Divi fills in from elsewhere: the post's title, its date
_MARKUP = re.compile(r"</?(?:p|li|h[1-6]|br|blockquote)\b")
_WORDS = 8  # in an attribute that is prose and no setting


def render_blocks(content: str) -> str:
    """Put the text that blocks keep in their attributes behind the comments that open them."""
    pieces: list[str] = []
    at = 0
    while (begin := content.find(_BEGINNING, at)) >= 0 and (end := content.find(_END, begin)) >= 0:
        pieces += content[at : end + len(_END)], _render_block(content[begin + len(_BEGINNING) : end])
        at = end + len(_END)
    return "".join(pieces) + content[at:]


def name_doubtful_blocks(content: str) -> list[str]:
    """Name the blocks of unknown makers whose text was taken from their attributes."""
    comments = [part.partition(_END)[0] for part in content.split(_BEGINNING)[1:]]
    return [
        name
        for comment in comments
        if not (name := comment.split(None, 1)[0]).startswith("divi/") and _render_block(comment)
    ]


def render_elementor(data: str) -> str:
    """Render what Elementor keeps of a page beside it: its widgets in their order, headings and texts."""
    try:
        elements = json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return ""
    return "".join(_render_widgets(elements))


def _render_widgets(elements: object) -> Iterator[str]:
    for element in elements if isinstance(elements, list) else ():
        if not isinstance(element, dict):
            continue
        settings = element.get("settings")
        if isinstance(settings, dict):
            title = settings.get("title") if element.get("widgetType") == "heading" else None
            yield f"<h4>{title}</h4>" if isinstance(title, str) else "".join(_render_prose(settings))
        yield from _render_widgets(element.get("elements"))


def _render_block(comment: str) -> str:
    name, _, stated = comment.partition("{")
    if not stated or _CORE.match(name):
        return ""
    try:
        attributes, _ = json.JSONDecoder(strict=False).raw_decode("{" + stated)
    except (ValueError, RecursionError):
        return ""
    if name.startswith("divi/"):
        return "" if _is_hidden(attributes) else "".join(_render_parts(attributes))
    # A block that wraps HTML shows that; one that is closed at once has nothing but its attributes.
    return "".join(_render_prose(attributes)) if comment.rstrip().endswith("/") else ""


def _render_parts(attributes: dict[str, object]) -> Iterator[str]:
    for part in _PARTS:
        if text := _VARIABLE.sub("", _find_value(attributes.get(part))).strip():
            yield f"<h4>{text}</h4>" if part in _HEADINGS else f"<div>{text}</div>"


def _find_value(part: object) -> str:
    """Find the text that a part shows on a wide screen, else on any."""
    inner = part.get("innerContent") if isinstance(part, dict) else None
    if not isinstance(inner, dict):
        return ""
    for screen in ("desktop", *inner):
        value = state.get("value") if isinstance(state := inner.get(screen), dict) else None
        value = value.get("text") if isinstance(value, dict) else value
        if isinstance(value, str) and value:
            return value
    return ""


def _is_hidden(attributes: dict[str, object]) -> bool:
    """Whether the editors took a module from all screens."""
    place: object = attributes
    for name in ("module", "decoration", "disabledOn"):
        place = place.get(name) if isinstance(place, dict) else None
    states = (
        [state.get("value") for state in place.values() if isinstance(state, dict)] if isinstance(place, dict) else []
    )
    return bool(states) and set(states) == {"on"}


def _render_prose(value: object) -> Iterator[str]:
    """Render what reads as prose in the attributes of an unknown block: marked-up text and whole sentences."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _render_prose(inner)
    elif isinstance(value, str) and _MARKUP.search(value):
        yield f"<div>{value}</div>"
    elif isinstance(value, str) and len(value.split()) >= _WORDS:
        yield f"<div>{escape(value, quote=False)}</div>"
