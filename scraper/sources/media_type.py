"""Finds what a file or a payload is: by the stated media type, by its name, or by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from scraper.discovery.xml_items import find_root
from scraper.markup.charset import narrow_text

_BY_ENDING = {
    "text/html": "html htm xhtml shtml php asp aspx amp",
    "text/plain": "txt text",
    "application/json": "json jsonl ndjson",
    "application/xml": "xml rss atom rdf",
    "warc": "warc wet wat arc",
    "wacz": "wacz",
    "index": "cdx cdxj",
    "mhtml": "mht mhtml",
}
_ENDINGS = {ending: media for media, endings in _BY_ENDING.items() for ending in endings.split()}
_NO_PAGES = {
    "look": "css js mjs map woff woff2 ttf otf eot",
    "pictures": "png jpg jpeg jpe gif svg webp avif ico bmp tif tiff swf",
    "sound": "mp3 mp4 m4a m4v ogg oga webm wav avi mov",
    "documents": "pdf doc docx odt rtf xls xlsx ods ppt pptx odp epub mobi",
}
_DOCUMENTS = frozenset(_NO_PAGES["documents"].split())
_ASSETS = frozenset(ending for endings in _NO_PAGES.values() for ending in endings.split())
UNPACK = "a ZIP or the like; unpack it and ingest the folder"
_LATER = dict.fromkeys("zip maff htz tar tar.gz tar.zst tgz 7z rar".split(), UNPACK)
_PARTS = {  # of the documents that are ZIPs
    "word/": "a document of Word; save it as a web page (HTML)",
    "xl/": "a spreadsheet; save the pages themselves, as HTML",
    "ppt/": "slides; save the pages themselves, as HTML",
    "OEBPS/": "an e-book (EPUB); unpack it like a ZIP and ingest the folder",
    "META-INF/container.xml": "an e-book (EPUB); unpack it like a ZIP and ingest the folder",
    "content.xml": "a document of LibreOffice; save it as HTML",
}
_MAGIC = (
    (b"%PDF-", "a PDF; save the page itself, as HTML"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"7z\xbc\xaf\x27\x1c", UNPACK),
    (b"Rar!\x1a", UNPACK),
    (b"\xfd7zXZ\0", "packed with xz; unpack it with xz -d and ingest what comes out"),
    (b"BZh", "packed with bzip2; unpack it with bunzip2 and ingest what comes out"),
    (b"\x04\x22\x4d\x18", "packed with lz4; unpack it with lz4 -d and ingest what comes out"),
    (b"\xd0\xcf\x11\xe0", "a file of Word or Outlook; save it as HTML"),
    (b"{\\rtf", "a text of a word processor (RTF); save it as HTML"),
    (b"%!PS", "PostScript; save the page itself, as HTML"),
    (b"SQLite format 3\0", "a database"),
    (b"\x7fELF", "a program"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|link|div|article|p|h1|script)\b", re.IGNORECASE)
_DOCUMENT = re.compile(rb"(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"<\?xml\b")
_PAGE_TYPE = re.compile(r"text/(?:html|plain|xml|json)|application/(?:[\w.+-]*(?:json|xml))|message/|x-unknown")
_ASSET_TYPE = re.compile(r"(?:image|audio|video|font)/|text/|application/|binary/|model/|multipart/")
HEAD = 4096  # bytes that are enough to decide


def ending_of(name: str) -> str:
    """The last ending of a file's name, or the last two where the last is a packer's; lower case, no dot in front."""
    parts = PurePath(name).name.lower().split(".")[1:]
    return ".".join(parts[-2:]) if parts[-1:] in (["gz"], ["zst"]) else (parts or [""])[-1]


def is_asset(name: str) -> bool:
    return ending_of(name) in _ASSETS


def is_document_name(name: str) -> bool:
    """Whether a file is a document that may hold the text of a post, which this program does not read."""
    return ending_of(name) in _DOCUMENTS


def describe_zip(names: Iterable[str]) -> str:
    """Say what a ZIP of these names is, and what to do with it."""
    names = list(names)
    return next((what for part, what in _PARTS.items() if any(name.startswith(part) for name in names)), UNPACK)


def guess_by_name(name: str) -> str | None:
    """Return the media type that a file's ending stands for; None for an unknown ending.

    `warc` is any file of records (WARC, WET, WAT, ARC), `wacz` a package of them, `index` a CDX file, `mhtml` a page
    with its images in one file.
    """
    whole = ending_of(name)
    return _ENDINGS.get(whole) or _ENDINGS.get(whole.removesuffix(".gz").removesuffix(".zst"))


def describe_unread_format(name: str) -> str | None:
    """Say what a file is and what to do with it, where its ending names a format that this program does not read."""
    return _LATER.get(ending_of(name).removeprefix("warc."))


def describe_binary(head: bytes) -> str | None:
    """Say what a file is whose first bytes are not text; None for text."""
    if found := next((what for magic, what in _MAGIC if head.startswith(magic)), None):
        return found
    text = narrow_text(head)  # UTF-16 is full of zero bytes
    is_text = b"\0" not in text or is_document(text.replace(b"\0", b""))  # a disk that was full left zeros in a page
    return None if is_text else "binary data"


def describe_packer(head: bytes) -> str | None:
    """Say by what a file is packed that this program does not unpack, and what does; None for others."""
    found = next((what for magic, what in _MAGIC if head.startswith(magic)), "")
    return found if found.startswith("packed") else None


def is_document(head: bytes) -> bool:
    """Whether the bytes begin a whole HTML document, and no piece of one."""
    return bool(_DOCUMENT.match(narrow_text(head).removeprefix(b"\xef\xbb\xbf").lstrip()))


def guess_by_bytes(head: bytes) -> str | None:
    """Return the media type of HTML, XML or JSON by the first bytes of a file; None for anything else."""
    head = narrow_text(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    if find_root(head) or (_XML.match(head) and not re.search(rb"<html\b", head, re.IGNORECASE)):
        return "application/xml"
    if head.startswith(b"<") and _HTML.search(head):
        return "text/html"
    return "application/json" if re.match(rb'[\[{]\s*["{\]}]', head) else None


def is_page_type(content_type: str | None) -> bool | None:
    """Whether a stated media type is one that a page can have; None where it does not say."""
    media = (content_type or "").partition(";")[0].strip().lower()
    if _PAGE_TYPE.match(media):
        return True
    return False if _ASSET_TYPE.match(media) and media != "application/octet-stream" else None
