"""Bylines and labels at the start of a paragraph whose text goes on: `By NAME – The council …`."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import BY, Byline, read_byline, read_names
from pipelines.extraction.wording.contacts import share_contacts
from pipelines.extraction.wording.domains import CANONICAL
from pipelines.extraction.wording.label import read_label
from scraper.dates import LEADING, may_hold_year, parse_written_date
from scraper.records import Confidence

_FRONT = 110  # characters of such a byline
# Behind a blank or a comma alone a sentence begins with one of these.
_OPENERS = (
    r"(?:The|An?|In|On|At|This|That|These|Those|It|For|With|After|As|When|While|Since|Last|Over|Under|Following|During"
    r"|There|Most|Many|Some|What|How|Why|Whether|According|Recently|To|From|If|Although|Despite|Before|Earlier)\s(?!\S+$)"
)
_GAP = re.compile(
    rf"(?P<mark>\s?[–—|]\s?|\s-\s|(?<![A-Z])(?<!\b(?:St|Jr|Sr|Dr|Mr|Ms))(?<!Prof)\.\s|:\s)(?=[“\"‘']?[A-Z])|,?\s(?={_OPENERS})"
)
_FEWEST = 6  # words of a sentence


def read_dated_opening(line: str) -> tuple[Byline, int] | None:
    """Read a byline with a date at the start of a paragraph, and where the paragraph goes on; None without one."""
    match = BY.match(line) if may_hold_year(line) else None
    if not match:
        return None
    for end in re.finditer(r"(?:,\s+|(?<!\s)\s+)(?=[A-Z][a-z]{2})|,\s*(?=\d)", match["names"][:80]):
        rest = match["names"][end.end() :]
        if date := LEADING.match(rest):
            authors = read_names(match["names"][: end.start()])
            stop = match.start("names") + end.end() + date.end()
            return (Byline(authors, "by_dated_opening", parse_written_date(date["date"])), stop) if authors else None
    return None


def read_opening(line: Line) -> tuple[Byline, int] | None:
    """Read a byline before a sentence in the same paragraph, and where the sentence begins; None without one.

    It is a guess but where the editors set it apart, by a mark and emphasis or a link.
    """
    text = line.text
    if line.kind != "p" or text[:2] not in ("By", "by", "BY") or len(text.split(None, _FEWEST + 2)) <= _FEWEST + 2:
        return None
    for gap in _GAP.finditer(text, 0, _FRONT):
        byline = read_byline(text[: gap.start()])
        if byline is None or " " not in byline.authors[-1].name or not _is_sentence(text[gap.end() :]):
            continue
        is_apart = gap["mark"] and any(abs(span.end - gap.start()) < 2 for span in line.spans)
        authors = share_contacts(byline.authors, line.take_range(0, gap.start()))
        how: Confidence = "read" if is_apart else "guessed"
        return replace(byline, authors=authors, shape="by_opening", confidence=how), gap.end()
    return None


def split_label_opening(line: Line) -> list[Line]:
    """Split a label of a known domain from the sentence behind it in the same paragraph; an empty list without one."""
    for gap in _GAP.finditer(line.text, 0, _FRONT) if line.text[:1] in "BbPp" and len(line.text) > _FRONT else ():
        label = read_label(line.text[: gap.start()])
        if label and label.number is not None and label.domain in CANONICAL and _is_sentence(line.text[gap.end() :]):
            return [line.take_range(0, gap.start()), line.drop_start(gap.end())]
    return []


def begins_with_name(text: str) -> bool:
    """Whether a paragraph seems to begin with a byline that nothing certain ends: `By NAME Critics of …`."""
    words = text.split(None, 5) if text.startswith(("By ", "by ", "BY ")) else []
    if len(words) < 6 or not words[4][0].islower() or not (words[3][0].isupper() or words[3] in "–—-|"):
        return False
    byline = read_byline(" ".join(words[:3]))
    return byline is not None and len(byline.authors) == 1 and not words[2].endswith((",", "."))


def _is_sentence(text: str) -> bool:
    """Whether the words go on as a sentence does: with small words before long."""
    words = text.split(None, _FEWEST)
    return len(words) >= _FEWEST and any(word[0].islower() for word in words[1:4])
