"""Who wrote it, as a line under the label says it (site-atlas 2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.records import Author
from scraper.wording.dates import LEADING, TRAILING, human_date

_BY = re.compile(
    r"^(?:(?:written|submitted|prepared|compiled|reported|posted)\s+)?by(?:\s*:\s*|\s+)(?P<names>\S.*)$", re.I
)
_HOUSE_NAME = r"U\.?\s?S\.?\s?(?:RESIST|RENEW)(?:\s+DEMOCRACY)?\s*NEWS|USRN|Democracy Now!?"
_GROUP = (
    r"Staff|Reporters?|Team|Editors?|Editorial (?:Board|Staff|Team)|Contributors?|News (?:Team|Staff)|Staff Writers?"
)
HOUSE = re.compile(
    rf"(?:the\s+)?(?:{_HOUSE_NAME})(?:['’]s)?(?:\s+(?:{_GROUP}))*|(?:the\s+)?(?:{_GROUP})", re.IGNORECASE
)
HOUSE_PREFIX = re.compile(rf"^(?:the\s+)?(?:{_HOUSE_NAME})(?:['’]s)?\s+", re.IGNORECASE)
_SUFFIX = re.compile(
    r"(?:J\.?\s?D|Jr|Sr|Ph\.?\s?D|M\.?D|Esq|M\.?P\.?H|M\.?P\.?A|M\.?P\.?P|M\.?B\.?A|M\.?A|M\.?S|B\.?A|R\.?N|LL\.?[MB]|"
    r"D\.?O|Ed\.?D|LCSW|CPA|II|III|IV)\.?",
)
ROLE = re.compile(
    r"(?:[A-Z&][\w&.’'-]*\s+)*?(?:Analysts?|Reporters?|Editors?|Interns?|Fellows?|Contributors?|Correspondents?|"
    r"Researchers?|Writers?|Columnists?|Director|Publisher|Founder|Volunteer|Associate)"
)
_PARTICLES = frozenset("de da del della der den dos das di du la le van von bin ibn al el y e ter ten".split())
_WORD = re.compile(r"[^\W\d_][\w’'‘.\-–]*")
# Words that begin sentences or headings, never names: `By Executive Order`, `By The Numbers`.
_NO_NAME = frozenset(
    "the a an this that these those executive order law default design numbers federal state national congress senate "
    "house president january february march july september october november december monday tuesday wednesday thursday "
    "friday saturday sunday all any most many some comparison contrast definition way force".split()
)


@dataclass(frozen=True, slots=True)
class Byline:
    authors: tuple[Author, ...]
    shape: str
    dated: str | None = None  # a date on the byline itself; it stands neither alone nor behind the label


def is_name(text: str) -> bool:
    """Whether the words look like one person's name: two to six capitalised words, initials and particles allowed."""
    words = [word.strip('()“”"') for word in text.split()]
    if not 1 <= len(words) <= 6 or not all(_WORD.fullmatch(word) for word in words):
        return False
    if len(words[0]) > 1 and words[0].lower() in _NO_NAME:
        return False
    return _is_capital(words[0]) and all(_is_capital(word) or word in _PARTICLES for word in words)


def _is_capital(word: str) -> bool:
    """Whether the word begins as names do: no small letter, or a particle in front of a capital (d’Arcy, al-Rahman)."""
    return not word[0].islower() or bool(re.match(r"(?:[dlo]|de|al|el)[’'-](?=[A-Z])", word))


def _pieces(names: str) -> list[str]:
    """The names between `and`, `&`, `with` and commas; `, J.D.` stays with the name before it."""
    pieces: list[str] = []
    for written in re.split(r"\s*;\s*|,?\s+(?:and|with)\s+|\s+&\s+|\s*,\s*(?:and\s+)?", names):
        bare = HOUSE_PREFIX.sub("", written)
        part = bare if ROLE.fullmatch(bare.rstrip(".")) else written
        if pieces and _SUFFIX.fullmatch(part):
            pieces[-1] += ", " + part
        elif part:
            pieces.append(part)
    return pieces


def read_names(names: str) -> tuple[Author, ...] | None:
    """The authors a list of names gives, in order; None where any part of it is no name."""
    names = names.strip().rstrip(",;:")
    group = re.fullmatch(r"(?P<house>[^()]+?)\s*\((?P<members>[^()]+)\)", names)
    if group and HOUSE.fullmatch(group["house"]):
        members = read_names(group["members"])
        return (Author(group["house"], "collective"), *members) if members else None
    if HOUSE.fullmatch(names):
        return (Author(names, "collective"),)
    authors: list[Author] = []
    for piece in _pieces(names):
        if authors and ROLE.fullmatch(piece.rstrip(".")) and authors[-1].role is None:
            authors[-1] = Author(authors[-1].name, authors[-1].kind, piece.rstrip("."))
        elif HOUSE.fullmatch(piece):
            authors.append(Author(piece, "collective"))
        elif person := _person(piece):
            authors.append(person)
        else:
            return None
    return tuple(authors) or None


def _person(piece: str) -> Author | None:
    """One person, who may be introduced by house and role: `USRESIST NEWS Analyst Ann Lee`."""
    rest = HOUSE_PREFIX.sub("", piece)
    role = ROLE.match(rest)
    if role and rest[role.end() :].strip() and is_name(rest[role.end() :].strip()):
        return Author(_tidy(rest[role.end() :]), role=role[0])
    name = _tidy(piece)
    bare = name.split(",")[0]
    return Author(name) if is_name(bare) and not ROLE.fullmatch(bare) else None


def _tidy(name: str) -> str:
    name = name.strip()
    return name if _SUFFIX.fullmatch(name.rpartition(" ")[2]) or re.search(r"\b[A-Z]\.$", name) else name.rstrip(".")


def read_byline(line: str) -> Byline | None:
    """The authors a whole line names: `By NAME`, `by : NAME and NAME`, a bare house name; None for any other line."""
    if HOUSE.fullmatch(line) and re.search(_HOUSE_NAME, line, re.IGNORECASE):
        return Byline((Author(line, "collective"),), "house_name")
    match = _BY.match(line)
    if not match or len(line) > 200:
        return None
    names, dated = match["names"], None
    if trailing := TRAILING.search(re.sub(r"\(([^()]*\d{4})\)$", r"\1", names)):
        names, dated = names[: trailing.start()], human_date(trailing["date"])
    authors = read_names(names)
    if authors is None:
        return None
    shape = "by_colon" if ":" in match[0][: match.start("names")] else "by"
    return Byline(authors, f"{shape}_dated" if dated else shape, dated)


def dated_opening(line: str) -> tuple[Byline, int] | None:
    """A byline with a date at the start of a paragraph, and where the paragraph goes on; None without one."""
    match = _BY.match(line)
    if not match:
        return None
    for end in re.finditer(r",?\s+(?=[A-Z][a-z]{2})|,\s*(?=\d)", match["names"][:80]):
        rest = match["names"][end.end() :]
        if date := LEADING.match(rest):
            authors = read_names(match["names"][: end.start()])
            stop = match.start("names") + end.end() + date.end()
            return (Byline(authors, "by_dated_opening", human_date(date["date"])), stop) if authors else None
    return None
