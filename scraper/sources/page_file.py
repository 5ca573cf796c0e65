"""Takes the page in a file out of what programs wrap it in: heads, MHTML, ZIPs, property lists, views of a source."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from scraper.sources import har, mhtml, provenance, response_head, safari, source_view, zip_page, zstd_file
from scraper.sources import media_type as media
from scraper.sources.content_coding import GZIP, MAX_PAYLOAD, Payload, decode_payload, join_bare_chunks, unpack_gzip
from scraper.sources.provenance import Origin

_UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class PageFile:
    """The page in a file, with the headers and the origin that were saved with it."""

    payload: Payload
    origin: Origin = _UNKNOWN
    content_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def is_wrapped(head: bytes) -> bool:
    """Whether a file that begins so is a page in a wrapping that no page begins with."""
    return response_head.has_head(head) or mhtml.is_mhtml(head) or safari.is_web_archive(head)


def unwrap_pages(path: Path, raw: bytes) -> list[PageFile | str]:
    """Take the pages out of a file, mostly one; a text says what of it is no page, and what helps."""
    download = _unpack_download(join_bare_chunks(raw))
    pages = _unwrap_pages(path, download.body)
    if download.whole:
        return pages
    return [p if isinstance(p, str) else replace(p, payload=replace(p.payload, whole=False)) for p in pages]


def _unwrap_pages(path: Path, raw: bytes) -> list[PageFile | str]:
    if mhtml.is_mailbox(raw[: media.HEAD]):
        return ["a mailbox; save each of its messages as a file of its own, NAME.eml"]
    if response_head.has_head(raw[: media.HEAD]) and (answers := list(response_head.split_answers(raw))):
        return [_unwrap_answer(*answer) for answer in answers]
    if har.is_har(raw[: media.HEAD]):
        visits = [page if isinstance(page, str) else _unwrap_visit(page) for page in har.read_pages(raw)]
        return visits or ["a HAR that holds no page"]
    return [_unwrap_page(path, raw)]


def _unwrap_page(path: Path, raw: bytes) -> PageFile | str:
    head = raw[: media.HEAD]
    if mhtml.is_mhtml(head) or safari.is_web_archive(head):
        part = mhtml.extract_page(raw) if mhtml.is_mhtml(head) else safari.extract_page(raw)
        kind = "an MHTML file" if mhtml.is_mhtml(head) else "a web archive of Safari"
        return PageFile(Payload(part.body), part.origin, part.content_type) if part else f"{kind} that holds no page"
    if zip_page.holds_zip(raw):
        return _unzip_page(path)
    if source := source_view.restore_source(raw):
        return PageFile(Payload(source), provenance.find_origin(raw), "text/html; charset=utf-8")
    return PageFile(Payload(raw))


def _unwrap_answer(head: response_head.ResponseHead, coded: bytes) -> PageFile:
    page = decode_payload(coded, head.headers)
    return PageFile(page, head.origin, head.find_header("content-type"), head.status, head.headers)


def _unwrap_visit(page: har.HarPage) -> PageFile:
    payload = Payload(page.body or b"", whole=page.body is not None)
    return PageFile(payload, page.origin, page.content_type, page.status, page.headers)


def _unzip_page(path: Path) -> PageFile | str:
    page = zip_page.find_page(path)
    if page is None:
        return f"not a page: {zip_page.describe(path)}"
    return zip_page.explain_refusal(page) or PageFile(zip_page.read_page(path, page), zip_page.find_origin(path, page))


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
