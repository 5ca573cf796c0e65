"""The keys of briefs.toml: what each means, which setting it sets, and which values it takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scraper.address import is_web

Kind = Literal["text", "path", "seconds", "count", "address"]
Value = str | int | float


@dataclass(frozen=True, slots=True)
class Key:
    """One key of briefs.toml; `BRIEFS_<NAME>` in the environment sets it too."""

    name: str
    setting: str  # Scrapy's name for it, as `-s` takes it
    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    secret: bool = False  # never printed

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"BRIEFS_{self.name.upper()}"

    def read(self, value: object) -> Value:
        """Read a value for the setting. Raises ValueError, which says what the key takes."""
        found = _READERS[self.kind](value)
        if found is None or (self.choices and found not in self.choices):
            raise ValueError(f"{self.name} takes {self.takes}")
        return found

    @property
    def takes(self) -> str:
        """The allowed values, in words."""
        return f"one of {', '.join(self.choices)}" if self.choices else _TAKES[self.kind]


_TAKES: dict[Kind, str] = {
    "text": "text in quotes",
    "path": "a path in quotes",
    "seconds": "a number of seconds from 0",
    "count": "a whole number from 0",
    "address": "an address that begins with http:// or https://",
}
_LARGEST = 10**9


def _read_text(value: object) -> str | None:
    return value if isinstance(value, str) and value.isprintable() else None


def _read_seconds(value: object) -> float | None:
    """Read a number, which is a number in TOML and text in the environment."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= _LARGEST else None


def _read_count(value: object) -> int | None:
    number = _read_seconds(value)
    return int(number) if number is not None and number.is_integer() else None


_READERS: dict[Kind, Callable[[object], Value | None]] = {
    "text": _read_text,
    "path": lambda value: _read_text(value) or None,
    "seconds": _read_seconds,
    "count": _read_count,
    "address": lambda value: text if (text := _read_text(value)) and is_web(text) else None,
}

KEYS = (
    Key("contact", "CONTACT", "text", "your e-mail address, or a web page about this crawl: who is asking"),
    Key("db", "ARCHIVE_DB", "path", "the archive"),
    Key("warcs", "WARCS_DIR", "path", "the folder that keeps the bytes of every page"),
    Key("snapshot", "SNAPSHOT", "path", "the copy for the public, renewed each night"),
    Key(
        "snapshot_files", "SNAPSHOT_FILES", "text", "files to download beside it: of jsonl, csv, parquet, wacz; or none"
    ),
    Key("reports", "REPORTS_DIR", "path", "the folder for the reports of the nights"),
    Key("public_url", "PUBLIC_URL", "address", "where readers find the reading room; citations name it"),
    Key("public_contact", "PUBLIC_CONTACT", "text", "your e-mail address or page for readers, which the room shows"),
    Key("delay", "DOWNLOAD_DELAY", "seconds", "seconds between two requests to the site"),
    Key("budget", "NIGHTLY_REQUEST_BUDGET", "count", "requests that a night may make; 0: no limit"),
    Key("recheck_days", "FULL_RECHECK_DAYS", "count", "days after which a post is asked for again, edited or not"),
    Key(
        *("alert_on", "ALERT_ON", "text", "the mildest night that raises an alert; ok: every night"),
        choices=("ok", "warning", "alarm"),
    ),
    Key("webhook", "ALERT_WEBHOOK", "address", "address that gets the alert as JSON, as Slack takes it", secret=True),
    Key("ping", "ALERT_PING", "address", "address of a healthchecks-style monitor", secret=True),
    Key("mail_to", "ALERT_MAIL_TO", "text", "addresses that get the alert by e-mail, with commas between them"),
    Key("mail_from", "ALERT_MAIL_FROM", "text", "the sender of that e-mail; the first of mail_to if empty"),
    Key("smtp_host", "ALERT_SMTP_HOST", "text", "the mail server"),
    Key("smtp_port", "ALERT_SMTP_PORT", "count", "its port; 0: 587, and 465 for ssl"),
    Key(
        *("smtp_security", "ALERT_SMTP_SECURITY", "text", "how the connection to it is protected"),
        choices=("starttls", "ssl", "none"),
    ),
    Key("smtp_user", "ALERT_SMTP_USER", "text", "the user name there"),
    Key("smtp_password", "ALERT_SMTP_PASSWORD", "text", "the password there", secret=True),
)
