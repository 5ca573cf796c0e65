"""What the commands verify and snapshot ask of those who keep the archive; settings name them by string."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written, and what it can be had from again."""

    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.what}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at the whole archive found."""

    captures: int  # in the archive
    checked: int  # of them, whose bytes were read
    damage: tuple[Damage, ...]
    notes: tuple[str, ...] = ()  # what is worth knowing and no damage

    def __str__(self) -> str:
        """One line for people."""
        state = f"{len(self.damage)} kinds of damage" if self.damage else "sound"
        return f"the database and the bytes of {self.checked} of {self.captures} captures: {state}"


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that stands in its place."""

    path: Path
    size: int  # bytes
    sha256: str
    hidden: int  # addresses of writers that were left out

    def __str__(self) -> str:
        """One line for people."""
        hidden = f", without {self.hidden} e-mail addresses of writers" if self.hidden else ""
        return f"{self.path}: {self.size / 1e6:.1f} MB{hidden}, sha256 {self.sha256}"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A database made again from warcs/."""

    path: Path
    aside: Path | None  # where the old one is now
    files: int
    captures: int
    loose: int  # taken in for want of a journal
    left: int  # records of runs that were cut off before they were committed
    other_rules: int  # captures that an older extractor had read
    journal: bool  # whether warcs/ had one
    lost: tuple[str, ...]  # a line each


@dataclass(frozen=True, slots=True)
class Change:
    """A value that today's rules read otherwise than it stands in the archive."""

    path: str
    captured_at: str | None
    field: str
    rule: str  # that reads the new value; the old one's where there is none
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Which:
    """Captures to be read again."""

    path: str | None = None  # of one post or page, or its URL
    layout: str | None = None  # that read them
    extractor: str | None = None  # only those that this extractor read
    all: bool = False  # those too that today's rules have read


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading captures again came to."""

    captures: int  # that were to be read
    read: int  # until somebody stopped it
    changed: int  # captures in which something is read otherwise
    lost: tuple[str, ...]  # captures whose bytes cannot be read, a line each


def rebuild(
    settings: BaseSettings,
    *,
    into: str | None = None,
    replace: bool = False,
    reading: Progress | None = None,
    storing: Progress | None = None,
) -> Rebuilt:
    """Make the database again from warcs/, at `into` or at ARCHIVE_DB. Raises ArchiveError's children."""
    make: Callable[..., Rebuilt] = load_object(settings["ARCHIVE_REBUILD"])
    return make(settings, into=into, replace=replace, reading=reading, storing=storing)


def write_journal(settings: BaseSettings) -> int:
    """Write the journal in warcs/ anew out of the database; its number. Raises ArchiveError's children."""
    write: Callable[..., int] = load_object(settings["ARCHIVE_JOURNAL"])
    return write(settings)


def reextract(
    settings: BaseSettings,
    which: Which,
    *,
    dry_run: bool = False,
    tell: Callable[[Change], None] = lambda change: None,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Reread:
    """Read captures again by today's rules; `tell` is called with each value that becomes another.

    A dry run writes nothing and takes no lock. Raises ArchiveError's children.
    """
    again: Callable[..., Reread] = load_object(settings["ARCHIVE_REEXTRACT"])
    return again(settings, which, dry_run=dry_run, tell=tell, progress=progress, stop=stop)


def verify(settings: BaseSettings, *, sample: int | None = None, progress: Progress | None = None) -> Health:
    """Look whether the archive is whole: the database, its search index, the bytes of all captures or of `sample`.

    Only reads. Raises ArchiveError's children where there is nothing to look at.
    """
    look: Callable[..., Health] = load_object(settings["ARCHIVE_VERIFY"])
    return look(settings, sample=sample, progress=progress)


def published(settings: BaseSettings) -> bool | None:
    """Whether what stands at SNAPSHOT is a copy of this archive and no other; None if nothing stands there."""
    told: Callable[[BaseSettings], bool | None] = load_object(settings["ARCHIVE_PUBLISHED"])
    return told(settings)


def snapshot(settings: BaseSettings, *, with_contacts: bool = False, wait: bool = False) -> Published:
    """Put a checked copy of the database where SNAPSHOT says, all at once. Raises ArchiveError's children.

    `wait` while another command makes one, whose copy may be older than what was just done.
    """
    publish: Callable[..., Published] = load_object(settings["ARCHIVE_SNAPSHOT"])
    return publish(settings, with_contacts=with_contacts, wait=wait)
