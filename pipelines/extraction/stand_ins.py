"""Pages that stand in for a post: what was read of them shows that they are another thing, and they give no values."""

from __future__ import annotations

from dataclasses import replace

from pipelines.extraction.foreign_texts import NO_TEXT
from pipelines.extraction.page_types import asks_for_password, is_proven_post
from pipelines.extraction.translation import find_translation
from pipelines.extraction.wording.site_name import mentions_site
from scraper.address import is_post
from scraper.markup.html_page import Page
from scraper.records import Brief, Capture, Extraction, Outcome, Problem, Reading
from scraper.translators import is_translation

_DENIALS = frozenset(("redirect", "missing", "soft404"))
_LISTS = frozenset(("rest", "feed", "sitemap", "robots"))  # what a post's address shows by mistake alone
_LONG = 1500  # characters; walls and error pages, whoever makes them, say less


def recognise_stand_in(
    page: Page, address: str | None, layout: str, reading: Reading
) -> tuple[Outcome, Problem] | None:
    """Recognise what a page is that was read as a post and is none, with the problem that says so; None for a post."""
    brief = reading.brief
    if sign := find_translation(page, address, brief.body):
        return "unreadable", Problem(None, "translation", f"A copy in another language ({sign}): it gives no values.")
    is_withheld = asks_for_password(page) or any(problem.kind == "withheld" for problem in reading.problems)
    if brief.body is None and brief.label is None and is_withheld:
        return "challenge", Problem(None, "challenge", "A post that asks for a password or a membership.")
    if brief.body is None and brief.title is None:
        return "unreadable", Problem(None, "unreadable", "No headline and no text were found.")
    if layout != "generic" or brief.kind != "post":
        return None
    if not mentions_site(page.text):
        return "parked", Problem(None, "parked", "Neither a brief's wording nor the site's name: another owner's page.")
    if is_proven_post(page, brief.path) or _has_post_parts(brief):
        return None
    return "unreadable", Problem(None, "unreadable", "Nothing on the page says that it is a post.")


def drop_translations(extraction: Extraction) -> Extraction:
    """The extraction without posts whose own addresses are those of translated copies, as feeds and REST list them."""
    kept = tuple(reading for reading in extraction.readings if not is_translation(reading.brief.url or ""))
    count = len(extraction.readings) - len(kept)
    if not count:
        return extraction
    problem = Problem(None, "translation", f"{count} of its posts are copies in another language: they give no values.")
    return replace(extraction, readings=kept, problems=(*extraction.problems, problem))


def _has_post_parts(brief: Brief) -> bool:
    """Whether the text is an editor's: one with a byline, a date, resources or a credit, or a long one."""
    has_parts = brief.authors or brief.dateline or brief.resources or brief.photo_credits
    return bool(has_parts) or len(brief.body or "") > _LONG


def doubt_denial(capture: Capture, extraction: Extraction) -> Extraction:
    """The extraction, with a problem if by a file's word alone a post is gone or has moved."""
    if extraction.outcome not in _DENIALS or not capture.is_hearsay or not is_post(extraction.path):
        return extraction
    message = "Only a saved file says that the page is gone or has moved: it counts where the site showed nothing else."
    return replace(extraction, problems=(*extraction.problems, Problem(None, "hearsay", message)))


def report_other_answer(extraction: Extraction, status: int | None, by_status: Outcome | None) -> Extraction:
    """The extraction of a post's address, with a problem if an error or a list came in the place of the page."""
    problem = None
    if extraction.outcome == by_status == "error":
        problem = Problem(None, "status", f"The server answered {status} in place of the page.")
    elif extraction.outcome in _LISTS and not (extraction.readings or by_status):
        problem = NO_TEXT
    return replace(extraction, problems=(*extraction.problems, problem)) if problem else extraction
