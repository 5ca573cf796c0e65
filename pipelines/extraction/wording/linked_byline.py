"""Bylines with links: to the writer's mailbox, accounts and other texts."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import Byline, may_begin_byline, read_byline
from pipelines.extraction.wording.contacts import CONTACT, share_contacts
from pipelines.extraction.wording.word_search import holds_any

# What the links behind a name are called.
_LINK = re.compile(
    rf"(?<![\s:,;|–—([-])[\s:,;|–—([-]+(?:{CONTACT}|Bio(?:graphy)?|Profile|Follow|Tweets?|Twitter|LinkedIn|Facebook"
    r"|Website|Archive|Posts|(?:Read |See |View )?(?:More|All)(?: (?:by|from|posts|articles)\b.{0,40})?)[)\]]?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"(?<![\s:,;|–—([-])[\s:,;|–—([-]+(?:{CONTACT})[)\]]?(?=\s*[,;/&+]|\s+(?:and|with)\s)", re.IGNORECASE
)  # the link of one writer before another
_LONGEST = 80  # characters of such a link
_WORDS = tuple("contact mail bio profile follow tweet twitter linkedin facebook website archive posts more all".split())


def read_linked_byline(part: str, line: Line) -> Byline | None:
    """Read a byline, a part of the line, without the names of the links at its end: `By NAME: Contact`."""
    if not may_begin_byline(part):
        return None
    part = _BETWEEN.sub("", part) if len(line.links) > 1 else part
    while end := _LINK.search(part) if _may_end_in_link(part) else None:
        part = part[: end.start()]
    byline = read_byline(part)
    if byline and (line.spans or "@" in line.text):
        byline = replace(byline, authors=share_contacts(byline.authors, line))
    return replace(byline, confidence="guessed") if byline and _cuts_name(byline, line) else byline


def _may_end_in_link(part: str) -> bool:
    """A cheap look before the careful one."""
    return holds_any(part[-_LONGEST:].lower(), _WORDS)


def _cuts_name(byline: Byline, line: Line) -> bool:
    """Whether a link begins inside a name, whose last words may then be the link's and not the person's."""
    starts = [(line.text.find(author.name), author.name) for author in byline.authors]
    return any(start < link.start < start + len(name) for link in line.links for start, name in starts if start >= 0)
