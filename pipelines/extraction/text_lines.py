"""From a plain text, or one in Markdown, to its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import dropwhile, pairwise

from lxml.html import fragment_fromstring

from pipelines.extraction.bullets import find_bullet_end, join_lone_bullets
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from scraper.markup.html_page import collapse_spaces

_WRAPPED = 120  # characters; a text with a longer line is not hard-wrapped, so each of its lines is a paragraph
_FULL = 55  # characters; a line that was broken has as many
_FEW = 4  # lines
_STOPS = '.!?:;”"’)…'
_REFERENCE = re.compile(r"\s*(?:\d+\.\s+\S+|(?:Visible|Hidden) links:?)\s*")
_LINK_NUMBER = re.compile(r"(?<![^\s(“])\[\d{1,4}\](?=[^\s(])")  # behind a word it is a note's
_WHOLE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_HEADING = re.compile(r"#{1,6}\s+(?=\D)(?P<text>.+)")  # `# 5 Fishing Boat Dispatch` is a label
_ITEM = re.compile(r"[*+-]\s+(?=\S)")
_LINK = re.compile(r"\[(?P<text>[^\[\]]{1,200})\]\((?P<url>(?:https?://|mailto:|[#/])[^\s()<>]{0,500})\)")
_IMAGE = re.compile(r"\[?!\[[^\[\]]{0,300}\]\([^()]{1,500}\)(?:\]\([^\s()]{1,500}\))?")
_ADDRESS = re.compile(r"&lt;(?P<url>(?:https?://|mailto:)[^\s<>&]{1,500})&gt;")
_STRONG = re.compile(r"(?:\*\*|(?<!\w)__)(?=\S)(?P<text>[^*_]{1,300})(?<=\S)(?:\*\*|__(?!\w))")
_EMPHASIS = re.compile(r"(?<![\w*])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_]{1,300})(?<=[^\s*_])(?P=mark)(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!-])")
_MARKED = re.compile(r"^#{1,6} +\D|^(?:[*-] +)?\*\*[^*\n]+\*\*|\]\(https?://", re.MULTILINE)


def read_text_lines(text: str) -> list[Line]:
    """Read the lines of a plain text; a blank line ends a paragraph, a bullet begins a list item."""
    raw_lines = re.split(r"\r\n|[\n\r\x0b\x0c\u2028\u2029]", _drop_references(text))
    whole_lines = list(join_lone_bullets(_collapse_line(_IMAGE.sub("", raw)) for raw in raw_lines))
    has_long_lines = any(len(line) > _WRAPPED for line in whole_lines) or _has_whole_lines(whole_lines)
    if _MARKED.search(text):
        return _read_markdown([line.lstrip() for line in whole_lines], has_long_lines)
    lines: list[Line] = []
    block = 0
    is_open = False  # whether the line above is not blank
    for whole in whole_lines:
        line = whole.lstrip()
        end = find_bullet_end(line)
        block += has_long_lines or not line or end > 0
        if line:
            in_item = is_open and not end and not has_long_lines and _continues_item(lines[-1], whole)
            lines.append(Line(line[end:], "li" if end or in_item else "p", block, is_plain=True))
        is_open = bool(line)
    return lines


def _drop_references(text: str) -> str:
    """Drop the list of addresses that Lynx puts below a text, and the numbers that it puts before each link."""
    front, heading, addresses = text.rpartition("\nReferences\n")
    lines = [line for line in addresses.splitlines() if line.strip()]
    if not heading or not all(map(_REFERENCE.fullmatch, lines)):
        return text
    bare, count = _LINK_NUMBER.subn("", front)
    return bare if count > len(lines) / 2 else text


def _has_whole_lines(lines: list[str]) -> bool:
    """Whether each line is a paragraph, as in the text of a page from Common Crawl, which has no blank lines.

    In a text that was wrapped most lines end within a sentence.
    """
    written = list(dropwhile(lambda line: not line, reversed(lines)))
    broken = sum(1 for line, below in pairwise(lines) if len(line) >= _FULL and below and line[-1] not in _STOPS)
    return all(written) and len(written) > _FEW and broken < len(written) / 4


def _collapse_line(raw: str) -> str:
    """Collapse the spaces of a line, but for one in front of what is indented."""
    line = collapse_spaces(raw)
    return f" {line}" if line and raw[0] in " \t" and not find_bullet_end(line) else line


def _continues_item(above: Line, line: str) -> bool:
    """Whether a line goes on with the list item above: it is indented, or begins within a sentence."""
    if above.kind != "li" or _WHOLE_ADDRESS.fullmatch(line.strip()):
        return False
    is_full = len(above.text) >= _FULL and not above.text.endswith((".", "!", "?"))
    return line[0] == " " or line[0].islower() or is_full


def _read_markdown(raw_lines: list[str], has_long_lines: bool) -> list[Line]:
    """Read the lines of a text in Markdown, by way of the elements that its marks stand for."""
    markup = "".join(_mark_up(raw_lines, has_long_lines))
    lines = read_lines(fragment_fromstring(markup, create_parent="div"), None)
    return [replace(lines[0], kind="p"), *lines[1:]] if lines else []  # the headline is a line like others


def _mark_up(raw_lines: list[str], has_long_lines: bool) -> Iterator[str]:
    tag = ""  # of the element that is open
    for line in raw_lines:
        heading = _HEADING.match(line)
        bullet = 0 if heading or _is_emphasis(line) or _EMPHASIS.match(line) else find_bullet_end(line)
        end = match.end() if not heading and (match := _ITEM.match(line)) else bullet
        continues = tag and tag != "h2" and line and not heading and not end and not has_long_lines
        if tag and not continues:
            yield f"</{tag}>"
            tag = ""
        if not line:
            continue
        if continues:
            yield "<br>"
        else:
            tag = "h2" if heading else "li" if end else "p"
            yield f"<{tag}>"
        yield _mark_up_line(heading["text"].rstrip("#") if heading else line[end:].removeprefix("> "))
    yield f"</{tag}>" if tag else ""


def _is_emphasis(line: str) -> bool:
    """Whether the marks of emphasis stand around the whole line, and none within it."""
    mark = line[:1]
    return mark in ("*", "_") and len(line) > 2 and line[-1] == mark and line.count(mark) == 2 and line[1] != " "


def _mark_up_line(text: str) -> str:
    """Mark up links and emphasis; signs behind a backslash are no marks."""
    if _is_emphasis(text):
        return f"<em>{_mark_up_line(text[1:-1])}</em>"
    text = _ESCAPE.sub(lambda match: f"&#{ord(match[1])};", escape(text, quote=True))
    text = _LINK.sub(r'<a href="\g<url>">\g<text></a>', text)
    text = _ADDRESS.sub(r'<a href="\g<url>">\g<url></a>', text)
    if re.search(r"<[^<>]*[*_]", text):  # marks in addresses are none
        return text
    return _EMPHASIS.sub(r"<em>\g<text></em>", _STRONG.sub(r"<strong>\g<text></strong>", text))
