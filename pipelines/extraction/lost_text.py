"""Copies that have not the text that the editors wrote: emptied, kept for members, or in other words than theirs."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.evidence import Ledger
from pipelines.extraction.wording.language import is_english
from scraper.records import Brief


def strip_protection(titles: list[Candidate[str]]) -> list[Candidate[str]]:
    """Strip what WordPress puts before the headline of a post that asks for a password."""
    return [replace(title, value=re.sub(r"^(?:Protected|Private): ", "", title.value)) for title in titles]


def report_lost_text(brief: Brief, notices: list[str], ledger: Ledger) -> bool:
    """Report that the copy has not the text that the editors wrote; such a copy replaces no value of another."""
    if notices:
        ledger.add_problem("body", "withheld", f"{notices[0][:80]!r} stands in place of the text, or of its rest.")
    if is_foreign := is_english(f"{brief.title or ''} {brief.body or ''}") is False:
        ledger.add_problem("body", "language", "The text is not English, and nothing says that it was translated.")
    return bool(notices) or is_foreign or brief.body is None
