"""WACZ 1.1 and 1.2: a ZIP of WARC files with an index, a list of pages and digests of everything."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scraper.address import is_ours
from scraper.sources import cdx_files as indexes
from scraper.sources import digests, warc
from scraper.sources import media_type as media
from scraper.sources import wacz_package as package
from scraper.sources.archive_records import is_recorded
from scraper.sources.events import Skipped, Told, Unreadable, Watch
from scraper.sources.revisits import Revisit
from scraper.sources.wacz_package import Resource
from scraper.sources.warc_records import WarcRecord
from scraper.sources.zip_index import entries
from scraper.sources.zip_member import DEFLATED, STORED, Entry, Held, Member

PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
_MAX_JSON = 16 * 2**20
_ARCHIVES = ("wacz", "zip", "tar", "tar.gz", "tgz", "7z", "rar")
_SILENT = re.compile(r"logs/|fuzzy\.json$|indexes/[^/]*\.(?:idx|loc)$|.*/$")


@dataclass
class Wacz:
    """One package; `read` it, and `warcs` are the members that hold records."""

    path: Path
    hosts: Collection[str] | None
    watch: Watch
    revisits: list[Revisit]
    warcs: list[Held] = field(default_factory=list)
    _resources: dict[str, Resource] = field(default_factory=dict)
    _pages: set[str] = field(default_factory=set)  # listed, of our hosts, not met yet

    def read(self) -> Iterator[Told]:
        """All pages of its WARCs, and lines for whatever does not agree. Raises OSError."""
        found, wrong = entries(self.path)
        yield from (Unreadable(str(self.path), "damaged", line) for line in wrong)
        for name, times in Counter(entry.name for entry in found).items():
            if times > 1:
                why = f"{times} members are called {name}; each is read"
                yield Unreadable(str(self.path), "damaged", why, lost=False)
        members = []
        for entry, refusal in _judged(found):
            if refusal:
                yield _told(Member(self.path, entry), refusal, lost=True)
            else:
                members.append(Member(self.path, entry))
        yield from self._listing({member.entry.name: member for member in members})
        for member in members:
            yield from self._member(member)
        yield from self._missing({entry.name for entry in found})
        if not self.warcs:
            yield Unreadable(str(self.path), "empty", "a WACZ without a WARC file in it")
        yield from self._indexed(members)

    def _listing(self, members: dict[str, Member]) -> Iterator[Told]:
        """What the package says of its members, and whether that is what it was closed with."""
        if PACKAGE not in members:
            yield Unreadable(str(self.path), "damaged", f"no {PACKAGE} in it; nothing can be verified", lost=False)
            return
        text = _text(members[PACKAGE])
        try:
            self._resources = package.resources(text)
        except ValueError as error:
            why = f"cannot be read ({error}); nothing can be verified"
            yield _told(members[PACKAGE], why)
        if DIGEST in members:
            for why in package.digest_told(_text(members[DIGEST]), text):
                yield _told(members[DIGEST], why)
        for name, member in members.items():
            if re.fullmatch(r"pages/[^/]+\.jsonl", name):
                urls = package.pages(member.pieces())
                self._pages |= {url for url in urls if self.hosts is None or is_ours(url, self.hosts)}

    def _member(self, member: Member) -> Iterator[Told]:
        name = member.entry.name
        holds_records = _is_warc(member)
        yield from self._verified(member, holds_records)
        if holds_records:
            self.warcs.append(member)
            yield from warc.captures(member, self.hosts, self.watch, self.revisits, self._met)
            return
        self.watch(member.entry.packed)
        if media.ending(name) in _ARCHIVES:
            yield _told(member, "an archive inside the package is not opened; take it out and ingest it", lost=True)
        elif not (name in (PACKAGE, DIGEST) or name.startswith("pages/") or _is_index(name) or _SILENT.match(name)):
            yield Skipped(str(member), "unknown", media.ending(name))

    def _verified(self, member: Member, holds_records: bool) -> Iterator[Told]:
        """Whether a member has the bytes that the ZIP and the package state."""
        stated = self._resources.get(member.entry.name)
        named = digests.parsed(stated.hash) if stated and stated.hash else None
        digest = hashlib.new(named[0] if named else "sha256", usedforsecurity=False)
        pieces = member.pieces()
        for piece in pieces:
            digest.update(piece)
        if pieces.trouble:
            yield _told(member, pieces.trouble, lost=pieces.cut and holds_records)
        if stated is None:
            if self._resources and member.entry.name.startswith("archive/"):
                yield _told(member, f"not listed in {PACKAGE}; read all the same")
        elif stated.size not in (None, pieces.size):
            yield _told(member, f"has {pieces.size} bytes, {PACKAGE} says {stated.size}")
        if named and not digests.same(named, digest.digest()):
            yield _told(member, f"its {named[0]} is not the one {PACKAGE} states; read all the same")
        elif stated and not named:
            yield _told(member, f"{PACKAGE} states no digest that can be verified")

    def _missing(self, names: Collection[str]) -> Iterator[Told]:
        for name in self._resources:
            if name not in names:
                why = f"listed in {PACKAGE} and not in the package"
                yield Unreadable(f"{self.path}!{name}", "missing", why, lost=media.by_name(name) == "warc")

    def _indexed(self, members: list[Member]) -> Iterator[Told]:
        """What its index and its lists of pages tell of, and no WARC in it holds."""
        for member in members:
            if _is_index(member.entry.name):
                yield from indexes.checked(member, self.warcs, self.hosts)
        if self._pages:
            some = ", ".join(sorted(self._pages)[:3])
            why = f"{len(self._pages)} pages of ours are listed in it that no WARC in it holds: {some}"
            yield Unreadable(str(self.path), "missing", why, lost=False)

    def _met(self, record: WarcRecord) -> None:
        self._pages.discard(record.url.partition("#")[0])


def is_wacz(path: Path) -> bool:
    """Whether a ZIP is one, by what is in it. Raises OSError."""
    names = {entry.name for entry in entries(path)[0]}
    return PACKAGE in names or any(name.startswith("archive/") and media.by_name(name) == "warc" for name in names)


def _judged(found: list[Entry]) -> Iterator[tuple[Entry, str | None]]:
    """The members, each with the reason why it is not read, if there is one."""
    end = 0
    for entry in found:
        twice = "its bytes are those of another member too; refused" if entry.packed and entry.at < end else None
        yield entry, _refused(entry) or twice
        end = max(end, entry.at + entry.packed)


def _refused(entry: Entry) -> str | None:
    name = entry.name
    if "\\" in name or "\0" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return "its name leads out of the package; refused"
    if entry.encrypted:
        return "encrypted; ingest a copy without a password"
    if entry.method not in (STORED, DEFLATED):
        return f"packed by method {entry.method}, which WACZ does not have; pack it again, stored"
    return None


def _is_warc(member: Member) -> bool:
    if media.by_name(member.entry.name) == "warc":
        return True
    return member.entry.name.startswith("archive/") and is_recorded(next(iter(member.pieces()), b"")[:4096])


def _is_index(name: str) -> bool:
    return media.by_name(name) == "index"


def _text(member: Member) -> bytes:
    """A small member whole; one over 16 MiB is cut and will not parse."""
    text = bytearray()
    for piece in member.pieces():
        text += piece
        if len(text) > _MAX_JSON:
            break
    return bytes(text)


def _told(member: Member, why: str, *, lost: bool = False) -> Unreadable:
    return Unreadable(str(member), "damaged", why, lost=lost)
