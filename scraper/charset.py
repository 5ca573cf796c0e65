"""From bytes to text: which charset a capture is in."""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector, UnicodeDammit

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Browsers read these labels as windows-1252 (WHATWG Encoding); pages that say them hold curly quotes at 0x91-0x97.
_DISGUISES = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "l1", "us-ascii", "ascii", "cp1252", "cp-1252"}


def find_stated_charset(content_type: str | None) -> str | None:
    """Find the charset parameter of a content type, in lower case; None without one."""
    match = _CHARSET.search(content_type or "")
    return match[1].lower() if match else None


def _normalise_label(label: str | None) -> str | None:
    if label is None:
        return None
    if label.lower() in _DISGUISES:
        return "windows-1252"
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def _can_decode(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_cut_short(body: bytes) -> bool:
    """Whether only the last character of otherwise good UTF-8 is incomplete, as in a truncated capture."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 0 and error.start >= len(body) - 3 and error.reason == "unexpected end of data"
    return False


def detect_charset(body: bytes, content_type: str | None) -> str:
    """Detect the charset: BOM, else UTF-8 where the bytes are UTF-8, else header, meta, UnicodeDammit.

    Bytes beyond ASCII that form valid UTF-8 are UTF-8 whatever the page says: no other charset does so by accident.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    if body.count(b"\0", 0, 2000) > len(body[:2000]) // 4:
        return "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    if _can_decode(body, "utf-8") or _is_cut_short(body):
        return "utf-8"
    labels = (
        find_stated_charset(content_type),
        EncodingDetector.find_declared_encoding(body[:8192], is_html=True, search_entire_document=True),
    )
    for label in labels:
        charset = _normalise_label(label)
        if charset and charset != "utf-8" and _can_decode(body, charset):
            return charset
    if _can_decode(body, "windows-1252"):  # the only other charset that editors of this site ever pasted from
        return "windows-1252"
    return _normalise_label(UnicodeDammit(body, is_html=True).original_encoding) or "windows-1252"


def decode_text(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Decode a body; return the text and its charset. Bytes that no charset explains become U+FFFD.

    UTF-8 pages with stray windows-1252 bytes, which pasted quotes leave, are read as both.
    """
    charset = detect_charset(body, content_type)
    if not charset.startswith(("utf-16", "utf-32")):
        body = body.translate(None, _CONTROLS)  # no text holds them, and libxml2 refuses them
    text = body.decode(charset, errors="replace")
    detwingled = UnicodeDammit.detwingle(body) if charset == "windows-1252" and b"\xe2\x80" in body else None
    if detwingled is not None and _can_decode(detwingled, "utf-8"):
        charset, text = "utf-8", detwingled.decode("utf-8")
    return text.removeprefix("\ufeff").replace("\0", ""), charset
