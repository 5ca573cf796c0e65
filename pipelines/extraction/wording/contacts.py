"""Whose address is whose, where a line names several writers and one link or more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.whereabouts import MAILBOX, find_address
from scraper.records import Author, Problem

# What the link to a writer is called.
CONTACT = r"Contact(?: (?:me|us|the author))?|E-?mail(?: (?:me|us|the author))?"
_CALLED = re.compile(rf"\W*(?:{CONTACT})\W*", re.IGNORECASE)
_NOTHING_ELSE = re.compile(rf"(?:\W|(?:{CONTACT}|at|and|or)\b)*", re.IGNORECASE)
_LONGEST = 120  # characters of a line of nothing but addresses
_NOBODY = re.compile(r"#|mailto:\s*(?:\?|$)|https?://\S*(?:share|add_to)", re.IGNORECASE)  # a button to share the page
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Target:
    start: int
    end: int
    url: str


def share_contacts(authors: tuple[Author, ...], line: Line, start: int = 0) -> tuple[Author, ...]:
    """Give each writer the address on the line that is theirs for certain; of several, who has none gets none."""
    if not authors or not (line.links or "@" in line.text):
        return authors
    targets = list(_find_targets(line, start))
    by_place = _give_by_place(targets, _find_names(authors, line.text, start))
    by_name = {target.url: owner for target in targets if (owner := find_owner(target.url, authors)) is not None}
    given = {owner: url for url, owner in by_name.items()}
    for target, owner in zip(targets, by_place, strict=True):
        if owner is not None and target.url not in by_name:
            given.setdefault(owner, target.url)
    return tuple(replace(author, contact=given.get(index, author.contact)) for index, author in enumerate(authors))


def doubt_contacts(authors: tuple[Author, ...], line: Line) -> Iterator[Problem]:
    """Yield a problem where the line has an address that is given to none of several writers."""
    if len(authors) < 2 or not (line.links or "@" in line.text):
        return
    given = {author.contact for author in authors}
    if any(target.url not in given for target in _find_targets(line, 0)):
        yield build_doubt(line)


def build_doubt(line: Line) -> Problem:
    """Build the problem of an address that may be anybody's."""
    message = f"{line.text[:80]!r} has an address that cannot be given to one of the writers for certain."
    return Problem("authors", "doubtful", message)


def read_contact_urls(line: Line) -> tuple[str, ...]:
    """Read the addresses of a line that is nothing but links to writers or mailboxes: `Contact`, `Contact: a@b.c`."""
    text = line.text
    if len(text) > _LONGEST or line.kind not in ("p", "h") or not ("@" in text or text[:1] in "CcEe"):
        return ()
    bare = MAILBOX.sub("", text) if "@" in text else text
    return tuple(target.url for target in _find_targets(line, 0)) if _NOTHING_ELSE.fullmatch(bare) else ()


def give_contacts(
    named: Candidate[tuple[Author, ...]], urls: tuple[str, ...]
) -> tuple[Candidate[tuple[Author, ...]], bool]:
    """Give addresses on a line of their own to the only writer, or to those whose names they spell or in their order.

    False where one is left.
    """
    authors = list(named.value)
    owners = [find_owner(url, named.value) if len(authors) > 1 else 0 for url in urls]
    if len(urls) == len(authors) and owners.count(None) == len(owners):
        owners = list(range(len(authors)))
    for url, owner in zip(urls, owners, strict=True):
        if owner is not None:
            authors[owner] = replace(authors[owner], contact=authors[owner].contact or url)
    return replace(named, value=tuple(authors)), None not in owners


def find_mailbox(line: Line, start: int = 0) -> str | None:
    """Find the mailbox that the line links to, else the one that stands behind `start`."""
    link = next((link.url for link in line.links if (link.url or "").startswith("mailto:")), None)
    return link or find_address(line.text, start)


def find_owner(url: str, authors: tuple[Author, ...]) -> int | None:
    """Find the only writer whose name the mailbox spells, by their place in the list: `ann@`, `ann.lee@`, `alee@`."""
    if not url.startswith("mailto:"):
        return None
    box = _NO_LETTERS.sub("", url[7:].partition("@")[0]).casefold()
    owners = [index for index, author in enumerate(authors) if box and box in _spell_boxes(author)]
    return owners[0] if len(owners) == 1 else None


def _spell_boxes(author: Author) -> tuple[str, ...]:
    words = [_NO_LETTERS.sub("", word).casefold() for word in author.name.partition(",")[0].split()]
    words = [word for word in words if word] or [""]
    first, last = words[0], words[-1]
    return first, last, first + last, last + first, first[:1] + last, first + last[:1]


def _find_names(authors: tuple[Author, ...], text: str, start: int) -> list[int]:
    places: list[int] = []
    for author in authors:
        found = text.find(author.name, start)
        places.append(found)
        start = max(start, found + len(author.name))
    return places


def _give_by_place(targets: list[_Target], places: list[int]) -> list[int | None]:
    """Give each address to the writer on whose name it lies, or behind whose name alone it stands.

    Behind two names it may be of both or either; as many behind the last name as there are writers come in their order.
    """
    if len(places) == 1:
        return [0] * len(targets)
    if min(places) < 0:
        return [None] * len(targets)
    owners = [_find_neighbour(target, places) for target in targets]
    if len(targets) == len(places) and all(target.start > places[-1] for target in targets):
        return list(range(len(places)))
    held = {*owners, -1}
    return [
        owner if owner is not None and (owner - 1 in held or target.start <= places[owner]) else None
        for target, owner in zip(targets, owners, strict=True)
    ]


def _find_neighbour(target: _Target, places: list[int]) -> int | None:
    inside = [index for index, place in enumerate(places) if target.start <= place < target.end]
    above = inside if len(inside) == 1 else [index for index, place in enumerate(places) if place < target.start]
    return above[-1] if above and len(inside) < 2 else None


def _find_targets(line: Line, start: int) -> Iterator[_Target]:
    """Yield the links to mailboxes or that are called `Contact`, and the addresses written out, in order."""
    targets = [
        _Target(link.start, link.end, link.url)
        for link in line.links
        if link.url and link.end > start and _leads_to_writer(link.url, line.text[link.start : link.end])
    ]
    targets += [
        _Target(box.start(), box.end(), f"mailto:{box[0]}")
        for box in (MAILBOX.finditer(line.text, start) if "@" in line.text else ())
        if not any(link.start <= box.start() < link.end for link in line.links)
    ]
    yield from sorted(targets, key=lambda target: target.start)


def is_contact(words: str) -> bool:
    """Whether the words are what the link to a writer is called."""
    return bool(_CALLED.fullmatch(words))


def _leads_to_writer(url: str, words: str) -> bool:
    return not _NOBODY.match(url) and (url.startswith("mailto:") or is_contact(words))
