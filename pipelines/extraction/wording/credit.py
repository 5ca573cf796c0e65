"""Photo credits: the Unsplash badge and the other forms (site-atlas 2.7, 5.6)."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.caption import may_hold_credit, read_caption_end, read_free_picture, read_licence
from pipelines.extraction.wording.credit_leads import (
    BARE,
    DRAWN,
    FIRST_WORDS,
    FOREIGN,
    GLUED,
    LEAD,
    LEAD_APART,
    UNMARKED,
    heads_text,
    is_lead,
    strip_note,
)
from pipelines.extraction.wording.credit_parts import (
    JOINT,
    CreditParts,
    ends_in_agency,
    ends_in_last_word,
    find_agency,
    find_source,
    is_address,
    may_hold_pair,
    read_credit_parts,
    read_pair,
    read_tail,
    split_address_behind,
)
from pipelines.extraction.wording.word_search import holds_any
from scraper.records import PhotoCredit, Problem

BADGE = re.compile(r"unsplash-logo\s*", re.IGNORECASE)  # the <title> of the badge's SVG, glued to the name in bare text
# One of them, or the name of an agency at its end, is in all lines that are credits but do not say so in front.
_TAIL_WORDS = ("photo", "image", "picture", "illustration", "graphic", "credit", "pic ")
_SIGNS = ("/", "hoto", "image", "pic", "illustration", "graphic", "credit", "stock ", "cc b", "cc-b", "cc0", "c domain")
_NAMELESS = re.compile(
    r"(?:(?:stock|file|AI|archive|public[ -]domain)[ -](?:generated )?|AI[- ]generated |(?-i:[A-Z]{3,5}) )"
    r"(?:photo(?:graph)?|image|picture|art)s?|(?:photo|image|picture)s? in the public domain"
    r"|(?:licensed|used) under (?:a )?CC[ -].{1,40}|[^,.]{3,40}, public domain|Library of Congress\b[^.]{0,60}",
    re.IGNORECASE,
)
_LENT = re.compile(r"\b(?:CC[ -]?BY|CC0|public domain)\b[^.]{0,30}.{0,80}, via [A-Z][\w. ]{1,40}$", re.IGNORECASE)
_SERVICE = re.compile(
    r"(?!By\b)(?:Official\s+)?(?P<source>(?:(?:[A-Z][\w.]*|of|the)\s+){1,5})[Pp]hoto(?:graph)?s?\s+by\s+(?P<name>.+)"
)
_PARENTHESIS = re.compile(r"\((?P<pair>[^()/|]+(?:[/|][^()/|]+|(?<=[^(]:)[^()/|:]+))\)")
_ALIAS = re.compile(r"[\w.]+(?: [\w.]+)? by [\w.]+(?: [\w.]+)?")
_LONGEST_NAME = 60  # characters of who took a picture
_CAPTION = 250  # characters; a paragraph that ends in a credit and is no longer than this is a caption
_SENTENCE = 8  # words of a caption
_LONGEST = 160  # characters of a credit line; prose that begins with `Photo` is longer or a sentence
_SMALL = re.compile(r"\b(?!(?:of|the|for|and|in|on|at|to|via|by|from|with|de|la|du|stock|photos?|images?)\b)[a-z]+\b")


def _is_plausible(words: str, parts: CreditParts, *, explicit: bool, set_apart: bool) -> bool:
    """Whether the words after the lead are a credit: a name or agency, or no sentence and no headline."""
    if not words or len(words) > 110:
        return False
    if parts.sure:
        return explicit or bool(parts.source) or is_address(words) or not set_apart
    if words[0].islower() or set_apart or re.search(r"[.!?]\s+[A-Z][a-z]+\s[a-z]", words):
        return False
    return len(_SMALL.findall(words)) <= (2 if explicit else 0)


def _build_credit(line: Line, start: int, parts: CreditParts, shape: str) -> Candidate[PhotoCredit]:
    links = [link for link in line.links if link.end > start]
    address = split_address_behind(line.text)[1]
    url = links[0].url if links else address if address and "://" in address else None
    badge = "Unsplash" if BADGE.search(line.text) else None
    source = parts.source or badge or next((s for link in links if (s := find_source(link.url))), None)
    text = BADGE.sub("", line.text[start:]).strip()
    shape = "badge" if badge and shape == "lead" else shape
    sure = parts.sure or bool(links or badge)
    return Candidate(
        PhotoCredit(text, parts.name, source, url),
        f"credit.{shape}",
        line.text[:SNIPPET],
        "read" if sure else "guessed",
    )


def read_credits(line: Line) -> list[Candidate[PhotoCredit]]:
    """Read the credits of a line, which may name several pictures': `Photos by NAME on Unsplash and NAME on Pexels`."""
    credit = read_credit(line)
    if credit is None or "caption" in credit.rule:
        return [credit] if credit else []
    joints = list(JOINT.finditer(line.text))
    if not joints:
        return [credit]
    ends = [*(joint.start("joint") for joint in joints), len(line.text)]
    starts = [0, *(joint.end() for joint in joints)]
    pieces = [line.take_range(start, end) for start, end in zip(starts, ends, strict=True)]
    credits = [single for piece in pieces if (single := read_credit(piece))]
    return credits if len(credits) == len(pieces) else [credit]


def read_credit(line: Line) -> Candidate[PhotoCredit] | None:
    """Read the credit that a line is, or that a caption ends with.

    A link to Unsplash with nothing around it is the badge without its words.
    """
    may_be_badge = "-" in line.text and "-logo" in line.text.lower()
    links = line.links
    is_link = len(links) == 1 and links[0].end - links[0].start >= len(line.text.strip())
    if not (may_be_badge or is_link or line.kind == "caption" or _may_hold_credit(line.text)):
        return None  # nearly all
    words = BADGE.sub("", line.text) if may_be_badge else line.text
    words = words.lstrip("*")
    inner = re.fullmatch(r"[(\[](.+)[)\]]", words) if words.startswith(("(", "[")) else None
    if inner and (LEAD.match(inner[1]) or not _PARENTHESIS.fullmatch(words)):
        words = inner[1]
    place = find_source(links[0].url) if is_link else None
    is_badge = place == "Unsplash" and "creditBadge" in (links[0].url or "")
    # The badge's words are the name, whatever it is, `Photos by Lanty`.
    if not is_badge and (credit := _read_after_lead(line, words) or _read_name_pair(line, words)):
        return credit
    if place == "Unsplash" or (BADGE.match(line.text) and len(words) <= _LONGEST_NAME):
        return _build_credit(line, 0, CreditParts(words.strip() or None, "Unsplash", sure=True), "bare_badge")
    tail = None if may_be_badge and BADGE.search(line.text) else _find_tail(words)
    if tail is not None:
        return _build_credit(
            line, tail, read_credit_parts(LEAD.sub("", words[tail:], count=1).strip("()[] .")), "caption_tail"
        )
    agencies = read_tail(words, is_caption=line.kind == "caption") if line.kind not in ("h", "li") else None
    if agencies or words != line.text:
        return _build_credit(line, *agencies, "caption_tail") if agencies else None
    return _read_attribution(line)


def _may_hold_credit(text: str) -> bool:
    """A cheap look before the careful ones: whether a line may be a credit, or end in one."""
    end = text[-_LONGEST:].lower()
    return (
        text[:1] in "*([“\"‘'"
        or text[:20].lower().startswith(FIRST_WORDS)
        or holds_any(end, _SIGNS)
        or end.endswith(")")
        or ends_in_last_word(text)
    )


def _read_attribution(line: Line) -> Candidate[PhotoCredit] | None:
    """Read the attribution of a free picture, and the credit that a caption ends with."""
    words = line.text
    if line.kind == "caption":
        end = read_caption_end(words)
        return _build_credit(line, *end, "caption_end") if end else None
    is_short = (line.kind != "h" or " via " in words) and len(words) <= 2 * _LONGEST
    licence = (read_licence if words[:1] in "“\"‘'" else read_free_picture)(words) if is_short else None
    return _build_credit(line, 0, licence, "licence") if licence else None


def _read_after_lead(line: Line, words: str) -> Candidate[PhotoCredit] | None:
    """Read the credit of a line that says so in front: `Photo by`, `Image source:`."""
    if not words[:20].lower().startswith(FIRST_WORDS) or len(split_address_behind(words)[0]) > _LONGEST:
        return _read_service(line, words)
    set_apart = line.kind == "h" or line.is_bold
    if lead := LEAD.match(words):
        rest = re.sub(r"^the (?=[A-Z])", "", words[lead.end() :].strip())
        rest, address = split_address_behind(strip_note(rest))
        parts = read_credit_parts(rest)
        if source := parts.source or find_source(address):
            parts = CreditParts(parts.name, source, sure=parts.sure or bool(address and lead["explicit"]))
        explicit = bool(lead["explicit"] or line.links) and not (set_apart and lead["vague"])
        if (set_apart or line.kind == "li") and not (line.links or parts.source) and heads_text(lead[0], rest):
            return None
        is_alias = bool(lead["explicit"] and _ALIAS.fullmatch(rest))  # `visuals by K`
        if rest and len(rest) <= _LONGEST_NAME and (is_alias or _shows_stock(line)):
            return _build_credit(line, 0, parts, "lead")
        if (parts.sure or not lead["vague"]) and _is_plausible(rest, parts, explicit=explicit, set_apart=set_apart):
            return _build_credit(line, 0, parts, "lead")
        return None
    if foreign := FOREIGN.match(words):
        parts = read_credit_parts(words[foreign.end() :])
        if parts.sure and (parts.source or (" " in (parts.name or "") and not set_apart)):
            return _build_credit(line, 0, parts, "lead")
    if bare := BARE.match(words):
        parts = read_credit_parts(words[bare.end() :])
        names_work = re.match(DRAWN, words, re.IGNORECASE) and not parts.source
        # `© 2021 NAME` is a page's foot unless an agency is named.
        is_source = words.lower().startswith("source") or words[bare.end() :][:4].isdigit()
        if (parts.source and not (words[0] in "sS" and parts.name)) or (parts.sure and not is_source and not set_apart):
            # `Map: Rising Rents` may say what is drawn.
            return _build_credit(line, 0, replace(parts, sure=False) if names_work else parts, "lead")
    return _read_service(line, words)


def _read_service(line: Line, words: str) -> Candidate[PhotoCredit] | None:
    """Read the credit of a service that had the picture taken: `U.S. Army photo by NAME`."""
    if len(words) > _LONGEST or "hoto" not in words:
        return None
    if service := _SERVICE.fullmatch(words):
        parts = read_credit_parts(service["name"])
        if parts.sure and parts.source is None:
            return _build_credit(line, 0, CreditParts(parts.name, service["source"].strip(), sure=True), "service")
    return None


def _shows_stock(line: Line) -> bool:
    """Whether the badge or a link of a place for pictures is on the line."""
    return bool(BADGE.search(line.text)) or any(find_source(link.url) for link in line.links)


def _read_name_pair(line: Line, words: str) -> Candidate[PhotoCredit] | None:
    """Read the credit of a line of just two names, `(AP Photo/NAME)`, `NAME/Reuters`, with which captions may end."""
    caption = line.kind == "caption"
    if not caption and not (may_hold_pair(words) if len(words) <= _LONGEST else words.startswith("(")):
        return None
    if (match := _PARENTHESIS.fullmatch(words)) or (caption and (match := _PARENTHESIS.search(words))):
        pair = read_pair(match["pair"].replace(":", "/", 1).strip())
        return _build_credit(line, match.start(), pair, "parenthesis") if pair else None
    if line.kind != "h" and len(words) <= _LONGEST and (pair := read_pair(words.rstrip(". "))):
        return _build_credit(line, 0, pair, "caption_agency" if caption else "pair")
    last = re.search(r"[.!?]\s+(?P<pair>[^.!?]+)$", words) if caption else None
    if last and (pair := read_pair(last["pair"].strip())):
        return _build_credit(line, last.start("pair"), pair, "caption_agency")
    return None


def may_be_credit(text: str) -> bool:
    """Whether a line that was not read as a credit begins like one and is short, or ends as captions do."""
    if len(text) <= _LONGEST and (ends_in_agency(text) or find_agency(text) or _NAMELESS.fullmatch(text.strip(" ."))):
        return True
    if " via " in text[-_LONGEST_NAME:] and _LENT.search(text, max(0, len(text) - _LONGEST)):
        return True
    if not text[:20].lower().startswith(FIRST_WORDS):
        return False
    if GLUED.match(text) or is_lead(text):
        return True
    front = LEAD.match(text) or BARE.match(text) or UNMARKED.match(text)
    return bool(front) and len(text.split()) <= 12 and not text.endswith((".", "!", "?", ":", "”"))


def _find_tail(words: str) -> int | None:
    """Find where `Photograph: NAME/Agency` begins at the end of a caption; None without one."""
    if not holds_any(words[-_LONGEST:].lower(), _TAIL_WORDS):
        return None
    start = max(0, len(words) - _LONGEST)
    if not LEAD_APART.search(words, max(0, start - 2)):  # it begins at the few marks, as the search for leads cannot
        return None
    for lead in LEAD.finditer(words, start):
        before, after = words[: lead.start()].rstrip(), words[lead.end() :]
        bracket = before[-1:] in ("(", "[") and after.rstrip(" .").endswith((")", "]"))
        before, after = (before[:-1].rstrip(), after.rstrip(" .)]")) if bracket else (before, after)
        apart = before.endswith((".", "!", "?", ")", "”", "|")) and len(after) <= 80
        if apart and _is_plausible(after, read_credit_parts(after), explicit=bool(lead["explicit"]), set_apart=False):
            return words.rindex(words[lead.start() - 1], 0, lead.start()) if bracket else lead.start()
    return None


def find_unread_caption(line: Line) -> Problem | None:
    """Find what a caption that is no part of the text seems to say of its picture in no known shape."""
    if line.kind != "caption" or not (may_hold_credit(line.text) or may_be_credit(line.text)) or read_credit(line):
        return None
    return Problem("photo_credits", "unread", f"{line.text[:80]!r} fits no known shape of a credit.")


def is_text(line: Line, credit: Candidate[PhotoCredit]) -> bool:
    """Whether a paragraph that only ends in a credit is too long for a caption."""
    return credit.rule == "credit.caption_tail" and line.kind != "caption" and len(line.text) > _CAPTION


def doubt_paragraph(line: Line, credit: Candidate[PhotoCredit]) -> Problem | None:
    """Find what may be text in a paragraph that is taken for a caption for the credit at its end."""
    is_long = len(line.text.split()) > 2 * _SENTENCE
    if credit.rule != "credit.caption_tail" or line.kind == "caption" or not is_long:
        return None
    return Problem("body", "doubtful", f"{line.text[:80]!r} is taken for a caption.")


def doubt_caption(line: Line) -> Problem | None:
    """Find what a caption that is left out has of the editors' own: an unread credit, or a long sentence."""
    if line.kind != "caption" or read_credit(line):
        return None
    words = len(line.text.split())
    is_sentence = words >= _SENTENCE and (words >= 2 * _SENTENCE or line.text.endswith((".", "!", "?", ".”")))
    doubt = Problem("body", "doubtful", f"{line.text[:80]!r} is a caption, and is left out.") if is_sentence else None
    return find_unread_caption(line) or doubt
