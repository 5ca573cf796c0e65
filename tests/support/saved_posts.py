"""The posts of tests/pages that a live site could serve: pages of today's looks at their own addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scraper.address import is_post

_PAGES = Path(__file__).parents[1] / "pages"
_LIVE_LOOKS = {None, "divi_classic", "divi_builder", "theme_builder", "gutenberg"}


@dataclass(frozen=True, slots=True)
class SavedPost:
    """A post and its page."""

    path: str
    published: str
    page: bytes
    content_type: str


@cache
def list_saved_posts() -> tuple[SavedPost, ...]:
    """All of them, newest first."""
    found = [post for page in sorted(_PAGES.glob("*.html")) if (post := _read(page))]
    return tuple(sorted(found, key=lambda post: (post.published, post.path), reverse=True))


def _read(page: Path) -> SavedPost | None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    sidecar = page.with_suffix(".meta.json")
    stated = json.loads(sidecar.read_text("utf-8")) if sidecar.exists() else {}
    if not _is_live(expected, stated):
        return None
    brief = expected["briefs"][0]
    return SavedPost(brief["path"], brief["published"], page.read_bytes(), stated["content_type"])


def _is_live(expected: dict[str, Any], stated: dict[str, Any]) -> bool:
    if expected["outcome"] != "brief" or "problems" in expected or expected.get("layout") not in _LIVE_LOOKS:
        return False
    path = expected["briefs"][0]["path"]
    return is_post(path) and "?" not in path and urlsplit(stated.get("url", "")).path.rstrip("/") == path.rstrip("/")
