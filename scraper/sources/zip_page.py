"""Takes the page out of a ZIP of one page: SingleFile's self-extracting HTML and its ZIP, MAFF, archive.today's."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.sources import media_type as media
from scraper.sources import provenance
from scraper.sources.content_coding import MAX_PAYLOAD, Payload
from scraper.sources.saved_page import Origin, SavedPage
from scraper.sources.zip_index import LOCAL_HEADER, list_entries
from scraper.sources.zip_member import DEFLATED, STORED, ZipEntry, ZipMember

_INDEX = re.compile(r"((?:[^/]+/)?)index\.html?", re.IGNORECASE)
_STATED = re.compile(r"<MAF:(originalurl|archivetime)\s{1,9}(?:RDF:)?resource=\"([^\"<>]{1,2000})\"")
_HTML = re.compile(rb"<html\b", re.IGNORECASE)


def holds_zip(raw: bytes) -> bool:
    """Whether a file is a ZIP, or HTML with one inside."""
    if raw.startswith(LOCAL_HEADER):
        return True
    return LOCAL_HEADER in raw and _HTML.search(raw[: media.HEAD]) is not None


def find_page(path: Path) -> ZipEntry | None:
    """Find the page that a ZIP was made of; None where it holds none, or a whole site. Raises OSError."""
    entries = [entry for entry in list_entries(path)[0] if media.guess_by_name(entry.name) == "text/html"]
    indexes = [(match[1], entry) for entry in entries if (match := _INDEX.fullmatch(entry.name))]
    if len(indexes) != 1:
        return None
    folder, page = indexes[0]
    parts = re.compile(re.escape(folder) + r"(?:frames/|[^/]+_files/)")
    return page if all(entry is page or parts.match(entry.name) for entry in entries) else None


def extract_page(path: Path) -> SavedPage | str:
    """Take the page out of a ZIP; a text says why there is none, and what to do. Raises OSError."""
    page = find_page(path)
    if page is None:
        return f"not a page: {media.describe_zip(entry.name for entry in list_entries(path)[0])}"
    return _explain_refusal(page) or SavedPage(_read_page(path, page), _find_origin(path, page))


def _explain_refusal(page: ZipEntry) -> str | None:
    if page.encrypted:
        return "a page in a ZIP with a password; open it in a browser and save it without one"
    if page.method not in (STORED, DEFLATED):
        return f"a page in a ZIP that packs by method {page.method}; unpack it and ingest the folder"
    return None


def _find_origin(path: Path, page: ZipEntry) -> Origin:
    """Find where and when the page was saved, as MAFF states it beside it."""
    name = page.name.rpartition("/")[0] + "/index.rdf"
    entry = next((entry for entry in list_entries(path)[0] if entry.name == name), None)
    if entry is None or entry.encrypted:
        return Origin()
    text = _read_page(path, entry).body.decode("utf-8", "replace")
    stated = {match[1]: unescape(match[2]) for match in _STATED.finditer(text)}
    origin = provenance.origin_of_address(stated["originalurl"]) if is_web(stated.get("originalurl", "")) else Origin()
    return origin | Origin(captured_at=parse_instant(stated.get("archivetime", "")))


def _read_page(path: Path, page: ZipEntry) -> Payload:
    """Read the page; what is missing or over the cap is cut off."""
    body = bytearray()
    pieces = ZipMember(path, page).read_pieces()
    for piece in pieces:
        body += piece
        if len(body) > MAX_PAYLOAD:
            return Payload(bytes(body[:MAX_PAYLOAD]), whole=False)
    return Payload(bytes(body), whole=pieces.problem is None)
