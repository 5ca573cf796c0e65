"""What spiders and commands ask of the archive; `pipelines` provides it, named in settings by string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from pipelines.people.records import Alias, Rejection
from scraper.linkrot.verdict import LinkCheck
from scraper.records import Capture, Extraction, FoundAddress, Memento, Outcome
from scraper.sources.revisits import Revisit

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
    "new",  # a capture that the archive did not have, or had not read (Taking.store_readings)
    "unchanged",  # live only: the same bytes as the newest capture of that path; only the check was written
    "known",  # this very capture (path, instant, digest) is already there; nothing was written
]


@dataclass(frozen=True, slots=True)
class Taking:
    """What a spider yields: one capture and what was read in it."""

    capture: Capture
    extraction: Extraction
    store_readings: bool = True  # False: keep the capture alone, as the probe does
    memento: Memento | None = None  # the line of an archive's index that it was fetched for; it is `taken` with it

    def __str__(self) -> str:
        """What Scrapy logs of it: the page, not its bytes."""
        return f"{self.extraction.path} ({self.extraction.outcome}, {self.extraction.captured_at})"


@dataclass(frozen=True, slots=True)
class Met:
    """What was read in a capture when it was taken."""

    outcome: Outcome
    readings: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address known and not yet captured."""

    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Known:
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
class Glance:
    """What a run would find in the archive, for one that may write nothing; empty where there is no archive."""

    known: list[Known] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
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


class Archive(Protocol):
    """archive.db and warcs/ as one thing, opened by one writer at a time.

    `open` raises ArchiveError's children (scraper.errors): another program's file, a newer schema, a held lock.
    """

    @classmethod
    def open(cls, settings: BaseSettings, *, batch: int = 1) -> Self: ...
    @classmethod
    def kept(cls, settings: BaseSettings, address: str) -> list[Capture]:
        """The captures of one post, newest first, their bytes out of warcs/; empty where there is none.

        `address` is a URL, a path, or a number of `briefs.id`. Only reads: takes no lock and makes no file.
        """

    @classmethod
    def runs(
        cls, settings: BaseSettings, limit: int, *, spider: str | None = None, upto: int | None = None
    ) -> list[Run]:
        """The last runs, newest first, unfinished ones among them; `upto` is the highest id. Only reads, as `kept`."""

    @classmethod
    def overview(cls, settings: BaseSettings) -> Summary | None:
        """What `summary` tells, None where there is no archive. Only reads, as `kept`."""

    @classmethod
    def is_sample(cls, settings: BaseSettings) -> bool:
        """Whether it is of the sample site, False where there is no archive. Only reads, as `kept`."""

    @classmethod
    def glance(cls, settings: BaseSettings) -> Glance:
        """What `known`, `waiting` and `recall` would give. Only reads, as `kept`."""

    def take(
        self,
        capture: Capture,
        extraction: Extraction,
        *,
        store_readings: bool = True,
        memento: Memento | None = None,
    ) -> Taken: ...
    def met(self, capture: Capture) -> Met | None:
        """What was read in this very capture, if it came before out of the same file: it needs no `take` again."""

    def accept(self, capture: Capture, extraction: Extraction) -> None:
        """Store what was read in a capture that was taken without its readings; nothing if they are there."""

    def unread(self) -> list[Capture]:
        """Post pages taken without their readings by runs that were killed: nobody needs to ask for them again."""

    def note(self, kind: str, message: str, *, field: str | None = None) -> None:
        """Add a problem that belongs to no capture, such as an unreadable file."""

    def add_found(self, found: Iterable[FoundAddress]) -> None: ...
    def waiting(self) -> list[Waiting]: ...
    def captured(self) -> Mapping[str, str]:
        """Post paths with a good capture, and when the newest was taken (ISO 8601)."""

    def known(self) -> list[Known]:
        """Every post's address, by path; not those that lead to another post for good."""

    def withdrawn(self) -> frozenset[str]:
        """Paths kept from readers, which nobody asks the site or a web archive for."""

    def recall(self, key: str) -> str | None:
        """What `remember` kept under the key, None if nothing."""

    def remember(self, key: str, value: str) -> None:
        """Keep a line for the next run, such as a feed's validators; it replaces the one before."""

    def history(self, spider: str, limit: int) -> list[Run]:
        """The last finished runs of a spider, newest first."""

    def add_mementos(self, told_of: Iterable[Memento], finder: str) -> int:
        """Remember what an index tells, `waiting`; known lines stay as they are. How many are new.

        Their pages are found by `finder`: wayback, commoncrawl.
        """

    def mementos(self, archive: str, state: MementoState | None = "waiting") -> list[Memento]:
        """What that index told, by path and instant."""

    def settle_memento(self, memento: Memento, state: MementoState, reason: str | None = None) -> None:
        """Say what became of one; with its capture it is `take` that says so, in one transaction."""

    def original(self, revisit: Revisit) -> Capture | None:
        """The capture that a revisit refers to, with its bytes; None if it is not in the archive."""

    def keep_revisit(self, revisit: Revisit) -> None:
        """Keep one whose original is not there, with a problem that tells it, until it is."""

    def revisits(self) -> list[Revisit]:
        """Those that are kept so."""

    def settle_revisit(self, revisit: Revisit) -> None:
        """Say that it is a capture now: it is kept so no longer."""

    def add_link_check(self, check: LinkCheck) -> None:
        """Keep one look at a recommended address."""

    def skip(self, address: str, reason: str) -> None:
        """Say that this run did not ask for a URL or path, and why: robots, budget, offsite, ..."""

    def begin(self, spider: str, arguments: Mapping[str, str]) -> None: ...
    def finish(self, outcome: str, counts: Mapping[str, object], exit_code: int | None = None) -> None: ...
    def merge_authors(self, name: str, author: str, reason: str) -> Alias:
        """Have `name` be a spelling of `author`. Raises BadInput for unknown names, BadArgument for two people."""

    def split_author(self, name: str) -> Alias:
        """Take that alias out again. Raises BadInput where there is none."""

    def reject_authors(self, name: str, other: str, reason: str) -> Rejection:
        """Say that two names are two people. Raises BadInput for unknown names, BadArgument for one writer's."""

    def unreject_authors(self, name: str, other: str) -> Rejection:
        """Take that back. Raises BadInput where nobody said so."""

    def import_aliases(self, aliases: Sequence[Alias]) -> int:
        """Add all aliases or none; how many are new. Raises BadArgument for circles and two people."""

    def summary(self) -> Summary: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...


def open_archive(settings: BaseSettings, *, batch: int = 1) -> Archive:
    """The archive that the settings ARCHIVE, ARCHIVE_DB and WARCS_DIR name; `batch` captures a transaction."""
    return _archive(settings).open(settings, batch=batch)


def kept_captures(settings: BaseSettings, address: str) -> list[Capture]:
    """What the archive holds of one post, newest first; see `Archive.kept`."""
    return _archive(settings).kept(settings, address)


def past_runs(settings: BaseSettings, limit: int, *, spider: str | None = None, upto: int | None = None) -> list[Run]:
    """The last runs that the archive remembers, newest first; see `Archive.runs`."""
    return _archive(settings).runs(settings, limit, spider=spider, upto=upto)


def glance(settings: BaseSettings) -> Glance:
    """What a run would find in the archive; see `Archive.glance`."""
    return _archive(settings).glance(settings)


def overview(settings: BaseSettings) -> Summary | None:
    """What is in the archive; see `Archive.overview`."""
    return _archive(settings).overview(settings)


def is_sample_archive(settings: BaseSettings) -> bool:
    """Whether the archive is of the sample site, and everything in it invented; see `Archive.is_sample`."""
    return _archive(settings).is_sample(settings)


def _archive(settings: BaseSettings) -> type[Archive]:
    archive: type[Archive] = load_object(settings["ARCHIVE"])
    return archive
