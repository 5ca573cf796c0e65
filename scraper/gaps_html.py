"""What is missing, as one HTML page that needs nothing beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scraper.address import is_web
from scraper.gaps import KINDS, Gaps, Sighting
from scraper.gaps_shown import by_domain, folded

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no escape makes these legal


def as_html(gaps: Gaps, title: str, told: tuple[str, Sequence[tuple[str, Sighting]]] | None = None) -> str:
    """The page, well-formed XML too; whatever was scraped is text in it. `told` is a channel and its standings."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_legal,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    groups = {kind: folded(gap for gap in gaps.gaps if gap.kind == kind) for kind in KINDS}
    return environment.get_template("gaps.html").render(
        gaps=gaps,
        title=title,
        kinds=KINDS,
        groups={kind: group for kind, group in groups.items() if group},
        by_domain=by_domain,
        is_web=is_web,
        channel=told,
    )


def _legal(value: object) -> object:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) and not isinstance(value, Markup) else value
