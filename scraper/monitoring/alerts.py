"""Telling people, and a watchdog, how a night went. What could not be told is a line, never an error.

Only a setting that is no number raises (BadArgument); `Watchdog.of` at the beginning of a night finds that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

from scrapy.settings import BaseSettings

from scraper.errors import OK
from scraper.monitoring.delivery import Patience, post
from scraper.monitoring.findings import LEVELS, Level
from scraper.monitoring.html import as_html
from scraper.monitoring.mail import mail
from scraper.monitoring.markdown import as_markdown, as_text
from scraper.monitoring.report import Report, as_json

_TAIL = 10_000  # bytes of text a watchdog keeps


@dataclass(frozen=True, slots=True)
class Notice:
    """What there is to tell; a command that failed before there was a report makes its own."""

    title: str  # one line
    text: str  # plain lines, the title among them
    level: Level
    exit_code: int
    data: Mapping[str, Any] = field(default_factory=dict)  # the report as JSON
    files: Mapping[str, str] = field(default_factory=dict)  # for mail: name to text

    @classmethod
    def of(cls, report: Report) -> Notice:
        """What a report has to tell, with its page and its Markdown as files."""
        files = {f"report-{report.run.id}.html": as_html(report), f"report-{report.run.id}.md": as_markdown(report)}
        return cls(report.title, as_text(report), report.level, report.exit_code, as_json(report), files)


def alert(notice: Notice, settings: BaseSettings) -> list[str]:
    """Tell people by webhook and mail, as far as they are set and ALERT_ON asks for it; a line for each that failed."""
    if settings["ALERT_ON"] not in LEVELS:
        return [f"alerts: ALERT_ON must be one of {', '.join(LEVELS)}; nothing was told"]
    if not _is_due(notice, settings):
        return []
    patience = Patience.read(settings)
    told = []
    if address := settings["ALERT_WEBHOOK"]:
        told.append(post("webhook", address, _json_of(notice), "application/json", patience))
    if settings.getlist("ALERT_MAIL_TO"):
        told.append(mail(notice.title, notice.text, notice.files, settings, patience))
    return [line for line in told if line]


@dataclass(frozen=True, slots=True)
class Watchdog:
    """A healthchecks-style address (ALERT_PING), which tells people when no ping comes; nothing happens without one."""

    address: str
    run: str  # the pings of one night carry the same id
    patience: Patience

    @classmethod
    def of(cls, settings: BaseSettings) -> Watchdog:
        """The watchdog of one night. Raises BadArgument for ALERT_TIMEOUT or ALERT_PAUSES that are no numbers."""
        return cls(settings["ALERT_PING"] or "", str(uuid4()), Patience.read(settings))

    def start(self) -> list[str]:
        """The night begins; a line if that could not be told."""
        return self._ping("start", b"")

    def end(self, exit_code: int, text: str) -> list[str]:
        """The night ended so, with the end of `text` as its log; a line if that could not be told."""
        return self._ping(str(exit_code), text.encode("utf-8", "replace")[-_TAIL:])

    def _ping(self, what: str, body: bytes) -> list[str]:
        if not self.address:
            return []
        told = post("ping", _under(self.address, what, self.run), body, "text/plain; charset=utf-8", self.patience)
        return [told] if told else []


def _is_due(notice: Notice, settings: BaseSettings) -> bool:
    """ALERT_ON is the mildest level that is told; what ended in an error always is."""
    return notice.exit_code != OK or LEVELS.index(notice.level) >= LEVELS.index(settings["ALERT_ON"])


def _json_of(notice: Notice) -> bytes:
    """`text` is what Slack and its like show, escaped as they ask for: no page can call a channel; the rest is data."""
    told = {"text": escape(notice.text, quote=False), "title": notice.title, "level": notice.level}
    return json.dumps(told | {"exit_code": notice.exit_code, "report": notice.data}).encode()


def _under(address: str, what: str, run: str) -> str:
    """The address one step deeper, with the run's id; one that cannot be read stays, and is told when it is used."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    query = "&".join(filter(None, (parts.query, urlencode({"rid": run}))))
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{what}", query, ""))
