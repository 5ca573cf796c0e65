"""Captions: the credits that they end with, as agencies, papers and free archives write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extraction.wording.byline import is_name
from pipelines.extraction.wording.credit_parts import (
    CreditParts,
    find_agency,
    find_source,
    read_credit_parts,
    read_pair,
)

_LONGEST = 160  # characters of a credit at the end of a caption
_BRACKETS = re.compile(r"[(\[](?P<inner>[^()\[\]]{2,160})[)\]][\s.]*$")
_SENTENCE_END = re.compile(r"(?<![A-Z])[.!?][\"”’)]?\s+|[”\"]\s+|\s[|–—]\s+")
_LEAD = re.compile(
    r"(?:(?:photo(?:graph)?s?|image|picture|pic|illustration|graphic)\s*(?:credits?\b|courtesy\b|by\b|from\b|via\b|[:/©|–—])"
    r"|photographers?\s*:|credits?\s*(?::|\.{2,3}|…|by\b)|courtesy(?:\s+of)?\b|copyright\b|©(?:\s*(?:19|20)\d\d)?|\(c\))"
    r"[\s:.…©|–—]*(?:(?:by|of|from|via|courtesy(?:\s+of)?)\b[\s:]*)?",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?:The )?(?:[A-Z][\w.&’'-]*\s){0,4}(?:Times|Post|Press|News|Agency|Photos?|Pictures|Images|Media|Pool|Journal"
    r"|Tribune|Magazine|Herald|Globe|Chronicle|Gazette|Bee|Star|Sun|Today|Network|TV|USA|Wire)"
)
_LICENCE = r"(?:licensed under|marked with|\(?CC[ -]?(?:BY|0)\b|\(?Creative Commons|\(?Public domain)"
_WORK = re.compile(
    rf"[“\"‘'](?P<work>[^”\"]{{1,100}}?)[”\"’'],?\s+by\s+(?P<name>[^,\s]+(?:\s[^,\s]+){{0,4}}?)"
    rf"(?:,\s*|\s+(?:is\s+|are\s+)?)(?:via\s[^,]{{2,40}},\s*)?{_LICENCE}",
    re.IGNORECASE,
)
_FREE = re.compile(rf"(?P<name>[A-Z][\w.’'-]*(?:\s[\w.’'-]+){{0,3}}),\s*{_LICENCE}", re.IGNORECASE)
# As Wikimedia's buttons copy it: `NAME, CC BY-SA 4.0 <ADDRESS>, via Wikimedia Commons`, `By NAME - Own work, …`.
_COMMONS = re.compile(
    r"(?:By )?(?P<name>[^\s,/(<][^/(<]{1,100}?)(?: [-–—] .{1,60}?)?(?:, ?| ?/ ?| ?\()"
    r"(?P<licence>CC[ -]?BY|CC0|Public domain|Attribution|GFDL|OGL)(?P<kind>[^,<(/]{0,40}?)(?:[ ,]{0,2}[(<]?(?P<url>https?://[^\s<>()]{1,200})[)>]?)?"
    r"\)?(?:,? (?:via|on|from) (?P<via>[A-Z][\w. ]{1,40}?))?(?: \((?:cropped|edited|modified)\))?[ .)]{0,3}",
    re.IGNORECASE,
)
_FROM = re.compile(r" from (?=[A-Z])")  # `NAME from TOWN, STATE`, as those who lend pictures call themselves
_NOBODY = re.compile(r"(?:unknown|see (?:the )?page|various|anonymous|not stated)\b.*", re.IGNORECASE)
_SMALL = re.compile(r"(?<![\w’'.-])(?!(?:of|the|and|for|in|de|la|du|von|van|by|photo|at)\b)[a-z]+")
_LENDERS = re.compile(r"/|\bvia\b")
_VIA = re.compile(r"\bvia\s+(?P<source>[A-Z][\w. ]{1,40}?)[\s.)]*$")
# What may be the credit of a caption that fits no shape.
_SIGNS = re.compile(
    r"\b(?i:(?:photo(?:graph(?:er)?|graphy)?s?|images?|pictures?|pic|illustration)\s*(?:by\b|:|/|©|credits?\b))"
    r"|\b(?i:credits?\s*(?::|\.\.|…|by\b)|courtesy\b|licensed under\b)|©"
    r"|\bvia\s+[A-Z]|[A-Za-z.]\s?/\s?[A-Z]|\bCC[ -]BY\b"
)


def may_hold_credit(caption: str) -> bool:
    """Whether a caption seems to name who took the picture or who lends it."""
    last = caption.rpartition(" ")[2].rstrip(".)")
    return bool(_SIGNS.search(caption[-_LONGEST:])) or find_agency(last) is not None


def read_licence(words: str) -> CreditParts | None:
    """Read the attribution of a free picture: `“Pier” by NAME is licensed under CC BY 2.0`; None for other words."""
    match = _WORK.match(words)
    free = None if match else _FREE.match(words)
    if not match and not (free and is_name(free["name"])):
        return None
    via = _VIA.search(words)
    name = (match or free or {"name": ""})["name"].strip(" ,")
    return CreditParts(name, (find_agency(via["source"]) or via["source"].strip()) if via else None, sure=True)


def read_free_picture(words: str) -> CreditParts | None:
    """Read the line that Wikimedia's button copies; None for other words."""
    match = _COMMONS.fullmatch(words)
    if not match:
        return None
    via = match["via"]
    source = (find_agency(via) or via) if via else find_source(match["url"])
    name = _FROM.split(match["name"])[0].rpartition(" photo by ")[2].strip(" ,")
    if (agency := find_agency(name)) or (via and _NOBODY.fullmatch(name)):
        return CreditParts(None, source or agency, sure=True)
    is_free = match["licence"].upper().startswith("CC")
    is_whole = is_free and " " in name and is_name(name)
    is_lent = via or (is_free and match["url"])
    if is_whole or (is_lent and (" " not in name or not _SMALL.search(name))):
        return CreditParts(name, source, sure=bool(is_lent))
    return None


def read_caption_end(words: str) -> tuple[int, CreditParts] | None:
    """Read the credit that a caption is or ends with, and where it begins; None for a caption without one."""
    for start, piece in _split_ends(words):
        if parts := _read_piece(piece.strip()):
            return start, parts
    return None


def _split_ends(words: str) -> Iterator[tuple[int, str]]:
    """Split off what may be the credit: the whole, what stands in brackets at the end, the last sentences."""
    if len(words) <= _LONGEST:
        yield 0, words
    if brackets := _BRACKETS.search(words, max(0, len(words) - _LONGEST)):
        yield brackets.start(), brackets["inner"]
    ends = [end.end() for end in _SENTENCE_END.finditer(words, max(0, len(words) - _LONGEST))]
    yield from ((end, words[end:]) for end in ends[-3:] if end < len(words))


def _read_piece(piece: str) -> CreditParts | None:
    if inner := re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]\.?", piece):
        piece = inner[1]
    if licence := read_licence(piece):
        return licence
    lead = _LEAD.match(piece)
    who = piece[lead.end() :].strip() if lead else piece.rstrip(". ")
    if lead and who:
        parts = read_credit_parts(who)
        return parts if parts.sure or _is_plain(who) else None
    return read_pair(who) or _read_wide_pair(who)


def _is_plain(who: str) -> bool:
    """Whether the words are few and no sentence: then they are a name, if a guess."""
    words = who.split()
    return 1 <= len(words) <= 6 and not words[0][0].islower() and sum(word[0].islower() for word in words) <= 2


def _read_wide_pair(who: str) -> CreditParts | None:
    """Read `NAME/The Harbor Times`, `NAME via Getty Images`, `NAME/Pool via REUTERS`: the house may be any."""
    name, mark, house = who.partition("/")
    if not mark:
        name, mark, house = who.partition(" via ")
    name, house = name.strip(), house.strip()
    if not mark or len(name.split()) < 2 or not is_name(name):
        return None
    source = _LENDERS.split(house)[-1].strip()
    if agency := find_agency(source):
        return CreditParts(name, agency, sure=True)
    if not source[:1].isupper() or len(source.split()) > 5:
        return None
    return CreditParts(name, source, sure=bool(_HOUSE.fullmatch(source)))
