"""Who is calling, and for what: every crawl that asks strangers says so, and none asks them for a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from scraper.archive import is_sample_archive
from scraper.errors import NoContact, SampleArchive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def sign(crawler: Crawler) -> None:
    """Have the user agent carry the contact, if there is one."""
    if contact := crawler.settings["CONTACT"].strip():
        agent = f"{crawler.settings['USER_AGENT']} (+{' '.join(contact.split())})"
        crawler.settings.set("USER_AGENT", agent, priority="spider")


def has_contact(settings: BaseSettings) -> bool:
    """Whether CONTACT is an e-mail address or a web page."""
    contact = settings["CONTACT"]
    return "@" in contact or contact.startswith(("http://", "https://"))


def introduce(settings: BaseSettings, doing: str) -> None:
    """Find out whether strangers may be asked for what belongs into the archive; `doing`: crawling, asking.

    Raises SampleArchive, for nobody out there has published anything of a sample; NoContact; what reading the archive
    raises.
    """
    if is_sample_archive(settings):
        told = "a sample archive, of invented briefs; this asks for real ones: choose another ARCHIVE_DB"
        raise SampleArchive(f"{settings['ARCHIVE_DB']}: {told}")
    if not has_contact(settings):
        told = "BRIEFS_CONTACT=you@example.org or -s CONTACT=https://example.org/about"
        raise NoContact(f"no contact: say who is {doing}, {told}")
