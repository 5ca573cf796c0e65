"""The contact that a crawl states to the servers of others."""

from __future__ import annotations

import re

from scrapy.settings import BaseSettings

from scraper.errors import NoContact

_CONTACT = re.compile(r"(?:https?://|[^@\s]+@)(?P<host>[\w-]+(?:\.[\w-]+)+)\S*", re.IGNORECASE)
_NAMED = re.compile(r"(?:(?<!\s)\s+)?(?:\(\+[^()]*\)|(?<![^\s@;,()<>])[^\s@;,()<>]+@[^\s;,()<>]+)")
# Names that are reserved for documents (RFC 2606), and the one of our own examples.
_PLACEHOLDER = re.compile(r"(?:.*\.)?(?:example(?:\.\w+)?|invalid|test|localhost|your-domain\.\w+)", re.IGNORECASE)
_ADVICE = "contact in briefs.toml or BRIEFS_CONTACT in the environment takes your e-mail address or a web page of yours"


def sign_requests(settings: BaseSettings) -> None:
    """Add the contact to the user agent, if there is one."""
    if contact := settings["CONTACT"].strip():
        agent = f"{settings['USER_AGENT']} (+{' '.join(contact.split())})"
        settings.set("USER_AGENT", agent, priority="spider")


def hide_contact(agent: str) -> str:
    """The user agent without whom it names: runs and reports are shown to everybody."""
    return _NAMED.sub("", agent)


def require_contact(settings: BaseSettings) -> None:
    """Raise NoContact unless CONTACT is an address to which the people of a site can write."""
    contact = settings["CONTACT"].strip()
    match = _CONTACT.fullmatch(contact)
    if match is None:
        description = f"{contact} is no contact" if contact else "no contact"
        raise NoContact(f"{description}: {_ADVICE}")
    if _PLACEHOLDER.fullmatch(match["host"]):
        raise NoContact(f"{contact} is the placeholder of an example, not your contact: {_ADVICE}")
