"""The records that pass between the rooms, as frozen data; docs/schema.md explains the fields."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Literal, TypeVar, dataclass_transform

from scraper.address import identity, is_storable, make_absolute, strip_wayback
from scraper.http_headers import find_header

URL_BREAKS = re.compile(r"[\t\r\n]")  # browsers read an address without them
_T = TypeVar("_T")
Source = Literal["live", "wayback", "commoncrawl", "warc", "wacz", "file"]
Confidence = Literal["stated", "read", "guessed"]
Kind = Literal["brief", "opinion", "blog", "post"]
# What a capture turned out to be. Only `brief` and `feed`/`rest` captures carry readings of posts.
Outcome = Literal[
    "brief",  # a single post was read (whatever its kind)
    "listing",  # home, domain page, category, tag, author, date archive, search result
    "page",  # a static page or an attachment page
    "feed",
    "rest",
    "sitemap",
    "robots",
    "redirect",
    "missing",  # status 404 or 410
    "soft404",  # "not found" sent with status 200
    "challenge",  # bot wall, captcha, login wall
    "maintenance",
    "parked",  # the domain is for sale or shows another owner's page
    "error",  # any other 4xx or 5xx
    "unreadable",  # empty, not HTML, or nothing a layout could read
    "other",  # images, scripts and anything else that is not a page
]
# Of pages that came instead of a post; `error` shows in the statuses, and `missing` may be correct.
FALSE_PAGES: tuple[Outcome, ...] = (
    *("challenge", "maintenance", "parked", "soft404", "unreadable", "listing", "page", "other"),
)


@dataclass_transform(frozen_default=True)
def make_record(cls: type[_T]) -> type[_T]:
    """Make a data class of what a page makes by the dozen: frozen for mypy alone, for frozen ones are slow to make."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture's bytes lie: a WARC record under the archive's `warcs/`."""

    file: str  # relative to WARCS_DIR
    offset: int  # of the record's gzip member, in bytes
    length: int  # of the gzip member, in bytes


@dataclass(frozen=True)
class Capture:
    """One copy of one page at one instant."""

    body: bytes  # the decoded payload: no transfer or content encoding left
    url: str | None  # as captured, possibly with a Wayback prefix
    captured_at: str | None  # UTC, YYYY-MM-DDTHH:MM:SSZ; None if unknown
    source: Source
    status: int | None = None  # None for files that never had one
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None  # as stated by the header or the sidecar
    truncated: bool = False  # known to be cut (WARC-Truncated, short of Content-Length, size cap)
    name: str | None = None  # the file it came from, for people
    memento: str | None = None  # where a web archive shows it to everyone, for citing
    names: tuple[str, ...] = ()  # by which revisit records refer to it: its record's id, `INSTANT URL`, digest
    record: bytes | None = field(default=None, repr=False)  # its own gzip WARC member(s), stored verbatim
    wire: bytes | None = field(default=None, repr=False)  # the body still content-encoded, as `headers` say
    stated_sha1: str | None = field(default=None, repr=False, compare=False)  # in its record, and found to be right

    @cached_property
    def address(self) -> str | None:
        """The page's own URL, without the prefix of a Wayback."""
        return strip_wayback(self.url)[0] if self.url else None

    @cached_property
    def path(self) -> str:
        """What makes captures those of one page: the identity of its address, or of its bytes where it has none."""
        return identity(self.address) if self.address else "urn:" + self.digest

    @cached_property
    def location(self) -> str | None:
        """Where a redirect leads, absolute, without the prefix of a Wayback; None for what is none."""
        if self.status is None or not 300 <= self.status < 400 or not (stated := find_header(self.headers, "location")):
            return None
        try:
            return make_absolute(stated, self.address)
        except ValueError:  # such as a bracket that is no IPv6 address: it leads nowhere
            return None

    @cached_property
    def is_storable(self) -> bool:
        """Whether the archive can store its words as they are."""
        words = self.url, self.content_type, self.name, self.memento, *chain.from_iterable(self.headers)
        return is_storable("".join(filter(None, words))) and not URL_BREAKS.search(self.url or "")

    @property
    def is_hearsay(self) -> bool:
        """Whether only a saved file says what was there, and when."""
        return self.source == "file" or (self.source == "wayback" and self.memento is None)

    @cached_property
    def digest(self) -> str:
        """`sha256:<hex>` of the decoded payload."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()

    @cached_property
    def payload_sha1(self) -> str:
        """`sha1:<base32>` of the payload as it was sent, if known: web archives identify payloads by it."""
        if self.stated_sha1:
            return self.stated_sha1
        coded = self.body if self.wire is None else self.wire
        return "sha1:" + base64.b32encode(hashlib.sha1(coded, usedforsecurity=False).digest()).decode()


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture that a web archive's index says it has: one line of CDX, before and after it is fetched."""

    archive: str  # which index: `https://web.archive.org/`, `https://index.commoncrawl.org/CC-MAIN-2024-10-index`
    url: str  # as captured
    timestamp: str  # YYYYMMDDhhmmss, UTC
    digest: str | None = None  # of the payload as it was sent: 32 characters of SHA-1 in base32
    status: int | None = None  # None where the index has none (`-`, a revisit)
    media_type: str | None = None
    length: int | None = None  # bytes of the compressed record
    file: str | None = None  # the WARC file of the record, in indexes that state it
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the body of a brief."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the body below one heading."""

    heading: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Author:
    """A writer, as the byline or the signature names them."""

    name: str  # as published
    kind: Literal["person", "collective"] = "person"
    role: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """An organisation or page that a brief recommends."""

    heading: str | None
    name: str  # as published
    url: str | None
    description: str | None
    text: str


@dataclass(frozen=True, slots=True)
class PhotoCredit:
    """Who took or lent the photo of a brief."""

    text: str
    name: str | None
    source: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Category:
    """A WordPress category of a post."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The published values of one post, None where unknown; docs/schema.md explains the fields."""

    path: str
    url: str | None = None
    wp_id: int | None = None
    kind: Kind = "post"
    label: str | None = None
    number: int | None = None
    domain: str | None = None
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    dateline: str | None = None
    body: str | None = None
    body_html: str | None = None
    posted_by: str | None = None
    authors: tuple[Author, ...] = ()
    resources: tuple[Resource, ...] = ()
    photo_credits: tuple[PhotoCredit, ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    categories: tuple[Category, ...] = ()


@make_record
class Evidence:
    """Why a value was chosen, or another value that was found and not chosen."""

    field: str
    value: str
    rule: str
    snippet: str
    confidence: Confidence
    chosen: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or looks wrong; kind is one word such as `missing`, `conflict`, `guessed`."""

    field: str | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One post as one capture shows it. A reading of lower fidelity never overrides one of higher."""

    brief: Brief
    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...]
    fidelity: int  # 3 page or REST, 2 feed, print or unknown look, 1 plain text, 0 truncated
    doubts: tuple[Problem, ...] = ()  # what validation finds impossible or missing; not part of what the page says
    part: int = 1  # which page of a post that is split over several
    parts: int = 1  # how many pages of the post this one knows of
    packed: object = field(default=None, compare=False, repr=False)  # as its rows hold it, where that was made ahead


@make_record
class FoundAddress:
    """An address that a page names, and the kind of page: sitemap, rest, feed, listing, link."""

    url: str
    finder: str
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was read in one capture. If it is no brief, `readings` is empty and `outcome` says what it is."""

    path: str
    url: str | None  # of the capture, Wayback prefix removed
    captured_at: str | None  # of the capture, or as the page itself states
    outcome: Outcome
    layout: str | None
    charset: str | None
    readings: tuple[Reading, ...] = ()
    problems: tuple[Problem, ...] = ()  # of the capture as a whole
    found: tuple[FoundAddress, ...] = ()
    location: str | None = None  # of a redirect: where it leads, absolute, Wayback prefix removed
