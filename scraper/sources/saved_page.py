"""The page that a file holds, whatever program saved it."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.sources.content_coding import Payload
from scraper.sources.provenance import Origin

UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page in a file, with the headers and the origin that were saved with it."""

    payload: Payload
    origin: Origin = UNKNOWN
    content_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
