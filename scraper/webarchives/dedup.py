"""Which lines of a web archive's index are worth a request: each version of each page once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.address import identity
from scraper.records import Memento
from scraper.sources.media_type import is_asset, is_page_type
from scraper.url_reading import split_address

REVISIT = "warc/revisit"
# WordPress's own rooms and what its plugins hang on addresses: nothing in them is published.
_MACHINERY = re.compile(
    r"^/(?:wp-admin|wp-login|wp-content|wp-includes|wp-cron|wp-signup|wp-trackback|xmlrpc|cgi-bin|cdn-cgi"
    r"|wp-json/oembed)(?:[/.]|$)"
)
_SHARING = re.compile(r"(?:^|&)(?:share|replytocom|add-to-cart|preview|customize_changeset_uuid)=")


def explain_wayback_omission(memento: Memento) -> str | None:
    """Explain why a line of a Wayback is no page that can hold posts or lists of them; None if it may be one.

    A revisit may be of a page: a Wayback shows the capture that it refers to.
    """
    parts = split_address(memento.url)
    if is_asset(parts.path) or (memento.media_type != REVISIT and is_page_type(memento.media_type) is False):
        return "images, styles, scripts and documents"
    if _MACHINERY.match(parts.path.lower()):
        return "the machinery of WordPress"
    return "links for sharing" if _SHARING.search(parts.query) else None


def explain_record_omission(memento: Memento) -> str | None:
    """Explain why a record of Common Crawl is no page; None if it may be one. A revisit's record has no bytes."""
    if memento.media_type == REVISIT:
        return "a revisit record, which has no page in it"
    if is_page_type(memento.media_type) is False:
        return memento.media_type
    return "an asset" if not memento.media_type and is_asset(memento.url.partition("?")[0]) else None


def identify_version(memento: Memento) -> tuple[str, ...]:
    """What two lines of Common Crawl have in common if one of them is enough; of a redirect, its very address too."""
    if not memento.digest:
        return memento.archive, memento.url, memento.timestamp
    is_redirect = memento.status is not None and 300 <= memento.status < 400
    return memento.digest, memento.url if is_redirect else identity(memento.url), str(memento.status)


class TakenVersions:
    """The versions of a Wayback that are taken; a line with the bytes of one of them needs no request.

    Lines of revisits state no status, so that the same bytes are looked up with it and without it.
    """

    def __init__(self, taken: Iterable[Memento] = ()) -> None:
        self._pages: dict[tuple[str, str], Memento] = {}  # by digest and path
        self._answers: dict[tuple[str, str, int | None], Memento] = {}  # by digest, address and status
        self._lines: dict[tuple[str, str], Memento] = {}  # by address and instant
        for memento in taken:
            self.add_memento(memento, memento.status)

    def add_memento(self, memento: Memento, status: int | None) -> None:
        """Add a memento that is taken, with the status that it turned out to have."""
        self._lines[memento.url, memento.timestamp] = memento
        if not memento.digest:
            return
        if status is None or 200 <= status < 300:
            self._pages.setdefault((memento.digest, identity(memento.url)), memento)
        for known in {status, None}:
            self._answers.setdefault((memento.digest, memento.url, known), memento)

    def find_memento(self, url: str, timestamp: str) -> Memento | None:
        """Find the taken memento of that very address and instant."""
        return self._lines.get((url, timestamp))

    def find_twin(self, memento: Memento) -> Memento | None:
        """Find the taken memento with the same bytes and path; of a redirect or an error, with the same address.

        Most redirects have no bytes: what tells them apart is the address, and where it leads.
        """
        if not memento.digest:
            return None
        page = self._pages.get((memento.digest, identity(memento.url)))
        answer = self._answers.get((memento.digest, memento.url, memento.status))
        if memento.status is None:  # a revisit, of whatever it was the first time
            return answer or page
        return page if 200 <= memento.status < 300 else answer
