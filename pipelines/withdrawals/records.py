"""A withdrawal, and what came of making or undoing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A post that is, or once was, kept from readers."""

    path: str
    others: tuple[str, ...]  # further paths of the same post
    brief_id: int | None  # that its brief had, and has again when it is undone
    withdrawn_at: str  # ISO 8601, UTC
    reason: str
    undone_at: str | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """What came of withdrawing a post, or of undoing that."""

    withdrawal: Withdrawal
    captures: int  # that are of it or tell of it
    changed: bool  # False: it was so already
    lost: tuple[str, ...] = ()  # captures whose bytes cannot be read again, a line each
    notes: tuple[str, ...] = ()  # what is worth knowing and no error
