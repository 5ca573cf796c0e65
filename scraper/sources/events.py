"""What a reader tells besides captures: what it could not read, and what it left out on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scraper.records import Capture, Memento

Trouble = Literal[
    "missing",  # no such file
    "permission",
    "empty",
    "size",  # over the cap, refused without reading it in
    "format",  # no page: a PDF, an image, a form this program does not read
    "damaged",  # a file that breaks off or does not agree with itself
    "revisit",  # a WARC record that points to bytes nobody gave us
    "sidecar",
    "time",  # an instant that cannot be understood
]
LeftOut = Literal[
    "host",  # the page of another site
    "asset",  # images, styles, scripts, fonts
    "hidden",
    "copy",  # with links converted by wget, which kept the page as it came beside it
    "unpublished",  # items of an export that are no published posts
    "sidecar",
    "unknown",  # a file in a folder that looks like no page
    "record",  # WARC records that hold no page: images made of pages, DNS answers
    "wat",  # metadata of pages, not the pages
]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line for people. `lost` is False where the page itself was read all the same."""

    where: str
    what: Trouble
    why: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True)
class Skipped:
    where: str
    reason: LeftOut
    detail: str = ""  # the host or the media type


@dataclass(frozen=True, slots=True)
class Indexed:
    """A capture that a CDX file beside the WARCs tells of; `held` if a file given holds it."""

    memento: Memento
    held: bool


Told = Capture | Unreadable | Skipped | Indexed
Watch = Callable[[int], None]  # is called with the number of file bytes read since the last call
