"""Parses instants as people and programs write them, into `YYYY-MM-DDTHH:MM:SSZ`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.dates import format_utc

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
# JavaScript's Date.toString(), as SingleFile writes it.
_SCRIPT = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_WAYBACK = re.compile(r"(\d\d:\d\d:\d\d) (\w{3}) (\d{1,2}), (\d{4})")


def parse_instant(text: str) -> str | None:
    """Parse ISO 8601, 14 digits or a mail date into UTC; without a zone it is UTC. None if it is no instant."""
    text = text.strip()
    try:
        if _STAMP.fullmatch(text):
            return format_utc(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
        try:
            return format_utc(datetime.fromisoformat(text))
        except ValueError:
            return format_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def parse_script_instant(text: str) -> str | None:
    """Parse `Tue Mar 05 2019 18:02:11 GMT+0100 (…)`, or anything that `parse_instant` reads."""
    if not (match := _SCRIPT.search(text)):
        return parse_instant(text)
    month, day, year, clock, zone = match.groups()
    return parse_instant(f"{day} {month} {year} {clock} {zone}")


def parse_wayback_instant(text: str) -> str | None:
    """Parse `18:02:11 Mar 05, 2019`, which is always UTC."""
    if not (match := _WAYBACK.search(text)):
        return None
    clock, month, day, year = match.groups()
    return parse_instant(f"{day} {month} {year} {clock} +0000")
