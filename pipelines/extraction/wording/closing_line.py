"""The closing author line of 2017-2019 briefs, with role and contact (site-atlas 2.4)."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.lines import Line, join_lines
from pipelines.extraction.wording.byline import read_byline, read_names, strip_editors
from pipelines.extraction.wording.contacts import find_mailbox, share_contacts
from pipelines.extraction.wording.lives import read_bio
from pipelines.extraction.wording.name_marks import split_date
from pipelines.extraction.wording.roles import HOUSE, HOUSE_NAME, HOUSE_PREFIX, ROLE
from pipelines.extraction.wording.verbs import TEXTS, WROTE, WROTE_TEXT
from pipelines.extraction.wording.whereabouts import MAILBOX, find_address
from scraper.markup.cloudflare import PLACEHOLDER
from scraper.records import Author

_LONGEST = 300  # characters
_WIDTH = 80  # characters of a line in a text that was wrapped
_FEW_LETTERS = 12  # by which it may be narrower
_LONGEST_FRONT = 80  # characters of a line that goes on in the next one
_FRONTS = (" by", " by:", " By:", "Author", "Author:", "author:", "Writer", "Writer:")
_CLOSING = re.compile(
    rf"^[*(\[–—-]{{0,3}}\s?(?:(?P<this>this\s+(?:[\w.&’'-]+\s+){{0,4}}?{TEXTS}\s+(?:was|is|has\s+been))\s+|{TEXTS}\s+(?:was\s+)?)?"
    rf"(?P<verb>{WROTE})\s+(?:on\s+\S+\s\d{{1,2}},?\s\d{{4}}\s+)?by(?:\s*:)?\s+(?P<who>\S.*)$",
    re.IGNORECASE,
)
_OF_HOUSE = re.compile(rf",\s+(?:{HOUSE_NAME})\b", re.IGNORECASE)
_OUR = re.compile(r"^our\s+(?=[A-Z])")
_CONTACT = re.compile(
    r"(?<![\s:,;–—|(-])[\s:,;–—|(-]*(?:\bContact\b|\bwho (?:can|may) be (?:reached|contacted)\b)(?P<after>.*)$",
    re.IGNORECASE,
)
# `… compiled by NAME. If you have comments or want to add the name of your organization …, please contact …`
_REQUEST = re.compile(r"\.\s+(?:If you|For (?:more|further)|To (?:comment|contact)|Please)\b.*$", re.IGNORECASE)


def _find_contact(line: Line, start: int) -> str | None:
    """Find the target of the Contact link, or the mail address in the text."""
    for link in sorted(line.links, key=lambda link: link.start < start):  # an earlier one may reach over the words
        if link.end > start and link.url and not link.url.startswith("#"):
            return link.url
    return find_address(line.text, start)


def _read_authors(who: str, *, single: bool) -> tuple[Author, ...] | None:
    """Read the people in `USRESIST NEWS Foreign Policy Analyst NAME and NAME`; one role counts for all of them."""
    who = split_date(who.rstrip("."))[0] if re.search(r"\d", who) else who
    if HOUSE.fullmatch(who):
        return read_names(who)
    rest = HOUSE_PREFIX.sub("", who)
    role = ROLE.match(rest)
    if not role:
        return read_names(rest, single=single) or read_names(who)
    authors = read_names(rest[role.end() :].strip(" ,:"), single=single)
    if authors is None:
        return None
    role_name = role[0][:1].upper() + role[0][1:]
    return tuple(a if a.role or a.kind == "collective" else replace(a, role=role_name) for a in authors)


def _read_authors_between_contacts(line: Line, start: int, *, single: bool) -> tuple[Author, ...] | None:
    """Read the authors of `NAME (Contact) and NAME (Contact)`."""
    links = [link for link in line.links if line.text[link.start : link.end].strip().lower() == "contact"]
    if len(links) < 2:
        return None
    authors: list[Author] = []
    for link in links:
        people = _read_authors(
            re.sub(r"^[\s),;:.]*(?:and\s+|&\s+)?|(?<![\s(:,;])[\s(:,;]+$", "", line.text[start : link.start]),
            single=single,
        )
        if not people:
            return None
        role = people[0].role or (authors[0].role if authors else None)
        authors += [replace(a, role=role) for a in people]
        start = link.end
    return tuple(authors)


def _may_be_closing(line: Line, match: re.Match[str]) -> bool:
    """Whether the line can be a closing line; a list item or heading must say that it is about the text.

    So must a verb that is not only for writers: `Developed by Harbor Trust` begins a sentence about a rule.
    """
    if match["this"]:
        return True
    if line.kind in ("li", "h"):
        return False
    who = match["who"]
    by_house = HOUSE_PREFIX.match(who) or HOUSE.fullmatch(who.rstrip(".")) or _OF_HOUSE.search(who)
    return bool(re.fullmatch(WROTE_TEXT, match["verb"], re.IGNORECASE) or (by_house and not line.is_bold))


def read_closing(line: Line) -> tuple[tuple[Author, ...], str] | None:
    """Read the authors of a closing line and its verb; None for any other line."""
    if len(line.text) > _LONGEST or not ("by" in (words := line.text.lower()) or "@" in words):
        return None
    match = _CLOSING.match(line.text)
    if not match or not _may_be_closing(line, match):
        return _read_byline_with_contact(line)
    who, contact = _OUR.sub("", strip_editors(match["who"]).rstrip(")]*")), None
    verb = re.sub(r"\W+", "_", match["verb"].lower())
    if several := _read_authors_between_contacts(line, match.start("who"), single=bool(match["this"])):
        return _add_contact(several, None, line, match.start("who")), verb
    if request := _REQUEST.search(who):
        contact = _find_contact(line, match.start("who") + request.start())
        who = who[: request.start()]
    elif contact_words := _CONTACT.search(who):
        contact = _find_contact(line, match.start("who") + contact_words.start())
        who = who[: contact_words.start()]
    else:
        contact = find_mailbox(line, match.start("who"))
    authors = _read_authors(_strip_mailboxes(who), single=bool(match["this"]))
    return (_add_contact(authors, contact, line, match.start("who")), verb) if authors else None


def _strip_mailboxes(who: str) -> str:
    """Strip the addresses behind the names, and what joined them."""
    words = MAILBOX.sub("", who).replace(PLACEHOLDER, "").split()
    while words and words[-1].strip(":,;/") in ("", "&", "and", "or"):
        words.pop()
    return " ".join(words).rstrip(":,; ")


def _add_contact(authors: tuple[Author, ...], contact: str | None, line: Line, start: int) -> tuple[Author, ...]:
    """Add the contact to the only writer, or to each of several the one that is theirs."""
    return (replace(authors[0], contact=contact),) if len(authors) == 1 else share_contacts(authors, line, start)


def _read_byline_with_contact(line: Line) -> tuple[tuple[Author, ...], str] | None:
    """Read a byline with the writer's address behind it: `Author: Ann Lee – Contact: ann@…`."""
    words = _CONTACT.search(line.text) if "@" in line.text else None
    byline = read_byline(line.text[: words.start()]) if words and words.start() and "@" in words["after"] else None
    if words is None or byline is None or byline.shape == "house_name":
        return None
    contact = _find_contact(line, words.start())
    return _add_contact(byline.authors, contact, line, 0), "byline"


def cut_closing(line: Line) -> Line:
    """Cut off all up to the word `Contact`, behind which a credit may stand."""
    contact = _CONTACT.search(line.text)
    rest = line.drop_start(contact.start("after") if contact else len(line.text))
    return rest.drop_start(len(rest.text) - len(rest.text.lstrip(" .:;,|–—-")))


def find_words_behind(line: Line) -> str | None:
    """Find a sentence behind the contact of a closing line, which belongs to none of its parts."""
    contact = None if _REQUEST.search(line.text) else _CONTACT.search(line.text)
    sentence = re.search(r"[.;]\s+(?P<words>[A-Z]\w+\s.*)", contact["after"]) if contact else None
    return sentence["words"] if sentence else None


def join_broken_closings(lines: list[Line]) -> list[Line]:
    """Join a closing line that breaks off behind `by` or was wrapped, or the heading above a life, with the next."""
    joined: list[Line] = []
    index = 0
    while index < len(lines):
        size = 1
        if len(lines[index].text) < _LONGEST_FRONT and lines[index].text.endswith(_FRONTS):
            size = next((size for size in (3, 2) if _is_broken_closing(lines[index : index + size], size)), 1)
        elif _goes_on(lines[index : index + 2]):
            size = 2
        elif lines[index].is_plain and _is_wrapped(lines[index : index + 2]):
            size = 2 if _is_broken_closing(lines[index : index + 2], 2) else 1
        run = lines[index : index + size]
        joined.append(replace(join_lines(run), kind="p") if size > 1 else run[0])
        index += size
    return joined


def _goes_on(run: list[Line]) -> bool:
    """Whether the second line names another writer of the closing line above it: `and Analyst NAME: Contact`."""
    if len(run) < 2 or run[1].text[:2].lower() not in ("an", "& ") or " by " not in run[0].text:
        return False
    above, whole = read_closing(run[0]), read_closing(replace(join_lines(run), kind="p"))
    return above is not None and whole is not None and len(whole[0]) > len(above[0])


def _is_wrapped(run: list[Line]) -> bool:
    """Whether the first of two lines of a plain text is as long as its width, and the second goes on with it."""
    if len(run) < 2 or run[0].block != run[1].block:
        return False
    return len(run[0].text) <= _WIDTH < len(f"{run[0].text} {run[1].text.partition(' ')[0]}") + _FEW_LETTERS


def _is_broken_closing(run: list[Line], size: int) -> bool:
    """Whether the lines are one closing line; of more than two, all must stand in one paragraph."""
    is_one = len(run) == size and (size == 2 or len({line.block for line in run}) == 1)
    whole = replace(join_lines(run), kind="p") if is_one else None
    return whole is not None and bool(read_closing(whole) or read_bio(whole))
