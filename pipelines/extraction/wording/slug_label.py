"""The label in an address, whose last part WordPress makes of the whole title."""

from __future__ import annotations

import re

from pipelines.extraction.wording.domains import CANONICAL, to_canonical_domain

_WRITTEN = (*CANONICAL, "Environmental", "Economy")
_DOMAINS = {
    name.lower().replace(" & ", joint).replace(" ", "-"): to_canonical_domain(name)
    for name in _WRITTEN
    for joint in ("-", "-and-", "-amp-")
}
_NAMES = "|".join(sorted(_DOMAINS, key=len, reverse=True))
_SHAPES = (
    re.compile(rf"(?:^|-)brief-(?:no-)?(?P<number>\d{{1,4}})-+(?P<domain>{_NAMES})(?=-|$)"),
    re.compile(rf"(?:^|-)(?P<domain>{_NAMES})(?:-policy)?-brief-(?:no-)?(?P<number>\d{{1,4}})(?=-|$)"),
    re.compile(rf"(?:^|-)(?P<domain>{_NAMES})-(?P<number>\d{{2,3}})$"),  # `elections-politics-138`
)


def read_slug_label(path: str) -> tuple[str, int] | None:
    """Read the canonical domain and the number that the last part of a path names; None where it names none."""
    slug = path.rstrip("/").rpartition("/")[2]
    for shape in _SHAPES:
        if match := shape.search(slug):
            return _DOMAINS[match["domain"]], int(match["number"])
    return None
