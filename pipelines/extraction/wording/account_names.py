"""The names in the byline of an account: people are told from papers, offices and the words of links."""

from __future__ import annotations

import re

from pipelines.extraction.wording.account import strip_lead
from pipelines.extraction.wording.byline import is_name, read_names, read_role
from pipelines.extraction.wording.name_marks import split_date
from pipelines.extraction.wording.roles import HOUSE
from pipelines.extraction.wording.verbs import EDITED
from scraper.markup.html_page import collapse_spaces

_LEAD = re.compile(
    r"^(?:(?:artikel|beitrag|text(?: (?:&|und) fotos?)?|autor(?:/in)?|alles|(?:zeige )?alle (?:beiträge|artikel)"
    r"|eingestellt|erstellt|geschrieben|verfasst|veröffentlicht|publicado|escrito|écrit|rédigé|scritto)\s*(?:von|por|par|da|:)"
    r"|von|por|author|autor)(?!\w)\s*:?\s*|^[|•·,–—-]\s*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|[<>{}\[\]*]|^\W*$|^\d+\b|\b(?:admin|administrator|editor|webmaster|user|guest)\d*$"
    r"|^(?:by|more|read more|see more|share|follow|tweet|twitter|facebook|e-?mail|website|blog|image|photo|authors?"
    r"|(?:posted|published|updated|written)(?: (?:on|by|in))?|name|all|unknown|anonymous|no author"
    r"|(?:word|site|wp)\w*admin)$"
    r"|\b(?:links|feed|archive|bio|profile|posts|articles|stories|page|this author|on (?:facebook|twitter|x))$",
    re.IGNORECASE,
)
# Words of papers, agencies and offices, which stand beside writers or in place of them.
_AGENCY = (
    r"press|news|newsroom|channel|media|report|wire|agency|advance|tribune|post|journal|magazine|radio|network|images"
    r"|reuters|institute|university|college|school|center|centre|inc|ltd"
)
_GROUP = r"staff|teams?|reporters?|officer|desk|contributors?|editorial|editors?"
_ADDRESS = r"\.(?:com|org|net|edu)\b"
_AGENCIES = re.compile(rf"\b(?:{_AGENCY})\b|{_ADDRESS}", re.IGNORECASE)
_BESIDE = re.compile(rf"\d|{_AGENCIES.pattern}", re.IGNORECASE)
_HOUSE = re.compile(rf"\b(?:{_AGENCY}|{_GROUP})\b|{_ADDRESS}", re.IGNORECASE)
# Whom a person wrote for: `Ann Lee for Harbour View`, `Ann Lee The Associated Press`.
_OFFICE = re.compile(r"(?<![\s,])(?<!\b[Tt]o)(?<!\b[Oo]f)\s+(?:(?i:for|at|in)\s+(?=[A-Z]|the\s)|The\s+).+$")
_STAMP = re.compile(r"\b(?:19|20)\d\d\b|\d:\d\d")
_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?[,;|/•·]\s*|(?<!\s)\s+(?:and|&|und|y|[–—-])\s+")
_DASHED = re.compile(r"[^\s,;|/•·]+ [–—-] ")
# Whoever did this has not written the text, though editors name such people beside those who have.
HELP = re.compile(
    rf"\b(?:with )?(?:additional )?(?:{EDITED}|photo\w*|pictures?|illustrat\w+|graphics?|styl\w+"
    r"|vet\w+|video\w*|design\w*|checked|contributions?|reporting|research)\s+(?:by|from)\b\s*:?"
    r"|\b(?:photograph|edit|illustrat|translat|review)[eo]rs?\s*:",
    re.IGNORECASE,
)
_LONGEST = 80  # characters; whole cards are longer


def read_account(text: str) -> str | None:
    """Read the name in a byline: `Posted by NAME on May 3, 2021`; several names are joined by commas."""
    text = _strip_frame(text)
    if _NO_NAME.search(text) or (len(text) > _LONGEST and not all(map(_is_full_name, _SEPARATOR.split(text)))):
        return None
    name = ", ".join(_read_people(text)) or text
    return None if _STAMP.search(name) else name


def _read_people(text: str) -> list[str]:
    if authors := read_names(text):
        return _drop_agencies([author.name for author in authors])
    parts = _SEPARATOR.split(text)
    people = [part for part in parts if _is_full_name(part)]
    is_nickname = parts[0] not in people and _DASHED.match(text)  # `Nickname - First Last`
    return [] if is_nickname else _drop_agencies(people)


def _drop_agencies(names: list[str]) -> list[str]:
    """Drop the papers and agencies beside people; each name stays once."""
    people = [name for name in names if HOUSE.fullmatch(name) or not _AGENCIES.search(name)]
    return list(dict.fromkeys(people or names))


def split_names(text: str) -> list[str]:
    """Split a byline into its names; it stays whole where it says more, and is dropped where it names nobody."""
    account = read_account(text)
    return [text] if account and drops_words(text) else account.split(", ") if account else []


def _strip_frame(text: str) -> str:
    """Strip what stands around the names: `By`, the helpers behind them, the day."""
    text = strip_lead(collapse_spaces(text))
    while match := _LEAD.match(text):
        text = strip_lead(text[match.end() :])
    if help_ := HELP.search(text):
        text = text[: help_.start()]
    text = split_date(text)[0].strip(" |,•·–—-:(")
    office = _OFFICE.search(text)
    return text[: office.start()] if office and _is_full_name(text[: office.start()]) else text


def drops_words(text: str) -> bool:
    """Whether a byline says more than the names read in it and their roles, so that a writer may be lost."""
    text = _strip_frame(text)
    if read_names(text):
        return False
    others = [part for part in _SEPARATOR.split(text) if part and not _is_full_name(part)]
    return bool(_read_people(text)) and not all(read_role(each) or _BESIDE.search(each) for each in others)


def _is_full_name(part: str) -> bool:
    return " " in part and is_name(part) and not read_role(part)


def is_house(name: str, houses: frozenset[str]) -> bool:
    """Whether an account is one of these houses, whose names may be those of their addresses too."""
    return name in houses or re.sub(r"\W", "", name).casefold() in houses


def is_person(name: str, houses: frozenset[str]) -> bool:
    """Whether an account has the name of a person: it is no house, no handle, no word of a link."""
    return not is_house(name, houses) and any(" " in part and is_name(part) for part in name.split(", "))


def are_writers(name: str, houses: frozenset[str]) -> bool:
    """Whether each part of an account can be a writer: a person's name, and no paper, agency, office or address.

    A handle can be anybody's, and the house of the archive signs its own posts.
    """
    if HOUSE.fullmatch(name):
        return True
    is_handle = " " not in name and not _HOUSE.search(name)
    return not is_house(name, houses) and (is_handle or all(map(may_be_writer, name.split(", "))))


def adds_writer(name: str, other: str) -> bool:
    """Whether another place of the page names the same people and one more."""
    more = set(other.split(", ")) - set(name.split(", "))
    return other.startswith(name) and bool(more) and all(map(may_be_writer, more))


def may_be_writer(part: str) -> bool:
    """Whether the words can be one writer's full name, and are no paper's or office's."""
    return " " in part and is_name(part) and not _HOUSE.search(part)
