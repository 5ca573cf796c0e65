"""Head lines with a heading or other known words glued to them: `By NAME Policy Summary The council …`."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import BY, read_byline
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.domains import CANONICAL, is_domain_name
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.resource_headings import names_resources
from pipelines.extraction.wording.roles import is_field
from pipelines.extraction.wording.sections import is_known_heading
from pipelines.extraction.wording.word_search import holds_any
from scraper.dates import find_trailing_date

_SHORTEST, _FRONT = 8, 140  # characters of label, byline and date together
_HINTS = ("ummary", "nalysis", "UMMARY", "NALYSIS", "ackground", "ntroduction", "verview", "Takeaway", "Points")
_HEADING = re.compile(
    r"(?<=\S)\s(?P<heading>(?:Policy(?: Issue)?|Issue|Executive|Police) (?:Summary|Analysis|Overview)"
    r"|POLICY (?:SUMMARY|ANALYSIS)|Key (?:Takeaways?|Points)|(?:Policy )?(?:Background|Introduction|Overview)"
    r"|Summary|Analysis)(?=[\s:–—-]|$|[A-Z][a-z])"
)
_LABEL = re.compile(r"(?<=\s)(?:Policy )?Brief #")
# What follows a name and is none: all of it, up to the end of the line.
_NO_NAME = re.compile(
    r"Op[ -]?Ed|Editorial|Opinion|Part (?:\d{1,2}|[IVX]{1,4}|One|Two|Three|Four)|Washington,? D\.?C\.?"
    r"|New York(?: City)?|(?:Policy )?Brief|Elections|Politics|Health|Gender|Photos?|Comments?|Unsplash|Share"
    r"|(?:The |Our )?(?:Policy|Issue|Problem|Background|Facts)|What(?:’s| Is| Happened| We Know)\b.{0,20}",
    re.IGNORECASE,
)
_FEW = 6  # words
_LONGEST, _VERB = 200, 40  # characters of a byline, and of what stands in front of its names
_MARKS = " .,:;|–—-"


def split_before_heading(line: Line) -> list[Line]:
    """Split a line before the heading that follows a label, a byline or a date, and behind it; else an empty list."""
    text = line.text
    if not holds_any(text[: _FRONT + 20], _HINTS):
        return []
    for found in _HEADING.finditer(text, _SHORTEST, _FRONT + 20):
        front = line.take_range(0, found.start())
        heading = line.take_range(found.start("heading"), found.end())
        rest = line.drop_start(found.end())
        rest = rest.drop_start(len(rest.text) - len(rest.text.lstrip(":–—- ")))
        if _is_head(front.text, goes_on=rest.text[:1].islower()):
            return [front, heading, rest] if rest.text else [front, heading]
    return []


def _is_head(front: str, *, goes_on: bool) -> bool:
    """Whether the words are a label, a label with its day, a day, or a byline; only a label ends amid a sentence."""
    date = find_trailing_date(front) if front[-1:].isdecimal() else None
    label = read_label(front[: date.start()] if date else front)
    if label:
        return label.domain in CANONICAL
    return not goes_on and (_is_byline(front.rstrip(_MARKS)) or read_dateline(front) is not None)


def _is_byline(text: str) -> bool:
    """Whether the words are a byline whose last name is whole."""
    byline = read_byline(text)
    return byline is not None and byline.shape != "house_name" and " " in byline.authors[-1].name


def split_behind_names(line: Line, title: str | None) -> list[Line]:
    """Split a byline from known words behind its names, which are no name; else an empty list."""
    front = line.text[:_VERB]
    if "|" in line.text or not ("uthor" in front or ("by" in front.lower() and BY.match(line.text))):
        return []
    start = line.text.find(title, 0, _FRONT + len(title)) if title and " " in title else -1
    if start > 0 and _is_byline(line.text[:start].rstrip(_MARKS)):
        rest = line.drop_start(start + len(title or ""))
        return [line.take_range(0, start), rest] if rest.text else [line.take_range(0, start)]
    label = _LABEL.search(line.text, 0, _FRONT) if "Brief #" in line.text else None
    if label and read_label(line.text[label.start() :]) and _is_byline(line.text[: label.start()].rstrip(_MARKS)):
        return [line.take_range(0, label.start()), line.drop_start(label.start())]
    if len(line.text) > _LONGEST:
        return []
    words = line.text.split()
    for size in range(min(_FEW, len(words) - 3), 0, -1):
        behind = " ".join(words[-size:])
        is_listed = words[-size - 1].endswith(",")  # another writer, of whom the title speaks
        if _is_known(behind, None if is_listed else title) and _is_byline(
            front := " ".join(words[:-size]).rstrip(_MARKS)
        ):
            if is_known_heading(behind) or names_resources(behind):
                start = len(line.text) - len(behind)
                return [line.take_range(0, len(front)), line.drop_start(start)]
            return [Line(f"{front} | {behind}", line.kind, line.block, line.take_range(0, len(front)).spans)]
    return []


def _is_known(words: str, title: str | None) -> bool:
    """Whether the words are a heading, a policy domain, or the beginning of the title."""
    if not words[:1].isupper():
        return False
    begins_title = title and " " in words and title.casefold().startswith(words.casefold())
    return bool(begins_title) or _is_no_name(words)


@lru_cache(maxsize=1024)  # writers write again
def _is_no_name(words: str) -> bool:
    if is_known_heading(words) or is_domain_name(words) or _NO_NAME.fullmatch(words) or names_resources(words):
        return True
    return " " in words and is_field(words)
