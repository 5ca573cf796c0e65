"""Closing lines that say who the writer is: what they do for the house, or that the brief is theirs."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_names, read_role
from pipelines.extraction.wording.contacts import find_mailbox
from pipelines.extraction.wording.roles import HOUSE_NAME
from pipelines.extraction.wording.verbs import TEXTS
from pipelines.extraction.wording.word_search import holds_any
from scraper.records import Author

_LONGEST = 300  # characters
_NAME = r"(?P<who>[^\W\d_][^,:;]{2,50}?)"
# `Ann Lee is a Civil Rights Analyst for U.S. RESIST NEWS. She lives …`
_BIO = re.compile(
    rf"^(?P<who>[^\W\d_][^,.:;]{{2,50}}?),? (?:is|was) (?:an?|the|our) "
    rf"(?:(?P<role>[^,.;]{{3,60}}) (?:for|at|with|of|on) (?:the )?(?:{HOUSE_NAME})"
    rf"|(?:{HOUSE_NAME}) (?P<rank>[^,.;]{{3,60}}))\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"About the (?:author|writer)\s?[:–—-]?\s+(?P<who>[^\W\d_][^,.:;]{2,50}?),?"
    r" (?:is|was|has|works|lives|writes|covers)\b",
    re.IGNORECASE,
)
_OF_TEXT = rf"(?:of|behind) (?:this|our) (?:policy )?{TEXTS}"
_IS = r"(?:is|was) (?:an?|the|our)"
_HERE = rf"(?:for|at|with|of|on) (?:the )?(?i:{HOUSE_NAME})"
_OWN = (
    re.compile(rf"^The (?:author|writer)(?: {_OF_TEXT})?, {_NAME}, {_IS} (?P<role>[^,.;]{{3,60}}?) {_HERE}\b"),
    re.compile(rf"^{_NAME}, (?:the )?(?:author|writer) {_OF_TEXT}\b", re.IGNORECASE),
    re.compile(rf"^This (?:policy )?{TEXTS}['’]s (?:author|writer) is {_NAME}\.?$", re.IGNORECASE),
    re.compile(rf"^The (?:author|writer) {_OF_TEXT} is {_NAME}\.?$", re.IGNORECASE),
    re.compile(rf"^Our (?P<role>[A-Z][^,.;]{{3,60}}?) is {_NAME},? who (?:can|may) be (?:reached|contacted)\b"),
    re.compile(rf"^(?:Respectfully )?Submitted, (?:by )?{_NAME}\.?$", re.IGNORECASE),
    re.compile(rf"^{_NAME} (?:reports|writes|blogs)(?: [\w ]{{3,40}})? {_HERE}\.?$"),
    re.compile(rf"^{_NAME} / (?i:{HOUSE_NAME})$"),
)
_OWN_HINTS = ("author", "writer", "ubmitted,", "Our ", " reports ", " writes ", " blogs ", " / U")
_HINTS = (" is ", " was ", "About the ", *_OWN_HINTS)  # a cheap look before the patterns


def read_bio(line: Line) -> tuple[Author, ...] | None:
    """Read the writer and their role out of a line that presents them as the house's; None for other lines."""
    text = line.text
    if len(text) > _LONGEST or line.kind == "h" or not holds_any(text[:70], _HINTS):
        return None
    may_be_own = holds_any(text[:70], _OWN_HINTS)
    own = next((match for pattern in _OWN if (match := pattern.match(text))), None) if may_be_own else None
    match = own or _BIO.match(text)
    about = None if match else _ABOUT.match(text)
    named = (match or about or {"who": ""})["who"]
    values = match.groupdict() if match else {}
    role = read_role(values.get("role") or values.get("rank") or "")
    authors = read_names(named) if own or role or about else None
    if not authors or len(authors) > 1:
        return None
    return (replace(authors[0], role=role, contact=find_mailbox(line)),)
