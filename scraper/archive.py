"""What spiders see of the archive, and the item that they pass to the pipeline; `pipelines` implements both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from scraper.linkrot.link_check import LinkCheck
from scraper.records import Capture, Extraction, FoundAddress, Memento, Outcome, Place, Problem

# The state of a memento. The next run requests `waiting` ones; a refusal (429, 5xx) leaves them waiting.
MementoState = Literal[
    "waiting",
    "taken",  # it is a capture now
    "same",  # its digest is that of a taken one: the same bytes need no second request
    "missing",  # the web archive does not have what its index lists
    "excluded",  # the web archive may not show it
    "other",  # no page of a kind that is kept (an image, another host)
    "failed",  # it is not what the index lists (digest, instant), or cannot be read; a problem says so
]

Taken = Literal[
    "new",  # a capture that the archive did not have, or had not read (CaptureItem.store_readings)
    "unchanged",  # live only: the same bytes as the newest capture of that path; only the check was written
    "known",  # this very capture (path, instant, digest) is already there; nothing was written
]


@dataclass(slots=True)
class CaptureItem:
    """A capture on its way through the steps keep, extract, normalise, validate and store.

    The steps fill in the fields below the line.
    """

    capture: Capture
    hosts: frozenset[str]  # the site's own, without www.
    store_readings: bool = True  # False: store the capture alone, as the probe does
    awaits_verdict: bool = False  # among the first pages of a crawl, whose posts are stored after the verdict
    memento: Memento | None = None  # the line of a web archive's index; it becomes `taken` with the capture
    problems: tuple[Problem, ...] = ()  # those found before the page was read
    # ---
    place: Place | None = None  # of its bytes in warcs/, where this item brought them
    extraction: Extraction | None = None
    taken: Taken | None = None  # None until it is stored

    def __str__(self) -> str:
        """Name the page in Scrapy's log, without its bytes."""
        return f"{self.capture.path} ({self.extraction.outcome if self.extraction else 'not read'})"


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """What was read in a capture when it was stored."""

    capture_id: int
    outcome: Outcome
    readings: int


@dataclass(frozen=True, slots=True)
class WaitingAddress:
    """An address that is known and not yet captured."""

    path: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownPost:
    """The address of a post, captured or not; all times are ISO 8601, UTC."""

    path: str
    url: str | None
    published: str | None  # the brief's day; None without one, or before anything was read
    captured_at: str | None  # of its newest good capture
    checked_at: str | None  # when its server last answered, with the same bytes or a 404 too
    status: str  # live, missing, gone, withdrawn
    missing_since: str | None
    # What only the plan of a night asks of a post.
    wp_id: int | None = field(default=None, compare=False)
    kind: str | None = field(default=None, compare=False)  # of the brief
    was_listed: bool = field(default=False, compare=False)  # by a sitemap or REST, which list all posts
    was_asked: bool = field(default=True, compare=False)  # on the live site: copies from elsewhere are no answer
    is_held: bool = field(default=False, compare=False)  # what was read last counts when another night reads the same
    unread_edit: str | None = field(default=None, compare=False)  # its instant: announced, and read nowhere yet
    states_change: bool = field(default=False, compare=False)  # its page says when it was changed last


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of what is in the archive, for the last lines of a command."""

    briefs: int  # all kinds
    first: str | None  # earliest published date
    last: str | None
    authors: int
    resources: int
    captures: int
    problems: int
    waiting: int
    sample: bool = False  # of the sample site: everything in it is invented

    def __str__(self) -> str:
        posts = f"{self.briefs}{' invented' if self.sample else ''} posts"
        years = f" of {self.first} to {self.last}" if self.first else ""
        others = f"{self.authors} authors, {self.resources} resources, {self.captures} captures"
        return f"{posts}{years}, {others}, {self.problems} problems noted"


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What the archive holds, for a dry run; empty if there is no archive."""

    posts: list[KnownPost] = field(default_factory=list)
    waiting: list[WaitingAddress] = field(default_factory=list)
    memory: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `crawls`: one run of a spider or of ingest."""

    id: int
    spider: str
    started_at: str  # ISO 8601, UTC
    finished_at: str | None  # None: killed, or still running
    outcome: str | None  # Scrapy's reason for its end: finished, shutdown, ...
    exit_code: int | None
    counts: Mapping[str, object]  # its figures by flat names; its arguments as `argument/<name>`
    verdict: str | None = None  # whether its readings count: crawls.verdict


class Archive(Protocol):
    """All that spiders use of the archive; pipelines.archive implements it."""

    def recall(self, key: str) -> str | None:
        """Return what `remember` stored under the key; None if nothing."""

    def remember(self, key: str, value: str) -> None:
        """Store a line for the next run, such as a feed's validators, in place of the last one."""

    def add_problem(self, kind: str, message: str, *, field: str | None = None) -> None:
        """Add a problem that belongs to no capture, such as an unreadable file."""

    def add_skipped_address(self, address: str, reason: str) -> None:
        """Store that this run did not request a URL or path, and why: robots, budget, offsite, ..."""

    def paths_not_to_ask(self) -> frozenset[str]:
        """Return the withdrawn paths, which no spider requests."""

    def commit(self) -> None:
        """Commit everything that was written."""

    # The pages of the live site.
    def add_found(self, found: Iterable[FoundAddress]) -> None:
        """Add addresses that were found now, in no stored page."""

    def list_waiting_addresses(self) -> list[WaitingAddress]:
        """List the addresses that are known and not yet captured."""

    def read_capture_times(self) -> Mapping[str, str]:
        """Map the paths of posts with a good capture to the time of the newest (ISO 8601)."""

    def list_posts(self) -> list[KnownPost]:
        """List the address of every post, by path, without those that redirect to another post for good."""

    def list_unread_captures(self) -> list[Capture]:
        """List the pages of posts that killed runs stored without their readings: no spider requests them again."""

    def has_briefs(self) -> bool:
        """Whether there is a brief of any kind."""

    # The lines of the indexes of web archives, and the state of each.
    def add_mementos(self, listed: Iterable[Memento], finder: str) -> int:
        """Add the lines of an index as `waiting`; known ones stay as they are. Return how many are new.

        `finder` is the channel by which their pages were found: wayback, commoncrawl.
        """

    def list_mementos(self, archive: str, state: MementoState | None = "waiting") -> list[Memento]:
        """List the lines of that index, by path and instant."""

    def settle_memento(self, memento: Memento, state: MementoState, reason: str | None = None) -> None:
        """Set the state of a line; the step `store` sets `taken` itself, in one transaction with the capture."""

    # The checks of recommended addresses.
    def add_link_check(self, check: LinkCheck) -> None:
        """Store one check of a recommended address."""
