"""Renders what is missing as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.gaps.records import KINDS, Gaps, Sighting
from scraper.address import is_web
from scraper.commands.gaps_table import count_by_domain, join_numbers
from scraper.console.html_template import render_template


def render_gaps_html(
    gaps: Gaps, title: str, standings: tuple[str, Sequence[tuple[str, Sighting]]] | None = None
) -> str:
    """Render the page, which is well-formed XML too; scraped text cannot become markup in it.

    `standings` is a channel with its standing to posts.
    """
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
