"""Takes the page in a file out of what programs wrap it in: heads, MHTML, ZIPs, property lists, views of a source."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

from scraper.http_headers import find_header
from scraper.sources import har, mhtml, provenance, response_head, safari, source_view, zip_page, zstd_file
from scraper.sources import media_type as media
from scraper.sources.content_coding import GZIP, MAX_PAYLOAD, Payload, decode_payload, join_bare_chunks, unpack_gzip
from scraper.sources.saved_page import SavedPage


def is_wrapped(head: bytes) -> bool:
    """Whether a file that begins so is a page in a wrapping that no page begins with."""
    return response_head.has_head(head) or mhtml.is_mhtml(head) or safari.is_web_archive(head)


def unwrap_pages(path: Path, raw: bytes) -> list[SavedPage | str]:
    """Take the pages out of a file, mostly one; a text says what of it is no page, and what helps."""
    download = _unpack_download(join_bare_chunks(raw))
    pages = _unwrap_pages(path, download.body)
    if download.whole:
        return pages
    return [p if isinstance(p, str) else replace(p, payload=replace(p.payload, whole=False)) for p in pages]


def _unwrap_pages(path: Path, raw: bytes) -> list[SavedPage | str]:
    if mhtml.is_mailbox(raw[: media.HEAD]):
        return ["a mailbox; save each of its messages as a file of its own, NAME.eml"]
    if response_head.has_head(raw[: media.HEAD]) and (answers := list(response_head.split_answers(raw))):
        return [_unwrap_answer(*answer) for answer in answers]
    if har.is_har(raw[: media.HEAD]):
        return list(har.read_pages(raw)) or ["a HAR that holds no page"]
    return [_unwrap_page(path, raw)]


def _unwrap_page(path: Path, raw: bytes) -> SavedPage | str:
    head = raw[: media.HEAD]
    if mhtml.is_mhtml(head) or safari.is_web_archive(head):
        kind = "an MHTML file" if mhtml.is_mhtml(head) else "a web archive of Safari"
        page = mhtml.extract_page(raw) if mhtml.is_mhtml(head) else safari.extract_page(raw)
        return page or f"{kind} that holds no page"
    if zip_page.holds_zip(raw):
        return zip_page.extract_page(path)
    if source := source_view.restore_source(raw):
        return SavedPage(Payload(source), provenance.find_origin(raw), "text/html; charset=utf-8")
    return SavedPage(Payload(raw))


def _unwrap_answer(head: response_head.ResponseHead, coded: bytes) -> SavedPage:
    content_type = find_header(head.headers, "content-type")
    return SavedPage(decode_payload(coded, head.headers), head.origin, content_type, head.status, head.headers)


def _unpack_download(raw: bytes) -> Payload:
    """Unpack the page where a download was kept as gzip or zstd packed it."""
    if raw.startswith(zstd_file.FRAME):
        return decode_payload(raw, [("content-encoding", "zstd")])
    if not raw.startswith(GZIP):
        return Payload(raw)
    try:
        return unpack_gzip(raw, MAX_PAYLOAD)
    except zlib.error:
        return Payload(raw, whole=False)
