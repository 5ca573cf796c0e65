"""What is missing, as one HTML page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.gaps.records import KINDS, Gaps, Sighting
from scraper.address import is_web
from scraper.console.gaps_table import by_domain, folded
from scraper.console.html_template import rendered


def as_html(gaps: Gaps, title: str, told: tuple[str, Sequence[tuple[str, Sighting]]] | None = None) -> str:
    """The page, well-formed XML too; whatever was scraped is text in it. `told` is a channel and its standings."""
    groups = {kind: folded(gap for gap in gaps.gaps if gap.kind == kind) for kind in KINDS}
    return rendered(
        Path(__file__).with_name("gaps.html"),
        gaps=gaps,
        title=title,
        kinds=KINDS,
        groups={kind: group for kind, group in groups.items() if group},
        by_domain=by_domain,
        is_web=is_web,
        channel=told,
    )
