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


def verify(settings: BaseSettings, *, sample: int | None = None, progress: Progress | None = None) -> Health:
    """Look whether the archive is whole: the database, its search index, the bytes of all captures or of `sample`.

    Only reads. Raises ArchiveError's children where there is nothing to look at.
    """
    look: Callable[..., Health] = load_object(settings["ARCHIVE_VERIFY"])
    return look(settings, sample=sample, progress=progress)


def snapshot(settings: BaseSettings, *, with_contacts: bool = False) -> Published:
    """Put a checked copy of the database where SNAPSHOT says, all at once. Raises ArchiveError's children."""
    publish: Callable[..., Published] = load_object(settings["ARCHIVE_SNAPSHOT"])
    return publish(settings, with_contacts=with_contacts)
