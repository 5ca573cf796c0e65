"""From a plain text, or one in Markdown, to its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from lxml.html import fragment_fromstring

from pipelines.extraction.bullets import find_bullet_end
from pipelines.extraction.lines import Line, read_lines
from scraper.html_page import collapse_spaces

_WRAPPED = 160  # characters; a text with a longer line is not hard-wrapped, so each of its lines is a paragraph
_HEADING = re.compile(r"#{1,6}\s+(?=\D)(?P<text>.+)")  # `# 5 Fishing Boat Dispatch` is a label
_ITEM = re.compile(r"[*+-]\s+(?=\S)")
_LINK = re.compile(r"\[(?P<text>[^\[\]]{1,200})\]\((?P<url>(?:https?://|mailto:)[^\s()<>]{1,500})\)")
_ADDRESS = re.compile(r"&lt;(?P<url>(?:https?://|mailto:)[^\s<>&]{1,500})&gt;")
_STRONG = re.compile(r"(?:\*\*|(?<!\w)__)(?=\S)(?P<text>[^*_]{1,300})(?<=\S)(?:\*\*|__(?!\w))")
_EMPHASIS = re.compile(r"(?<![\w*])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_]{1,300})(?<=[^\s*_])(?P=mark)(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!-])")
_MARKED = re.compile(r"^#{1,6} +\D|^(?:[*-] +)?\*\*[^*\n]+\*\*|\]\(https?://", re.MULTILINE)


def read_text_lines(text: str) -> list[Line]:
    """Read the lines of a plain text; a blank line ends a paragraph, a bullet begins a list item."""
    raw_lines = [collapse_spaces(raw) for raw in re.split(r"\r\n|[\n\r\x0b\x0c\u2028\u2029]", text)]
    has_long_lines = any(len(line) > _WRAPPED for line in raw_lines)
    if _MARKED.search(text):
        return _read_markdown(raw_lines, has_long_lines)
    lines: list[Line] = []
    block = 0
    for line in raw_lines:
        if has_long_lines:
            block += 1
        if not line:
            block += 1
            continue
        end = find_bullet_end(line)
        if end:
            block += 1
        lines.append(Line(line[end:], "li" if end else "p", block))
    return lines


def _read_markdown(raw_lines: list[str], has_long_lines: bool) -> list[Line]:
    """Read the lines of a text in Markdown, by way of the elements that its marks stand for."""
    markup = "".join(_mark_up(raw_lines, has_long_lines))
    lines = read_lines(fragment_fromstring(markup, create_parent="div"), None)
    return [replace(lines[0], kind="p"), *lines[1:]] if lines else []  # the headline is a line like others


def _mark_up(raw_lines: list[str], has_long_lines: bool) -> Iterator[str]:
    tag = ""  # of the element that is open
    for line in raw_lines:
        heading = _HEADING.match(line)
        end = (match.end() if (match := _ITEM.match(line)) else find_bullet_end(line)) if not heading else 0
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


def _mark_up_line(text: str) -> str:
    """Mark up links and emphasis; signs behind a backslash are no marks."""
    text = _ESCAPE.sub(lambda match: f"&#{ord(match[1])};", escape(text, quote=True))
    text = _LINK.sub(r'<a href="\g<url>">\g<text></a>', text)
    text = _ADDRESS.sub(r'<a href="\g<url>">\g<url></a>', text)
    if re.search(r"<[^<>]*[*_]", text):  # marks in addresses are none
        return text
    return _EMPHASIS.sub(r"<em>\g<text></em>", _STRONG.sub(r"<strong>\g<text></strong>", text))
