"""Lines that say whom to write to about a brief: `For comments on this brief contact NAME`, who may be its writer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import is_name, read_names, read_signature
from pipelines.extraction.wording.contacts import find_mailbox, share_contacts
from pipelines.extraction.wording.whereabouts import MAILBOX
from scraper.records import Author

_LONGEST = 160  # characters
_WRITE = r"(?:contact|e-?mail|write(?:\sto)?|reach(?:\sout\sto)?)"
_TEXT = r"(?:policy\s)?(?:brief|post|article|blog|op-?ed|analysis|piece)"
_COMMENTS = re.compile(
    r"^(?:(?:For|To|If|Any|Your|Please|Send|With|Have|Do)\b.{0,50}?\b(?:comment|question|feedback)s?\b"
    r"|(?:comments|questions|feedback)(?:\s(?:or|and)\s\w+)?\s?[?:,–—-])"
    rf".{{0,60}}?\b{_WRITE}\b[\s:]*(?P<who>.*)$",
    re.IGNORECASE,
)
_ON_TEXT = re.compile(
    rf"\b(?:(?:this|our)\s{_TEXT}|the\s(?:author|writer|analyst))s?\b|^\w+(?:\s\w+){{0,2}}\s?[?:,–—-]", re.IGNORECASE
)
_HOUSE = re.compile(r"@usre(?:sist|new)news\.", re.IGNORECASE)
_AUTHOR = re.compile(rf"^{_WRITE}\sthe\s(?:author|writer|analyst)s?\b[\s:,–—-]*(?:at\b\s*)?(?P<who>.*)$", re.IGNORECASE)
_PERSON = re.compile(rf"^{_WRITE}\s?:?\s(?P<who>.+)$", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(?P<who>[^:]{5,90}?)(?:\s?[,:]|\s[–—-])?\s(?:(?:who\s)?(?:can|may)\sbe\s(?:reached|contacted)|contact)\b.{0,60}$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[CcMmWwRr](?i:ontact|ail|rite|each)")  # a cheap search before the expensive patterns
_MARKS = " .,:;()[]–—-"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Whom the line names and where they are written to; `of_author` where it says that the writer is meant."""

    authors: tuple[Author, ...]
    contact: str | None
    of_author: bool = False


def read_contact(line: Line) -> ContactLine | None:
    """Read whom to write to about the text; None for any other line, such as a call to write to a senator."""
    text = line.text
    if len(text) > _LONGEST or line.kind == "h" or not _WORDS.search(text):
        return None
    contact = find_mailbox(line)
    comments = _COMMENTS.match(text)
    if comments and _ON_TEXT.search(text):
        return ContactLine(_read_people(comments["who"], contact, line), contact)
    if author := _AUTHOR.match(text):
        return ContactLine(_read_people(author["who"], contact, line), contact, of_author=True)
    if line.kind != "li" and (signed := _SIGNED.match(text)) and (signature := read_signature(signed["who"])):
        return ContactLine(_add_contact(signature.authors, contact, line), contact)
    if line.kind == "li" or not (person := _PERSON.match(text)):
        return None
    is_ours = bool(contact and _HOUSE.search(contact)) or read_signature(person["who"].strip(_MARKS)) is not None
    named = _read_people(person["who"], contact, line) if is_ours else ()
    return ContactLine(named, contact) if named else None


def _read_people(who: str, contact: str | None, line: Line) -> tuple[Author, ...]:
    who = re.sub(r"\s(?:at|by|via|through)$", "", MAILBOX.sub("", who).strip(_MARKS)).strip(_MARKS)
    people = read_names(who) if who and (is_name(who.partition(",")[0]) or " and " in who) else None
    return _add_contact(tuple(person for person in people or () if person.kind == "person"), contact, line)


def _add_contact(people: tuple[Author, ...], contact: str | None, line: Line) -> tuple[Author, ...]:
    """Add the address to the only person, or to each of several the one that is theirs."""
    return (replace(people[0], contact=contact),) if len(people) == 1 else share_contacts(people, line)
