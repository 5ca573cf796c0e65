"""What is missing, as JSON for programs; docs/archivists.md tells its keys, which stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from pipelines.gaps.records import KINDS, Gaps, Sighting

FORMAT = 1


def as_json(gaps: Gaps, archive: str, told: tuple[str, Sequence[tuple[str, Sighting]]] | None = None) -> str:
    """One JSON object; `told` is a channel and how it stands to posts."""
    data = {
        "format": FORMAT,
        "archive": archive,
        "totals": {kind: gaps.total(kind) for kind in KINDS},
        "gaps": [asdict(gap) for gap in gaps.gaps],
        "channels": [asdict(channel) for channel in gaps.channels],
        "posts": [asdict(sighting) for sighting in gaps.sightings],
        "left_out": list(gaps.notes),
    }
    if told:
        channel, standings = told
        data["channel"] = {"name": channel, "posts": [{"standing": word, "path": one.path} for word, one in standings]}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
