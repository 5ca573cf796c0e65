"""The byline: who wrote the text, as a line below the label says it (site-atlas 2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.extraction.wording.groups import is_group, may_be_person
from pipelines.extraction.wording.name_marks import part_glued_names, split_date, strip_marks, strip_pronouns
from pipelines.extraction.wording.roles import (
    HOUSE,
    HOUSE_BEHIND,
    HOUSE_NAME,
    HOUSE_PREFIX,
    ROLE,
    WRITTEN_FOR,
    begins_role,
    belongs_to_role,
    is_affiliation,
    is_field,
)
from pipelines.extraction.wording.verbs import EDITED, WORK
from pipelines.extraction.wording.whereabouts import MAILBOX, split_whereabouts
from scraper.records import Author, Confidence

_TEXTS = (
    r"(?:an?\s+)?(?:story|text|interview|report)|commentary|analysis|words|(?:guest\s+)?(?:post|blog|column)|(?:(?:special|guest)\s+){0,2}(?:op[\s-]?ed|editorial)"
    r"|(?:policy\s+)?brief|article|essay"
)
_DASH = r"[-–—]\s*"
BY = re.compile(
    rf"^(?:{_DASH})?(?:(?:{_TEXTS})\s+)?(?:{WORK}\s+)?by(?:\s*:\s*|[.,]?\s+)(?:by\s+)?(?:{_DASH}|authors?\s*:\s*|authors?\s+(?=[A-Z]))?"
    r"(?P<names>\S.*)$",
    re.IGNORECASE,
)
_GLUED_BY = re.compile(r"By(?=[A-Z][a-z]+\s[A-Z])")
# Marks around a whole byline: `(By NAME)`, `– By NAME –`.
_FRAME = " ()[]*>|–—-"
_INTERVIEWED = re.compile(r"\W*interview\b.*\bwith\b", re.IGNORECASE)  # whoever answers has not written the text
_TITLED = re.compile(
    r"^(?P<role>Authors?|By-?lines?|(?:[\w&-]+\s){0,4}(?:Analyst|Reporter|Contributor|Correspondent|Researcher|Writer|Columnist)s?)"
    r"\s*:\s*(?P<names>\S.*)$"
)
_SUFFIX = re.compile(
    r"(?:J\.?\s?D|J\.?\s?S\.?\s?D|Jr|Sr|Ph\.?\s?D|Psy\.?\s?D|Dr\.?P\.?H|Ed\.?[DM]|M\.?Ed|M\.?D|D\.?O|D\.?D\.?S|D\.?V\.?M"
    r"|Pharm\.?D|D\.?Phil|M\.?Phil|Esq|M\.?P\.?[HAP]|M\.?B\.?A|M\.?F\.?A|M\.?S\.?W|[MB]\.?[AS]|[MB]\.?Sc|M\.?Div|B\.?S\.?N"
    r"|[RN]\.?[NP]|LL\.?[MB]|LCSW|CPA|CFA|P\.?E|II|III|IV)\.?",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da del della der den dos das di du la le los las van von und zu zur bin ibn ben al el y e ter ten wa af".split()
)
_WORD = re.compile("[^\\W\\d_](?:[^\\W\\d_]|[’'‘.\\-–\u200c\u200d])*")
# Words that begin sentences or headings, never names: `By Executive Order`, `By The Numbers`.
_NO_NAME = frozenset(
    "the a an this that these those executive order law default design numbers federal state national congress senate "
    "house president january february march july september october november december monday tuesday wednesday thursday "
    "friday saturday sunday all any most many some comparison contrast definition way force".split()
)
# Words that end set phrases or the names of bodies: `By Popular Vote`, `By Unanimous Consent`, `By Harbor Coalition`.
_NO_LAST_NAME = frozenset(
    "vote votes consent decree fiat order orders design numbers default means accident choice majority proclamation "
    "mandate referendum ballot ballots lottery proxy statute request necessity demand degrees decision action "
    "institute center committee association foundation coalition university college council network commission "
    "department agency bureau alliance society court administration project campaign times post office house "
    "only".split()
)
_LONGEST, LONGEST_ROLE = 200, 120  # characters
_HOUSE_INITIALS = frozenset("UuDdTt")  # of `US RESIST NEWS`, `Democracy Now`, `the`
_ASIDE = re.compile(r"^(?P<name>.+?)(?<!\s)\s*\((?P<aside>[^()]+)\)$")
_MEMBERS = re.compile(r"(?P<house>[^()]+?)(?<!\s)\s*\((?P<members>[^()]+)\)")
_WITHOUT_SPACE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}")  # names of East Asia
_EDITORS = re.compile(
    rf"(?<![\s;,|(–—-])[\s;,|(–—-]+(?:and\s+)?(?:it\s+was\s+)?(?:{EDITED})\s+by\b\s*:?\s*(?P<editors>[^()]+)\)?$",
    re.IGNORECASE,
)
_GAP = r"(?<!\s)\s+"  # white space from its beginning, so that none is tried twice
_ARTICLE = re.compile(rf"^(?:the |(?i:the (?=(?:{HOUSE_NAME}))))")  # `The Editors` keep theirs
_AND = r"(?:[Aa]nd|AND)"
_SEPARATOR = re.compile(
    rf"((?:{_GAP})?;\s*(?:{_AND}\s+)?|(?:,\s+|{_GAP})(?:{_AND}|[Ww]ith|WITH|[Bb]y:?(?=\s+[A-Z]))\s+|{_GAP}(?:[&/+•·]|[–—-]\s+{_AND}|[–—])\s+"
    rf"|(?<=[^\W\d_]|\.)/(?=[A-Z])|(?:{_GAP})?,\s*(?:{_AND}\s+)?)"
)


@dataclass(frozen=True, slots=True)
class Byline:
    authors: tuple[Author, ...]
    shape: str
    dated: str | None = None  # the date on the byline itself, which is no dateline
    confidence: Confidence = "read"


def is_name(text: str) -> bool:
    """Whether the words look like one person's name: one to six capitalised words, with initials and particles."""
    if len(words := text.split()) > 9:
        return False
    words = [word.strip("()“”\"'‘") for word in words]
    long_words = [word for word in words if word not in _PARTICLES]
    if not 1 <= len(long_words) <= 6 or _is_open(text) or not all(_WORD.fullmatch(word) for word in words):
        return False
    if len(words[0]) > 1 and words[0].lower() in _NO_NAME:
        return False
    if words[-1].lower() in _NO_LAST_NAME or is_field(text):
        return False
    return _is_capital(words[0]) and all(_is_capital(word) or word in _PARTICLES for word in words)


def _is_capital(word: str) -> bool:
    """Whether the word begins as names do: no small letter, or a particle in front of a capital (d’Arcy, al-Rahman)."""
    return not word[0].islower() or bool(re.match(r"(?:[dlo]|de|al|el)[’'-](?=[A-Z])", word))


def _is_open(text: str) -> bool:
    """Whether a parenthesis in the text is not closed: what follows is still in it."""
    return text.count("(") > text.count(")")


def _split_names(names: str) -> list[tuple[str, str]]:
    """Split names at `and`, `&`, `with` and commas outside of parentheses; each comes with the separator before it.

    `, J.D.` stays with the name before it, `Health and` with the `Gender Analyst` after it.
    """
    marks = [mark for mark in _SEPARATOR.finditer(names) if not _is_open(names[: mark.start()])]
    if not marks:
        return [("", names)] if names else []
    starts, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), len(names)]
    words = [names[start:end] for start, end in zip(starts, ends, strict=True)]
    parts = list(zip(["", *(mark[0] for mark in marks)], words, strict=True))
    pieces: list[tuple[str, str]] = []
    for mark, part in reversed(parts):
        if pieces and not _SUFFIX.fullmatch(part) and belongs_to_role(part, pieces[0][1]):
            pieces[0] = (mark, part + pieces[0][0] + pieces[0][1])
        elif part:
            pieces.insert(0, (mark, part))
    names_read: list[tuple[str, str]] = []
    for mark, part in pieces:
        if names_read and _SUFFIX.fullmatch(part):
            names_read[-1] = (names_read[-1][0], f"{names_read[-1][1]}, {part}")
        else:
            names_read.append((mark, part))
    return names_read


def read_names(names: str, *, single: bool = False) -> tuple[Author, ...] | None:
    """Read the authors of a list of names; None where a part is no name, as one word is only where `single` says so."""
    names = WRITTEN_FOR.sub("", strip_pronouns(names).strip().rstrip(",;:•·–—- "))
    group = _MEMBERS.fullmatch(names) if names.endswith(")") else None
    if group and HOUSE.fullmatch(group["house"]):
        members = read_names(group["members"], single=single)
        return (_build_house(group["house"]), *members) if members else None
    if HOUSE.fullmatch(names):
        return (_build_house(names),)
    authors: list[Author] = []
    for mark, piece in _split_names(names):
        role = read_role(piece)
        is_joined = "and" in mark.lower() or "&" in mark
        if authors and role and is_joined and not begins_role(role):
            return None  # `and Ann Lee Policy Analysts`
        if authors and role and authors[-1].role is None:
            alone = len(authors) == 1 or not role.endswith("s")
            authors = [a if a.role or (alone and a is not authors[-1]) else replace(a, role=role) for a in authors]
        elif authors and is_affiliation(piece) and not is_joined:
            continue  # `Rosa Klebb, U.S. RESIST NEWS`
        elif ("–" in mark or "—" in mark) and "and" not in mark.lower():
            return None  # after a dash comes a role or the house, or nobody knows who
        elif HOUSE.fullmatch(piece):
            authors.append(_build_house(piece))
        elif person := _read_person(piece, single=single):
            authors.append(person)
        else:
            return None
    return tuple(authors) or None


def _build_house(name: str) -> Author:
    return Author(_ARTICLE.sub("", name), "collective")


def read_role(piece: str) -> str | None:
    """Read the role that the words are, without the house in front of it or behind it."""
    return _read_short_role(piece) if len(piece) <= LONGEST_ROLE else None


@lru_cache(maxsize=256)  # the same lines and names are asked for it
def _read_short_role(piece: str) -> str | None:
    bare = WRITTEN_FOR.sub("", HOUSE_PREFIX.sub("", piece)).rstrip(".")
    return bare if ROLE.fullmatch(bare) else None


def _read_person(piece: str, *, single: bool) -> Author | None:
    """Read one person, also with house and role: `USRESIST NEWS Analyst Ann Lee`, `Ann Lee (Intern)`."""
    piece = HOUSE_BEHIND.sub("", strip_marks(piece))
    if aside := _ASIDE.match(piece):
        role = read_role(aside["aside"])
        person = _read_person(aside["name"], single=single) if role or MAILBOX.fullmatch(aside["aside"]) else None
        return replace(person, role=person.role or role) if person else None
    rest = HOUSE_PREFIX.sub("", piece)
    leading = ROLE.match(rest)
    name_after_role = rest[leading.end() :].strip() if leading else ""
    if leading and _is_person(name_after_role, single=single) and not is_group(name_after_role):
        return Author(_strip_full_stop(name_after_role), role=leading[0])
    name = _strip_full_stop(piece)
    if not _is_person(name, single=single):
        return None
    return Author(name, "collective" if is_group(name) else "person")


def _is_person(name: str, *, single: bool) -> bool:
    bare = name.partition(",")[0].strip()
    is_whole = single or " " in bare or "." in bare[:-1] or bool(_WITHOUT_SPACE.fullmatch(bare))
    return is_name(bare) and not ROLE.fullmatch(bare) and is_whole


def _strip_full_stop(name: str) -> str:
    name = name.strip()
    return name if _SUFFIX.fullmatch(name.rpartition(" ")[2]) or re.search(r"\b[A-Z]\.$", name) else name.rstrip(".")


def read_byline(line: str) -> Byline | None:
    """Read the authors of a whole line: `By NAME`, `by : NAME and NAME`, a bare house name; None for other lines."""
    is_short = len(line) <= _LONGEST or (line[:1] in _HOUSE_INITIALS and HOUSE.fullmatch(line))
    return _read_short_byline(line) if is_short and may_begin_byline(line) else None


def may_begin_byline(line: str) -> bool:
    """A cheap look before the careful one: whether the line, or one that begins as it does, can be a byline."""
    return ":" in line or line[:1] in _HOUSE_INITIALS or "by" in line.lower()


@lru_cache(maxsize=1024)  # the lines of a head are asked for it several times, and writers write again
def _read_short_byline(line: str) -> Byline | None:
    if HOUSE.fullmatch(line) and re.search(HOUSE_NAME, line, re.IGNORECASE):
        return Byline((_build_house(line),), "house_name")
    if len(line) > _LONGEST:
        return None
    line = line.strip(_FRAME) if line.startswith(tuple(_FRAME)) else line
    if byline := _read_titled_byline(line):
        return byline
    glued = line[:2] == "By" and _GLUED_BY.match(line)
    match = BY.match(f"By {line[2:]}" if glued else line)
    if not match or _INTERVIEWED.match(line):
        return None
    names, day = split_date(strip_editors(strip_pronouns(match["names"])))
    colon = ":" in match[0][: match.start("names")]
    if "|" in names and not (colon or "@" in names):  # nearly all that themes print: no name holds a bar
        return None
    names, place, mailbox = split_whereabouts(names)
    names, was_glued = part_glued_names(names)
    authors = read_names(names, single=colon)
    if authors is None:
        return None
    shape = "by_colon" if colon else "by"
    may_be_either = any(map(may_be_person, [author.name for author in authors]))
    is_guess = glued or place or was_glued or may_be_either or _may_be_places(names)
    authors = (replace(authors[0], contact=mailbox),) if mailbox and len(authors) == 1 else authors
    return Byline(authors, f"{shape}_dated" if day else shape, day, "guessed" if is_guess else "read")


def _may_be_places(names: str) -> bool:
    """Whether nothing but commas joins the names, so that the later may be a place or a group: `A B, Port Lark`."""
    joints = [mark for mark, piece in _split_names(names)[1:] if not read_role(piece) and not is_affiliation(piece)]
    return bool(joints) and all(mark.strip() == "," for mark in joints)


def strip_editors(names: str) -> str:
    """Strip who edited the text, and did not write it: `; edited by NAME`."""
    editors = _EDITORS.search(names) if " by" in names.lower() else None
    return names[: editors.start()] if editors and read_names(split_date(editors["editors"])[0], single=True) else names


def _read_titled_byline(line: str) -> Byline | None:
    """Read the authors of `Author: NAME`, `Contributing Writer: NAME`."""
    match = _TITLED.match(line) if ":" in line else None
    if not match:
        return None
    title = match["role"]
    role = None if re.fullmatch(r"Authors?|By-?lines?", title, re.IGNORECASE) else title
    if role and not ROLE.fullmatch(role):
        return None
    names, day = split_date(match["names"])
    authors = read_names(names)
    if not authors or any(author.kind == "collective" for author in authors):
        return None
    return Byline(tuple(replace(a, role=a.role or role) for a in authors), "entitled", day)


def read_signature(line: str) -> Byline | None:
    """Read a name with a role behind it, which stands where bylines do and has no `By`: `Ann Lee, Policy Analyst`."""
    name, _, role = line.partition(",")
    if not role or " " not in name or not is_name(name) or read_role(role.strip()) is None:
        return None
    authors = read_names(line)
    return Byline(authors, "signature", confidence="guessed") if authors else None
