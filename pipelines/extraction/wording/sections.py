"""Section headings in the body (site-atlas 2.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipelines.extraction.lines import Line, find_strong_end, join_lines

# The parts that make a post a brief; `Police Summary` is a slip of the site.
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
_INLINE = re.compile(rf"(?P<heading>{_PARTS}|{_PARTS.upper()})\s*:\s+(?=\S)")
# Without its mark: no sentence begins so, but a longer heading may.
_GLUED = re.compile(
    r"(?P<heading>(?:Policy (?:Issue )?|POLICY (?:ISSUE )?)(?:Summary|Overview|SUMMARY|OVERVIEW))\s+(?=[A-Z“\"])"
)
_ANALYSIS = re.compile(r"(?:Policy |POLICY )?(?:Analysis|ANALYSIS)\s+[A-Z][a-z]*\s")
_PROSE = 8  # words
_QUESTION = re.compile(r"(?:Q|A|Question|Answer)\s*[:.]")  # interviews set their questions in bold
_LONGEST = 40  # characters of a usual heading
_END = " \t\n\xa0:–—-"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str  # without a trailing colon or dash
    shape: str
    rest: Line | None = None  # the rest of its line


def strip_end(text: str) -> str:
    """Strip the colon or dash at the end of a name or heading."""
    return text.rstrip(_END)


def is_part(heading: str) -> bool:
    """Whether the heading is one of a brief's parts: Policy Summary, Analysis and similar."""
    return bool(_PART.fullmatch(strip_end(heading)))


def is_known_heading(text: str) -> bool:
    """Whether the words are those of a usual heading: of a part of a brief, `Background`, `Key Takeaways`."""
    bare = strip_end(text)
    return len(bare) <= _LONGEST and bool(_KNOWN.fullmatch(bare))


def join_broken_headings(lines: Iterable[Line], is_other: Callable[[str], bool]) -> list[Line]:
    """Join the two lines of one element into which a break parts a usual heading, or another: `Policy<br>Summary`."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        is_rest = above is not None and above.block == line.block and len(above.text) + len(line.text) < _LONGEST
        whole = f"{above.text} {line.text}" if above is not None and is_rest else ""
        if above is not None and whole and (is_known_heading(whole) or (is_other(whole) and not is_other(above.text))):
            joined[-1] = join_lines([above, line])
        else:
            joined.append(line)
    return joined


def read_heading(line: Line) -> Heading | None:
    """Read the section heading that a line is or begins with; None for prose."""
    text = strip_end(line.text)
    if not text or line.kind == "caption" or (line.kind == "li" and not line.is_bold):
        return None
    if len(text) <= _LONGEST and _KNOWN.fullmatch(text):
        return Heading(text, "known")
    if text[0] in "Cc" and _COVID.fullmatch(text):
        return Heading(text, "covid_status")
    if text[1:2] == ")" and _LETTERED.fullmatch(text):
        return Heading(text, "lettered")
    if line.kind == "h":
        return Heading(text, "heading_tag")
    if (
        line.kind != "li"
        and line.is_bold
        and len(text.split()) <= 12
        and not _QUESTION.match(text)
        and not text.endswith((".", ",", ";", "!"))
    ):
        return Heading(text, "bold_line")
    return _read_inline_heading(line)


def _read_inline_heading(line: Line) -> Heading | None:
    """Read `Analysis: The law …`, or a known heading in strong with prose after it."""
    if match := _INLINE.match(line.text):
        return Heading(match["heading"], "inline_colon", line.drop_start(match.end()))
    if line.text.startswith(("Policy ", "POLICY ")) and (match := _GLUED.match(line.text)) and _is_prose(line):
        return Heading(match["heading"], "inline_glued", line.drop_start(match.end()))
    end = find_strong_end(line)
    heading = strip_end(line.text[:end]).removesuffix(".") if end else ""  # `Analysis.` in strong runs in too
    is_known = heading and _KNOWN.fullmatch(heading)
    return Heading(heading, "inline_strong", cut_heading(line, end)) if is_known else None


def _is_prose(line: Line) -> bool:
    return line.kind != "li" and len(line.text.split()) > _PROSE and line.text.endswith((".", "!", "?", "”", '"'))


def may_begin_with_heading(line: Line) -> bool:
    """Whether a paragraph may begin with the heading of the analysis, which is a word of sentences too."""
    return line.text.startswith(("Analysis ", "Policy A", "ANALYSIS ", "POLICY A")) and (
        bool(_ANALYSIS.match(line.text)) and _is_prose(line)
    )


def cut_heading(line: Line, end: int) -> Line:
    """Cut a heading that ends at `end` off its line, with the colon or dash after it."""
    rest = line.drop_start(end)
    return rest.drop_start(len(rest.text) - len(rest.text.lstrip(":–—- ")))
