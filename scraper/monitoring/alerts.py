"""Sends the outcome of a night to people and to a watchdog. A failed delivery is a line of text, never an error.

Only a setting that is not a number raises BadArgument; `Watchdog.from_settings` finds it when the night begins.
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
from scraper.monitoring.delivery import RetryPolicy, post_message
from scraper.monitoring.findings import LEVELS, Level
from scraper.monitoring.mail import send_mail
from scraper.monitoring.markdown import render_markdown, render_text
from scraper.monitoring.report import Report, report_as_data
from scraper.monitoring.report_files import render_html

_TAIL = 10_000  # bytes of text a watchdog keeps


@dataclass(frozen=True, slots=True)
class Notice:
    """The message of an alert; a command that failed before there was a report makes its own."""

    title: str  # one line
    text: str  # plain lines, the title among them
    level: Level
    exit_code: int
    data: Mapping[str, Any] = field(default_factory=dict)  # the report as JSON
    files: Mapping[str, str] = field(default_factory=dict)  # for mail: name to text

    @classmethod
    def from_report(cls, report: Report) -> Notice:
        """Make the notice of a report, with its HTML page and its Markdown as attachments."""
        name = f"report-{report.run.id}"
        files = {f"{name}.html": render_html(report), f"{name}.md": render_markdown(report)}
        return cls(report.title, render_text(report), report.level, report.exit_code, report_as_data(report), files)


def send_alerts(notice: Notice, settings: BaseSettings) -> list[str]:
    """Send the notice by webhook and mail, where these are set and ALERT_ON allows it; returns a line per failure."""
    if settings["ALERT_ON"] not in LEVELS:
        return [f"alerts: ALERT_ON must be one of {', '.join(LEVELS)}; no alert was sent"]
    is_due = notice.exit_code != OK or LEVELS.index(notice.level) >= LEVELS.index(settings["ALERT_ON"])
    if not is_due:
        return []
    retries = RetryPolicy.from_settings(settings)
    failures = []
    if address := settings["ALERT_WEBHOOK"]:
        failures.append(post_message("webhook", address, _encode_notice(notice), "application/json", retries))
    if settings.getlist("ALERT_MAIL_TO"):
        failures.append(send_mail(notice.title, notice.text, notice.files, settings, retries))
    return [line for line in failures if line]


@dataclass(frozen=True, slots=True)
class Watchdog:
    """A healthchecks-style service (ALERT_PING) that alerts people when no ping comes; without one it does nothing."""

    address: str
    ping_id: str  # the pings of one night carry the same id
    retries: RetryPolicy

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Watchdog:
        """The watchdog of one night. Raises BadArgument for ALERT_TIMEOUT or ALERT_PAUSES that are no numbers."""
        return cls(settings["ALERT_PING"] or "", str(uuid4()), RetryPolicy.from_settings(settings))

    def report_start(self) -> list[str]:
        """Report that the night begins; returns a line if the ping failed."""
        return self._send_ping("start", b"")

    def report_end(self, exit_code: int, text: str) -> list[str]:
        """Report how the night ended, with the end of `text` as its log; returns a line if the ping failed."""
        return self._send_ping(str(exit_code), text.encode("utf-8", "replace")[-_TAIL:])

    def _send_ping(self, event: str, body: bytes) -> list[str]:
        if not self.address:
            return []
        url = _ping_url(self.address, event, self.ping_id)
        failure = post_message("ping", url, body, "text/plain; charset=utf-8", self.retries)
        return [failure] if failure else []


def _encode_notice(notice: Notice) -> bytes:
    """Encode the notice as JSON. `text` is what Slack shows, escaped so that no scraped page can notify a channel."""
    message = {"text": escape(notice.text, quote=False), "title": notice.title, "level": notice.level}
    return json.dumps(message | {"exit_code": notice.exit_code, "report": notice.data}).encode()


def _ping_url(address: str, event: str, ping_id: str) -> str:
    """Append the event and the ping's id to the address; a bad address stays as it is and fails when it is used."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    query = "&".join(filter(None, (parts.query, urlencode({"rid": ping_id}))))
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{event}", query, ""))
