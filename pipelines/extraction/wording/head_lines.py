"""The lines at the head before they are read: those that are glued are split, those that a break parts are joined."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from pipelines.extraction.lines import Line, find_strong_end, join_lines
from pipelines.extraction.wording.byline import LONGEST_ROLE, is_name, may_begin_byline, read_byline, read_role
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.domains import CANONICAL
from pipelines.extraction.wording.glued_lines import split_before_heading, split_behind_names
from pipelines.extraction.wording.label import LONGEST, are_one_label, may_be_label, read_label
from pipelines.extraction.wording.openings import split_label_opening
from pipelines.extraction.wording.sections import is_known_heading
from pipelines.extraction.wording.word_search import holds_any
from scraper.dates import LEADING, find_trailing_date, may_hold_year

# Lines that editors or an excerpt glued together: `Brief #58—Immigration Policy Summary In addition …`, `… By NAME`.
_LABEL_AND_BYLINE = re.compile(r"(?P<label>.{8,60}?)(?:\s+[-–—]|[,.:;])?\s+(?P<behind>\(?[Bb]y(?:\s*:)?\s+\S.*)")
_BYLINE_AND_CREDIT = re.compile(
    r"(?P<byline>.{3,80}?)(?<![\s,;–—-])[\s,;–—-]+"
    r"(?P<behind>(?:photo(?:graph)?|image|picture)s?(?: credits?)?(?: by\b|:).+)",
    re.IGNORECASE,
)
_PICTURES = ("photo", "image", "picture")
_LABEL, _BYLINE = 60, 80  # characters that a label and a byline in a glued line have at most, as in the patterns
_FEW = 14  # lines; a head has no more
_QUOTES = str.maketrans("‘’“”‐‑‒–—―", "''\"\"------")
_MARK = re.compile(r"(?<!\s)\s+[/•·lI¦∣]\s+")  # they may stand for a bar
_DATE_MARK = re.compile(r"(?<!\s)\s+[/•·–—-]\s+$")
_DASH = re.compile(r"(?<!\s)\s+[-–—]\s+")
_BY = re.compile(r"by\s*:?", re.IGNORECASE)
_HANGS = re.compile(r"(?:,|&|\b(?:and|with))$", re.IGNORECASE)
_FRONT = 16  # characters by which most texts differ
_LONGEST_JOINT = 4  # characters: `with`
_JOINT = re.compile(r"(?:,|&|and|with)", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:,|&|and\b|with\b)", re.IGNORECASE)


def have_same_words(text: str, other: str) -> bool:
    """Whether two texts differ in quotes, dashes, case, spaces and end marks only."""
    if text == other:
        return True
    words = simplify_words(other)
    return words.startswith(simplify_words(text[:_FRONT])) and words == simplify_words(text)


@lru_cache(maxsize=1024)  # titles, names and the first lines of one page are compared with one another
def simplify_words(text: str) -> str:
    """Leave out what texts with the same words may differ in."""
    plain = text if text.isascii() else text.translate(_QUOTES)
    return "".join(plain.split()).replace(".", "").replace(":", "").casefold()


def _split_glued_line(line: Line, title: str | None, *, is_only: bool) -> list[Line]:
    """Split a line that begins with a label, a byline or a date into two or more; any other line stays as it is.

    A label before a sentence must be the only one: others stand in digests.
    """
    front = line.text[:_BYLINE]
    lines = split_before_heading(line)
    if not lines and may_be_label(front[:_LABEL]):
        lines = _split_behind_label(line, title) or (split_label_opening(line) if is_only else [])
    if not lines and may_begin_byline(front):
        lines = _split_before_credit(line) or split_behind_names(line, title)
    return lines or (_split_behind_strong(line) if line.spans else []) or [line]


def _split_behind_label(line: Line, title: str | None) -> list[Line]:
    text = line.text
    joint = _LABEL_AND_BYLINE.fullmatch(text) if "by" in text or "By" in text else None
    label = read_label(joint["label"]) if joint else None
    is_whole = len(parts := split_parts(text)) > 2 and read_label(parts[0]) if label else None
    if joint and label and label.domain in CANONICAL and not is_whole:
        behind = line.drop_start(joint.start("behind"))
        rest = split_before_heading(behind) or split_behind_names(behind, title) or [behind]
        return [Line(joint["label"], line.kind, line.block), *rest]
    return []


def _split_before_credit(line: Line) -> list[Line]:
    has_picture = holds_any(line.text.lower(), _PICTURES)  # a cheap look before the careful one
    glued = _BYLINE_AND_CREDIT.fullmatch(line.text) if has_picture else None
    if not glued or not read_byline(glued["byline"]):
        return []
    return [line.take_range(0, glued.end("byline")), line.drop_start(glued.start("behind"))]


def _split_behind_strong(line: Line) -> list[Line]:
    end = find_strong_end(line)
    opening = line.text[:end].strip() if 0 < end < len(line.text) - 1 else ""
    if opening and (read_label(opening) or read_byline(opening)) and not read_label(line.text):
        rest = line.drop_start(end)
        return [Line(opening, line.kind, line.block), rest.drop_start(len(rest.text) - len(rest.text.lstrip("–—|: ")))]
    return []


def _strip_note_sign(line: Line) -> Line:
    """Strip the raised sign of a note behind a label or a byline, whose number would else be the label's."""
    sign = line.spans[-1] if line.spans and line.spans[-1].tag == "sup" else None
    if sign is None or sign.end < len(line.text):
        return line
    bare = line.cut_range(sign.start, sign.end)
    return bare if read_label(bare.text) or read_byline(bare.text) else line


def prepare_lines(lines: list[Line], title: str | None) -> list[Line]:
    """Split glued lines at the head, and join those that are one: `By` and its name, `Brief #58—` and its domain."""
    queue: list[Line] = []
    top = lines[:_FEW]
    is_only = sum(["rief" in line.text[:_LABEL] and "#" in line.text[:_LABEL] for line in top]) == 1
    pieces = [part for whole in top for part in _split_glued_line(_strip_note_sign(whole), title, is_only=is_only)]
    pieces = _drop_repeated_headings(pieces) if len(pieces) > len(top) else pieces
    for line, following in zip_longest(pieces, pieces[1:]):
        if queue and _is_role_below(queue[-1], line):
            queue[-1] = join_lines([replace(queue[-1], text=f"{queue[-1].text},"), line])
        elif queue and (_are_one(queue[-1].text, line.text) or _joins_names(queue[-1], line, following)):
            queue[-1] = Line(f"{queue[-1].text} {line.text}", line.kind, line.block)
        else:
            queue.append(line)
    return _join_title(queue, title) + lines[_FEW:]


def _drop_repeated_headings(pieces: list[Line]) -> list[Line]:
    """Drop the heading at the end of a glued line, of an excerpt, that stands again below, over its text."""
    blocks, texts = [line.block for line in pieces], [line.text for line in pieces]
    return [
        line
        for index, line in enumerate(pieces)
        if blocks[index - 1 : index] != [line.block]
        or blocks[index + 1 : index + 2] == [line.block]
        or line.text not in texts[index + 1 :]
        or not is_known_heading(line.text)
    ]


def _is_role_below(byline: Line, line: Line) -> bool:
    """Whether the line is the role of the only writer whom the line above names: `U.S. RESIST NEWS Reporter`."""
    may_be_role = len(line.text) <= LONGEST_ROLE and line.kind in ("p", byline.kind)
    above = read_byline(byline.text) if may_be_role else None
    role = read_role(line.text) if above else None
    if above is None or role is None or role.endswith("s"):
        return False
    return [(author.kind, author.role) for author in above.authors] == [("person", None)]


def _joins_names(byline: Line, line: Line, following: Line | None) -> bool:
    """Whether the line is the `and` between a byline and a second name, each on a line of its own."""
    if len(line.text) > _LONGEST_JOINT or not _JOINT.fullmatch(line.text):
        return False
    if following is None or is_known_heading(following.text):
        return False
    return read_byline(f"{byline.text} {line.text} {following.text}") is not None


def _are_one(text: str, following: str) -> bool:
    if text[:1] in "bB" and _BY.fullmatch(text):
        return read_byline(f"By {following}") is not None
    hangs = text[-1:] in ",&dDhH" and _HANGS.search(text[-_LONGEST_JOINT - 2 :])
    goes_on = following[:1] in ",&aAwW" and _GOES_ON.match(following)
    if (hangs or goes_on) and not is_known_heading(following):
        return read_byline(f"{text} {following}") is not None
    return are_one_label(text, following) and read_byline(following) is None


def split_parts(text: str) -> list[str]:
    """Split a head line at bars; after a label a slash, a bullet or the letter l may stand for the bar."""
    date = LEADING.match(text) if may_hold_year(text) else None
    if date and read_byline(text[date.end() :].strip(" ,–—-")):
        return [date["date"], text[date.end() :].strip(" ,–—-")]
    last = find_trailing_date(text) if text[-1:] in "0123456789" else None
    if last and (mark := _DATE_MARK.search(text[: last.start("date")])) and read_byline(text[: mark.start()]):
        return [text[: mark.start()], last["date"]]
    bars = [bare for part in text.split("|") if (bare := part.strip())]
    if len(bars) != 1 or not may_be_label(text[:LONGEST]):
        return bars
    others = _MARK.split(text)
    if len(others) > 2 and read_label(others[0]):
        return others
    return (_split_at_dashes(text) if len(text) <= LONGEST else None) or bars


def _split_at_dashes(text: str) -> list[str] | None:
    """Split a label, which may hold one dash itself, from the writer and the day behind more of them."""
    dashes = list(_DASH.finditer(text))
    for dash in dashes[:2] if dashes and not read_label(text) else ():
        label, others = read_label(text[: dash.start()]), _DASH.split(text[dash.end() :])
        if label and label.number is not None and label.domain in CANONICAL:
            return [text[: dash.start()], *others] if all(map(_says_who_or_when, others)) else None
    return None


def _says_who_or_when(part: str) -> bool:
    return bool(read_byline(part) or read_dateline(part)) or (" " in part and is_name(part))


def _join_title(queue: list[Line], title: str | None) -> list[Line]:
    for start, line in enumerate(queue[:4] if title else ()):
        run = [later for later in queue[start : start + 4] if later.block == line.block]
        for size in range(2, len(run) + 1):
            joined = join_lines(run[:size])
            if title and have_same_words(joined.text, title):
                return [*queue[:start], joined, *queue[start + size :]]
    return queue
