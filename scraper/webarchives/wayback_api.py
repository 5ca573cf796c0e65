"""A Wayback: where its index and its copies are, and how they are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from scraper.records import Memento
from scraper.sources.cdx import FIELDS

WAYBACK = "https://web.archive.org/"
_ASSETS = r"(image|video|audio|font)/.*|text/css|(text|application)/(x-)?javascript"  # full media types
_PLAIN = re.compile(r"[a-z0-9/._-]+")  # what is written alike in a path and in an index's key


@dataclass(frozen=True, slots=True)
class Query:
    """What an index is asked: the captures of a host."""

    host: str
    since: str = ""  # YYYY to YYYYMMDDhhmmss
    until: str = ""
    match: str = ""  # a part of the path

    @property
    def part(self) -> str:
        """The part of `match` that an index can look for; it may find more, and never less."""
        part = self.match.rstrip("/")
        return part if _PLAIN.fullmatch(part) else ""


@dataclass(frozen=True, slots=True)
class Service:
    """One Wayback, whose index pages by resume keys (web.archive.org) or gives everything at once (pywb)."""

    name: str  # in the ledger
    index: str
    replay: str  # ends with a slash
    resumes: bool

    def query(self, query: Query, limit: int, resume: str | None = None) -> str:
        """The address that asks for at most `limit` lines, from where `resume` says; pywb gives all that it has."""
        asked = {"url": query.host, "matchType": "host", "output": "json", "from": query.since, "to": query.until}
        filters = _ia_filters(query) if self.resumes else _pywb_filters(query)
        if self.resumes:
            asked |= {"fl": ",".join(FIELDS), "limit": str(limit), "showResumeKey": "true", "resumeKey": resume or ""}
        return f"{self.index}?{urlencode([*((k, v) for k, v in asked.items() if v), *filters])}"

    def sample(self, host: str) -> str:
        """The address that asks for one line, to see whether an index is there."""
        return f"{self.index}?{urlencode({'url': host, 'matchType': 'host', 'output': 'json', 'limit': '1'})}"

    def raw(self, memento: Memento) -> str:
        """Where a copy is as it was captured, without the archive's additions."""
        return f"{self.replay}{memento.timestamp}id_/{memento.url}"

    def citable(self, timestamp: str, url: str) -> str:
        """Where people see a copy."""
        return f"{self.replay}{timestamp}/{url}"


def services(archive: str) -> list[Service]:
    """Where a Wayback's index may be; its address ends with a slash. Of web.archive.org it is known."""
    wayback = Service(archive, archive + "cdx/search/cdx", archive + "web/", resumes=True)
    if archive == WAYBACK:
        return [wayback]
    found = [wayback, Service(archive, archive + "cdx", archive, resumes=False)]
    if archive.endswith("/web/"):
        found.append(Service(archive, archive.removesuffix("web/") + "cdx/search/cdx", archive, resumes=True))
    return found


def _ia_filters(query: Query) -> list[tuple[str, str]]:
    """Java's regular expressions, over the whole field."""
    found = [("filter", f"urlkey:.*{re.escape(query.part)}.*")] if query.part else []
    return [("filter", f"!mimetype:{_ASSETS}"), *found]


def _pywb_filters(query: Query) -> list[tuple[str, str]]:
    """`~` is a regular expression, nothing a part of the field."""
    found = [("filter", f"urlkey:{query.part}")] if query.part else []
    return [("filter", f"!~mime:(?:{_ASSETS})$"), *found]
