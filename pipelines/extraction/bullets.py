"""Bullets that editors typed in front of a line, or that a program made of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.extraction.lines import Line

_SIGN = r"[•·▪●◦‣∙◆■○⁃‧▸►➢➤❖❑□✓✔\ue000-\uf8ff]"  # the last range is that of Word's fonts of signs
# Letters that Word prints as bullets of its second level, and that readers of scanned pages take bullets for.
_LETTER = r"[oe¢](?=\s+[A-Z“\"])"
_BULLET = re.compile(rf"^(?!(?:[*•·–-]\s?){{3,}}$)(?:(?:{_SIGN}|\*(?!\*))\s*|{_LETTER}\s+|[-–]\s+)(?=\S)")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_ALONE = re.compile(rf"{_SIGN}|[o¢]")


def find_bullet_end(text: str) -> int:
    """Find where the bullet character ends that editors typed in front, 0 without one."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def strip_bullet(line: Line) -> Line:
    """Strip the bullet character that editors typed in front."""
    end = find_bullet_end(line.text)
    return line.drop_start(end) if end else line


def strip_list_sign(line: Line) -> Line:
    """Strip the bullet or number that Word writes in front of each item of a list."""
    bare = strip_bullet(line)
    number = _NUMBER.match(line.text) if bare is line else None
    return line.drop_start(number.end()) if number else bare


def join_lone_bullets(lines: Iterable[str]) -> Iterator[str]:
    """Join a bullet that stands on a line of its own with the text that follows it."""
    bullet = ""
    for line in lines:
        if _ALONE.fullmatch(line):
            bullet = "•"
        elif line or not bullet:
            yield f"{bullet} {line}" if bullet and not find_bullet_end(line) else line
            bullet = ""
