"""Names of the house (the site and its staff), and roles of writers such as `Health and Gender Policy Analyst`."""

from __future__ import annotations

import re

HOUSE_NAME = r"U\.?\s?S\.?\s?(?:RESIST|RENEW)(?:\s+DEMOCRACY)?\s*NEWS|USRN|Democracy Now!?"
_GROUP = (
    r"Staff|Reporters?|Team|Editors?|Editorial (?:Board|Staff|Team)|Contributors?|News (?:Team|Staff)|Staff Writers?"
)
HOUSE = re.compile(rf"(?:the\s+)?(?:{HOUSE_NAME})(?:['’]s)?(?:\s+(?:{_GROUP}))*|(?:the\s+)?(?:{_GROUP})", re.IGNORECASE)
HOUSE_PREFIX = re.compile(rf"^(?:the\s+)?(?:{HOUSE_NAME})(?:['’]s)?\s+", re.IGNORECASE)
HOUSE_BEHIND = re.compile(rf"(?<=\w)\s+(?:{HOUSE_NAME})$", re.IGNORECASE)
_AFFILIATION = re.compile(rf"(?:the\s+)?(?:{HOUSE_NAME})", re.IGNORECASE)
# `Rosa Klebb for U.S. RESIST NEWS`: the house is whom she wrote for, not a second writer.
WRITTEN_FOR = re.compile(
    rf"(?:(?:,\s+|(?<!\s)\s+)(?:for|of|at|with|special to)|,)\s+(?:the\s+)?(?:{HOUSE_NAME})$", re.IGNORECASE
)

# The fields of policy analysts; a list of these words is never a person.
_FIELDS = (
    "health gender foreign policy policies civil rights social justice gun control immigration environment "
    "environmental education educational technology economics economic economy election elections politics political "
    "jobs job infrastructure labor energy climate science security national domestic international global public legal "
    "law criminal racial voting housing trade media culture arts finance human affairs legislative judicial military "
    "defense veterans transportation agriculture"
)
FIELDS = frozenset(_FIELDS.split())
_RANKS = "former senior junior lead chief principal guest staff student graduate contributing research freelance intern"
_KNOWN = FIELDS | frozenset(_RANKS.split())
_NOUN = (
    r"(?i:Analysts?|Reporters?|Editors?(?:[- ]in[- ]Chief)?|Interns?|Fellows?|Contributors?|Correspondents?|"
    r"Bloggers?|Authors?|Researchers?|Writers?|Columnists?|Directors?|Publishers?|(?:Co-?)?Founders?|Volunteers?|"
    r"Associates?|Assistants?|Candidates?|Journalists?|Coordinators?|Advis[eo]rs?|Specialists?|Consultants?|Strategists?|Students?|"
    r"Professors?)(?![\w’'-])"
)
_SMALL = "|".join(sorted(f"{_FIELDS} {_RANKS}".split()))
_WORD = rf"(?:[A-Z&][\w&.’'-]*|(?:{_SMALL})\b)"
# Before `and`, `&` or a comma a role has one word, or words that name fields; otherwise there are two people.
_FIELD = rf"(?:(?i:{_SMALL})\b)"
# Words and lists that can be read in two ways would be tried in both for each word of a line; a lookahead reads them
# once. So would an atomic group, but Python 3.11.2 gets those wrong.
_LISTED = rf"(?=(?P<listed>{_FIELD}(?:\s+{_FIELD})*|{_WORD}))(?P=listed)"
_COMMA = r"(?=(?P<comma>,?\s+and\s+|\s*,\s*|\s+&\s+))(?P=comma)"
_LIST = rf"(?=(?P<list>(?:{_LISTED}{_COMMA})+))(?P=list)"
ROLE = re.compile(rf"(?:{_LIST}{_WORD}\s+)?(?:{_WORD}\s+)*?{_NOUN}")


def is_affiliation(text: str) -> bool:
    """Whether the words are the house itself and not its staff: `U.S. RESIST NEWS` after a person's name."""
    return bool(_AFFILIATION.fullmatch(text))


def is_field(text: str) -> bool:
    """Whether every word names a field of policy: `Health`, `Foreign Policy`."""
    return all(word.lower() in FIELDS for word in text.split())


def begins_role(text: str) -> bool:
    """Whether the words begin with a field or a rank, and not with a name: `Immigration Analysts`."""
    return text.partition(" ")[0].lower() in _KNOWN or bool(re.fullmatch(_NOUN, text))


def belongs_to_role(front: str, behind: str) -> bool:
    """Whether `front` and `behind`, which `and` or a comma separates, are one role.

    `Health` before `Gender Policy Analyst`: one capitalised word, or fields of policy.
    """
    front = HOUSE_PREFIX.sub("", front)
    if HOUSE.fullmatch(front) or not (is_field(front) or re.fullmatch(r"[A-Z][\w’'-]+", front)):
        return False
    role = ROLE.match(f"{front} and {behind}")
    return role is not None and role.end() > len(f"{front} and ")
