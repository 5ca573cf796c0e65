"""The recommended resources: the three shapes of their items (site-atlas 2.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction.bullets import strip_bullet
from pipelines.extraction.lines import Line, Span, find_strong_end
from pipelines.extraction.wording.joined_items import join_links
from pipelines.extraction.wording.sections import strip_end
from pipelines.extraction.wording.written_addresses import ADDRESS, HOST, is_address, read_address, unwrap_address
from scraper.records import Resource
from scraper.url_reading import split_address

# Shapes of items whose name may end elsewhere.
GUESSES = frozenset(("link_amid", "link_parted", "dash_amid", "host_name"))
_PROSE = 120  # characters
_LONGEST = 90  # characters of an item that may be a name as a whole
_FEW = 3  # words; a name before a colon has no more
SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?:\s+|(?<!\s)\s+–\s+")
# After a link more marks are separators, for the link shows where the name ends.
_AFTER_LINK = re.compile(r"(?:(?<!\s)\s+)?(?::|–|—|--+|[|•·]|(?<=\s)-|-\s)\s*")
_INSTRUCTION = re.compile(
    r"[(\[*]{0,2}(?:(?:click|tap|visit|see|use|please)\b.{0,80}\b(?:links?|resources?|below|following)\b"
    r"|(?:click|tap)\b.{0,60}\bto (?:visit|open|see|learn|read|view|go)\b).{0,40}",
    re.IGNORECASE,
)
_DASH_IN_FRONT = re.compile(r"[-–—](?=[^\W\d_])")
_NUMBER = re.compile(r"\(?(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
# A sentence that sends the reader to its link.
CALL = re.compile(
    r"(?:Please )?(?:Visit|See|Read|Watch|Go|Check|Contact|Call|Write|E-?mail|Follow|Join|Support|Sign|Donate|Find"
    r"|Learn|Use|Try|Listen|Get|Take|Help|Register|Volunteer|Subscribe|Browse|Explore|Download|Click|Tap|Look|Add|Text)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:(?:(?:Visit|Learn|Read|Find|See|Go|Click|Tap|Sign|Donate|Join|More)\b.{0,40})|(?:Our |Their |The |Its )?"
    r"(?:Official )?(?:Web ?)?(?:site|page|link|here|home ?page))$",
    re.IGNORECASE,
)
_ADDRESS_BEHIND = re.compile(r"(?<!\s)\s+[(<\[]?(?:https?://|www\.)\S+$", re.IGNORECASE)
_LEADS_ON = re.compile(r"\b(?:visit|see|at|via|on|to|from|is|go|or|and|with)$", re.IGNORECASE)  # no name ends so
_ADDRESS_AT_END = re.compile(
    r"(?<=\s)(?:[(<\[]\s?(?P<bracketed>(?:https?://|www\.)?[\w-]+\.[^\s<>\"()\[\]]+)\s?[)>\]]"
    r"|(?P<bare>(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:)])"
    r"|(?<=[.!?–—]\s)(?P<host>[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|us)(?:/\S*)?))[.,;]?$",
    re.IGNORECASE,
)
_ADDRESS_WORD = re.compile(r"(?:^|(?<=[\s(]))(?:Web ?site|Web|URL|Link)$", re.IGNORECASE)
_DASH = re.compile(r"\s(?:—|--?)\s|\w(?:[–—]|--)\s")  # may end the name as ` – ` does


def strip_mark(line: Line) -> Line:
    """Strip the bullet or the number in front of an item."""
    line = strip_bullet(line)
    match = _NUMBER.match(line.text) or _DASH_IN_FRONT.match(line.text)
    return line.drop_start(match.end()) if match else line


def begins_item(line: Line) -> bool:
    """Whether a paragraph looks like an item: a bullet, a link in front, an address, or a name and a separator."""
    if line.kind == "li" or strip_mark(line) is not line or ADDRESS.match(line.text):
        return True
    if any(link.start == 0 for link in line.links):
        return True
    separator = SEPARATOR.search(line.text)
    return bool(
        separator and separator.start() <= _LONGEST and not re.search(r"[.!?]\s", line.text[: separator.start()])
    )


def is_prose(line: Line) -> bool:
    """Whether a paragraph is too long for an item without link or separator."""
    return len(line.text) > _PROSE and not begins_item(line)


def are_links(lines: Sequence[Line]) -> bool:
    """Whether there are lines, and each of them begins with a link, behind a bullet or not, or is an item with one."""
    items = [strip_mark(line) for above, line in zip([None, *lines], lines, strict=False) if not is_inside(line, above)]
    return bool(items) and all(item.links and (item.kind == "li" or item.links[0].start == 0) for item in items)


def is_inside(line: Line, above: Line | None) -> bool:
    """Whether a line stands in the list item of the line above."""
    return above is not None and line.item == above.item != 0


def is_instruction(line: Line) -> bool:
    """Whether the line tells the reader how to use the list: `Click or tap on resource URL to visit links`."""
    return not line.links and bool(_INSTRUCTION.fullmatch(line.text))


def introduces_items(line: Line, following: Sequence[Line]) -> bool:
    """Whether the line introduces the items below it: `These groups work on it:`."""
    leads = line.kind == "p" and not line.is_bold and line.text.endswith(":") and len(line.text.split()) > _FEW
    has_items = any(
        are_links([below]) and below.block != line.block for below in following[:2]
    )  # a heading of the first group may come first
    return leads and not line.links and has_items


def _find_own_link(item: Line) -> Span | None:
    """Find the link of the item itself, which is before the description and not inside it."""
    links = [link for link in item.links if item.text[link.start : link.end].strip()]
    if not links:
        return None
    first = links[0]
    inside = item.text[first.start : first.end]
    separator = next(
        (m for m in SEPARATOR.finditer(item.text) if m.end() >= first.end or m.start() < first.start), None
    )
    if separator is None:
        return first if first.start == 0 else None
    if is_address(inside) and not item.text[first.end :].strip(" ."):
        return first  # `Name: https://…` has nothing but the address after the name
    return first if first.start < separator.start() or first.start == 0 else None


def _find_far_link(item: Line, description: str | None) -> Span | None:
    """Find an item's link behind other words: it shows its address, or is the only one and no part of a description."""
    if not item.links:
        return None
    first, last = item.links[0], item.links[-1]
    is_last = not item.text[last.end :].strip(" .,)]")
    if is_last and read_address(item.text[last.start : last.end].strip(" .,()[]")):
        return last
    if any(link.url != first.url for link in item.links):
        return None
    words = item.text[first.start : last.end].strip(" .")
    if description and description.startswith(words) and read_address(words):
        return first  # `NAME https://… What it does.`
    is_whole = description is None or description.strip(" .()[]") == words
    return first if is_whole or (is_last and _POINTER.match(words)) else None


def _ends_in_name(item: Line, link: Span) -> bool:
    """Whether a short item ends in a linked name: `Donate to NAME`, of which all is the item's name."""
    words = item.text[link.start : link.end].strip(" .")
    is_short = len(item.text) <= _LONGEST and not item.text[link.end :].strip(" .)")
    return is_short and not HOST.fullmatch(words) and not _POINTER.match(words)


def _split_at_link(item: Line, link: Span) -> tuple[str, str | None]:
    after = item.text[link.end :]
    has_separator = item.text[link.start : link.end].rstrip().endswith((":", "–", "—"))
    separator = re.match("", after) if has_separator else _AFTER_LINK.match(after)
    inner = SEPARATOR.search(item.text[link.start : link.end])
    if inner and not after.strip():  # the whole item is one link
        name = item.text[link.start : link.start + inner.start()]
        return strip_end(name), item.text[link.start + inner.end() :].strip() or None
    name = strip_end(item.text[link.start : link.end])
    if separator is None:
        return name, _find_description(after, link)
    return name, after[separator.end() :].strip() or None


def _find_description(after: str, link: Span) -> str | None:
    """Find the description where no separator follows the link: after a later one, or all of the rest."""
    later = SEPARATOR.search(after)
    if later and (link.start or len(after[: later.start()].split()) <= 3) and "." not in after[: later.start()]:
        return after[later.end() :].strip() or None
    rest = after.strip().lstrip(",.;").lstrip() if link.start == 0 else ""
    return rest if re.search(r"\w", rest) else None


def _split_at_separator(text: str) -> tuple[str, str | None]:
    separator = SEPARATOR.search(text)
    if separator is None or separator.start() == 0:
        return strip_end(text), None
    return strip_end(text[: separator.start()]), text[separator.end() :].strip() or None


def _split_behind_bold_name(item: Line) -> tuple[str, str] | None:
    """Split an item whose name is bold, and whose description begins a sentence behind it without a separator."""
    end = find_strong_end(item)
    name, description = strip_end(item.text[:end]), item.text[end:].strip()
    if not (name and description) or name.endswith((".", "!", "?", ",")) or CALL.match(name):
        return None
    return (name, description) if description[0].isupper() or ADDRESS.match(description) else None


def read_item(item: Line, heading: str | None) -> tuple[Resource, str]:
    """Read one resource, and the shape by which name and description were split."""
    bold_name, item, text = _split_behind_bold_name(item), join_links(item), item.text
    if address := read_address(text):
        link = item.links[0].url if item.links else None
        return Resource(heading, unwrap_address(text), link or address, None, text), "bare_address"
    link_span = _find_own_link(item)
    linked = text[link_span.start : link_span.end] if link_span else ""
    if link_span is not None and not (link_span.start and read_address(linked)):
        name, description = _split_at_link(item, link_span)
        shape = "link_in_front" if description is None or description not in linked else "link_parted"
        return Resource(heading, name, _get_web_url(link_span.url), description, text), shape
    name, description = bold_name or _split_at_separator(text)
    front, written = _split_off_address(description or name) if item.is_plain else (description or name, None)
    name, description = (name, front) if description else (front, None)
    behind = _ADDRESS_BEHIND.search(name)
    name = name[: behind.start()] if behind and not _LEADS_ON.search(name[: behind.start()]) else name
    far_link = link_span or _find_far_link(item, description)
    url = _get_web_url(far_link.url) if far_link else None
    is_certain = link_span or description or CALL.match(text)
    if far_link and not is_certain and not _ends_in_name(item, far_link):
        return Resource(heading, name, url, description, text), "link_amid"
    texts = filter(None, (behind and behind[0].lstrip(), name, description))
    url = url or written or next(filter(None, map(read_address, texts)), None) or _find_written(item, description)
    if description:
        shape = "host_name" if not link_span and HOST.fullmatch(name) else "name_separator"
    else:
        shape = "dash_amid" if _DASH.search(name) else "whole_item"
    return Resource(heading, name, url, description, text), shape


def _split_off_address(text: str) -> tuple[str, str | None]:
    """Split off the address that is written behind all other words, as plain texts have it."""
    match = _ADDRESS_AT_END.search(text)
    address = read_address(match["bracketed"] or match["bare"] or match["host"]) if match else None
    if match is None or address is None:
        return text, None
    front = text[: match.start()].rstrip(" :–—-")
    if _LEADS_ON.search(front):
        return text, address
    return _ADDRESS_WORD.sub("", front).rstrip() or front, address


def _find_written(item: Line, description: str | None) -> str | None:
    """Find the only address that is written out in an item without a link, where its description begins with it."""
    if item.links or description is None or len(ADDRESS.findall(description)) != 1:
        return None
    return read_address(description.partition(" ")[0])


def _get_web_url(url: str | None) -> str | None:
    """Get the address if a reader can follow it."""
    scheme, host, path, *_ = split_address(url or "")
    return url if (host and scheme in ("http", "https")) or (path and scheme in ("mailto", "tel")) else None
