"""The page that a file holds, whatever program saved it, and where and when it was saved."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.sources.content_coding import Payload


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a page was saved, as far as known; `wayback` if it is a replayed capture."""

    url: str | None = None
    captured_at: str | None = None
    wayback: bool = False

    def __or__(self, other: Origin) -> Origin:
        """This origin, with its gaps filled from the other."""
        return Origin(self.url or other.url, self.captured_at or other.captured_at, self.wayback or other.wayback)


UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page in a file, with the headers and the origin that were saved with it."""

    payload: Payload
    origin: Origin = UNKNOWN
    content_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
