"""Reads an answer of an index as the page that follows those before it, or says why it is none."""

from __future__ import annotations

from dataclasses import replace

from scraper.http_headers import select_headers
from scraper.sources import cdx
from scraper.sources.content_coding import decode_payload
from scraper.webarchives.cursor import IndexCursor, is_next_key
from scraper.webarchives.replay import WaybackAnswer
from scraper.webarchives.wayback_api import WaybackService

_MOST = 256 * 2**20  # bytes; pywb sends a whole site at once


class EmptyPage(ValueError):
    """A page behind a resume key lists nothing: web.archive.org gives a key behind the last line of a full page too."""


def read_index_page(
    answer: WaybackAnswer, service: WaybackService, cursor: IndexCursor, limit: int = 0
) -> cdx.IndexPage:
    """Read the page of the index at that cursor, of which `limit` lines were requested.

    Raises EmptyPage, and ValueError where the answer is none, or not whole.
    """
    if answer.status != 200:
        raise ValueError(f"HTTP {answer.status}")
    codings = select_headers(answer.headers, "content-encoding")
    payload = decode_payload(answer.body, codings, cap=_MOST)
    if answer.is_cut or not payload.whole:
        raise ValueError("the answer was cut off")
    text = payload.body.decode("utf-8", "replace")
    if service.has_resume_keys and not text.strip():
        raise ValueError("an empty answer, which no index of this kind gives")
    page = cdx.parse_page(text, service.name)
    if not (page.mementos or page.resume) and (cursor.resume or cursor.newest):
        nothing = "it lists nothing where it has listed captures before"
        raise EmptyPage(nothing) if cursor.resume else ValueError(nothing)
    lost = _explain_lost_lines(page, cursor, limit)
    return replace(page, resume=None, bad_lines=(*page.bad_lines, lost), is_whole=False) if lost else page


def _explain_lost_lines(page: cdx.IndexPage, cursor: IndexCursor, limit: int) -> str | None:
    """Explain why the lines behind those of a page cannot be had; None if they can, or if there are none."""
    if page.resume is not None and not is_next_key(page.resume, cursor.resume):
        return f"a resume key that leads to no place behind the last: {page.resume[:100]}"
    is_full = 0 < limit <= len(page.mementos) + len(page.bad_lines)
    return "as many lines as were requested, and no resume key" if is_full and page.resume is None else None
