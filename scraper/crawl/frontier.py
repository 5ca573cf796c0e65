"""Which posts to ask for: what the archive waits for, what is new, and what has changed since it was captured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from scraper.address import host_of, identity, is_post
from scraper.archive import PageLedger
from scraper.crawl.site import Doors
from scraper.records import FoundAddress


def todo(archive: PageLedger, found: Iterable[FoundAddress], doors: Doors, *, recheck: bool = False) -> list[str]:
    """The addresses to request, one a post: first those that an earlier run knew and did not reach.

    With `recheck` every post that is known.
    """
    captured = archive.captured()
    urls = {w.path: w.url for w in archive.waiting() if is_post(w.path) and host_of(w.url) in doors.own}
    for one in found:
        path = identity(one.url)
        if recheck or path not in captured or newer(one.lastmod, captured[path]):
            urls.setdefault(path, one.url)
    if recheck:
        for path in captured:
            if is_post(path):
                urls.setdefault(path, doors.starts[0].rstrip("/") + path)
    return [doors.ask(url) for url in urls.values()]


def newer(lastmod: str | None, captured_at: str) -> bool:
    """Whether the site says that a page changed after it was captured; False where it says nothing readable.

    A day without a time counts as its beginning, a time without a zone as UTC.
    """
    try:
        return lastmod is not None and instant(lastmod) > instant(captured_at)
    except ValueError:
        return False


def instant(text: str) -> datetime:
    """ISO 8601 as an instant; without a zone it is UTC, a day its beginning. Raises ValueError."""
    value = datetime.fromisoformat(text.strip())
    return value if value.tzinfo else value.replace(tzinfo=UTC)
