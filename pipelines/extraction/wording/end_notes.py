"""Notes that editors and themes put below the list of resources, and that recommend nobody."""

from __future__ import annotations

import re

from pipelines.extraction.lines import Line

_BY = r"(?:(?:An? |Our )?(?:Editor(?:ial|[’']?s[’']?)?|Author[’']?s?[’']?|Publisher[’']?s?[’']?|Staff)\s)?"
_KIND = (
    r"(?:Notes?|Corrections?|Updates?|Updated|Corrected|Clarifications?|Disclaimers?|(?:Full )?Disclosures?"
    r"|Retractions?|Err?at(?:um|a)|Addend(?:um|a)|Postscript|P\.?\s?S\.?|N\.?\s?B\.?|Acknowledge?ments?)"
)
_WHEN = r"(?:,? ?\([^()]{1,30}\)|,? (?:on |of |as of )?[\w./,-]{1,12}(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? \d{4})?)?"
_NOTE = re.compile(
    rf"[\[(*]{{0,3}}\s?{_BY}{_KIND}(?: (?:from|by) the \w+| to (?:our )?readers)?{_WHEN}"
    r"(?:\s?[:–—]|\s-\s|[\])*.]{0,3}$)",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"(?:Sources?(?: (?:Consulted|Cited|Used))?|References?|Works? Cited|Bibliography|Citations?|Footnotes?|Endnotes?)"
    r"\s?(?:[:–—]|\s-\s|$)",
    re.IGNORECASE,
)
_POST = r"(?:briefs?|posts?|articles?|stor(?:y|ies)|pieces?|op-?eds?|blog)"
_STATES = r"(?:was|were|has|have|had|is|are|mis\w+|incorrectly|wrongly|stated|said|gave|reflects?|represents?)"
# Sentences about the brief itself.
_ABOUT = re.compile(
    rf"[\[(*]{{0,3}}(?:This {_POST}|An? (?:earlier|previous|prior|original) (?:version|edition|{_POST})"
    rf"|The (?:views?|opinions?)(?: and opinions?)?(?: (?:expressed|stated|given))?(?: (?:here|in this \w+|above))?)\b"
    rf".{{0,80}}\b{_STATES}\b"
    rf"|(?:Read|See)(?: also)? (?:more )?(?:our|the|an?) (?:\w+ ){{0,3}}{_POST}\b",
    re.IGNORECASE,
)


def is_end_note(line: Line) -> bool:
    """Whether the line is a note on the brief, such as a correction or what it was written from, and no item."""
    if any(link.start == 0 for link in line.links):
        return False
    text = line.text
    return bool(_NOTE.match(text) or _SOURCES.match(text) or _ABOUT.match(text))


def ends_list(line: Line) -> bool:
    """Whether what follows the note is no item any more: it names sources, or heads them."""
    return bool(_SOURCES.match(line.text))
