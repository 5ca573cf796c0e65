"""Decodes the bytes of a capture: which charset they are in."""

from __future__ import annotations

import codecs
import re

_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# One character of UTF-8 beyond ASCII; the rest of what is not ASCII; and what a character leaves that lost its end.
_GOOD = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_CUT = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})(?![\x80-\xff])")
_NO_ASCII = b" " * 128 + bytes(range(128, 256))
_MANY = 4  # good characters for a bad place, where another charset is stated
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_LOWER = bytes(0 if code in _CONTROLS else code for code in bytes(range(256)).lower())
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Browsers read these charsets, whatever they are called, as those that hold more (WHATWG Encoding); pages that state
# the first hold curly quotes at 0x91-0x97.
_DISGUISES = {
    **dict.fromkeys(("iso8859-1", "ascii"), "windows-1252"),
    **{"iso8859-9": "cp1254", "gb2312": "gbk", "shift_jis": "cp932", "euc_kr": "cp949"},
}
# What windows-1252 holds at 0x80-0x9F, once it was taken for ISO-8859-1: controls that no text means.
_C1 = re.compile("[\x80-\x9f]")
_C1_IN_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")
_FROM_C1 = {code: bytes((code,)).decode("windows-1252", "ignore") for code in range(0x80, 0xA0)}
# What UTF-8 becomes where it is read in another charset, as consoles of Windows and imports of databases do.
_MISREAD = {
    mark.encode().decode(charset, "ignore")
    for mark in "’‘“”–—…•€™éèáíóúñçüöäâêôîëïÉÑ"
    for charset in ("windows-1252", "cp437", "cp850", "mac-roman")
}
_GARBLED = (  # each part begins with a letter, so that the search leaps from one to the next
    rf"{'|'.join(sorted(map(re.escape, (text for text in _MISREAD if len(text) > 1))))}"
    r"|Õ(?<=[a-z].)(?=[a-z])|Â(?<![^\W\d_].)(?=\s|$)"  # a Mac's apostrophe, and a space that does not break
)
_GARBLED_LETTERS = re.compile(_GARBLED)
_GARBLED_WORD = re.compile(rf"\S{{0,20}}(?:{_GARBLED})\S{{0,20}}")


def find_stated_charset(content_type: str | None) -> str | None:
    """Find the charset parameter of a content type, in lower case; None without one."""
    match = _CHARSET.search(content_type or "")
    return match[1].lower() if match else None


def find_wide_charset(body: bytes) -> str | None:
    """Find which UTF-16 or UTF-32 the bytes are, by their mark, else by zeros in every second place; None for others.

    Windows PowerShell writes UTF-16, and editors that store such a file again may drop the mark.
    """
    if marked := next((name for bom, name in _WIDE_BOMS if body.startswith(bom)), None):
        return marked
    if b"\0" not in body[:2000]:  # as in nearly all
        return None
    even, odd = (body[start:2000:2] for start in (0, 1))
    for zeros, letters, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if not letters.count(0) and zeros.count(0) > len(zeros) // 2:
            return name
    return None


def narrow_text(body: bytes) -> bytes:
    """Write UTF-16 and UTF-32 as UTF-8, so that bytes can be compared; other bytes are returned as they are."""
    wide = find_wide_charset(body)
    return body.decode(wide, "replace").removeprefix("\ufeff").encode("utf-8", "replace") if wide else body


def recode_as_utf8(body: bytes, content_type: str | None) -> bytes:
    """Write any text as UTF-8 without a mark; bytes that no charset explains become U+FFFD."""
    charset = detect_charset(body, content_type)
    if charset == "utf-8" and _can_decode(body, charset) and not _C1_IN_UTF8.search(body):
        return body.removeprefix(codecs.BOM_UTF8)
    return decode_text(body, content_type)[0].encode("utf-8", "replace")


def _normalise_label(label: str | None) -> str | None:
    try:
        name = codecs.lookup(label or "").name
    except LookupError:
        return None
    return _DISGUISES.get(name, name)


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
    """Detect the charset: BOM, else UTF-8 where the bytes are UTF-8 or all but a few are, else header and meta.

    Bytes beyond ASCII that form valid UTF-8 are UTF-8 whatever the page says: no other charset does so by accident.
    What nothing explains is windows-1252, the only other charset that editors of this site ever pasted from.
    """
    if wide := find_wide_charset(body):
        return wide
    if body.startswith(codecs.BOM_UTF8) or _can_decode(body, "utf-8") or _is_cut_short(body):
        return "utf-8"
    from bs4.dammit import EncodingDetector  # noqa: PLC0415 - its import takes a tenth of a second; most pages are UTF-8

    labels = (
        find_stated_charset(content_type),
        EncodingDetector.find_declared_encoding(body[:8192], is_html=True, search_entire_document=True),
    )
    charsets = [charset for label in labels if (charset := _normalise_label(label))]
    if _is_damaged_utf8(body, charsets):
        return "utf-8"
    return next((name for name in charsets if name != "utf-8" and _can_decode(body, name)), "windows-1252")


def _is_damaged_utf8(body: bytes, stated: list[str]) -> bool:
    """Whether the body is UTF-8 but for some bytes: a character that was cut, a word pasted from elsewhere.

    Where UTF-8 is stated, or nothing, as many good characters as bad places are enough. Elsewhere the good ones must
    be many, for text that was once wrongly converted holds some by accident.
    """
    rest, good = _GOOD.subn(b"", b" ".join(body.translate(_NO_ASCII).split()))
    bad = len(_NOT_ASCII.findall(rest))
    if "utf-8" in stated and len(_CUT.findall(rest)) == bad:
        return True
    return good >= bad if "utf-8" in stated or not stated else good > _MANY * bad


def decode_text(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Decode a body; return the text and its charset. Bytes that no charset explains become U+FFFD."""
    if (sound := decode_sound_utf8(body)) is not None:
        return sound, "utf-8"
    charset = detect_charset(body, content_type)
    if not charset.startswith(("utf-16", "utf-32")):
        body = body.translate(None, _CONTROLS)  # no text holds them, and libxml2 refuses them
    text = restore_punctuation(body.decode(charset, errors="replace"))
    return text.removeprefix("\ufeff").replace("\0", ""), charset


def restore_punctuation(text: str) -> str:
    """Restore the quotes and dashes of windows-1252 that some program has made controls of."""
    return text.translate(_FROM_C1) if _C1.search(text) else text


def find_garbled_words(text: str) -> list[str]:
    """Find the words that were read in another charset than they were written in, before the capture or by it."""
    if text.isascii() or not _GARBLED_LETTERS.search(text):  # as nearly all texts
        return []
    return [match[0] for match in _GARBLED_WORD.finditer(text)]


def lower_markup(body: bytes) -> bytes:
    """Write the bytes in lower case, for searches that are cheap, with zeros for controls that no text holds."""
    return body.translate(_LOWER)


def decode_sound_utf8(body: bytes, lower: bytes | None = None) -> str | None:
    """Decode UTF-8 without a mark and without a control character, as nearly all pages are; None for other bytes.

    `lower` is what `lower_markup` makes of the body, for those who need that too.
    """
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in (lower or lower_markup(body)):
        return None
    if (start := body.find(b"\xc2")) >= 0 and _C1_IN_UTF8.search(body, start):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
