"""What stands in place of a text that is kept from the reader: notices to members, paywalls, login forms, loaders."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from pipelines.extraction.lines import Line
from pipelines.extraction.teaser import find_more_words
from pipelines.extraction.wording.word_search import holds_any

_LONGEST = 300  # characters of a notice
_AFTERWARDS = 200  # characters of text that may stand behind it; so only the end of a text is searched
_THING = r"(?:content|posts?|pages?|articles?|stor(?:y|ies)|briefs?|rest)"
_ENTER = r"(?:log(?:ged)?[- ]?(?:in|on)|sign(?:ed)?[- ]?(?:in|up)|subscrib\w+|register\w*|join\w*|upgrad\w+|purchas\w+)"
_WHO = (
    r"(?:members?(?:hip)?s?|subscri(?:bers?|ptions?)|patrons?|supporters?|donors|password|logged[- ]in|registered"
    r"|paying)"
)
_READ = r"(?:read(?:ing)?|view(?:ing)?|see|access(?:ing)?|unlock|continue|watch|reveal|finish)"
_KEPT = (
    r"(?:restricted|reserved|exclusive(?:ly)?|available|limited|only|locked|protected|hidden|visible|is for|requires)"
)
# you must be logged in to view this content; log in to continue; subscribe to read the full story
_ASKED = (
    rf"(?:(?:be )?{_ENTER}|(?:be|become) an? (?:\w+ )?{_WHO}|enter (?:your|the|a) password|password below)\b"
    rf"[^.]{{0,60}}\bto {_READ}\b(?:[^.]{{0,40}}\b(?:{_THING}|reading|more|it|full)\b|\s*[.!:…]*$)"
)
_AT_START = (
    _ASKED,
    rf"(?:{_WHO}|log ?in|premium|restricted|protected|private|locked|exclusive)"
    rf"(?:[- ]only| {_THING}| protected| required){{1,2}}[.!:]?$",
    r"unlock (?:with|this)\b",
    # what stands at the end of an excerpt
    r"[….\s]*continue reading\b.{0,80}$",
    # what a script was to replace, and what an owner puts in place of a text
    r"loading(?: \w+)?\s*[.…]*$",
    rf"(?:sorry,? )?this {_THING} (?:is|has been) (?:no longer available|removed|deleted|unpublished)\b",
)
_AT_WORD = (
    # This content is for members only; the rest of this post is available to paying subscribers
    rf"(?:this|the|full|entire|our)\b[^.]{{0,40}}\b{_THING}\b[^.]{{0,60}}\b{_KEPT}\b[^.]{{0,40}}\b{_WHO}\b",
    rf"(?:please|must|should|can|now|to|or) {_ASKED}",
    # to view this protected post, enter the password below; to continue reading, subscribe
    rf"to (?:{_READ}\b[^.]{{0,30}}\b(?:{_THING}|reading)|read more)\b[^.]{{0,40}}"
    rf"\b(?:{_ENTER}|enter|become|{_WHO})\b[^.]{{0,60}}[.!:…]*$",
    r"(?:not|un) ?(?:authori[sz]ed|permitted|allowed) to (?:view|access|see|read)\b",
    rf"(?:do(?:n['’]t| not) have|need) (?:the )?(?:permission|access|rights?)\b[^.]{{0,30}}\b{_THING}\b",
    rf"{_THING} (?:is|are|has been) (?:password[- ]protected|restricted|locked|private|hidden)\b",
    rf"(?:already|not|not yet) an? {_WHO}(?: yet)?\?",
    rf"(?:unlock|access to) (?:this|the|full)\b[^.]{{0,40}}\b{_THING}\b",
    rf"{_WHO}[- ]only {_THING}\b|for full access\b",
    rf"(?:already|not) (?:an? |have an )(?:[\w-]+ ){{0,3}}(?:{_WHO}|account)\?|required {_WHO}\b",
    rf"{_WHO} level\b|free (?:articles?|stor(?:y|ies)) (?:limit|this)\b|to (?:continue|keep) reading\b",
    r"ad ?blockers? (?:detected|is on)\b|(?:enable|turn on|requires?) java ?script\b",
)
# The places are told apart in front of the wordings, so that most letters of a line are passed over at once.
_STARTS = re.compile("|".join(_AT_START), re.IGNORECASE)
_HOLDS = re.compile(rf"\b(?=\w)(?:{'|'.join(_AT_WORD)})|[.!?:,] {_ASKED}", re.IGNORECASE)
# One of these is in every notice: a cheap search before the expensive pattern.
_WORDS = (
    "member subscri patron support donor password log sign regist join upgrad purchas pay authori permi allow access"
    " right restrict lock private hidden premium protect exclusive continue loading java longer removed deleted"
    " unpublished"
).split()
_FORM = re.compile(
    r"(?:please )?(?:log ?in|sign ?(?:in|up)|register|join|subscribe|submit|enter|unlock)(?: (?:now|here|today))?[.!:]?"
    r"|(?:user ?name|e-?mail)(?: address)?(?: or (?:e-?mail|user ?name)(?: address)?)?[ *:]*|password[ *:]*|remember me"
    r"|(?:lost|forgot|reset)(?: your| my)? password\??|(?:create|register)(?: for)?(?: an?| your)? account[.!]?"
    r"|or|(?:view )?(?:pricing|plans|membership (?:levels|options|plans))|loading[.…]*",
    re.IGNORECASE,
)


def split_notices(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Split off the notices with which the text ends, and the lines of their form; none where the text goes on.

    A line that only sounds like one, in the midst of a text, is the editors'.
    """
    first, length, notices = len(lines), 0, list[str]()
    if lines and (more := _split_more_words(lines[-1])):
        return [*lines[:-1], more[0]], [more[1]]
    for index, line in zip(range(len(lines) - 1, -1, -1), reversed(lines), strict=True):
        if _is_notice(line):
            first = index
            notices.append(line.text)
        elif not _FORM.fullmatch(line.text):
            length += len(line.text)
            if length > _AFTERWARDS:
                break
    behind = [line for line in lines[first:] if not _is_notice(line) and not _FORM.fullmatch(line.text)]
    front = lines[:first]
    while notices and front and _FORM.fullmatch(front[-1].text):
        front.pop()
    return front + behind, notices[::-1]


def _split_more_words(line: Line) -> tuple[Line, str] | None:
    """Split off the words that lead from a teaser to its text; None where the line has none, or nothing else."""
    start = find_more_words(line.text) if line.kind != "li" else None
    front = line.text[:start].rstrip()
    return (replace(line, text=front), line.text[start:].strip()) if start and front else None


def _is_notice(line: Line) -> bool:
    return line.kind != "li" and len(line.text) <= _LONGEST and _sounds_like_notice(line.text)


@lru_cache(maxsize=256)  # the same lines end many pages
def _sounds_like_notice(text: str) -> bool:
    return holds_any(text.lower(), _WORDS) and bool(_STARTS.match(text) or _HOLDS.search(text))
