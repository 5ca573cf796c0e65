"""What an answer says in place of the recommended page: a bot wall, a parked domain, a page that is gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scraper.html_page import Page, collapse_spaces, text_of
from scraper.notice_words import CHALLENGE, CHALLENGE_MARKS, NOT_FOUND, PARKED

_SEPARATOR = re.compile(r" [-–—·•:]{1,3} | ?[|»«] ?|: ")  # between a headline and the name of the site
_LOST = re.compile(
    r"\b(?:page|article|story|file|document|content|url|site|website|link)\b[^.!?]{0,60}?\b(?:does(?:n['’]t| not) exist"
    r"|no longer (?:exists?|available)|(?:is|are)(?:n['’]t| not) available|ha(?:s|ve) been (?:removed|deleted)"
    r"|(?:can(?:not|['’]t| not)|could(?:n['’]t| not)) be found|(?:was|is)(?:n['’]t| not) found)"
    r"|\b(?:can(?:not|['’]t| not)|could(?:n['’]t| not)) find (?:the|that|this|what) ?(?:page|you)",
    re.IGNORECASE,
)
_PARKING = re.compile(  # services whose pages have no words without their script
    r"sedoparking|parkingcrew|bodis\.com|parklogic|afternic|above\.com/marketplace|[\"']/lander\b", re.IGNORECASE
)
_BARE = 300  # characters of a page that its script is to fill
_HEADLINE, _SHORT = 120, 2500  # characters; notices have less
_VISIBLE = "//body//text()[not(parent::script or parent::style or parent::noscript)]"


@dataclass(frozen=True, slots=True)
class PageNotice:
    """What a page says of itself."""

    kind: Literal["challenge", "parked", "lost"]
    words: str


def find_notice(status: int, headers: Mapping[str, str], body: bytes) -> PageNotice | None:
    """Find what an answer says in place of the page; `headers` in lower case. None if it seems to be the page."""
    if "challenge" in headers.get("cf-mitigated", "") or "captcha" in headers.get("x-amzn-waf-action", ""):
        return PageNotice("challenge", "a bot wall")
    if not body.strip():
        return None
    page = Page(body, headers.get("content-type"), None)
    heads = [
        text
        for text in map(collapse_spaces, (page.title, text_of(page.find_tag("h1"))))
        if text and len(text) < _HEADLINE
    ]
    text = collapse_spaces(" ".join(page.find_all(_VISIBLE)))
    if challenge := _find_challenge(status, page, heads, text):
        return PageNotice("challenge", challenge)
    if not 200 <= status < 300:
        return None
    is_short, is_bare = len(text) < _SHORT, len(text) < _BARE
    match = PARKED.search(" ".join((*heads, text))) if is_short else None
    if match := match or (_PARKING.search(page.text) if is_bare else None):
        return PageNotice("parked", match[0])
    lost = next(filter(_is_lost, heads), None) or (_LOST.search(text) if is_short else None)
    return PageNotice("lost", lost if isinstance(lost, str) else lost[0]) if lost else None


def _find_challenge(status: int, page: Page, heads: list[str], text: str) -> str | None:
    """Find the words of a bot wall; a page that answers well may only have a form that asks for a captcha."""
    is_error = status >= 400
    match = CHALLENGE.search(" ".join(heads)) if len(text) < _SHORT else None
    if match is None and is_error and len(text) < _SHORT:
        match = CHALLENGE_MARKS.search(page.text) or CHALLENGE.search(text)
    return match[0] if match else None


def _is_lost(headline: str) -> bool:
    parts = [headline, *_SEPARATOR.split(headline)]
    return any(part and NOT_FOUND.fullmatch(part.strip(" .!")) for part in parts) or bool(_LOST.search(headline))
