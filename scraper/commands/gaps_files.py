"""Renders what is missing as one self-contained HTML page, and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pipelines.gaps.records import KINDS, Gaps
from scraper.address import is_web
from scraper.commands.gaps_table import Standings, count_by_domain, join_numbers
from scraper.console.html_template import render_template

FORMAT = 1  # of the JSON; docs/archivists.md documents its keys, which stay


def render_gaps_html(gaps: Gaps, title: str, standings: Standings | None) -> str:
    """Render the page, which is well-formed XML too; scraped text cannot become markup in it."""
    groups = {kind: join_numbers(gap for gap in gaps.gaps if gap.kind == kind) for kind in KINDS}
    return render_template(
        Path(__file__).with_name("gaps.html"),
        gaps=gaps,
        title=title,
        kinds=KINDS,
        groups={kind: group for kind, group in groups.items() if group},
        count_by_domain=count_by_domain,
        is_web=is_web,
        standings=standings,
    )


def render_gaps_json(gaps: Gaps, archive: str, standings: Standings | None) -> str:
    """Render one JSON object."""
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
