"""The commands that an archivist can run next, as they are typed."""

from __future__ import annotations

from scraper.address import SAMPLE_HOST, SITE_HOSTS, host_of, is_web
from scraper.console.invocation import command_line
from scraper.sample_site import SAMPLE_START
from scraper.url_reading import split_address

WAYBACK, COMMON_CRAWL = "https://web.archive.org/", "https://index.commoncrawl.org/"


def suggest_crawl(url: str | None) -> str:
    """Suggest to crawl the site for everything that is known and not captured."""
    return command_line("crawl", *_build_start_option(url))


def suggest_wayback(match: str, url: str | None = None, *, archive: str = WAYBACK, since: str | None = None) -> str:
    """Suggest to ask a Wayback for addresses that contain `match`, captured since a day."""
    return _format_command("wayback", match, url, since, () if archive == WAYBACK else ("--archive", archive))


def suggest_common_crawl(match: str, url: str | None = None, *, index: str | None = None) -> str:
    """Suggest to ask Common Crawl for addresses that contain `match`: all its crawls, or the one with that index."""
    more: tuple[str, ...] = ()
    if index:
        server, _, name = index.rstrip("/").rpartition("/")
        more = () if f"{server}/" == COMMON_CRAWL else ("--index", f"{server}/")
        more = (*more, "--crawls", name.removesuffix("-index"))
    return _format_command("commoncrawl", match, url, None, more)


def suggest_fetch(archive: str, match: str, url: str | None = None) -> str:
    """Suggest to fetch the mementos that wait in the index of that web archive."""
    if not is_web(archive):  # an index beside WARC files: nobody knows where the file is that holds the record
        return suggest_wayback(match, url)
    if is_common_crawl(archive):
        return suggest_common_crawl(match, url, index=archive)
    return suggest_wayback(match, url, archive=archive)


def suggest_other_archive(archive: str, match: str, url: str | None = None) -> str:
    """Suggest another web archive than the one that failed, for none is asked twice for one memento."""
    return suggest_wayback(match, url) if is_common_crawl(archive) else suggest_common_crawl(match, url)


def is_common_crawl(archive: str) -> bool:
    """Whether the archive is an index of Common Crawl: `…/CC-MAIN-2024-10-index`."""
    return archive.endswith("-index")


def _format_command(verb: str, match: str, url: str | None, since: str | None, more: tuple[str, ...]) -> str:
    if url is not None and host_of(url) == SAMPLE_HOST:  # no web archive has the sample site
        return suggest_crawl(url)
    site_option = () if url is None or host_of(url) in SITE_HOSTS else ("--site", host_of(url))
    since_option = ("--since", since) if since else ()
    return command_line(verb, *more, *site_option, "--match", match, *since_option)


def _build_start_option(url: str | None) -> tuple[str, ...]:
    if url is None or host_of(url) in SITE_HOSTS:
        return ()
    if host_of(url) == SAMPLE_HOST:
        return "--start", SAMPLE_START
    parts = split_address(url)
    return "--start", f"{parts.scheme}://{parts.netloc}/"
