"""Takes the page out of a web archive that Safari saved: a property list with the page and all its parts."""

from __future__ import annotations

import plistlib
from typing import Any
from xml.parsers.expat import ExpatError

from scraper.address import is_web
from scraper.sources import provenance
from scraper.sources.content_coding import Payload
from scraper.sources.saved_page import Origin, SavedPage

_RESOURCE = "WebMainResource"
_FAULTS = (ExpatError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, MemoryError)


def is_web_archive(head: bytes) -> bool:
    """Whether a file that begins so is one, binary or XML."""
    return (head.startswith(b"bplist00") or b"<plist" in head) and _RESOURCE.encode() in head


def extract_page(raw: bytes) -> SavedPage | None:
    """Return the page in a web archive; None if there is none. It does not say when it was saved."""
    try:
        resource: dict[str, Any] = plistlib.loads(raw)[_RESOURCE]
        body, url = resource["WebResourceData"], str(resource.get("WebResourceURL", ""))
    except _FAULTS:
        return None
    if not isinstance(body, bytes):
        return None
    charset = resource.get("WebResourceTextEncodingName")
    content_type = str(resource.get("WebResourceMIMEType") or "text/html")
    origin = provenance.origin_of_address(url) if is_web(url) else Origin()
    return SavedPage(Payload(body), origin, f"{content_type}; charset={charset}" if charset else content_type)
