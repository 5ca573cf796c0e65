"""Who is calling: every crawl that asks strangers says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from scraper.errors import NoContact

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


def require_contact(settings: BaseSettings, doing: str) -> None:
    """Raise NoContact where nobody would know who asks; `doing` is what may not begin: crawling, asking.

    Called before anything that needs the network, so that a missing contact has one exit code on every machine.
    """
    if not has_contact(settings):
        how = "BRIEFS_CONTACT=you@example.org or -s CONTACT=https://example.org/about"
        raise NoContact(f"no contact: say who is {doing}, {how}")
