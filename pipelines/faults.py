"""Faults of ours on one page: each costs a row of problems and the exit code 4, never the run and never other pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from scraper.address import replace_unstorable
from scraper.archive import CaptureItem
from scraper.records import Capture, Extraction, Problem

FAULT = "fault"  # the kind of their problems
_log = logging.getLogger(__name__)


def note_fault(what: str, capture: Capture, error: Exception) -> Problem:
    """Make the problem of an error that nobody foresaw, and log it in one line; -L DEBUG shows where it arose."""
    message = f"{what} ({type(error).__name__}: {str(error)[:300]}); please report it."
    where = replace_unstorable(capture.url or capture.name or "a page without an address")
    _log.error("%s: %s", where, message)
    _log.debug("where it arose", exc_info=error)
    return Problem(None, FAULT, message)


def has_fault(extraction: Extraction | None) -> bool:
    """Whether a fault is among the problems of an extraction; a worker keeps silent, and the writer reports it."""
    return extraction is not None and any(problem.kind == FAULT for problem in extraction.problems)


def strip_capture(capture: Capture) -> Capture:
    """The capture with its bytes and with as little else as possible, for something in the rest cannot be stored."""
    return Capture(
        capture.body,
        capture.url and replace_unstorable(capture.url),
        capture.captured_at,
        capture.source,
        capture.status,
        truncated=capture.truncated,
        name=capture.name and replace_unstorable(capture.name),
    )


def run_step(step: Callable[[Extraction], Extraction], item: CaptureItem) -> None:
    """Take the item's extraction through a step; a fault in it leaves the page without readings."""
    assert item.extraction
    try:
        item.extraction = step(item.extraction)
    except Exception as error:
        fault = note_fault(f"The step {step.__name__} failed", item.capture, error)
        problems = (*item.extraction.problems, fault)
        item.extraction = replace(item.extraction, outcome="unreadable", readings=(), found=(), problems=problems)
