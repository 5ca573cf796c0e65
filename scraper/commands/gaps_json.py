"""Renders what is missing as JSON for programs; docs/archivists.md documents the keys, which stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from pipelines.gaps.records import KINDS, Gaps, Sighting

FORMAT = 1


def render_gaps_json(
    gaps: Gaps, archive: str, standings: tuple[str, Sequence[tuple[str, Sighting]]] | None = None
) -> str:
    """Render one JSON object; `standings` is a channel with its standing to posts."""
    data = {
        "format": FORMAT,
        "archive": archive,
        "totals": {kind: gaps.total(kind) for kind in KINDS},
        "gaps": [asdict(gap) for gap in gaps.gaps],
        "channels": [asdict(channel) for channel in gaps.channels],
        "posts": [asdict(sighting) for sighting in gaps.sightings],
        "left_out": list(gaps.notes),
    }
    if standings:
        name, sightings = standings
        posts = [{"standing": standing, "path": sighting.path} for standing, sighting in sightings]
        data["channel"] = {"name": name, "posts": posts}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
