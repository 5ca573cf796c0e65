"""Several resources in one item: links with nothing but marks between them, and bullets within a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipelines.extraction.bullets import find_bullet_end
from pipelines.extraction.lines import Line, Span

_MARK = re.compile(r"[\s,;|/&+•·]*(?:\b(?:and|or)\b\s*)?", re.IGNORECASE)
_BULLET = re.compile(r"(?<!\s)\s+[•▪●◦‣■○❖✓✔➤►▸]\s+(?=\S)")
# The pages of one organisation, which editors name beside it.
_OWN_PAGE = re.compile(
    r"(?:(?:Their|Its|The|Official|On)\b.*|(?:Web ?)?sites?|Web|Home ?page|Here|Links?|Donate.*|Volunteer|Join|Sign up"
    r"|Facebook|Twitter|X|Instagram|YouTube|TikTok|LinkedIn|Bluesky|Threads|Mastodon|E-?mail|Contact.*|PDF|Map|App|Blog"
    r"|English|Español|Spanish)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\S+@\S+", re.IGNORECASE)


def join_links(item: Line) -> Line:
    """Join neighbouring links to one address, into which editors' programs split a link; drop those without words."""
    links: list[Span] = []
    for link in item.links:
        last = links[-1] if links else None
        if last is not None and last.url == link.url and not item.text[last.end : link.start].strip():
            links[-1] = replace(last, end=max(last.end, link.end))
        elif item.text[link.start : link.end].strip():
            links.append(link)
    return item.put_text(item.text, tuple(links))


def split_joined_items(item: Line, begins_item: Callable[[Line], bool]) -> list[Line]:
    """Split an item that names several resources; each of the pieces must look like an item."""
    marks = [] if item.text.isascii() else list(_BULLET.finditer(item.text))
    if not marks:
        return _split_at_links(item)
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(item.text)]
    pieces = [item.take_range(start, end) for start, end in zip(starts, ends, strict=True)]
    is_list = find_bullet_end(item.text) or all(begins_item(replace(piece, kind="p")) for piece in pieces)
    return pieces if is_list else _split_at_links(item)


def _split_at_links(item: Line) -> list[Line]:
    """Split at the links where nothing but marks stands between them: `A, B and C`."""
    if len(item.links) < 2:
        return [item]
    links, start = join_links(item).links, find_bullet_end(item.text)
    ends = [start, *(link.end for link in links)]
    gaps = [item.text[end : link.start] for end, link in zip(ends, links, strict=False)]
    others = [item.text[link.start : link.end].strip() for link in links[1:]]
    is_list = (
        len({link.url for link in links}) == len(links) > 1
        and not gaps[0].strip()
        and all(gap and _MARK.fullmatch(gap) for gap in gaps[1:])
        and not item.text[ends[-1] :].strip(" .;,")
        and not any(other[0].islower() or _OWN_PAGE.fullmatch(other) or _ADDRESS.fullmatch(other) for other in others)
    )
    return [item.take_range(link.start, link.end) for link in links] if is_list else [item]
