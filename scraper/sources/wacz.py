"""Reads WACZ 1.1 and 1.2: a ZIP of WARC files with an index, a list of pages and digests of everything."""

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
from scraper.sources.archive_records import is_warc_or_arc
from scraper.sources.events import Omission, ReportProgress, SourceItem, Unreadable
from scraper.sources.revisits import Revisit
from scraper.sources.wacz_package import Resource
from scraper.sources.zip_index import list_entries
from scraper.sources.zip_member import DEFLATED, STORED, RecordFile, ZipEntry, ZipMember

PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
_MAX_JSON = 16 * 2**20
_ARCHIVES = ("wacz", "zip", "tar", "tar.gz", "tgz", "7z", "rar")
_SILENT = re.compile(r"logs/|fuzzy\.json$|indexes/[^/]*\.(?:idx|loc)$|.*/$")


@dataclass
class WaczFile:
    """One WACZ file; after `read`, `warcs` are its members that hold records."""

    path: Path
    hosts: Collection[str] | None
    report_progress: ReportProgress
    revisits: list[Revisit]
    warcs: list[RecordFile] = field(default_factory=list)
    _resources: dict[str, Resource] = field(default_factory=dict)
    _unmet_pages: set[str] = field(default_factory=set)  # listed, of our hosts, in no record so far

    def read(self) -> Iterator[SourceItem]:
        """Yield the pages of its WARC files, and whatever does not agree. Raises OSError."""
        entries, index_problems = list_entries(self.path)
        yield from (Unreadable(str(self.path), "damaged", line) for line in index_problems)
        for name, times in Counter(entry.name for entry in entries).items():
            if times > 1:
                why = f"{times} members have the name {name}; each is read"
                yield Unreadable(str(self.path), "damaged", why, lost=False)
        members = []
        for entry, refusal in _find_refusals(entries):
            if refusal:
                yield _make_problem(ZipMember(self.path, entry), refusal, lost=True)
            else:
                members.append(ZipMember(self.path, entry))
        yield from self._read_package({member.entry.name: member for member in members})
        for member in members:
            yield from self._read_member(member)
        yield from self._find_missing_members({entry.name for entry in entries})
        if not self.warcs:
            yield Unreadable(str(self.path), "empty", "a WACZ that holds no WARC file")
        yield from self._check_lists(members)

    def _read_package(self, members: dict[str, ZipMember]) -> Iterator[SourceItem]:
        """Read what the package states about its members, and check the digest of these statements."""
        if PACKAGE not in members:
            yield Unreadable(str(self.path), "damaged", f"no {PACKAGE} in it; nothing can be verified", lost=False)
            return
        text = _read_small_member(members[PACKAGE])
        try:
            self._resources = package.parse_resources(text)
        except ValueError as error:
            why = f"cannot be read ({error}); nothing can be verified"
            yield _make_problem(members[PACKAGE], why)
        if DIGEST in members:
            for why in package.check_package_digest(_read_small_member(members[DIGEST]), text):
                yield _make_problem(members[DIGEST], why)
        for name, member in members.items():
            if re.fullmatch(r"pages/[^/]+\.jsonl", name):
                urls = package.parse_page_urls(member.read_pieces())
                self._unmet_pages |= {url for url in urls if is_ours(url, self.hosts)}

    def _read_member(self, member: ZipMember) -> Iterator[SourceItem]:
        name = member.entry.name
        holds_records = _is_warc(member)
        yield from self._verify_member(member, holds_records)
        if holds_records:
            self.warcs.append(member)
            tick_off = lambda record: self._unmet_pages.discard(record.url.partition("#")[0])  # noqa: E731
            yield from warc.read_captures(member, self.hosts, self.report_progress, self.revisits, tick_off)
            return
        self.report_progress(member.entry.packed)
        if media.ending_of(name) in _ARCHIVES:
            why = "an archive inside the package is not opened; take it out and ingest it"
            yield _make_problem(member, why, lost=True)
        elif not (name in (PACKAGE, DIGEST) or name.startswith("pages/") or _is_index(name) or _SILENT.match(name)):
            yield Omission(str(member), "unknown", media.ending_of(name))

    def _verify_member(self, member: ZipMember, holds_records: bool) -> Iterator[SourceItem]:
        """Check that a member has the bytes that the ZIP and the package state."""
        stated = self._resources.get(member.entry.name)
        stated_digest = digests.parse_digest(stated.hash) if stated and stated.hash else None
        digest = hashlib.new(stated_digest[0] if stated_digest else "sha256", usedforsecurity=False)
        pieces = member.read_pieces()
        for piece in pieces:
            digest.update(piece)
        if pieces.problem:
            yield _make_problem(member, pieces.problem, lost=pieces.cut and holds_records)
        if stated is None:
            if self._resources and member.entry.name.startswith("archive/"):
                yield _make_problem(member, f"not listed in {PACKAGE}; read all the same")
        elif stated.size not in (None, pieces.size):
            yield _make_problem(member, f"has {pieces.size} bytes, {PACKAGE} says {stated.size}")
        if stated_digest and not digests.is_same_digest(stated_digest, digest.digest()):
            yield _make_problem(member, f"its {stated_digest[0]} is not the one {PACKAGE} states; read all the same")
        elif stated and not stated_digest:
            yield _make_problem(member, f"{PACKAGE} states no digest that can be verified")

    def _find_missing_members(self, names: Collection[str]) -> Iterator[SourceItem]:
        for name in self._resources:
            if name not in names:
                why = f"listed in {PACKAGE} and not in the package"
                yield Unreadable(f"{self.path}!{name}", "missing", why, lost=media.guess_by_name(name) == "warc")

    def _check_lists(self, members: list[ZipMember]) -> Iterator[SourceItem]:
        """Find what its indexes and its lists of pages list and no WARC file in it holds."""
        for member in members:
            if _is_index(member.entry.name):
                yield from indexes.check_index(member, self.warcs, self.hosts)
        if self._unmet_pages:
            examples = ", ".join(sorted(self._unmet_pages)[:3])
            why = f"{len(self._unmet_pages)} pages of this site are listed in it that no WARC in it holds: {examples}"
            yield Unreadable(str(self.path), "missing", why, lost=False)


def is_wacz(path: Path) -> bool:
    """Whether a ZIP is a WACZ, by the names of its members. Raises OSError."""
    names = {entry.name for entry in list_entries(path)[0]}
    return PACKAGE in names or any(media.guess_by_name(name) == "warc" for name in names if name.startswith("archive/"))


def _find_refusals(entries: list[ZipEntry]) -> Iterator[tuple[ZipEntry, str | None]]:
    """Yield each member with the reason why it is not read, None where it is read."""
    end = 0
    for entry in entries:
        overlap = "its bytes are those of another member too; refused" if entry.packed and entry.at < end else None
        yield entry, _explain_refusal(entry) or overlap
        end = max(end, entry.at + entry.packed)


def _explain_refusal(entry: ZipEntry) -> str | None:
    name = entry.name
    if "\\" in name or "\0" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return "its name leads out of the package; refused"
    if entry.encrypted:
        return "encrypted; ingest a copy without a password"
    if entry.method not in (STORED, DEFLATED):
        return f"packed by method {entry.method}, which WACZ does not allow; pack it again, stored"
    return None


def _is_warc(member: ZipMember) -> bool:
    if media.guess_by_name(member.entry.name) == "warc":
        return True
    return member.entry.name.startswith("archive/") and is_warc_or_arc(next(iter(member.read_pieces()), b"")[:4096])


def _is_index(name: str) -> bool:
    return media.guess_by_name(name) == "index"


def _read_small_member(member: ZipMember) -> bytes:
    """Read a small member as a whole; one over 16 MiB is cut off and will not parse."""
    text = bytearray()
    for piece in member.read_pieces():
        text += piece
        if len(text) > _MAX_JSON:
            break
    return bytes(text)


def _make_problem(member: ZipMember, why: str, *, lost: bool = False) -> Unreadable:
    return Unreadable(str(member), "damaged", why, lost=lost)
