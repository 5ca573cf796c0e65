"""A withdrawal, and the outcome of making or undoing it."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.errors import ArchiveError


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A post that is, or once was, withdrawn from readers."""

    path: str
    others: tuple[str, ...]  # further paths of the same post
    brief_id: int | None  # of its brief, which gets it back when the withdrawal is undone
    withdrawn_at: str  # ISO 8601, UTC
    reason: str
    undone_at: str | None


@dataclass(frozen=True, slots=True)
class WithdrawalOutcome:
    """The outcome of withdrawing a post, or of undoing that."""

    withdrawal: Withdrawal
    captures: int  # of the post, alone or among others
    changed: bool  # False: nothing had to change
    lost: tuple[str, ...] = ()  # captures whose bytes cannot be read again, a line each
    notes: tuple[str, ...] = ()  # worth knowing, but no errors
    kept: tuple[str, ...] = ()  # paths of other briefs that show a copy of the post and stay
    unerased: ArchiveError | None = None  # why bytes of the post may remain in the file
