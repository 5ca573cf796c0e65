"""Takes the page out of an MHTML file, the mail message that Chrome and Internet Explorer save pages as."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.markup.charset import narrow_text
from scraper.sources import provenance
from scraper.sources.content_coding import Payload
from scraper.sources.saved_page import Origin, SavedPage

_PADDING = b"\xef\xbb\xbf\r\n"  # a mark of UTF-8, empty lines
_HEAD = re.compile(
    rb"(?:[\w-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?(?:MIME-Version:|Content-Type:\s*multipart/related\b)",
    re.IGNORECASE,
)

_MAILBOX = re.compile(rb"From \S+ [^\r\n]*\d{4}\r?\n[\w-]{1,60}:")


def is_mhtml(head: bytes) -> bool:
    """Whether the bytes begin as a mail message does, which is what an MHTML file is."""
    return _HEAD.match(narrow_text(head).lstrip(_PADDING)) is not None


def is_mailbox(head: bytes) -> bool:
    """Whether the bytes begin as a file of many mail messages does (mbox)."""
    return _MAILBOX.match(head.lstrip(_PADDING)) is not None


def extract_page(raw: bytes) -> SavedPage | None:
    """Return the page in an MHTML file, without the images and frames beside it; None if it holds no page."""
    try:
        mail = message_from_bytes(narrow_text(raw).lstrip(_PADDING))  # as an editor may have stored it again
        pages = [part for part in mail.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    except RecursionError:  # parts in parts in parts
        return None
    if not pages:
        return None
    page = next((part for part in pages if part.get("Content-ID") == mail.get_param("start")), pages[0])
    body = page.get_payload(decode=True)
    if not isinstance(body, bytes):
        return None
    charset = page.get_param("charset")
    content_type = "text/html" + (f"; charset={charset}" if isinstance(charset, str) else "")
    origin = _find_origin(mail, page) | Origin(captured_at=parse_instant(str(mail.get("Date", ""))))
    return SavedPage(Payload(body), origin, content_type)


def _find_origin(mail: Message, page: Message) -> Origin:
    """Find the address: Chrome states it in a header of its own, others in the header of the page's part."""
    locations = (mail.get("Snapshot-Content-Location"), page.get("Content-Location"), mail.get("Content-Location"))
    # Long addresses are folded over several lines.
    urls = ("".join(str(url).split()) for url in locations if url)
    return next((provenance.origin_of_address(url) for url in urls if is_web(url)), Origin())
