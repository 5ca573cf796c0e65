"""Which posts to request: those that wait, those that are new, and those that changed since their capture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from scraper.address import host_of, identity, is_post
from scraper.archive import Archive
from scraper.crawl.site import Site
from scraper.records import FoundAddress

_IS_DAY = re.compile(r"\d{4}-?\d\d-?\d\d")
_DAY = timedelta(hours=36)  # from its beginning in UTC to its end in the last zone


def list_posts_to_request(
    archive: Archive, addresses: Iterable[FoundAddress], site: Site, *, recheck: bool = False
) -> list[str]:
    """List the addresses to request, one per post: first those that an earlier run knew and did not reach.

    With `recheck`, every known post is listed.
    """
    capture_times = archive.read_capture_times()
    hosts = site.request_hosts
    urls = {w.path: w.url for w in archive.list_waiting_addresses() if host_of(w.url) in hosts}
    for address in addresses:
        path = identity(address.url)
        if recheck or path not in capture_times or is_newer(address.lastmod, capture_times[path]):
            urls.setdefault(path, address.url)
    if recheck:
        for path in capture_times:
            if is_post(path):
                urls.setdefault(path, site.start_urls[0].rstrip("/") + path)
    return [site.request_url(url) for url in urls.values()]


def is_newer(lastmod: str | None, instant: str, overlap: timedelta = timedelta()) -> bool:
    """Whether a page may have changed after an instant, or so little before it; False if `lastmod` is unreadable."""
    changed = parse_latest_change(lastmod)
    return changed is not None and changed > parse_aware_time(instant) - overlap


def parse_latest_change(lastmod: str | None) -> datetime | None:
    """The last instant that a stated time of change may mean, which of a day is its end; None if it is unreadable."""
    try:
        value = parse_aware_time(lastmod or "")
        return value + _DAY if _IS_DAY.fullmatch((lastmod or "").strip()) else value
    except (ValueError, OverflowError):
        return None


def parse_aware_time(text: str) -> datetime:
    """Parse ISO 8601; a time without a zone is UTC, a day stands for its beginning. Raises ValueError."""
    value = datetime.fromisoformat(text.strip())
    return value if value.tzinfo else value.replace(tzinfo=UTC)
