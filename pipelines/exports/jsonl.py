"""JSON Lines: a brief a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipelines.exports.briefs import Told


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """Each brief as one line of JSON, everything nested; unknown is null."""
    for told in briefs:
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
