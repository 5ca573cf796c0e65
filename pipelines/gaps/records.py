"""What `briefs gaps` shows: what is missing from the archive, where it may be, and the command that looks there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "double", "address", "broken", "lost", "memento", "revisit", "refused"]
KINDS: Mapping[Kind, str] = {
    "number": "Numbers that no brief carries",
    "double": "Numbers that several briefs carry",
    "address": "Posts known and never captured",
    "broken": "Posts captured only broken, in part, or at second hand",
    "lost": "Posts that are no longer there, without a good copy",
    "memento": "Captures of web archives that wait or failed",
    "revisit": "Records that wait for the record they repeat",
    "refused": "Captures whose readings could not be stored",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One line of an archivist's to-do list."""

    kind: Kind
    what: str  # `Environment 46`, or the path concerned
    where: str  # what helps to find it
    next: str  # the command to run
    domain: str | None = None  # None where it is unknown
    count: int = 1  # numbers or captures that the line stands for
    paths: tuple[str, ...] = ()
    url: str | None = None  # an address to look at


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel of posts knows; `archive` is the archive itself."""

    name: str
    knows: int  # posts
    archived: int  # of them
    alone: int  # of them, that no other channel names; of `archive`: that no channel names
    unknown: Mapping[str, int]  # by other channel: how many of these posts it does not know


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post and the channels that know it."""

    path: str
    url: str | None
    archived: bool
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything that is missing, and what each channel knows."""

    gaps: tuple[Gap, ...]
    channels: tuple[Channel, ...]
    sightings: tuple[Sighting, ...]  # of every post, by path
    notes: tuple[str, ...]  # what was left out on purpose

    def total(self, kind: Kind) -> int:
        """Count the numbers, posts or captures that the lines of a kind stand for."""
        return sum(gap.count for gap in self.gaps if gap.kind == kind)
