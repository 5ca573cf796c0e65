"""The head: lines before the text with the repeated title, label, byline, dateline, kicker and credit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.beside_byline import LineBeside, read_line_beside
from pipelines.extraction.wording.byline import (
    Byline,
    is_name,
    read_byline,
    read_role,
    read_signature,
)
from pipelines.extraction.wording.contacts import build_doubt, doubt_contacts, give_contacts, is_contact
from pipelines.extraction.wording.credit import doubt_caption, doubt_paragraph, is_text, read_credit, read_credits
from pipelines.extraction.wording.dateline import Dateline, read_dateline
from pipelines.extraction.wording.domains import is_domain_name
from pipelines.extraction.wording.head_lines import have_same_words, prepare_lines, split_parts
from pipelines.extraction.wording.kicker import is_kicker
from pipelines.extraction.wording.label import Label, read_closing_label, read_label
from pipelines.extraction.wording.linked_byline import read_linked_byline
from pipelines.extraction.wording.openings import read_dated_opening, read_opening
from pipelines.extraction.wording.sections import is_part, read_heading
from scraper.dates import find_trailing_date, is_vague_date, parse_written_date
from scraper.records import Author, PhotoCredit, Problem

_BY = re.compile(r"\sby\b", re.IGNORECASE)
_OF_SITE = r"(?:(?:the|our|weekly|monthly|news|us ?resist|us ?renew|[a-z]{3,9} 20\d\d|[jfmasond][a-z]{2,8})\s+){0,4}"
# A brief may be about a newsletter: that is one whose title says nothing else but which.
_DIGEST = re.compile(
    r"\bUS\s?(?:RESIST|RENEW)(?: NEWS)? SHARE\b|\b(?:Weekly|News) (?:Digest|Round-?up)\b"
    rf"|^{_OF_SITE}(?:Newsletter|Weekly News)"
    r"(?:\W+(?:of|issue|no|vol|week|[jfmasond][a-z]{2,8}|\d+[a-z]{0,2}))*\W*$",
    re.IGNORECASE,
)
_SHORT = 8  # words; a longer part of a line is prose
_MOST = 40  # parts of a line; one of more is no head line, and each part is sought in the whole of it


@dataclass
class Head:
    """What the head lines say; `text_lines` are lines between them that belong to the text."""

    labels: list[Candidate[Label]] = field(default_factory=list)
    authors: list[Candidate[tuple[Author, ...]]] = field(default_factory=list)
    datelines: list[Candidate[str]] = field(default_factory=list)
    dated_bylines: list[Candidate[str]] = field(default_factory=list)
    credits: list[Candidate[PhotoCredit]] = field(default_factory=list)
    kickers: list[Candidate[str]] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    text_lines: list[Line] = field(default_factory=list)


def is_digest(title: str | None) -> bool:
    """Whether the title is that of a digest, whose body repeats titles and labels of briefs."""
    return bool(title and _DIGEST.search(title))


def propose_label(label: Label, snippet: str, front: str = "heading.") -> Candidate[Label]:
    """Propose a label that was read; one in a lenient shape is a guess."""
    return Candidate(label, f"{front}{label.shape}", snippet, "guessed" if label.is_lenient else "read")


def _take_part(part: str, line: Line, head: Head) -> bool:
    """File one `|`-separated part of a head line under its field; False where it fits no field."""
    snippet = line.text[:SNIPPET]
    date_match = find_trailing_date(part) if len(part) <= SNIPPET else None
    if date_match and read_label(part[: date_match.start()]) and (date := parse_written_date(date_match["date"])):
        # `Brief #52 Immigration April 24, 2018`
        head.datelines.append(Candidate(date, "dates.behind_label", snippet))
        part = part[: date_match.start()]
    if label := read_label(part):
        head.labels.append(propose_label(label, snippet))
    elif byline := read_linked_byline(part, line):
        _take_byline(byline, snippet, head)
        head.doubts += doubt_contacts(byline.authors, line)
        if is_kicker(front := _BY.split(part)[0]):
            head.kickers.append(Candidate(front, "head.kicker", snippet))  # `OP-ED by NAME`
    elif dateline := read_dateline(part):
        _take_dateline(dateline, part, line, head)
    elif head.authors and (role := read_role(part)) and _take_role(role, head):
        pass
    elif is_kicker(part):
        head.kickers.append(Candidate(part, "head.kicker", snippet))
    elif part != line.text and (credit := read_credit(replace(line.drop_start(line.text.find(part)), text=part))):
        head.credits.append(credit)
    else:
        return is_vague_date(part) or (bool(head.authors) and is_contact(part))
    return True


def _take_byline(byline: Byline, snippet: str, head: Head) -> None:
    head.authors.append(Candidate(byline.authors, f"byline.{byline.shape}", snippet, byline.confidence))
    if byline.dated:
        head.dated_bylines.append(Candidate(byline.dated, "byline.dated", snippet))


def _take_dateline(dateline: Dateline, part: str, line: Line, head: Head) -> None:
    rule = "dates.own_line" if part == line.text else "dates.behind_label"
    if dateline.day is None:
        head.doubts.append(_build_unread_problem("dateline", part))
    else:
        head.datelines.append(Candidate(dateline.day, rule, line.text[:SNIPPET]))


def _take_role(role: str, head: Head) -> bool:
    """Give the role after a byline's `|` to its only author; False without such a byline."""
    if not head.authors or len(head.authors[-1].value) != 1 or head.authors[-1].value[0].role:
        return False
    head.authors[-1] = replace(head.authors[-1], value=(replace(head.authors[-1].value[0], role=role),))
    return True


def _take_bare_name(line: Line, head: Head) -> bool:
    """Guess that the words between label and day are the writer's name: `Brief #22 – Education | NAME | May 2025`."""
    name = split_parts(line.text)[1]
    byline = read_byline(f"By {name}") if " " in name and is_name(name) else None
    if byline:
        _take_byline(replace(byline, shape="bare", confidence="guessed"), line.text[:SNIPPET], head)
    return byline is not None


def _take_line_beside(beside: LineBeside, line: Line, head: Head) -> None:
    """File what stands beside the byline: a mailbox is the contact of the last writer above it."""
    if beside.contacts and head.authors:
        head.authors[-1], all_given = give_contacts(head.authors[-1], beside.contacts)
        head.doubts += [] if all_given else [build_doubt(line)]
    elif not beside.contacts:
        message = f"{line.text[:80]!r} beside the byline is left out, as {beside.what}."
        head.doubts.append(Problem("body", "doubtful", message))


def _build_unread_problem(field_: str | None, part: str) -> Problem:
    return Problem(field_, "unread", f"{part[:80]!r} fits no known shape of a head line.")


def _build_doubt(part: str, head: Head) -> Problem:
    """Build the problem of a part that fits no shape, for the field that its words are about."""
    if not head.labels and (is_domain_name(part) or re.search(r"\bbrief\b|#", part, re.IGNORECASE)):
        return _build_unread_problem("label", part)
    if re.search(r"\b(?:by|authors?)\b", part, re.IGNORECASE) or (" " in part and is_name(part)):
        return _build_unread_problem("authors", part)
    if re.search(r"\b(?:19|20)\d{2}\b|\d/\d", part):
        return _build_unread_problem("dateline", part)
    return _build_unread_problem(None, part)


def _build_credit_head(line: Line, credits: list[Candidate[PhotoCredit]]) -> Head:
    return Head(credits=credits, doubts=list(filter(None, (doubt_paragraph(line, credits[-1]),))))


def _take_line(line: Line, head: Head) -> bool:
    """File a whole line of the head; False, with nothing filed, where it is prose.

    A short part of no known shape is a problem and left out, if a label, a byline or a date is on the same line.
    """
    parts = parts if len(parts := split_parts(line.text)) <= _MOST else []
    trial = Head()
    unknown = [part for part in parts if not _take_part(part, line, trial)]
    may_be_named = trial.labels and not trial.authors and len(parts) == 3 and unknown == [parts[1]]
    if may_be_named and _take_bare_name(line, trial):
        unknown = []
    credits = read_credits(line) if unknown or not parts or len(trial.credits) > 1 else []
    if credits and is_text(line, credits[-1]):
        return False
    if credits and not (unknown or trial.labels or trial.authors or trial.datelines):
        trial = _build_credit_head(line, credits)
    elif unknown or not parts:
        is_head = trial.labels or trial.authors or (head.labels and trial.datelines)
        signature = read_signature(line.text) if head.labels and not head.authors else None
        if is_head and all(len(part.split()) <= _SHORT for part in unknown):
            trial.doubts += [_build_doubt(part, trial) for part in unknown]
        elif credits:
            trial = _build_credit_head(line, credits)
        elif signature:
            _take_byline(signature, line.text[:SNIPPET], trial)
        else:
            head.doubts.extend(filter(None, (doubt_caption(line),)))
            return line.kind == "caption"
    for name in ("labels", "authors", "datelines", "dated_bylines", "credits", "kickers", "doubts"):
        getattr(head, name).extend(getattr(trial, name))
    return True


def _repeats_title(line: Line, title: str | None, head: Head) -> bool:
    if title is None:
        return False
    if have_same_words(line.text, title):
        return True
    closing = read_closing_label(line.text)
    if closing and have_same_words(closing[0], title):
        head.labels.append(propose_label(closing[1], line.text[:SNIPPET]))
        return True
    return "#" in line.text and _take_label_before_title(line, title, head)


def _take_label_before_title(line: Line, title: str, head: Head) -> bool:
    """File the label of a line that repeats the headline behind it: `Brief #58—Environment: HEADLINE`."""
    front, behind = line.text[: -len(title)], line.text[-len(title) :]
    is_apart = front.rstrip().endswith((":", "–", "—", "|", "-"))
    label = read_label(front.rstrip(" :–—|-")) if is_apart and have_same_words(behind, title) else None
    if label:
        head.labels.append(propose_label(label, line.text[:SNIPPET]))
    return label is not None


def is_head_line(line: Line) -> bool:
    """Whether a line is one of those above the text."""
    return _take_line(line, Head())


def _continues_head(line: Line, following: list[Line]) -> bool:
    """Whether a short unknown line may be inside the head, because a label or byline follows at once."""
    if len(line.text.split()) > 16 or line.text.endswith((".", ";", ",")) or line.kind == "li":
        return False
    below = [_begins_head(later) for later in following[:2]]
    return below[:1] == [True] or (below[1:] == [True] and is_head_line(following[0]))


def _begins_head(line: Line) -> bool:
    front = line.text.partition("|")[0].strip()
    return bool(read_label(front) or read_byline(front))


def _belongs_to_text(index: int, queue: list[Line]) -> bool:
    """Whether a line that reads as byline or dateline is a heading of the text.

    Dates as headings, one below another, are a chronicle, and so are bylines: each heads a text of its own. A heading
    of `By` and a name without a date may be words of the editors where prose follows it and no head surrounds it.
    """
    line = queue[index]
    if line.kind != "h" and not line.is_bold:
        return False
    day = _is_day(line)
    if not day and (line.kind != "h" or not _is_byline(line)):
        return False
    others = (later for later in queue[index + 1 :] if later.text != line.text)
    alike = (later for later in others if (later.kind, later.is_bold) == (line.kind, line.is_bold))
    if any(map(_is_day if day else _is_byline, alike)):
        return True
    byline = read_byline(line.text)
    if day or (byline and byline.dated):
        return False
    after = queue[index + 1 : index + 2]
    beside = queue[max(index - 1, 0) : index] + [near for near in after if is_head_line(near)]
    is_head = any(near.kind == "h" for near in beside) or any(read_label(near.text) for near in after)
    return not is_head and not any(map(_is_part, after))


def _is_byline(line: Line) -> bool:
    byline = read_byline(line.text)
    return byline is not None and byline.shape in ("by", "by_dated")


def _is_part(line: Line) -> bool:
    """Whether the line is the heading of a brief's first part: what stands above it heads no text of its own."""
    heading = read_heading(line)
    return heading is not None and is_part(heading.text)


def _is_day(line: Line) -> bool:
    return read_dateline(line.text) is not None


def read_head(lines: list[Line], title: str | None) -> tuple[Head, list[Line]]:
    """Read the head, and return it with the lines of the text. `title` is the page's headline where it has one."""
    head = Head()
    queue = prepare_lines(lines, title)
    index = 0
    while index < len(queue):
        line = queue[index]
        is_open = not read_byline(line.text)
        if opening := (read_dated_opening(line.text) or (not head.authors and read_opening(line))) if is_open else None:
            _take_byline(opening[0], line.text[:SNIPPET], head)
            queue[index] = line.drop_start(opening[1])
            break
        if _repeats_title(line, title, head) or (not _belongs_to_text(index, queue) and _take_line(line, head)):
            index += 1
        elif not head.text_lines and (beside := read_line_beside(line, below_byline=bool(head.authors))):
            _take_line_beside(beside, line, head)
            index += 1
        elif _continues_head(line, queue[index + 1 : index + 3]) and not is_digest(title):
            head.text_lines.append(line)
            index += 1
        else:
            break
    return head, queue[index:]


def reads_label(line: Line) -> bool:
    """Whether a line holds a label, alone or with other parts of a head."""
    may_be_label = "#" in line.text or "rief" in line.text  # a cheap look before the careful one
    return may_be_label and _take_line(line, head := Head()) and bool(head.labels)
