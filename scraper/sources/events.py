"""What a reader yields besides captures: what it could not read, and what it left out on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from scraper.records import Capture, Extraction, Memento

ProblemKind = Literal[
    "missing",  # no such file
    "permission",
    "empty",
    "size",  # over the cap, refused before it is read
    "format",  # no page: a PDF, an image, a format that this program does not read
    "damaged",  # a file that breaks off or contradicts itself
    "revisit",  # a WARC record whose original is in no file given
    "link",  # a link out of the folder that was given
    "sidecar",
    "time",  # an instant that cannot be understood
    "remote",  # a store or a server does not give it, this time
    "fault",  # an error of this program that nobody foresaw
]
OmissionReason = Literal[
    "host",  # the page of another site
    "asset",  # images, styles, scripts, fonts
    "hidden",
    "copy",  # its links were converted by wget, which kept the original page beside it
    "companion",  # what other programs wrote about pages or made of them: indexes, manifests, renderings
    "link",  # to a folder that is read where it is
    "unpublished",  # items of an export that are not published posts
    "sidecar",
    "unknown",  # a file in a folder that looks like no page
    "document",  # a text of a word processor, a PDF, an e-book
    "record",  # WARC records that hold no page: screenshots, DNS answers
    "wat",  # metadata about pages, not the pages
]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message for users about a file. `lost` is False where the page itself could be read all the same."""

    where: str
    what: ProblemKind
    why: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def report_fault(where: object, error: Exception) -> Unreadable:
    """Report what an error that nobody foresaw has left unread."""
    why = f"cannot be read by a fault of this program ({type(error).__name__}: {str(error)[:300]}); please report it"
    return Unreadable(str(where), "fault", why)


def guard_items(where: object, items: Iterable[SourceItem]) -> Iterator[SourceItem]:
    """Yield the items; an error that nobody foresaw ends them, and is reported. Raises OSError."""
    try:
        yield from items
    except OSError:
        raise
    except Exception as error:
        yield report_fault(where, error)


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that was left out on purpose."""

    where: str
    reason: OmissionReason
    detail: str = ""  # the host or the media type


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A capture that a CDX file beside the WARC files lists; `is_held` if one of the files given holds it."""

    memento: Memento
    is_held: bool


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A capture that a worker found in a file, and what it read of it as the second step would find it."""

    capture: Capture
    page: Capture
    extraction: Extraction | None  # None for one that the archive is said to have


SourceItem = Capture | ReadPage | Unreadable | Omission | IndexEntry
ReportProgress = Callable[[int], None]  # called with the number of bytes read since the last call
