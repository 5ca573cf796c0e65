"""What spiders know of the archive, and the item that they hand over; `pipelines` provides and takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from scraper.linkrot.link_check import LinkCheck
from scraper.records import Capture, Extraction, FoundAddress, Memento, Outcome, Place, Problem

# What became of a memento. `waiting` ones are asked for by the next run; a refusal (429, 5xx) leaves them waiting.
MementoState = Literal[
    "waiting",
    "taken",  # it is a capture now
    "same",  # its digest is that of one that is taken: the same bytes need no second request
    "missing",  # the archive does not have what its index tells
    "excluded",  # the archive may not show it
    "other",  # no page of a kind that is kept (an image, another host)
    "failed",  # came, and was not what the index tells (digest, instant), or cannot be read; kept as a problem
]

Taken = Literal[
    "new",  # a capture that the archive did not have, or had not read (CaptureItem.store_readings)
    "unchanged",  # live only: the same bytes as the newest capture of that path; only the check was written
    "known",  # this very capture (path, instant, digest) is already there; nothing was written
]


@dataclass(slots=True)
class CaptureItem:
    """What a spider hands over: a capture on its way through the steps keep, extract, normalise, validate and store.

    The steps fill in what stands below the line.
    """

    capture: Capture
    hosts: frozenset[str]  # the site's own, without www.
    store_readings: bool = True  # False: keep the capture alone, as the probe does
    awaits_verdict: bool = False  # of the first pages of a crawl: posts in it are stored when these are judged
    memento: Memento | None = None  # the line of an archive's index that it was fetched for; it is `taken` with it
    problems: tuple[Problem, ...] = ()  # what was noticed before anything was read
    # ---
    place: Place | None = None  # of its bytes in warcs/, where this item brought them
    extraction: Extraction | None = None
    taken: Taken | None = None  # None until the archive has it

    def __str__(self) -> str:
        """What Scrapy logs of it: the page, not its bytes."""
        return f"{self.capture.path} ({self.extraction.outcome if self.extraction else 'not read'})"


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """What was read in a capture when it was taken."""

    outcome: Outcome
    readings: int


@dataclass(frozen=True, slots=True)
class WaitingAddress:
    """An address known and not yet captured."""

    path: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post's address that the archive knows, captured or not; all times ISO 8601, UTC."""

    path: str
    url: str | None
    published: str | None  # the brief's day; None where it has none, or where nothing was read yet
    captured_at: str | None  # of its newest good capture
    checked_at: str | None  # when its server last said how it is, with the same bytes or a 404 too
    status: str  # live, missing, gone, withdrawn
    missing_since: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in the archive, for the closing lines of a command."""

    briefs: int  # all kinds
    first: str | None  # earliest published date
    last: str | None
    authors: int
    resources: int
    captures: int
    problems: int
    waiting: int
    sample: bool = False  # of the sample site: everything in it is invented


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What a run would find in the archive, for one that may write nothing; empty where there is no archive."""

    known: list[KnownPost] = field(default_factory=list)
    waiting: list[WaitingAddress] = field(default_factory=list)
    memory: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `crawls`: one run of a spider or of ingest."""

    id: int
    spider: str
    started_at: str  # ISO 8601, UTC
    finished_at: str | None  # None: killed, or still running
    outcome: str | None  # how it ended, in Scrapy's words: finished, shutdown, ...
    exit_code: int | None
    counts: Mapping[str, object]  # its figures by flat names; what it was asked as `argument/<name>`


class Ledger(Protocol):
    """What every run can remember and look up."""

    def recall(self, key: str) -> str | None:
        """What `remember` kept under the key, None if nothing."""

    def remember(self, key: str, value: str) -> None:
        """Keep a line for the next run, such as a feed's validators; it replaces the one before."""

    def note(self, kind: str, message: str, *, field: str | None = None) -> None:
        """Add a problem that belongs to no capture, such as an unreadable file."""

    def skip(self, address: str, reason: str) -> None:
        """Say that this run did not ask for a URL or path, and why: robots, budget, offsite, ..."""

    def paths_not_to_ask(self) -> frozenset[str]:
        """Paths kept from readers, which nobody asks the site or a web archive for."""

    def commit(self) -> None:
        """Make all that was written last."""


class PageLedger(Ledger, Protocol):
    """What a crawl of the live site knows of its pages."""

    def add_found(self, found: Iterable[FoundAddress]) -> None:
        """Have addresses that were found now, on no page that was taken in."""

    def waiting(self) -> list[WaitingAddress]:
        """Addresses known and not yet captured."""

    def captured(self) -> Mapping[str, str]:
        """Post paths with a good capture, and when the newest was taken (ISO 8601)."""

    def known(self) -> list[KnownPost]:
        """Every post's address, by path; not those that lead to another post for good."""

    def unread(self) -> list[Capture]:
        """Post pages taken without their readings by runs that were killed: nobody needs to ask for them again."""

    def has_briefs(self) -> bool:
        """Whether there is a brief of any kind."""


class MementoLedger(Ledger, Protocol):
    """What the indexes of web archives say they have, and what became of each line."""

    def add_mementos(self, listed: Iterable[Memento], finder: str) -> int:
        """Remember what an index lists, `waiting`; known lines stay as they are. How many are new.

        Their pages are found by `finder`: wayback, commoncrawl.
        """

    def mementos(self, archive: str, state: MementoState | None = "waiting") -> list[Memento]:
        """What that index listed, by path and instant."""

    def settle_memento(self, memento: Memento, state: MementoState, reason: str | None = None) -> None:
        """Say what became of one; with its capture the step `store` says so, in one transaction."""


class LinkLedger(Ledger, Protocol):
    """The checks of recommended addresses."""

    def add_link_check(self, check: LinkCheck) -> None:
        """Keep one check of a recommended address."""


class Archive(PageLedger, MementoLedger, LinkLedger, Protocol):
    """All that spiders ask of the archive; pipelines.archive provides it."""
