"""Lines beside the byline that are no text: where to reach the writer, where they are, who edited what they wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_names
from pipelines.extraction.wording.contacts import read_contact_urls
from pipelines.extraction.wording.verbs import EDITED
from pipelines.extraction.wording.whereabouts import STATE

_WHOM = r"(?: (?:me|us|him|her|them|the (?:author|writer)))?(?: at| on| by e-?mail)?"
_REACH = rf"(?:(?:contact|e-?mail|mail|reach|write to){_WHOM}|twitter|x|instagram|threads|bluesky|linkedin)"
_FOLLOW = r"follow (?:(?:me|him|her|them|the author|[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}) )?(?:on|at)"
_ADDRESS = re.compile(
    rf"[(\[–—-]?\s?(?:(?:{_REACH}|{_FOLLOW})(?:(?<!\s)\s*:\s*|\s+)){{0,3}}"
    r"(?:(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<handle>@\w{2,30}))[)\].]?",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"[(\[]?[A-Z][\w.’'-]*(?:[ -][A-Z][\w.’'-]*){{0,3}}, {STATE}[)\]]?\.?")
_WORK = (
    rf"(?:{EDITED}|fact[- ]?check(?:ed|ing)?|(?:additional |with )?(?:reporting|research)|researched|data|editing"
    r"|copy-?edited|proofread|translation|interview(?:ed)?|produced|illustrat(?:ed|ions?)|graphics?|charts?)"
)
_HAND = r"(?:(?:copy |managing |senior |guest )?editors?|fact[- ]?checkers?|translators?|proofreaders?|producers?)"
_HELPER = re.compile(rf"[(\[]?(?:{_WORK} by:?|{_HAND}\s?:)\s+(?P<names>[^()\[\]]{{3,100}})[)\]]?", re.IGNORECASE)
_LONGEST = 120  # characters


@dataclass(frozen=True, slots=True)
class LineBeside:
    """What a line beside the byline is, and the addresses in it."""

    what: str
    contacts: tuple[str, ...] = ()


def read_line_beside(line: Line, *, below_byline: bool) -> LineBeside | None:
    """Read a line beside the byline that is no text of the brief; None for other lines."""
    text = line.text
    if len(text) > _LONGEST or line.kind == "h":
        return None
    may_help = ":" in text or "by" in text.lower()  # cheap looks before the careful ones
    if may_help and (helper := _HELPER.fullmatch(text)) and read_names(helper["names"]):
        return LineBeside("a line of those who helped")
    if below_byline and "@" in text and (address := _ADDRESS.fullmatch(text)):
        mailbox = (f"mailto:{address['mail']}",) if address["mail"] else ()
        return LineBeside("an address of the writer", mailbox)
    if below_byline and (urls := read_contact_urls(line)):
        return LineBeside("an address of the writer", urls)
    return LineBeside("a place") if below_byline and "," in text and _PLACE.fullmatch(text) else None
