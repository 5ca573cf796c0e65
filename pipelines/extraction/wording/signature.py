"""Bylines further down in the text, and lines that seem to name a writer or a day and fit no known shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import Byline, is_name, read_byline
from pipelines.extraction.wording.dateline import dates_another
from pipelines.extraction.wording.domains import CANONICAL
from pipelines.extraction.wording.head import is_digest
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.openings import begins_with_name
from pipelines.extraction.wording.parts import Parts
from pipelines.extraction.wording.sections import is_part
from pipelines.extraction.wording.verbs import EDITED, TEXTS, WROTE, WROTE_TEXT
from pipelines.extraction.wording.word_search import holds_any
from scraper.dates import find_trailing_date, parse_written_date
from scraper.records import Problem

_NEAR_HEAD = 3  # lines; a byline further down may belong to a quoted text
_SHORT = 8  # words; a longer line is prose that mentions a writer
_SIGNED = re.compile(
    rf"(?:(?:this|the)\s(?:policy\s)?{TEXTS}\s(?:was|is|has been)\s(?:\w+\s)?(?:{WROTE}|{EDITED})"
    rf"|(?:{TEXTS}\s(?:was\s)?)?(?:{WROTE_TEXT}|developed|{EDITED}))\sby\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\W{0,3}by\b", re.IGNORECASE)
_NAMED = re.compile(
    r"(?P<verb>\b\w+\s+)?\b(?:[Bb]y|BY|[Aa]uthors?|[Ww]riters?|(?:Text|Words|Research|Reporting)(?=:))\b\W+(?:[A-Z][\w.’'-]*\s+)+[A-Z]"
)
# One of them is in each such text.
_NAMERS = ("by", "By", "BY", "uthor", "riter", "Text:", "Words:", "Research:", "Reporting:")
_JOINT = re.compile(r"(?:and|&|with)\s+", re.IGNORECASE)  # a second writer, below the first
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")  # as `repr` writes a text
_SET_APART = ("label", "authors", "dateline", "photo_credits", "resources")  # fields whose lines are no text
_DONE = re.compile(rf"(?!(?:{WROTE}|{EDITED})\b)\w+ed\s+", re.IGNORECASE)  # `Endorsed by Donald Quill`


def take_late_byline(parts: Parts) -> None:
    """File a byline that follows a note as a closing line, where nothing else names a writer."""
    if parts.head.authors or parts.closings:
        return
    near, below = parts.text[:_NEAR_HEAD], parts.text[_NEAR_HEAD:]
    bylines = [(index, byline) for index, part in enumerate(near) if (byline := _read_late_byline(part))]
    if len(bylines) == 1 and not any(map(_read_late_byline, below)):
        line = parts.text.pop(bylines[0][0])[2]
        rule = f"byline.{bylines[0][1].shape}_late"
        parts.closings.append(Candidate(bylines[0][1].authors, rule, line.text[:SNIPPET]))


def take_late_label(parts: Parts, title: str | None) -> None:
    """File a label that follows a note or a caption, where it is the only one and a brief's head or text begins below.

    The labels in a digest are those of other briefs.
    """
    if parts.head.labels:
        return
    near, rest = parts.text[: _NEAR_HEAD + 1], parts.text[_NEAR_HEAD + 1 :]
    labels = [(index, label) for index, (_, _, line) in enumerate(near) if (label := read_label(line.text))]
    if len(labels) != 1 or any(read_label(line.text) for _, _, line in rest) or is_digest(title):
        return
    index, label = labels[0]
    front, below = parts.text[:index], parts.text[index + 1 : index + 2]
    begins = any(is_part(heading) if heading else read_byline(line.text) for heading, _, line in below)
    if (
        begins
        and label.domain in CANONICAL
        and not label.is_lenient
        and all(heading is None for heading, _, _ in front)
    ):
        line = parts.text.pop(index)[2]
        parts.head.labels.append(Candidate(label, f"heading.{label.shape}_late", line.text[:SNIPPET]))


def _read_late_byline(part: tuple[str | None, str, Line]) -> Byline | None:
    heading, _, line = part
    byline = read_byline(line.text) if heading is None and line.kind == "p" else None
    return byline if byline and byline.shape != "house_name" and not line.is_bold else None


def find_unread_signatures(parts: Parts) -> Iterator[Problem]:
    """Yield a problem for each line that seems to name a writer or a day and fits no known shape."""
    yield from parts.head.doubts
    texts = [line.text for _, _, line in parts.text]
    resource_texts = [resource.value.text for resource in parts.resources]
    for text in texts + resource_texts:
        may_be_signed = ("by" in text or "BY" in text) and (text[:4].lower() == "this" or _has_few_words(text))
        if may_be_signed and _SIGNED.match(text):
            yield Problem("authors", "unread", f"{text[:80]!r} fits no known shape of a closing line.")
    is_unsigned = not (parts.head.authors or parts.closings)
    ends = {*range(min(2, len(texts))), *range(max(0, len(texts) - 2), len(texts))}
    for index, (heading, _, line) in enumerate(parts.text):
        near = index in ends or (is_unsigned and heading is None)
        bare = ((is_unsigned and index in ends) or index == 0) and (heading is None or index == len(texts) - 1)
        if _seems_signed(line.text, bare=bare) if near else False:
            yield Problem("authors", "unread", f"{line.text[:80]!r} fits no known shape of a byline.")
            if heading is not None:
                yield Problem(
                    "sections", "doubtful", f"{line.text[:80]!r} is taken for a heading, and may be a byline."
                )
        if index < 2 and _seems_dated(line.text):
            yield Problem("dateline", "unread", f"{line.text[:80]!r} fits no known shape of a dateline.")


def find_lines_in_doubt(parts: Parts, problems: Iterable[Problem]) -> list[Problem]:
    """Find the lines of the text that a problem says may be a label, a byline, a credit or the head of resources."""
    unread = [problem.message for problem in problems if problem.kind == "unread" and problem.field in _SET_APART]
    quoted = {words for message in unread for words in _QUOTED.findall(message)}
    lines = [line.text[:80] for _, _, line in parts.text if quoted and repr(line.text[:80]) in quoted]
    message = f"{lines[0]!r} (of {len(lines)} lines) may be no part of the text, and stays in it." if lines else ""
    return [Problem("body", "doubtful", message)] if lines else []


def _has_few_words(text: str) -> bool:
    return len(text.split(None, 2 * _SHORT)) <= 2 * _SHORT


def _is_short(text: str) -> bool:
    return len(text) <= SNIPPET and len(text.split()) <= _SHORT


def _seems_dated(text: str) -> bool:
    """Whether a short line ends in a date of its own, or is a date without its year."""
    return (
        _is_short(text)
        and any(map(str.isdecimal, text))
        and not dates_another(text)
        and bool(find_trailing_date(text) or parse_written_date(f"{text}, 2020"))
    )


def _is_list_of_names(text: str) -> bool:
    """Whether a short line that begins with `By` is no sentence, however many it names."""
    if not _BY.match(text):
        return False
    words = text.split()
    small_words = [word for word in words[1:] if word[0].islower()]
    return 2 * len(small_words) < len(words)


def _seems_signed(text: str, *, bare: bool) -> bool:
    """Whether a short line names a writer in no known shape; with `bare` a name alone counts too."""
    if bare and begins_with_name(text):
        return True
    if len(text) > SNIPPET:
        return False
    if not _is_short(text) or _SIGNED.match(text):
        return _is_list_of_names(text)
    match = _NAMED.search(text) if holds_any(text, _NAMERS) else None
    if _BY.match(text) or (match and not _DONE.match(match["verb"] or "")):
        return True
    joint = _JOINT.match(text)
    name = text[joint.end() if joint else 0 :].partition("|")[0].strip(" –—-")
    return (bare or bool(joint)) and 2 <= len(name.split()) <= 4 and not name.endswith(".") and is_name(name)
