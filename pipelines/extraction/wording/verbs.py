"""Verbs that say who made a text, and what a text is called."""

from __future__ import annotations

# Verbs for texts only, and verbs for rules and ships too. Whoever edited or updated a text did not write it.
_WRITTEN = "written|submitted|compiled|prepared|authored|co-?authored|researched|contributed"
_MADE = "developed|drafted|composed|produced|created|reported|posted"
EDITED = r"edited|reviewed|fact[- ]checked|translated|updated"


def _build_verbs(verbs: str) -> str:
    """Build the pattern of these verbs, also several in a row: `researched and written`, `edited and compiled`."""
    return rf"(?:(?:{verbs}|{EDITED})(?:\s*,\s*|,?\s+and\s+))*(?:{verbs})(?:,?\s+and\s+(?:{EDITED}))?"


WROTE_TEXT, WROTE = _build_verbs(_WRITTEN), _build_verbs(f"{_WRITTEN}|{_MADE}")
WORK = _build_verbs(f"{_WRITTEN}|reported|posted")
TEXTS = (
    r"(?:(?:policy\s+)?brief|report|article|post|blog(?:\s+post)?|update|op-?\s?ed|analysis|piece|story|essay"
    r"|interview)"
)
