"""Bullets that editors typed in front of a line."""

from __future__ import annotations

import re

from pipelines.extraction.lines import Line

_BULLET = re.compile(r"^(?!(?:[*•·–-]\s?){3,}$)(?:(?:[•·▪●◦‣∙◆■]|\*(?!\*))\s*|[-–]\s+)(?=\S)")


def find_bullet_end(text: str) -> int:
    """Find where the bullet character ends that editors typed in front, 0 without one."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def strip_bullet(line: Line) -> Line:
    """Strip the bullet character that editors typed in front."""
    end = find_bullet_end(line.text)
    return line.drop_start(end) if end else line
