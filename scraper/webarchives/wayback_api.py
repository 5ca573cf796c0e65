"""The addresses of a Wayback: of its index, and of its captures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from scraper.records import Memento
from scraper.sources.cdx import ALL_FIELDS

WAYBACK = "https://web.archive.org/"
_ASSETS = r"(image|video|audio|font)/.*|text/css|(text|application)/(x-)?javascript"  # full media types
MOST_LINES = 1_000_000  # of an index without resume keys; requested, or indexes behind a pywb list 10,000
_PLAIN = re.compile(r"[a-z0-9/._-]+")  # characters that a path and the key of an index share


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """A query for the captures of a host."""

    host: str
    since: str = ""  # YYYY to YYYYMMDDhhmmss
    until: str = ""
    match: str = ""  # a part of the path

    @property
    def searchable_match(self) -> str:
        """The part of `match` for which an index can search; it may find more, but never less."""
        part = self.match.rstrip("/")
        return part if _PLAIN.fullmatch(part) else ""


@dataclass(frozen=True, slots=True)
class WaybackService:
    """One Wayback, whose index pages by resume keys (web.archive.org) or gives everything at once (pywb)."""

    name: str  # in the archive
    index: str
    replay: str  # ends with a slash
    has_resume_keys: bool

    def build_index_url(self, query: IndexQuery, limit: int, resume: str | None = None) -> str:
        """Build the address of at most `limit` lines, from where `resume` says."""
        parameters = {"url": query.host, "matchType": "host", "output": "json", "from": query.since, "to": query.until}
        filters = _build_ia_filters(query) if self.has_resume_keys else _build_pywb_filters(query)
        if self.has_resume_keys:
            parameters["fl"] = ",".join(ALL_FIELDS)
        parameters["limit"] = str(limit)
        if self.has_resume_keys:
            parameters |= {"showResumeKey": "true", "resumeKey": resume or ""}
        return f"{self.index}?{urlencode([*((k, v) for k, v in parameters.items() if v), *filters])}"

    def build_sample_url(self, host: str) -> str:
        """Build the address of one line, to try whether an index is there."""
        return f"{self.index}?{urlencode({'url': host, 'matchType': 'host', 'output': 'json', 'limit': '1'})}"

    def build_raw_url(self, memento: Memento) -> str:
        """Build the address of a capture as it was, without the additions of the web archive."""
        return f"{self.replay}{memento.timestamp}id_/{memento.url}"

    def build_page_url(self, timestamp: str, url: str) -> str:
        """Build the address at which people see a capture."""
        return f"{self.replay}{timestamp}/{url}"


def list_services(archive: str) -> list[WaybackService]:
    """List the forms that a Wayback may have; its address ends with a slash. That of web.archive.org is known."""
    wayback = WaybackService(archive, archive + "cdx/search/cdx", archive + "web/", has_resume_keys=True)
    if archive == WAYBACK:
        return [wayback]
    candidates = [wayback, WaybackService(archive, archive + "cdx", archive, has_resume_keys=False)]
    if archive.endswith("/web/"):
        index = archive.removesuffix("web/") + "cdx/search/cdx"
        candidates.append(WaybackService(archive, index, archive, has_resume_keys=True))
    return candidates


def _build_ia_filters(query: IndexQuery) -> list[tuple[str, str]]:
    """Build the filters of web.archive.org: regular expressions of Java, over the whole field."""
    filters = [("filter", f"urlkey:.*{re.escape(query.searchable_match)}.*")] if query.searchable_match else []
    return [("filter", f"!mimetype:{_ASSETS}"), *filters]


def _build_pywb_filters(query: IndexQuery) -> list[tuple[str, str]]:
    """Build the filters of pywb: `~` begins a regular expression, without it the text is a part of the field."""
    filters = [("filter", f"urlkey:{query.searchable_match}")] if query.searchable_match else []
    return [("filter", f"!~mime:(?:{_ASSETS})$"), *filters]
