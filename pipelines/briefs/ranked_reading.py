"""A reading with its place among the readings of its post."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.records import Evidence, Reading

SHRUNK = 2  # a text of one half of an earlier one or less is more often cut than edited
# What the later pages of a split post add to; all else is said by its first.
_JOINED = frozenset(("body", "body_html", "sections", "links", "authors", "resources", "photo_credits"))


@dataclass(frozen=True, slots=True)
class RankedReading:
    """A reading, the capture it comes from, and its rank among the readings of its post."""

    reading: Reading
    capture_id: int
    captured_at: str | None
    tie: tuple[str, ...]  # makes the order total whatever the capture's id is
    rest: bool = False  # from a REST answer, whose markup of the post differs from the page's
    shown: object = None  # a digest of its published values, None in old archives
    is_live: bool = False
    crawl_id: int | None = None
    verdict: str | None = None  # of that run: crawls.verdict
    is_hearsay: bool = False  # only a saved file says so
    parts: tuple[RankedReading, ...] = ()  # the pages of a split post that were joined to this reading
    missing: tuple[int, ...] = ()  # the numbers of those that no capture holds

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return self.reading.fidelity, self.captured_at or "", self.tie

    @property
    def evidence(self) -> tuple[tuple[int, Evidence], ...]:
        """The evidence, each piece with the capture that it comes from."""
        parts = self.parts or (self,)
        return tuple(
            (part.capture_id, item)
            for part in parts
            for item in part.reading.evidence
            if part is parts[0] or item.field in _JOINED
        )
