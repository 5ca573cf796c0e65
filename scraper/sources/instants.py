"""Instants as people and programs write them, as `YYYY-MM-DDTHH:MM:SSZ`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
# JavaScript's Date.toString(), as SingleFile writes it.
_SCRIPT = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_WAYBACK = re.compile(r"(\d\d:\d\d:\d\d) (\w{3}) (\d{1,2}), (\d{4})")


def instant(text: str) -> str | None:
    """The instant in UTC out of ISO 8601, 14 digits or a mail date; what names no zone is UTC. None if it is none."""
    text = text.strip()
    try:
        if _STAMP.fullmatch(text):
            return _utc(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
        try:
            return _utc(datetime.fromisoformat(text))
        except ValueError:
            return _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def script_instant(text: str) -> str | None:
    """`Tue Mar 05 2019 18:02:11 GMT+0100 (…)`, or anything that `instant` reads."""
    if not (match := _SCRIPT.search(text)):
        return instant(text)
    month, day, year, clock, zone = match.groups()
    return instant(f"{day} {month} {year} {clock} {zone}")


def wayback_instant(text: str) -> str | None:
    """`18:02:11 Mar 05, 2019`, always UTC."""
    if not (match := _WAYBACK.search(text)):
        return None
    clock, month, day, year = match.groups()
    return instant(f"{day} {month} {year} {clock} +0000")


def _utc(moment: datetime) -> str:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
