"""What an answer says in place of the recommended page: a bot wall, a parked domain, a page that is gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scraper.markup.html_page import Page, collapse_spaces, text_of
from scraper.markup.notice_words import CHALLENGE, CHALLENGE_MARKS, NOT_FOUND, PARKED

_REFUSALS = (401, 403, 405, 406, 429, 503)  # a form with a captcha on another error page is the site's own
# What only walls have in their markup, whatever their status and language.
_WALL_MARKS = re.compile(
    r"_cf_chl_opt|cf-browser-verification|_Incapsula_Resource|sucuri_cloudproxy|/sgcaptcha/|gokuprops|awswaf"
    r"|_pxcaptcha|captcha-delivery\.com|ddos-guard|\bKPSDK\b|\brbzns\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r" [-–—·•:]{1,3} | ?[|»«] ?|: ")  # between a headline and the name of the site
_LOST = re.compile(
    r"\b(?:page|article|story|file|document|content|url|site|website|link|petition|campaign|account)\b[^.!?]{0,60}?"
    r"\b(?:(?:does(?:n['’]t| not) exist|no longer (?:exists?|available|active|online)"
    r"|(?:is|are)(?:n['’]t| not) available|ha(?:s|ve) been (?:removed|deleted|taken down|suspended)"
    r"|(?:can(?:not|['’]t| not)|could(?:n['’]t| not)) be found|(?:was|is)(?:n['’]t| not) found)\b"
    r"(?! (?:in (?!our|this|the)|by|for|to|until|during)\b)|is suspended\b)"
    r"|\bnothing was found at this (?:location|address)\b"
    r"|\b(?:can(?:not|['’]t| not)|could(?:n['’]t| not)) find (?:the|that|this|what) ?(?:page|you)",
    re.IGNORECASE,
)
_LOST_HEADLINE = re.compile(
    r"(?:http )?(?:error )?404|(?:file|content|article|document) not found"
    r"|(?:whoops.{0,5} )?page (?:unavailable|missing)"
    r"|p[aá]gina no encontrada|seite nicht gefunden|page (?:introuvable|non trouv[ée]e)",
    re.IGNORECASE,
)
_FOR_SALE = re.compile(
    r"(?<![\w.-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,} (?:is|may be) for sale"
    r"|\bbuy (?:[\w-]{1,63}\.){1,6}[a-z]{2,} (?:today|now)\b"
    r"|domain (?:name )?(?:has )?expired|(?:interested in|purchase) (?:buying |purchasing )?this domain"
    r"|offering it for sale|no relationship with (?:the )?advertisers|steht zum verkauf|domaine est à vendre",
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
    words = " ".join((*heads, text))
    match = (PARKED.search(words) or _FOR_SALE.search(words)) if is_short else None
    if match := match or (_PARKING.search(page.text) if is_bare else None):
        return PageNotice("parked", match[0])
    lost = next(filter(_is_lost, heads), None) or (_LOST.search(text) if is_short else None)
    return PageNotice("lost", lost if isinstance(lost, str) else lost[0]) if lost else None


def _find_challenge(status: int, page: Page, heads: list[str], text: str) -> str | None:
    """Find the words of a bot wall; a page that answers well may only have a form that asks for a captcha."""
    if len(text) >= _SHORT:
        return None
    is_refusal = status in _REFUSALS
    match = next(filter(None, (_find_wall_headline(head, is_refusal=is_refusal) for head in heads)), None)
    if match is None and len(text) < _BARE:
        match = _WALL_MARKS.search(page.text)
    if match is None and is_refusal:
        match = CHALLENGE_MARKS.search(page.text) or CHALLENGE.search(text)
    return match[0] if match else None


def _find_wall_headline(headline: str, *, is_refusal: bool) -> re.Match[str] | None:
    """Find the words of a bot wall in a headline; those of a page that answers well may be about a security check."""
    for part in (headline,) if is_refusal else re.split(r" [|–—-] ", headline):
        match = CHALLENGE.search(part)
        if match and (is_refusal or 5 * len(match[0]) >= 3 * len(part)):
            return match
    return None


def _is_lost(headline: str) -> bool:
    parts = [part.strip(" .!") for part in (headline, *(_SEPARATOR.split(headline))) if part]
    words = (NOT_FOUND, _LOST_HEADLINE)
    return any(word.fullmatch(part) for word in words for part in parts) or bool(_LOST.search(headline))
