"""What `scrapy withdraw` asks of those who keep the archive; settings name them by string."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from pipelines.maintenance.results import Progress


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


def withdraw(
    settings: BaseSettings,
    address: str,
    reason: str,
    *,
    dry_run: bool = False,
    waiting: Callable[[str], None] = lambda line: None,
) -> Withheld:
    """Keep a post from readers, by its path or URL. Raises BadInput for unknown ones, and ArchiveError's children.

    `waiting` is told, for people, where another command is to do it that writes to the archive now.
    """
    do: Callable[..., Withheld] = load_object(settings["ARCHIVE_WITHDRAW"])
    return do(settings, address, reason, dry_run=dry_run, waiting=waiting)


def restore(
    settings: BaseSettings, address: str, *, dry_run: bool = False, progress: Progress | None = None
) -> Withheld:
    """Undo it: the captures are read again. Raises BadInput for what is not withdrawn, and ArchiveError's children."""
    do: Callable[..., Withheld] = load_object(settings["ARCHIVE_RESTORE"])
    return do(settings, address, dry_run=dry_run, progress=progress)


def withdrawals(settings: BaseSettings) -> list[Withdrawal]:
    """All of them, the newest first, undone ones too. Only reads. Raises ArchiveError's children."""
    told: Callable[..., list[Withdrawal]] = load_object(settings["ARCHIVE_WITHDRAWALS"])
    return told(settings)
