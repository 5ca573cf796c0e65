"""JSON Lines: one brief a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipelines.exports.brief_records import BriefRecord


def format_briefs(briefs: Iterable[BriefRecord]) -> Iterator[str]:
    """Yield each brief as one line of nested JSON; an unknown value is null."""
    for brief in briefs:
        yield json.dumps(brief, ensure_ascii=False, separators=(",", ":")) + "\n"
