"""A Common Crawl on loopback for tests: the index API over real WARC records, byte ranges, and moods on demand."""

from __future__ import annotations

import json
import re
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.warc_writing import Warc
from tests.support.web_server import Quiet, at_work

NONE = '{"message": "No Captures found for: %s"}'
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_FOLDER = "crawl-data/{crawl}/segments/1/warc/CC-MAIN-0.warc.gz"


@dataclass
class Shelf:
    """One crawl: the WARC file of its records, and the lines of its index."""

    id: str
    warc: bytes = b""
    lines: list[dict[str, str]] = field(default_factory=list)
    span: tuple[str, str] | None = None  # when it crawled, as collinfo.json tells it

    @property
    def file(self) -> str:
        return _FOLDER.format(crawl=self.id)

    def page(self, url: str, stamp: str, body: bytes, *, status: str = "200 OK", mime: str = "text/html") -> Shelf:
        """Add a record and its line."""
        date = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:]}Z"
        made = Warc().page(1, body, url=url, status=status, warc={"WARC-Date": date}, content_type=mime)
        (member,) = made.pack_records("gzip per record")
        self.lines.append(
            {
                "urlkey": url,
                "timestamp": stamp,
                "url": url,
                "mime": mime,
                "mime-detected": mime,
                "status": status[:3],
                "digest": b32encode(sha1(body).digest()).decode(),
                "length": str(len(member)),
                "offset": str(len(self.warc)),
                "filename": self.file,
            }
        )
        self.warc += member
        return self

    def find_lines(self, host: str) -> list[dict[str, str]]:
        """The lines of a host and of those below it."""
        hosts = [(line, urlsplit(line["url"]).netloc) for line in self.lines]
        return [line for line, name in hosts if name == host or name.endswith(f".{host}")]


@dataclass
class Server:
    """What is served, what was asked, and how the server feels: `moods` are statuses for the next requests."""

    shelves: list[Shelf]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    moods: dict[str, list[int]] = field(default_factory=dict)  # by a part of the address: statuses to answer with
    instead: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # by a part of the address: always this answer
    further: list[object] = field(default_factory=list)  # entries of collinfo.json that are no crawls
    page_size: int = 2
    ranges: bool = True  # whether byte ranges are understood
    cut: int = 0  # bytes by which each record is too short

    def count_requests(self, part: str) -> int:
        """How many requests had this in their address."""
        return sum(part in address for address in self.asked)

    def answer(self, address: str, wanted: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers."""
        for part, statuses in self.moods.items():
            if part in address and statuses:
                return statuses.pop(0), b"Slow Down", {}
        if odd := next((odd for part, odd in self.instead.items() if part in f"{address} {wanted}"), None):
            return (*odd, {})
        parts = urlsplit(address)
        if parts.path == "/collinfo.json":
            crawls = [self._describe_shelf(shelf) for shelf in reversed(self.shelves)]
            return 200, json.dumps([*self.further, *crawls]).encode(), {}
        for shelf in self.shelves:
            if parts.path == f"/{shelf.id}-index":
                return self._index(shelf, {name: values[0] for name, values in parse_qs(parts.query).items()})
            if unquote(parts.path) == f"/{shelf.file}":
                return self._record(shelf.warc, wanted)
        return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}

    def _describe_shelf(self, shelf: Shelf) -> dict[str, str]:
        crawl = {"id": shelf.id, "name": shelf.id, "cdx-api": f"https://index.commoncrawl.org/{shelf.id}-index"}
        return crawl | (dict(zip(("from", "to"), shelf.span, strict=True)) if shelf.span else {})

    def _index(self, shelf: Shelf, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        assert (asked["matchType"], asked["output"]) == ("domain", "json")
        found = shelf.find_lines(asked["url"])
        if not found:
            return 404, (NONE % asked["url"]).encode(), {}
        pages = -(-len(found) // self.page_size)
        if "showNumPages" in asked:
            return 200, json.dumps({"pages": pages, "pageSize": 5, "blocks": pages}).encode(), {}
        page = int(asked["page"])
        if page >= pages:
            return 400, b'{"message": "Page %d invalid"}' % page, {}
        lines = found[page * self.page_size : (page + 1) * self.page_size]
        return 200, "".join(json.dumps(line) + "\n" for line in lines).encode(), {}

    def _record(self, warc: bytes, wanted: str) -> tuple[int, bytes, dict[str, str]]:
        asked = _RANGE.fullmatch(wanted)
        if asked is None or not self.ranges:
            return 200, warc, {}
        first, last = int(asked[1]), min(int(asked[2]), len(warc) - 1)
        if first >= len(warc):
            return 416, b"", {"Content-Range": f"bytes */{len(warc)}"}
        return 206, warc[first : last + 1 - self.cut], {"Content-Range": f"bytes {first}-{last}/{len(warc)}"}


@contextmanager
def serve_common_crawl(*shelves: Shelf) -> Iterator[Server]:
    """Index and data on one server; it is stopped at the end."""
    served = Server(list(shelves))

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append(self.path)
            served.agents.add(self.headers["User-Agent"])
            status, body, headers = served.answer(self.path, self.headers.get("Range", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with at_work(Handler) as url:
        served.url = url + "/"
        yield served
