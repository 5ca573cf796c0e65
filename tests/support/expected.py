"""The saved pages of `tests/pages/` and what is expected of each: read, compared field by field, told in words.

A page `NAME.html`, `.txt`, `.xml` or `NAME.rest.json` has its expectation in `NAME.json`: the outcome, the layout if it
matters, kinds of problems that must be told, and under `briefs` every field of each post. A field that is left out is
expected to be empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.extract import extract
from scraper.records import Brief, Capture, Extraction
from scraper.sources.files import read_page
from scraper.sources.sidecar import read_sidecar

PAGES = Path(__file__).parents[1] / "pages"
FIELDS = tuple(f.name for f in fields(Brief) if f.name != "body_html")
_TOP = ("outcome", "layout", "captured_at", "path")  # of the extraction; compared where the expectation gives them
_SHOWN = 160  # characters of a long value around the first difference

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A saved page and the place of its expectation."""

    name: str
    page: Path
    expectation: Path


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that came out otherwise; `brief` is its path, None for what belongs to the capture."""

    brief: str | None
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        expected, found = _shorten_values(self.expected, self.found)
        return f"{self.field}{f' of {self.brief}' if self.brief else ''}\n    expected {expected}\n    found    {found}"


@cache
def list_saved_pages() -> tuple[SavedPage, ...]:
    """All saved pages in the order of their names."""
    pages = [path for path in sorted(PAGES.iterdir()) if _is_page(path)]
    return tuple(SavedPage(n, path, PAGES / f"{n}.json") for path in pages for n in [path.name.split(".")[0]])


def _is_page(path: Path) -> bool:
    return path.suffix in {".html", ".txt", ".xml"} or path.name.endswith(".rest.json")


def load_capture(page: SavedPage) -> Capture:
    """The capture as `scrapy ingest` reads it; an empty file, which it refuses, as a crawl would bring it."""
    for part in read_page(page.page, None):
        if isinstance(part, Capture):
            return part
    aside = read_sidecar(page.page)
    return Capture(page.page.read_bytes(), aside.url, aside.captured_at, "file", aside.status, (), aside.content_type)


@cache
def extraction_of(page: SavedPage) -> Extraction:
    """What the program reads out of the page."""
    return extract(load_capture(page))


def describe_extraction(extraction: Extraction) -> Json:
    """An extraction in the form of an expectation."""
    briefs = [_without_empty(asdict(reading.brief)) for reading in extraction.readings]
    top = {"outcome": extraction.outcome, "layout": extraction.layout}
    return _without_empty(top) | {"briefs": briefs}


def _without_empty(values: Mapping[str, Any]) -> Json:
    """Only what is there, nested values too, as JSON holds it."""
    plain: Json = json.loads(json.dumps({k: v for k, v in values.items() if k != "body_html"}))
    return {key: _compact(value) for key, value in plain.items() if value not in (None, [], "")}


def _compact(value: object) -> object:
    if isinstance(value, list):
        return [_without_empty(item) if isinstance(item, dict) else item for item in value]
    return value


def load_expectation(page: SavedPage) -> Json:
    """The expectation, its empty fields left out."""
    expectation: Json = json.loads(page.expectation.read_text("utf-8"))
    return expectation | {"briefs": [_without_empty(brief) for brief in expectation["briefs"]]}


def differences(page: SavedPage) -> Iterator[Difference]:
    """Every field that came out otherwise than expected."""
    extraction, expected = extraction_of(page), load_expectation(page)
    for name in _TOP:
        if name in expected and getattr(extraction, name) != expected[name]:
            yield Difference(None, name, expected[name], getattr(extraction, name))
    kinds = {p.kind for p in extraction.problems} | {p.kind for r in extraction.readings for p in r.problems}
    if missing := set(expected.get("problems", ())) - kinds:
        yield Difference(None, "problems", sorted(missing), sorted(kinds))
    briefs, found = expected["briefs"], describe_extraction(extraction)["briefs"]
    if len(briefs) != len(found):
        yield Difference(None, "briefs", [b["path"] for b in briefs], [b["path"] for b in found])
    for wanted, got in zip(briefs, found, strict=False):
        yield from _of_brief(wanted, got)


def _of_brief(wanted: Json, got: Json) -> Iterator[Difference]:
    if kicker := wanted.get("kicker"):
        got = _without_kicker(got, kicker)
    for name in FIELDS:
        if wanted.get(name) != got.get(name):
            yield Difference(wanted["path"], name, wanted.get(name), got.get(name))


def _without_kicker(brief: Json, kicker: str) -> Json:
    """The contract leaves open whether a kicker such as `JULY OP ED` is body; expectations are written without."""
    head = kicker + "\n\n"
    sections = [dict(section) for section in brief.get("sections", ())]
    if sections and sections[0].get("text", "").startswith(head):
        sections[0]["text"] = sections[0]["text"].removeprefix(head)
    return brief | {"body": brief.get("body", "").removeprefix(head), "sections": sections}


def _shorten_values(expected: object, found: object) -> tuple[str, str]:
    """Both values, long ones cut to where they part."""
    first, second = repr(expected), repr(found)
    if max(len(first), len(second)) <= _SHOWN:
        return first, second
    parted = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    start = max(0, parted - _SHOWN // 3)
    return f"…{first[start : start + _SHOWN]}…", f"…{second[start : start + _SHOWN]}…"
