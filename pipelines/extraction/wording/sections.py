"""Section headings in the body (site-atlas 2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extraction.lines import Line, strong_opening

# The parts that make a post a brief; `Police Summary` is the site's own slip.
_PARTS = (
    r"Policy Summary|Policy Analysis|Policy Overview|Policy Issue Summary|Police Summary|Policy Issue"
    r"|Issue Summary|Analysis|Policy|Summary"
)
_OTHERS = (
    r"Background|Introduction|Conclusion|Overview|Key Takeaways?|History|Next Steps|Policy Background"
    r"|Update|Policy Recommendations?|What(?:’|')s Next\??"
)
_PART = re.compile(rf"(?:{_PARTS})", re.IGNORECASE)
_KNOWN = re.compile(rf"(?:{_PARTS}|{_OTHERS})", re.IGNORECASE)
_COVID = re.compile(r"COVID-19[’']s Status\b(?:\s\S+){0,5}", re.IGNORECASE)
_LETTERED = re.compile(r"[A-Z]\)\s+[A-Z][A-Z \-&,’']+")
_INLINE = re.compile(rf"(?P<heading>{_PARTS})\s*:\s+(?=\S)")
_QUESTION = re.compile(r"(?:Q|A|Question|Answer)\s*[:.]")  # interviews set their questions in bold
_END = re.compile(r"[\s:–—-]+$")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str  # without a trailing colon or dash
    shape: str
    rest: Line | None = None  # what stands in the same line behind it


def strip_end(text: str) -> str:
    """A name or heading without the colon or dash that ends it."""
    return _END.sub("", text)


def is_part(heading: str) -> bool:
    """Whether the heading is one of a brief's parts (Policy Summary, Analysis and their kin)."""
    return bool(_PART.fullmatch(strip_end(heading)))


def read_heading(line: Line) -> Heading | None:
    """The section heading that a line is, or begins with; None for prose."""
    text = strip_end(line.text)
    if not text or line.kind == "caption" or (line.kind == "li" and not line.bold):
        return None
    for pattern, shape in ((_KNOWN, "known"), (_COVID, "covid_status"), (_LETTERED, "lettered")):
        if pattern.fullmatch(text):
            return Heading(text, shape)
    if line.kind == "h":
        return Heading(text, "heading_tag")
    if (
        line.kind != "li"
        and line.bold
        and len(text.split()) <= 12
        and not _QUESTION.match(text)
        and not text.endswith((".", ",", ";", "!"))
    ):
        return Heading(text, "bold_line")
    return _inline(line)


def _inline(line: Line) -> Heading | None:
    """`Analysis: The law …`, or a known heading in strong with the prose behind it."""
    if match := _INLINE.match(line.text):
        return Heading(match["heading"], "inline_colon", line.cut(match.end()))
    end = strong_opening(line)
    if end and _KNOWN.fullmatch(strip_end(line.text[:end])):
        return Heading(strip_end(line.text[:end]), "inline_strong", behind(line, end))
    return None


def behind(line: Line, end: int) -> Line:
    """What stands in a line behind a heading that ends there, without the colon or dash between them."""
    rest = line.cut(end)
    return rest.cut(len(rest.text) - len(rest.text.lstrip(":–—- ")))
