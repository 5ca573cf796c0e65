"""Leaves out of a report what is the operator's own: reports are published, and attached to public jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scrapy.settings import BaseSettings

from scraper.crawl.contact import hide_contact
from scraper.invocation import Invocation, current_invocation
from scraper.monitoring.folder_names import FolderNames
from scraper.monitoring.report import Report

_PLACES = ("ARCHIVE_DB", "WARCS_DIR", "SNAPSHOT", "REPORTS_DIR")
_AGENT = "setting/USER_AGENT"


def hide_private_words(report: Report, settings: BaseSettings) -> Report:
    """The report without folders of this machine, the way to the program, and the contact."""
    hide = _build_filter(settings)
    counts = {name: hide(value) if isinstance(value, str) else value for name, value in report.run.counts.items()}
    counts |= {_AGENT: hide_contact(str(counts[_AGENT]))} if _AGENT in counts else {}
    return replace(
        report,
        run=replace(report.run, counts=counts),
        findings=tuple(replace(finding, message=hide(finding.message)) for finding in report.findings),
        facts={name: hide(fact) for name, fact in report.facts.items()},
    )


def _build_filter(settings: BaseSettings) -> Callable[[str], str]:
    names, contact, typed = FolderNames(), settings["CONTACT"].strip(), current_invocation().program
    for folder in (Path.cwd(), *(Path(settings[name]).absolute().parent for name in _PLACES)):
        names.add_folder(folder)
    words = {typed: Invocation().program, contact: "[contact]"}
    pattern = re.compile("|".join(re.escape(word) for word in words if set(word) & {"/", "@"}) or r"(?!)")
    return lambda text: names.shorten_text(pattern.sub(lambda match: words[match[0]], text))
