"""A page saved by Chrome or Internet Explorer as one MHTML file: the page out of its mail, with what the mail says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from scraper.address import is_web
from scraper.sources import provenance as saved
from scraper.sources.instants import instant
from scraper.sources.provenance import Origin

_HEAD = re.compile(rb"\s*(?:[\w-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?MIME-Version:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    body: bytes
    content_type: str
    origin: Origin


def is_mhtml(head: bytes) -> bool:
    """Whether the bytes begin as a mail does, which is what such a file is."""
    return _HEAD.match(head) is not None


def snapshot(raw: bytes) -> Snapshot | None:
    """The page in an MHTML file, without the images and frames beside it; None where it holds no page."""
    mail = message_from_bytes(raw)
    pages = [part for part in mail.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        return None
    page = next((part for part in pages if part.get("Content-ID") == mail.get_param("start")), pages[0])
    body = page.get_payload(decode=True)
    if not isinstance(body, bytes):
        return None
    charset = page.get_param("charset")
    content_type = "text/html" + (f"; charset={charset}" if isinstance(charset, str) else "")
    return Snapshot(body, content_type, _address(mail, page) | Origin(captured_at=instant(mail.get("Date", ""))))


def _address(mail: Message, page: Message) -> Origin:
    """Chrome states it; others name the page's own part after it."""
    stated = (mail.get("Snapshot-Content-Location"), page.get("Content-Location"), mail.get("Content-Location"))
    # Long addresses are folded over several lines.
    urls = ("".join(str(url).split()) for url in stated if url)
    return next((saved.of_address(url) for url in urls if is_web(url)), Origin())
