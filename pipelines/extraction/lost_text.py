"""Copies that have not the text that the editors wrote: emptied, kept for members, or in other words than theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.evidence import Ledger
from pipelines.extraction.teaser import breaks_off
from pipelines.extraction.wording.language import is_english
from scraper.markup.html_page import Page
from scraper.records import Brief, Problem, Reading

_CLASSES = etree.XPath("descendant-or-self::*/@class", smart_strings=False)
_LEAST = 250  # characters of text; less of it, without any part of a brief or a sentence, is no post's
_SENTENCE = re.compile(r"[.!?…:][\"'”’)\]]*$", re.MULTILINE)
_WALL = re.compile(
    r"(?:^|[\s_-])(?:paywall|regwall|restricted|restriction[-_]message|locked|unauthori[sz]ed|members?[-_]only"
    r"|not[-_]logged[-_]in|content[-_]message|access[-_](?:error|denied))(?=$|[\s_-])",
    re.IGNORECASE,
)

# In the languages of a dashboard: a copy that an editor saved has the words of the editor's own.
_PROTECTION = re.compile(
    r"^(?:Private|Protected|Privad[oa]|Protegid[oa]|Privé|Protégé|Privat|(?:Passwort)?[Gg]eschützt|Privato|Protetto"
    r"|Beveiligd|Beschermd)\s?: (?=\S)"
)


def strip_protection(titles: list[Candidate[str]]) -> list[Candidate[str]]:
    """Strip what WordPress puts before the headline of a post that is private or asks for a password."""
    return [title.put_value(_PROTECTION.sub("", title.value)) if ": " in title.value else title for title in titles]


def report_lost_text(brief: Brief, notices: list[str], teaser_end: str | None, ledger: Ledger) -> bool:
    """Report that the copy has not the text that the editors wrote; such a copy replaces no value of another.

    `teaser_end` are the words in front of a link to the whole text. A private post's text is not what readers saw.
    """
    headlines = (item.snippet for item in ledger.evidence if item.field == "title" and item.chosen)
    prefix = next(filter(None, map(_PROTECTION.match, headlines)), None)
    if prefix and not notices:
        message = f"The headline begins {prefix[0].strip()!r}: the copy shows the post as it was kept from readers."
        ledger.add_problem("title", "withheld", message)
    if notices:
        ledger.add_problem("body", "withheld", f"{notices[0][:80]!r} stands in place of the text, or of its rest.")
    if is_foreign := is_english(f"{brief.title or ''} {brief.body or ''}") is False:
        ledger.add_problem(
            "body", "language", "The text is not English, or not all of it, and nothing says that it was translated."
        )
    body = brief.body or ""
    is_stub = bool(body) and len(body) < _LEAST and not (_has_part_of_brief(brief) and _SENTENCE.search(body))
    is_teaser = bool(teaser_end) and body.endswith(teaser_end or "")
    is_teaser |= not notices and breaks_off(body, has_more=bool(brief.resources))
    if is_teaser:
        ledger.add_problem("body", "truncated", "The text breaks off, as excerpts do.")
    elif is_stub and not notices:
        ledger.add_problem(
            "body", "short", "The copy has no more text than this, and no part or no sentence of a brief."
        )
    return bool(notices or prefix) or is_foreign or is_stub or is_teaser or not body


def _has_part_of_brief(brief: Brief) -> bool:
    is_parted = len(brief.sections) > 1 or any(section.heading for section in brief.sections)
    return is_parted or bool(brief.label or brief.authors or brief.resources or brief.photo_credits)


def report_wall(reading: Reading, content: HtmlElement | None, page: Page) -> Reading:
    """The reading, of no weight where an element in the content is named as one that keeps the rest from readers."""
    if content is None or not any(map(_find_wall, page.class_attributes)):
        return reading
    wall = next(filter(None, map(_find_wall, cast("list[str]", _CLASSES(content)))), None)
    if wall is None or any(problem.kind == "withheld" for problem in reading.problems):
        return reading
    problem = Problem("body", "withheld", f"An element {wall!r} stands in place of the text, or of its rest.")
    return replace(reading, problems=(*reading.problems, problem), fidelity=0)


@lru_cache(maxsize=8192)  # the same few stand on all pages of a site
def _find_wall(attribute: str) -> str | None:
    """Find what a class attribute names so."""
    wall = _WALL.search(attribute)
    return wall[0].strip(" _-") if wall else None
