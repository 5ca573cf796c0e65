"""Leaves out of a report what is the operator's own: reports are published, and attached to public jobs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scrapy.settings import BaseSettings

from scraper.console.invocation import Invocation, current_invocation
from scraper.crawl.contact import hide_contact
from scraper.monitoring.report import Report

_PLACES = ("ARCHIVE_DB", "WARCS_DIR", "SNAPSHOT", "REPORTS_DIR")
_AGENT = "setting/USER_AGENT"


class FolderNames:
    """Folders that are called by their last part alone: `/home/ada/old/saved/page.html` is `saved/page.html`."""

    def __init__(self) -> None:
        self._stems: dict[str, str] = {}  # what is left out of names, and what stands in its place

    def add_folder(self, folder: Path) -> None:
        """Shorten the names of all that lies below this path from now on."""
        absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - it keeps the name of a link
        home = Path(os.path.expanduser("~"))  # noqa: PTH111 - a user without a home is no error
        if home.is_relative_to(absolute):  # its name may be that of a user
            self._stems[str(folder / home.relative_to(absolute))] = "~"
        elif folder.is_absolute() or ".." in folder.parts:
            self._stems[str(folder)] = absolute.name

    def shorten_text(self, text: str) -> str:
        """Shorten the names that stand in a message."""
        for stem in sorted((stem for stem in self._stems if stem in text), key=len):
            text = re.sub(rf"(?<![\w.~/]){re.escape(stem)}(?![\w-]|\.\w)", self._stems[stem].replace("\\", r"\\"), text)
        return text


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
