"""Verbs that say who made a text."""

from __future__ import annotations

# Verbs for texts only, and verbs for rules and ships too. Whoever edited a text did not write it.
_WRITTEN = "written|submitted|compiled|prepared|authored|co-?authored|researched|contributed"
_MADE = "developed|drafted|composed|produced|created|updated|reported|posted"
EDITED = r"edited|reviewed|fact[- ]checked|translated"


def _build_verbs(verbs: str) -> str:
    """Build the pattern of these verbs, also several in a row: `researched and written`, `edited and compiled`."""
    return rf"(?:(?:{verbs}|{EDITED})(?:\s*,\s*|,?\s+and\s+))*(?:{verbs})(?:,?\s+and\s+(?:{EDITED}))?"


WROTE_TEXT, WROTE = _build_verbs(_WRITTEN), _build_verbs(f"{_WRITTEN}|{_MADE}")
WORK = _build_verbs(f"{_WRITTEN}|reported|posted")
