"""Who is calling: every crawl that asks strangers says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from scraper.errors import NoContact

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_REAL = re.compile(r"(?:https?://|[^@\s]+@)(?P<host>[\w-]+(?:\.[\w-]+)+)\S*", re.IGNORECASE)
# Names that stand in documents and belong to nobody (RFC 2606), and the one of our own examples.
_PLACEHOLDER = re.compile(r"(?:.*\.)?(?:example(?:\.\w+)?|invalid|test|localhost|your-domain\.\w+)", re.IGNORECASE)
_HOW = "contact in briefs.toml or BRIEFS_CONTACT in the environment takes your e-mail address or a web page of yours"


def sign(crawler: Crawler) -> None:
    """Have the user agent carry the contact, if there is one."""
    if contact := crawler.settings["CONTACT"].strip():
        agent = f"{crawler.settings['USER_AGENT']} (+{' '.join(contact.split())})"
        crawler.settings.set("USER_AGENT", agent, priority="spider")


def require_contact(settings: BaseSettings) -> None:
    """Raise NoContact where CONTACT is no address that the people of a site could write to."""
    contact = settings["CONTACT"].strip()
    found = _REAL.fullmatch(contact)
    if found is None:
        given = f"{contact} is no contact" if contact else "no contact"
        raise NoContact(f"{given}: {_HOW}")
    if _PLACEHOLDER.fullmatch(found["host"]):
        raise NoContact(f"{contact} is the placeholder of an example, not your contact: {_HOW}")
