"""The bytes of every capture as WARC 1.1 records under warcs/."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO, FileIO
from pathlib import Path

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.database.open_files import OpenFile, sync_path
from scraper.dates import now
from scraper.errors import DiskTrouble
from scraper.records import Capture, Place
from scraper.sources.content_coding import decode_payload

ROLL_OVER = 10**9  # bytes: the size that the WARC guidelines recommend for one file
_LEVEL = 6  # of gzip: 9 takes three times as long for 1 % less
GZIP_MEMBER = 16 + zlib.MAX_WBITS
_FINE_DATE = "%Y-%m-%dT%H:%M:%S.%fZ"
_ENCODINGS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_BREAK = re.compile(r"[\r\n\0]+")
_SERIAL = re.compile(r"brief-archive-(\d+)-\d{8}T")
_ABOUT = {
    "software": "brief-archive",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "description": (
        "Pages kept by brief-archive. Records with Brief-Archive-Source: live were received through Scrapy: header "
        "names are as Scrapy normalises them, the order of different headers is not the server's, bytes of headers "
        "that are no UTF-8 are taken as ISO-8859-1 and written as UTF-8, version and phrase of the status line "
        "are put in again, transfer encoding is removed, and no request records are kept. Where "
        "the encoded body was not at hand the payload is the decoded one, without its Content-Encoding. Records "
        "without Brief-Archive-Source are those of other WARC files, as found. Brief-Archive-Name: the file a page "
        "came from. Brief-Archive-Captured-At: unknown, where WARC-Date is the time of taking in. "
        "Brief-Archive-Memento: where a web archive shows the page. Records of the type metadata are the journal: what "
        "the archive knows that no page tells, as JSON, transaction by transaction; `briefs rebuild` reads it."
    ),
}


class WarcAppender:
    """Appends records to this run's own file under `folder`; the file is made with the first record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: FileIO | None = None
        self._name = ""
        self._warcinfo = ""
        self._dirty = False
        # With the run's own, once there is one.
        self.files: tuple[OpenFile, ...] = (OpenFile.from_path(folder),) if folder.exists() else ()

    def add(self, capture: Capture, subject: str) -> Place:
        """Write the capture's record, with `subject` as target where it has no address. `sync` before a commit."""
        if capture.record:
            return self.add_member(capture.record)
        self._open_file()  # the record names the warcinfo of its file
        return self.add_member(_pack_record(make_record(capture, subject, self._warcinfo)))

    def add_member(self, member: bytes) -> Place:
        """Write a record unchanged, one gzip member or several."""
        file = self._open_file()
        place = Place(self._name, _write_member(file, member), len(member))
        self._dirty = True
        return place

    def add_metadata(self, block: bytes, media_type: str) -> None:
        """Write a `metadata` record of the run as a whole. `sync` before a commit."""
        file = self._open_file()
        headers = {"WARC-Date": datetime.now(UTC).strftime(_FINE_DATE), "WARC-Warcinfo-ID": self._warcinfo}
        record = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1").create_warc_record(
            None, "metadata", BytesIO(block), len(block), warc_content_type=media_type, warc_headers_dict=headers
        )
        _write_member(file, _pack_record(record))
        self._dirty = True

    @property
    def end(self) -> tuple[str, int]:
        """The open file and its length; an empty name before the first record."""
        return (self._name, self._file.tell()) if self._file is not None else ("", 0)

    def cut_off(self, end: tuple[str, int]) -> None:
        """Take back the records behind `end`, for their transaction failed: nobody must take them for committed."""
        if self._file is None or end == self.end:
            return
        if end[0] == self._name:
            self._file.truncate(end[1])
            self._file.seek(end[1])
        elif not end[0]:
            self._file.close()
            self._file = None
            (self.folder / self._name).unlink(missing_ok=True)
            self.files = self.files[:1]

    def require_same(self) -> None:
        """Raise DiskTrouble if the folder or the run's file is gone, or is not as this writer left it."""
        for file_or_folder in self.files:
            file_or_folder.require_same()
        if self._file is not None:
            _require_length(self._file)

    def sync(self) -> None:
        """Return when all that was added is on the disk."""
        if self._file is not None and self._dirty:
            os.fsync(self._file.fileno())
            self._dirty = False

    def close(self) -> None:
        if self._file is not None:
            with self._file:
                self.sync()
            self._file = None

    def _open_file(self) -> FileIO:
        if self._file is not None and self._file.tell() >= ROLL_OVER:
            self.close()
        if self._file is None:
            self._file = self._begin_file()
        return self._file

    def _begin_file(self) -> FileIO:
        self.require_same()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Clocks are set back: the serial number alone says in which order files were begun.
        serial = 1 + max((read_serial(path.name) for path in self.folder.rglob("brief-archive-*")), default=0)
        self._name = f"brief-archive-{serial:05}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.warc.gz"
        file = (self.folder / self._name).open("xb", buffering=0)
        record = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1").create_warcinfo_record(self._name, _ABOUT)
        self._warcinfo = record.rec_headers.get_header("WARC-Record-ID")
        try:
            _write_member(file, _pack_record(record))
        except OSError:
            file.close()
            (self.folder / self._name).unlink()
            raise
        sync_path(self.folder)
        self.files = tuple(OpenFile.from_path(path) for path in (self.folder, self.folder / self._name))
        return file


def read_serial(name: str) -> int:
    """The serial number in the name of a WARC file of the archive; 0 in names of earlier versions, and in others."""
    match = _SERIAL.match(name)
    return int(match[1]) if match else 0


def _write_member(file: FileIO, member: bytes) -> int:
    """Write all of it or nothing, for readers would stumble over its beginning alone; return where it begins."""
    start = _require_length(file)
    rest = memoryview(member)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except BaseException:
        file.truncate(start)
        file.seek(start)
        raise
    return start


def _require_length(file: FileIO) -> int:
    """The length of the file. Raises DiskTrouble if another program cut it or wrote to it under its name."""
    length, end = os.fstat(file.fileno()).st_size, file.tell()
    if length != end:
        why = f"another program changed it while this command wrote to it: it has {length} bytes and not {end}"
        raise DiskTrouble(f"{file.name!s}: {why}: run again; `verify` says what is missing")
    return end


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Headers in UTF-8, as they are read: warcio would rewrite what is not ASCII, or fail on it."""

    def to_ascii_bytes(self, filter_func: Callable[..., object] | None = None) -> bytes:
        """The head of the answer."""
        return bytes(self.to_bytes(filter_func))


def make_record(capture: Capture, subject: str, warcinfo: str) -> ArcWarcRecord:
    """A `response` record where a server answered, else a `resource` record, with what the archive knows besides."""
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")
    headers = {
        "WARC-Date": capture.captured_at or now(),
        "WARC-Warcinfo-ID": warcinfo,
        "Brief-Archive-Source": capture.source,
    }
    if capture.captured_at is None:
        headers["Brief-Archive-Captured-At"] = "unknown"
    if capture.name is not None:
        headers["Brief-Archive-Name"] = _join_lines(capture.name)
    if capture.memento is not None:
        headers["Brief-Archive-Memento"] = _join_lines(capture.memento)
    if capture.truncated:
        headers["WARC-Truncated"] = "unspecified"
    url = _join_lines(capture.url) if capture.url else subject
    if capture.status is None:
        content_type = _join_lines(capture.content_type or "application/octet-stream")
        body = BytesIO(capture.body)
        return writer.create_warc_record(
            url, "resource", body, len(capture.body), warc_content_type=content_type, warc_headers_dict=headers
        )
    http, payload = _make_response(capture, capture.status)
    return writer.create_warc_record(
        url, "response", BytesIO(payload), len(payload), http_headers=http, warc_headers_dict=headers
    )


def _make_response(capture: Capture, status: int) -> tuple[StatusAndHeaders, bytes]:
    """The answer with its encoded body if that decodes to the capture's body, else with the decoded body."""
    headers = [(_join_lines(name), _join_lines(value)) for name, value in capture.headers]
    if capture.wire is not None and _decodes_to(capture.wire, headers, capture.body):
        dropped, payload = _ENCODINGS - {"content-encoding"}, capture.wire
    else:
        dropped, payload = _ENCODINGS, capture.body
    # By the names that a reader will see in the lines.
    remaining = [(name, value) for name, value in headers if name.partition(":")[0].strip().lower() not in dropped]
    remaining.append(("Content-Length", str(len(payload))))
    return _HttpHeaders(f"{status} {_find_phrase(status)}", remaining, protocol="HTTP/1.1"), payload


def _decodes_to(wire: bytes, headers: Iterable[tuple[str, str]], body: bytes) -> bool:
    unchunked = [(name, value) for name, value in headers if name.lower() in ("content-encoding", "content-type")]
    return decode_payload(wire, unchunked).body == body


def _find_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _join_lines(text: str) -> str:
    return _BREAK.sub(" ", text).encode("utf-8", "replace").decode()


def _pack_record(record: ArcWarcRecord) -> bytes:
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version="WARC/1.1").write_record(record)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, GZIP_MEMBER)
    return packer.compress(plain.getvalue()) + packer.flush()
