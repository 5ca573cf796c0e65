"""Items of a list of resources that may be none: posts of the site, heads of tables, lone descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.extraction.wording.resource_headings import ResourceHeading, begins_certain, leads_to_post
from scraper.records import Problem, Resource

_COLUMNS = frozenset(
    "name names organization organizations organisation organisations resource resources group groups description about"
    " what who they it we their do does website websites web site sites link links address url contact contacts phone"
    " email mail purpose mission details information how to help and or of the".split()
)

_SENTENCE = 8  # words
_FEW = 3  # words


def is_table_head(items: Sequence[Resource]) -> bool:
    """Whether the first item is only words for columns, above rows that all have an address."""
    first, *others = items or (None,)
    if first is None or first.url or not others or not all(other.url for other in others):
        return False
    words = re.findall(r"[^\W\d_]+", first.text.lower())
    return len(words) > 1 and _COLUMNS.issuperset(words)


def find_odd_items(items: Sequence[Resource]) -> Iterator[Problem]:
    """Yield a problem for each item that may be no resource beside the others."""
    posts = [item for item in items if leads_to_post(item.url)]
    if posts and len(posts) < len(items):
        yield _doubt(posts[0])
    sentence = next((item for item in items if len(item.text.split()) >= _SENTENCE and item.text.endswith(".")), None)
    if sentence and not any(item.url or item.description for item in items) and not _is_certain(sentence.heading):
        yield _doubt(sentence)
    for index, item in enumerate(items):
        above = items[index - 1] if index else None
        is_head = above is None and len(items) > 2 and all(other.url for other in items[1:])
        is_named = above is not None and (above.url or (_may_be_name(above.text) and len(item.text.split()) > _FEW))
        is_apart = is_named and above is not None and above.description is None and item.text.endswith(".")
        if not item.url and not item.description and (is_head or is_apart):
            yield _doubt(item)


def _may_be_name(text: str) -> bool:
    return len(text.split()) < _SENTENCE and not text.endswith((".", "!", "?"))


def _is_certain(heading: str | None) -> bool:
    return heading is not None and begins_certain(ResourceHeading(heading.strip("“”\"‘’'")))


def _doubt(item: Resource) -> Problem:
    return Problem("resources", "doubtful", f"{item.text[:80]!r} is taken for a resource.")
