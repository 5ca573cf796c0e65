"""Writers, their spellings, and which of them may be one person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Writer:
    """A row of `authors`, with what its briefs say of the writer."""

    id: int
    name: str
    kind: str  # person or collective
    briefs: int
    first: str | None  # published, YYYY-MM-DD
    last: str | None
    spellings: tuple[tuple[str, int], ...]  # as published, the most frequent first
    roles: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two writers who may be one person; a proposal merges nothing."""

    name: str  # the spelling that would become an alias
    author: str  # the writer that it would be an alias of
    score: int  # the higher the likelier
    evidence: tuple[str, ...]
    against: tuple[str, ...] = ()

    @property
    def strength(self) -> str:
        """How likely the proposal is, in a word."""
        return "strong" if self.score >= 8 else "fair" if self.score >= 5 else "weak"


@dataclass(frozen=True, slots=True)
class Alias:
    """A row of `author_aliases`: `name` is a spelling of `author`."""

    name: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Two names that somebody decided are two people."""

    name: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Writers:
    """All writers, the proposals (the likeliest first), aliases and rejections."""

    writers: tuple[Writer, ...]
    proposals: tuple[Proposal, ...]
    aliases: tuple[Alias, ...]
    rejections: tuple[Rejection, ...]
