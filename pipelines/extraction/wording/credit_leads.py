"""The words in front of a credit and beside the name in it, and headings in the same words."""

from __future__ import annotations

import re

_PLACE = r"(?:(?:Cover|Featured|Header|Lead|Banner|Feature|Top|Main|Title|Hero|Bottom|Thumbnail|File|Stock)\s+)?"
# `Photo (above) by NAME`
_WHERE = r"(?:\s*\((?:above|below|top|bottom|left|right|cover|header)(?:\s[^()]{1,20})?\))?"
_PHOTO = rf"{_PLACE}(?:Photo(?:graph|graphy)?s?|Image|Picture|Pic){_WHERE}"
DRAWN = (
    r"(?:Illustration|Graphic|Graph|Chart|Cartoon|Map|Artwork|Drawing|Infographic|Screen\s?shot|Collage|Painting"
    r"|Vectors?)"
)
_NOUN = rf"(?:{_PHOTO}|{_PLACE}{DRAWN})"
_TAKEN = (
    r"(?:(?:taken|retrieved|provided|supplied|shot|generated|created|made)\s+(?:from|by|with|using|on)"
    r"|used\s+(?:with|by)\s+(?:the\s+)?(?:kind\s+)?permission\s+(?:of|from|by))"
)
LEAD = re.compile(
    rf"(?P<explicit>{_NOUN}\s*(?:cred(?:its?)?|source|courtesy|attribution)\s*(?::\s*|\s(?:by|from|via|of|to)\b\s*:?\s*"
    rf"|\s[–—|-]\s*|\s+)|{_NOUN}\s*(?:by|courtesy\s+of)\b\s*:?\s*|{_NOUN}\s+(?:was\s+)?{_TAKEN}\s*:?\s*"
    rf"|{_PHOTO}\s*:\s*)"
    rf"|{_NOUN}\s(?:from|via|of)\b\s*:?\s*|(?P<vague>Credits?|(?:taken|retrieved)\s+from)\s*:\s*",
    re.IGNORECASE,
)
LEAD_APART = re.compile(rf"[.!?)”|]\s*[(\[]?(?:{LEAD.pattern})", re.IGNORECASE)
# After these only a name, an agency or an address is a credit, for `Graphic: …` and `Photo – …` begin captions too.
BARE = re.compile(
    rf"(?:{DRAWN}\s*:\s*|{_PHOTO}\s*(?:©|\s[–—|-]\s)\s*|©\s*|Source\s*:\s*|(?:Photographers?|Illustrators?|PC)\s*:\s*"
    r"|Courtesy(?:\s+of|\s*:)\s+)",
    re.IGNORECASE,
)
# The words that `LEAD` and `BARE` begin with: a cheap search before the expensive patterns.
FIRST_WORDS = tuple(
    "cover featured feature header lead banner photo image pic illustration graphic cartoon map artwork drawing"
    " infographic graph chart screen collage painting credit taken retrieved source © top main title hero"
    " bottom thumbnail file illustrator courtesy foto fotó bild imag crédit pc stock vector".split()
)
# As the places for pictures write it for readers in other languages: `Photo de NAME sur Unsplash`.
FOREIGN = re.compile(
    r"(?:(?:cr[eé]ditos?|cr[eé]dits?)\s(?:de\s)?(?:la\s)?)?(?:photo(?:graphie)?s?|foto(?:graf[ií]as?|grafien?|s)?|Bild(?:er)?"
    r"|im[aá]gen(?:es|s)?|imagem)\s?(?::\s?|(?:de|di|von|van|par|por|da|do|d[’'])\s)\s?:?\s?",
    re.IGNORECASE,
)
# `Photo NAME` and the heading `Photo Credits` are told, not read.
UNMARKED = re.compile(rf"(?i:{_NOUN})\s+(?:(?i:credits?|sources?)|[A-Z][\w.’'-]*\s[A-Z][\w.’'-]*)$")
_WHO = re.compile(rf"\W*{_PHOTO}\s*(?:cred(?:its?)?\b|by\b|courtesy\b|:)", re.IGNORECASE)
# What was done to the picture, when, and by which right.
_NOTE = re.compile(
    r"(?<=[\w)])\. (?:(?:Photo|Image|Picture) )?(?:Edited|Used|Taken|Cropped|Modified|Licensed|Retrieved|Accessed"
    r"|Resized|Adapted|Altered|Colou?ri[sz]ed|Shared|Reproduced|(?:No )?Changes)\b[^.!?]{0,60}\.?$"
)
# `Map by County` heads a part of the text as well as `Photos by Phone` does, while `Illustration by NAME` does not.
_SORTED = re.compile(r"(?:Maps?|Charts?|Graphs?)\s+by\s", re.IGNORECASE)
# `Photo by NAME The council …`: whether the third capital is the name's nobody knows.
GLUED = re.compile(rf"(?i:{_NOUN}\s*(?:by|credit:?|courtesy of|:))\s+(?:[A-Z][\w./’'-]*\s){{3,5}}[a-z]+\s")
_SPACED = re.compile(r"(?:cred(?:its?)?|source|courtesy|attribution)\s+$", re.IGNORECASE)


def says_who(text: str) -> bool:
    """Whether the line begins with words for nothing but a credit, as an item of a list may: `Photo by`, `Image: `."""
    return bool(_WHO.match(text))


def begins_like_credit(text: str) -> bool:
    """A cheap look before the careful one: whether a line may say in front that it is a credit."""
    return text.lstrip("*([")[:20].lower().startswith(FIRST_WORDS)


def is_lead(text: str) -> bool:
    """Whether the words of a credit lack whoever is named behind them: `Photo Credit:`."""
    lead = LEAD.match(text) or BARE.match(f"{text} ")
    return lead is not None and lead.end() >= len(text)


def strip_note(who: str) -> str:
    """Strip the sentence behind the name: `NAME on Unsplash. Edited by NAME.`."""
    return _NOTE.sub("", who) if ". " in who else who


def heads_text(lead: str, rest: str) -> bool:
    """Whether a heading may be about pictures: `Photo Credit Where Due`, `Photos by Phone`, `Map by Age Group`."""
    if _SPACED.search(lead):
        return True
    is_by = lead.lower().rstrip().endswith(" by") and "cred" not in lead.lower()
    is_agency = rest.isupper() and not lead.isupper()
    return is_by and not is_agency and (" " not in rest or bool(_SORTED.match(lead)))
