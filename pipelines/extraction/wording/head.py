"""The lines in front of the text: repeated title, label, byline, dateline, kicker, credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line, strong_opening
from pipelines.extraction.wording.byline import Byline, dated_opening, is_name, read_byline, whole_role
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.dateline import Dateline, read_dateline
from pipelines.extraction.wording.domains import CANONICAL, is_domain_name
from pipelines.extraction.wording.label import Label, closing_label, read_label
from pipelines.extraction.wording.sections import read_heading
from scraper.dates import TRAILING, is_vague_date, parse_written_date
from scraper.records import Author, PhotoCredit, Problem

_KICKER = re.compile(
    r"(?:(?:[A-Z][\w.!’']*|a|an|the)\s+){0,6}(?:op[\s-]?eds?\.?|editorials?|opinion)(?:\s*[:.])?", re.IGNORECASE
)
_DIGEST = re.compile(r"\bUSRESIST SHARE\b|\bUSRENEW SHARE\b|\bNewsletter\b|\bWeekly News\b", re.IGNORECASE)
# Lines that the editors or an excerpt glued: `Brief #58—Immigration Policy Summary In addition …`, `… By NAME`.
_LABEL_AND_HEADING = re.compile(
    r"(?P<label>.{8,60}?)\s+(?P<behind>Policy Summary|Policy Analysis|Summary|Analysis)(?:\s+|$)"
)
_LABEL_AND_BYLINE = re.compile(r"(?P<label>.{8,60}?)(?:\s+[-–—]|,)?\s+(?P<behind>[Bb]y\s*:?\s+\S.*)")
_SHORT = 8  # words; a longer part of a head line is prose
_QUOTES = str.maketrans("‘’“”‐‑‒–—―", "''\"\"------")


@dataclass
class Head:
    """What the head lines gave; `kept` are lines between them that belong to the text."""

    labels: list[Candidate[Label]] = field(default_factory=list)
    authors: list[Candidate[tuple[Author, ...]]] = field(default_factory=list)
    datelines: list[Candidate[str]] = field(default_factory=list)
    dated_bylines: list[Candidate[str]] = field(default_factory=list)
    credits: list[Candidate[PhotoCredit]] = field(default_factory=list)
    kickers: list[Candidate[str]] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for quotes, dashes, case, spaces and end marks."""

    def bare(text: str) -> str:
        return re.sub(r"[\s.:]+", "", text.translate(_QUOTES)).casefold()

    return bare(one) == bare(other)


def is_kicker(text: str) -> bool:
    """Whether the line only says that what follows is opinion: `JULY OP ED`, `U.S. RESIST NEWS EDITORIAL`."""
    return len(text) <= 60 and bool(_KICKER.fullmatch(text))


def is_digest(title: str | None) -> bool:
    """Whether the title is that of a digest, whose body repeats other briefs' titles and labels."""
    return bool(title and _DIGEST.search(title))


def _take_part(part: str, line: Line, head: Head) -> bool:
    """File one `|`-separated part of a head line under its field; False where it is none."""
    snippet = line.text[:SNIPPET]
    dated = TRAILING.search(part) if len(part) <= SNIPPET else None
    if dated and read_label(part[: dated.start()]) and (date := parse_written_date(dated["date"])):
        # `Brief #52 Immigration April 24, 2018`
        head.datelines.append(Candidate(date, "dates.behind_label", snippet))
        part = part[: dated.start()]
    if label := read_label(part):
        head.labels.append(Candidate(label, f"heading.{label.shape}", snippet, "guessed" if label.lenient else "read"))
    elif byline := read_byline(part):
        _take_byline(byline, snippet, head)
    elif dateline := read_dateline(part):
        _take_dateline(dateline, part, line, head)
    elif (role := whole_role(part)) and _take_role(role, head):
        pass
    elif is_kicker(part):
        head.kickers.append(Candidate(part, "head.kicker", snippet))
    else:
        return is_vague_date(part)
    return True


def _take_byline(byline: Byline, snippet: str, head: Head) -> None:
    head.authors.append(Candidate(byline.authors, f"byline.{byline.shape}", snippet))
    if byline.dated:
        head.dated_bylines.append(Candidate(byline.dated, "byline.dated", snippet))


def _take_dateline(dateline: Dateline, part: str, line: Line, head: Head) -> None:
    rule = "dates.own_line" if part == line.text else "dates.behind_label"
    if dateline.day is None:
        head.doubts.append(_unread("dateline", part))
    else:
        head.datelines.append(Candidate(dateline.day, rule, line.text[:SNIPPET]))


def _take_role(role: str, head: Head) -> bool:
    """Give the role that stands behind a byline's `|` to its one author; False without such a byline."""
    if not head.authors or len(head.authors[-1].value) != 1 or head.authors[-1].value[0].role:
        return False
    head.authors[-1] = replace(head.authors[-1], value=(replace(head.authors[-1].value[0], role=role),))
    return True


def _unread(field_: str | None, part: str) -> Problem:
    return Problem(field_, "unread", f"{part[:80]!r} fits no known shape of a head line.")


def _doubt(part: str, head: Head) -> Problem:
    """The problem of a head line's part that fits no shape, under the field its words speak of."""
    if not head.labels and (is_domain_name(part) or re.search(r"\bbrief\b|#", part, re.IGNORECASE)):
        return _unread("label", part)
    if re.search(r"\b(?:by|authors?)\b", part, re.IGNORECASE) or (" " in part and is_name(part)):
        return _unread("authors", part)
    if re.search(r"\b(?:19|20)\d{2}\b|\d/\d", part):
        return _unread("dateline", part)
    return _unread(None, part)


def _parts(text: str) -> list[str]:
    """The parts of a head line between bars; behind a label a slash, a bullet or the letter l may stand for the bar."""
    bars = [part.strip() for part in text.split("|") if part.strip()]
    others = re.split(r"\s+[/•·l]\s+", text)
    return others if len(bars) == 1 and len(others) > 2 and read_label(others[0]) else bars


def _take_line(line: Line, head: Head) -> bool:
    """File a whole line; False where it is prose. Nothing is filed from a line that is not head.

    Beside a label or byline, or beside a date below one, a short part of no known shape is told and left out.
    """
    parts = _parts(line.text)
    trial = Head()
    unread = [part for part in parts if not _take_part(part, line, trial)]
    if unread or not parts:
        credit = read_credit(line)
        known = trial.labels or trial.authors or (head.labels and trial.datelines)
        if credit is not None:
            trial = Head(credits=[credit])
        elif known and all(len(part.split()) <= _SHORT for part in unread):
            trial.doubts += [_doubt(part, trial) for part in unread]
        else:
            return line.kind == "caption"
    for name in ("labels", "authors", "datelines", "dated_bylines", "credits", "kickers", "doubts"):
        getattr(head, name).extend(getattr(trial, name))
    return True


def _unglued(line: Line) -> Iterator[Line]:
    """A line whose strong opening is a label or byline, as two lines; any other line as it is."""
    for joint in (_LABEL_AND_HEADING.match(line.text), _LABEL_AND_BYLINE.fullmatch(line.text)):
        label = read_label(joint["label"]) if joint else None
        if joint and label and label.domain in CANONICAL:
            yield Line(joint["label"], line.kind, line.block)
            yield Line(joint["behind"], line.kind, line.block)
            if rest := line.cut(joint.end()).text:
                yield replace(line.cut(joint.end()), text=rest)
            return
    end = strong_opening(line)
    opening = line.text[:end].strip()
    if 0 < end < len(line.text) - 1 and (read_label(opening) or read_byline(opening)) and not read_label(line.text):
        yield Line(opening, line.kind, line.block)
        yield line.cut(end)
    else:
        yield line


def _repeats_title(line: Line, title: str | None, head: Head) -> bool:
    if title is None:
        return False
    if same_words(line.text, title):
        return True
    labelled = closing_label(line.text)
    if labelled and same_words(labelled[0], title):
        head.labels.append(Candidate(labelled[1], f"heading.{labelled[1].shape}", line.text[:SNIPPET]))
        return True
    return False


def _is_head_line(line: Line) -> bool:
    return _take_line(line, Head())


def _goes_on(line: Line, following: list[Line]) -> bool:
    """Whether a short unknown line may stand inside the head, because a label or byline still follows at once."""
    if len(line.text.split()) > 16 or line.text.endswith((".", ";", ",")) or line.kind == "li":
        return False
    for later in following[:2]:
        first = later.text.split("|")[0].strip()
        if read_label(first) or read_byline(first):
            return True
        if not _is_head_line(later):
            return False
    return False


def _of_the_text(index: int, queue: list[Line]) -> bool:
    """Whether a line that looks like byline or dateline is set as the text's own headings are.

    A heading is head where a label or other headings of the head stand beside it; a heading date with another below
    it begins a chronicle.
    """
    line, before, after = queue[index], queue[max(index - 1, 0) : index], queue[index + 1 :]
    day = _is_day(line)
    if day and (line.kind == "h" or line.bold):
        like = [later for later in after if (later.kind, later.bold) == (line.kind, line.bold)]
        if any(_is_day(later) for later in like):
            return True
    byline = read_byline(line.text)
    if line.kind != "h" or not (day or (byline and byline.shape in ("by", "by_dated"))):
        return False
    beside = before + [near for near in after[:1] if _is_head_line(near)]
    return not any(near.kind == "h" for near in beside) and not any(read_label(near.text) for near in after[:1])


def _is_day(line: Line) -> bool:
    return read_dateline(line.text) is not None


def _queue(lines: list[Line]) -> list[Line]:
    """The lines with those at the head unglued, and a `By` joined to the name on the line below it."""
    queue: list[Line] = []
    for line in [part for whole in lines[:14] for part in _unglued(whole)]:
        if queue and re.fullmatch(r"by\s*:?", queue[-1].text, re.IGNORECASE) and read_byline(f"By {line.text}"):
            queue[-1] = Line(f"{queue[-1].text} {line.text}", line.kind, line.block)
        else:
            queue.append(line)
    return queue + lines[14:]


def read_head(lines: list[Line], title: str | None) -> tuple[Head, list[Line]]:
    """The head, and the lines of the text behind it. `title` is the page's headline where it has one."""
    head = Head()
    queue = _queue(lines)
    index = 0
    while index < len(queue):
        line = queue[index]
        if opening := dated_opening(line.text) if not read_byline(line.text) else None:
            _take_byline(opening[0], line.text[:SNIPPET], head)
            queue[index] = line.cut(opening[1])
            break
        if _repeats_title(line, title, head) or (not _of_the_text(index, queue) and _take_line(line, head)):
            index += 1
        elif _goes_on(line, queue[index + 1 :]) and not is_digest(title):
            head.kept.append(line)
            index += 1
        else:
            break
    return head, queue[index:]


def title_line(lines: list[Line]) -> tuple[Line, bool] | None:
    """The headline of a bare text: its first line where that is neither label nor prose; and whether a head follows.

    None where the text begins with its label, a byline, a date, a section heading or prose.
    """
    if not lines:
        return None
    first = lines[0]
    if closing_label(first.text):
        return first, True
    if _is_head_line(first) or len(first.text) > 180 or first.kind == "li" or read_heading(first):
        return None
    if first.text.endswith((".", ";", ",", ":")) or len(first.text.split()) > 28:
        return None
    followed = len(lines) > 1 and (_is_head_line(lines[1]) or bool(read_heading(lines[1])))
    return first, followed
