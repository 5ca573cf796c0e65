"""Which lines of a Wayback's index are worth a request: each version of each page once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.address import identity, split_address
from scraper.records import Memento
from scraper.sources import media_type as media

REVISIT = "warc/revisit"
# WordPress's own rooms and what its plugins hang on addresses: nothing in them is published.
_MACHINERY = re.compile(
    r"^/(?:wp-admin|wp-login|wp-content|wp-includes|wp-cron|wp-signup|wp-trackback|xmlrpc|cgi-bin|cdn-cgi"
    r"|wp-json/oembed)(?:[/.]|$)"
)
_SHARING = re.compile(r"(?:^|&)(?:share|replytocom|add-to-cart|preview|customize_changeset_uuid)=")


def left_out(memento: Memento) -> str | None:
    """Why a line is of no page that can hold posts, lists of them or what machines read; None if it may be."""
    parts = split_address(memento.url)
    if media.is_asset(parts.path):
        return "images, styles, scripts and documents"
    if memento.media_type != REVISIT and media.is_page_type(memento.media_type) is False:
        return "images, styles, scripts and documents"
    if _MACHINERY.match(parts.path.lower()):
        return "the machinery of WordPress"
    return "links for sharing" if _SHARING.search(parts.query) else None


class Versions:
    """The versions that are taken; a line with the bytes of one of them needs no request."""

    def __init__(self, taken: Iterable[Memento] = ()) -> None:
        self._pages: dict[tuple[str, str], Memento] = {}  # by digest and path
        self._answers: dict[tuple[str, str, int | None], Memento] = {}  # by digest, address and status
        self._lines: dict[tuple[str, str], Memento] = {}  # by address and instant
        for memento in taken:
            self.add(memento, memento.status)

    def add(self, memento: Memento, status: int | None) -> None:
        """Note one as taken, with the status that it turned out to have."""
        self._lines[memento.url, memento.timestamp] = memento
        if not memento.digest:
            return
        if status is None or 200 <= status < 300:
            self._pages.setdefault((memento.digest, identity(memento.url)), memento)
        for known in {status, None}:
            self._answers.setdefault((memento.digest, memento.url, known), memento)

    def at(self, url: str, timestamp: str) -> Memento | None:
        """The taken one of that very address and instant."""
        return self._lines.get((url, timestamp))

    def twin(self, memento: Memento) -> Memento | None:
        """The taken one with the same bytes under the same path; of a redirect or an error, of the same address.

        Most redirects have no bytes: what tells them apart is the address, and where it leads.
        """
        if not memento.digest:
            return None
        page = self._pages.get((memento.digest, identity(memento.url)))
        answer = self._answers.get((memento.digest, memento.url, memento.status))
        if memento.status is None:  # a revisit, of whatever it was the first time
            return answer or page
        return page if 200 <= memento.status < 300 else answer
