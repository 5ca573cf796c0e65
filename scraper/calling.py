"""Who is calling: every crawl that asks strangers says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

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


def without_contact(doing: str) -> str:
    """The line for a crawl that may not begin; `doing` is what it would do: crawling, asking."""
    return f"no contact: say who is {doing}, BRIEFS_CONTACT=you@example.org or -s CONTACT=https://example.org/about"
