"""The commands that an archivist can run next, as one would type them."""

from __future__ import annotations

from scraper.address import SAMPLE_HOST, SITE_HOSTS, host_of, is_web, split_address
from scraper.invocation import command_line
from scraper.sample_site import SAMPLE_START

WAYBACK, COMMON_CRAWL = "https://web.archive.org/", "https://index.commoncrawl.org/"


def crawl(url: str | None) -> str:
    """Ask the site for all that is known and not captured."""
    return command_line("crawl", *_start(url))


def wayback(match: str, url: str | None = None, *, archive: str = WAYBACK, since: str | None = None) -> str:
    """Ask a Wayback for the addresses that hold `match`, copied since a day."""
    return _of_archive("wayback", match, url, since, () if archive == WAYBACK else ("--archive", archive))


def common_crawl(match: str, url: str | None = None, *, index: str | None = None) -> str:
    """Ask Common Crawl for the addresses that hold `match`; all its crawls, or the one of that index."""
    more: tuple[str, ...] = ()
    if index:
        server, _, name = index.rstrip("/").rpartition("/")
        server = f"{server}/"
        more = () if server == COMMON_CRAWL else ("--index", server)
        more = (*more, "--crawls", name.removesuffix("-index"))
    return _of_archive("commoncrawl", match, url, None, more)


def waiting(archive: str, match: str, url: str | None = None) -> str:
    """Have what waits in the index of that web archive fetched."""
    if not is_web(archive):  # an index beside WARC files: what it names is in a file that nobody gave
        return command_line("ingest", archive, "WARC")
    if is_common_crawl(archive):
        return common_crawl(match, url, index=archive)
    return wayback(match, url, archive=archive)


def elsewhere(archive: str, match: str, url: str | None = None) -> str:
    """Ask another web archive than the one that failed: it is not asked twice for one capture."""
    return wayback(match, url) if is_common_crawl(archive) else common_crawl(match, url)


def is_common_crawl(archive: str) -> bool:
    """Whether it is an index of Common Crawl's kind: `…/CC-MAIN-2024-10-index`."""
    return archive.endswith("-index")


def read_again(path: str) -> str:
    """Read the kept copies once more, with the rules of today."""
    return command_line("reextract", "--all", "--path", path)


def explain(path: str) -> str:
    """Show how the kept copy is read."""
    return command_line("explain", path)


def _of_archive(verb: str, match: str, url: str | None, since: str | None, more: tuple[str, ...]) -> str:
    if url is not None and host_of(url) == SAMPLE_HOST:  # no web archive has anything of the sample site
        return crawl(url)
    dated = ("--since", since) if since else ()
    return command_line(verb, *more, *_site(url), "--match", match, *dated)


def _start(url: str | None) -> tuple[str, ...]:
    if url is None or host_of(url) in SITE_HOSTS:
        return ()
    if host_of(url) == SAMPLE_HOST:
        return "--start", SAMPLE_START
    parts = split_address(url)
    return "--start", f"{parts.scheme}://{parts.netloc}/"


def _site(url: str | None) -> tuple[str, ...]:
    return () if url is None or host_of(url) in SITE_HOSTS else ("--site", host_of(url))
