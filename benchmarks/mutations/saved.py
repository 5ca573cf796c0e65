"""The saved pages of `tests/pages/` as specimens: pages, bare texts, REST answers and feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from benchmarks.mutations.specimen import POST, Specimen
from scraper.markup.charset import decode_text
from tests.support.expected import FIELDS, SavedPage, list_saved_pages, load_capture, load_expectation

_CONTENT = re.compile(r'"content": ?\{"rendered": ?(?P<content>"(?:[^"\\]|\\.)*")')
_ENCODED = re.compile(r"<content:encoded><!\[CDATA\[(?P<content>.*?)\]\]>", re.DOTALL)


def load_specimens() -> dict[str, Specimen]:
    """Every post of every saved page by its name, and the pages that are none."""
    return {specimen.name: specimen for page in list_saved_pages() for specimen in _load_page(page)}


def _load_page(page: SavedPage) -> Iterator[Specimen]:
    capture, expected = load_capture(page), load_expectation(page)
    briefs, is_doubtful = expected["briefs"], "problems" in expected
    text, _ = decode_text(capture.body, capture.content_type)
    media, charset, _ = (capture.content_type or "text/html").partition(";")
    if charset or page.page.suffix == ".html":
        capture = replace(capture, content_type=f"{media}; charset=UTF-8")
    if not briefs:
        yield Specimen(page.name, capture, text, _describe_none())
        return
    for index, (brief, (content, frame)) in enumerate(zip(briefs, _split_file(page, text), strict=False)):
        name = page.name if len(briefs) == 1 else f"{page.name}:{index}"
        is_bare = page.page.suffix == ".txt"
        yield Specimen(name, capture, content, _describe(brief), frame, index, is_bare=is_bare, is_doubtful=is_doubtful)


def _split_file(page: SavedPage, text: str) -> Iterator[tuple[str, Callable[[str], str] | None]]:
    """Split a file into the content of each post, with a function that puts it back; other files are one content."""
    if page.page.suffix not in (".json", ".xml"):
        yield text, None
        return
    is_json = page.page.suffix == ".json"
    for match in (_CONTENT if is_json else _ENCODED).finditer(text):
        content = match["content"]
        yield json.loads(content) if is_json else content, _make_frame(text, *match.span("content"), is_json=is_json)


def _make_frame(text: str, start: int, end: int, *, is_json: bool) -> Callable[[str], str]:
    return lambda content: text[:start] + (json.dumps(content) if is_json else content) + text[end:]


def _describe(brief: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The truth of a post; a kicker may be body or not, and other bytes have another name."""
    truth: dict[str, tuple[Any, ...]] = {field: (brief.get(field),) for field in FIELDS}
    is_named_by_bytes = str(brief["path"]).startswith("urn:")
    open_fields = {"path"} if is_named_by_bytes else set()
    open_fields |= {"body", "sections"} if "kicker" in brief else set()
    return truth | {POST: (True,)} | dict.fromkeys(open_fields, ())


def _describe_none() -> dict[str, tuple[Any, ...]]:
    return dict.fromkeys(FIELDS, ()) | {POST: (False,)}
