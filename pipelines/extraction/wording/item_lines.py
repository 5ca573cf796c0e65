"""Which lines of a list of resources are one item: a name, with its description and its address below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pipelines.extraction.lines import Line, Span, group_blocks, join_lines
from pipelines.extraction.wording.joined_items import split_joined_items
from pipelines.extraction.wording.resources import CALL, SEPARATOR, begins_item, is_inside, strip_mark
from pipelines.extraction.wording.written_addresses import ADDRESS, is_address
from scraper.records import Problem

_DESCRIBED = 2  # lines of an item: its name and what describes it, before its address
_LONGEST_NAME = 10  # words
_SMALL = 3  # letters of a word that a title may have in small letters
_TELEPHONE = re.compile(r"(?:(?:Tel|Phone|Telephone|Fax)[.:]?\s*)?\+?[\d(][\d()\s.–-]{6,20}\d", re.IGNORECASE)


def _is_name_alone(item: Line) -> bool:
    """Whether an item is only a linked name, whose description may be the next paragraph."""
    return bool(item.links) and item.links[0].start == 0 and item.links[0].end >= len(item.text.rstrip(" :–—"))


def _names_another(line: Line) -> bool:
    """Whether a paragraph after an item that is only a name begins another item."""
    separator = SEPARATOR.search(line.text)
    if line.links or separator is None or not begins_item(line):
        return bool(line.links)
    return ":" in separator[0] or _parts_title(line.text, separator)


def _parts_title(text: str, dash: re.Match[str]) -> bool:
    """Whether a dash stands between a name in capitals and a sentence, and does not part the words of one sentence."""
    name = text[: dash.start()].split()
    has_capitals = len(name) <= _LONGEST_NAME and all(word[0].isupper() or len(word) <= _SMALL for word in name)
    return has_capitals and text[dash.end() :][:1].isupper()


def _doubt_joins(joins: list[tuple[Line, Line]]) -> list[Problem]:
    """Doubt the one line that was joined with the item above it though it may be an item of its own.

    Where several lines of a list go on so, the list itself shows how it is written.
    """
    addresses = [join for join in joins if is_address(join[1].text)]
    sentences = [join for join in joins if _is_name_alone(join[0])]
    alone = [group[0][1] for group in (addresses, sentences) if len(group) == 1 and _may_be_apart(*group[0])]
    message = "is taken for a part of the resource above it."
    return [Problem("resources", "doubtful", f"{line.text[:80]!r} {message}") for line in alone]


def _may_be_apart(above: Line, line: Line) -> bool:
    if is_address(line.text):
        return not _may_be_name(above) or bool(SEPARATOR.search(above.text))
    separator = SEPARATOR.search(line.text) if begins_item(line) else None
    return bool(CALL.match(line.text) or (separator and line.text[separator.end() :][:1].isupper()))


def split_items(lines: list[Line]) -> tuple[list[Line], list[Problem]]:
    """Split the lines into one for each item, with what is doubtful; paragraphs are split where a line begins one."""
    items: list[Line] = []
    joins: list[tuple[Line, Line]] = []
    for run in _group_items(lines):
        if run[0].kind == "li" or run[0].item:
            items.append(join_lines(run))
        elif items and _goes_on(items[-1], run):
            joins.append((items[-1], run[0]))
            items[-1] = join_lines([items[-1], *run])
        else:
            parts = _split_paragraph(run)
            joins += [pair for part in parts for pair in pairwise(part)]
            items += map(_join_item, parts)
    pieces = [strip_mark(piece) for item in items for piece in split_joined_items(item, begins_item)]
    return pieces, _doubt_joins(joins)


def _split_paragraph(run: list[Line]) -> list[list[Line]]:
    parts: list[list[Line]] = []
    for index, line in enumerate(run):
        if not parts or not _belongs_to(parts[-1], line, run[index + 1 : index + 2]):
            parts.append([])
        parts[-1].append(line)
    return parts


def _belongs_to(part: list[Line], line: Line, below: list[Line]) -> bool:
    """Whether a line of a paragraph goes on with the item above it: with its address, or with a sentence about it."""
    first = part[0]
    if is_address(line.text):
        return len(part) <= _DESCRIBED and not any(above.links or ADDRESS.match(above.text) for above in part)
    if _TELEPHONE.fullmatch(line.text):
        return True
    if begins_item(line) or line.text[0].islower():
        return not begins_item(line)
    is_sentence = line.text.endswith((".", "!", "?")) and not line.links and not CALL.match(line.text)
    if not is_sentence or not (_may_be_name(first) or _is_name_alone(first)):
        return False
    if len(part) > 1:
        return len(part) == _DESCRIBED and is_address(part[1].text)
    is_marked = _is_name_alone(first) or (first.is_bold and not line.is_bold)
    return is_marked or (bool(below) and is_address(below[0].text))


def _may_be_name(line: Line) -> bool:
    """Whether a line of its own may be a name: it is short, no sentence, and no address."""
    is_short = len(line.text.split()) <= _LONGEST_NAME and not line.text.endswith((".", "!", "?", ","))
    return is_short and not CALL.match(line.text) and not ADDRESS.match(line.text)


def _join_item(part: list[Line]) -> Line:
    """Join the lines of an item; the name on a line of its own counts as strong, for the line shows where it ends."""
    first = part[0]
    if len(part) == 1 or first.links or not _may_be_name(first) or not part[1].text[0].isupper():
        return join_lines(part)
    name = Span("strong", 0, len(first.text))
    return join_lines([replace(first, spans=(name, *first.spans)), *part[1:]])


def _goes_on(item: Line, run: list[Line]) -> bool:
    """Whether a paragraph goes on with the item above it: with its description, or with nothing but its address."""
    if _is_name_alone(item):
        is_named_again = not run[0].links and run[0].text.startswith(item.text.rstrip(" :–—"))
        return is_named_again or not any(_names_another(line) for line in run)
    if len(run) == 1 and is_address(run[0].text):
        return not item.links and not ADDRESS.search(item.text)
    is_name = item.is_bold or (item.text.endswith(":") and _may_be_name(item))
    return is_name and not item.links and not any(line.is_bold or begins_item(line) for line in run)


def _group_items(lines: list[Line]) -> Iterator[list[Line]]:
    """Group the lines of a paragraph, and all of a list item unless a paragraph in it begins another by its link."""
    group: list[Line] = []
    for run in group_blocks(lines):
        if group and not (is_inside(run[0], group[-1]) and not (group[0].links and _starts_with_link(run[0]))):
            yield group
            group = []
        group += run
    if group:
        yield group


def _starts_with_link(line: Line) -> bool:
    return any(link.start == 0 for link in line.links)
