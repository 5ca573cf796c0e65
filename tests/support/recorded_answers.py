"""Answers of web archives, in the shapes that the services give: statuses, headers, codings; the words are ours."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, quote_plus, unquote_plus, urlsplit

from scraper.sources.cdx import ALL_FIELDS
from tests.pywb.history import base32
from tests.support.web_server import Quiet, at_work

HTML = ("Content-Type", "text/html; charset=utf-8")
SITE = "https://www.usresistnews.org"


@dataclass(frozen=True)
class RecordedAnswer:
    """One answer, byte by byte."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (HTML,)
    short: int = 0  # bytes that its header promises and that never come


def pack(answer: RecordedAnswer) -> RecordedAnswer:
    """The answer with gzip, as services send it to those who did not ask for it."""
    return RecordedAnswer(
        answer.status, gzip.compress(answer.body, mtime=0), (*answer.headers, ("Content-Encoding", "gzip"))
    )


_SORRY = b"<html><body><div id='error'><p>Sorry.</p><p>This URL has been excluded from the Wayback Machine.</p>"
EXCLUSIONS = {  # of a copy or of a host, for good
    "exclusion as 403": RecordedAnswer(403, b"org.archive.wayback.exception.AdministrativeAccessControlException"),
    "exclusion as 200, gzip-coded, far into the page": pack(RecordedAnswer(200, b"<i></i>" * 8103 + _SORRY)),
    "exclusion in a header": RecordedAnswer(
        403, b"", (HTML, ("X-Archive-Wayback-Runtime-Error", "RobotAccessControlException: Blocked By Robots"))
    ),
    "pywb's exclusion": RecordedAnswer(
        451, b"<h2>Pywb Error</h2><p>Access Blocked to https://www.usresistnews.org/</p>"
    ),
}
ABSENCES = {
    "not archived": RecordedAnswer(404, b"<html><p>The Wayback Machine has not archived that URL.</p>"),
    "not in this collection": RecordedAnswer(404, b"<p>The url could not be found in this collection.</p>"),
}
_NGINX = "<html><center><h1>{0}</h1></center><hr><center>nginx/1.25.1</center></html>"
ODD_COPIES = {  # they say nothing of the copy, which waits
    "nginx forbids": RecordedAnswer(403, _NGINX.format("403 Forbidden").encode()),
    "a router finds nothing": RecordedAnswer(404, b"404 page not found\n", (("Content-Type", "text/plain"),)),
    "nginx finds nothing": RecordedAnswer(404, _NGINX.format("404 Not Found").encode()),
    "no token": RecordedAnswer(401, b"{}", (("Content-Type", "application/json"),)),
    "token expired": RecordedAnswer(498, b"", ()),
    "offline": RecordedAnswer(200, b"<html><h1>Temporarily Offline</h1><p>Our services will return soon.</p></html>"),
    "offline, gzip-coded": pack(RecordedAnswer(200, b"<html><h1>Temporarily Offline</h1></html>")),
    "log in": RecordedAnswer(302, b"", (HTML, ("Location", "/account/login?referer=%2Fweb%2F"))),
    "an empty page": RecordedAnswer(200, b""),
    "closed for legal reasons by somebody": RecordedAnswer(451, b"<p>Your provider has blocked this page.</p>"),
    "a bad request": RecordedAnswer(400, b"<p>Bad Request</p>"),
    "an instant that is none": RecordedAnswer(200, b"<p>A page</p>", (HTML, ("Memento-Datetime", "yesterday"))),
}
NO_INDEX = {  # in place of a page of the index
    "nothing": RecordedAnswer(200, b"", (("Content-Type", "application/json"),)),
    "no rows": RecordedAnswer(200, b"[]", (("Content-Type", "application/json"),)),
    "a sentence": RecordedAnswer(200, b"The search backend is busy\n", (("Content-Type", "text/plain"),)),
    "an error in JSON": RecordedAnswer(
        200, b'{"error": "backend unavailable"}\n', (("Content-Type", "application/json"),)
    ),
    "offline": ODD_COPIES["offline"],
    "nginx forbids": ODD_COPIES["nginx forbids"],
    "half of it": RecordedAnswer(200, b'[["urlkey","timestamp","original"],\n["org,usresistnews)/", "2019', ()),
    "an answer that is cut": RecordedAnswer(200, b"[]", (("Content-Type", "application/json"),), short=9),
    "half of gzip": RecordedAnswer(200, gzip.compress(b"[]" * 99)[:-9], (("Content-Encoding", "gzip"),)),
    "gzip that breaks off in the head of its second part": RecordedAnswer(
        200, gzip.compress(b'{"timestamp": "20190401000000", "url": "http://a.example/"}\n') + b"\x1f\x8b", ()
    ),
    "the names alone": RecordedAnswer(200, json.dumps([list(ALL_FIELDS)]).encode()),
}


@dataclass
class Version:
    """A capture that the index lists."""

    path: str
    stamp: str
    body: bytes
    digest: str | None = None  # as the index has it
    status: str = "200"
    headers: tuple[tuple[str, str], ...] = ()  # more of the copy's

    @property
    def url(self) -> str:
        return SITE + self.path

    def row(self) -> list[str]:
        digest = base32(self.body) if self.digest is None else self.digest
        return [f"org,usresistnews){self.path}", self.stamp, self.url, "text/html", self.status, digest, "900"]

    def copy(self) -> RecordedAnswer:
        at = datetime.strptime(f"{self.stamp}+0000", "%Y%m%d%H%M%S%z")
        memento = ("Memento-Datetime", format_datetime(at).replace("+0000", "GMT"))
        link = ("Link", f'<{self.url.replace("&", "&amp;")}>; rel="original"')
        return RecordedAnswer(200, self.body, (memento, link, ("X-Archive-Orig-Content-Type", HTML[1]), *self.headers))


@dataclass
class Wayback:
    """An archive with resume keys; `instead` are answers for the next requests whose address has a part."""

    versions: list[Version]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    instead: list[tuple[str, RecordedAnswer]] = field(default_factory=list)
    always: list[tuple[str, RecordedAnswer]] = field(default_factory=list)

    @property
    def copies(self) -> list[str]:
        """The copies that were requested."""
        return [address.partition("id_/")[2] for address in self.asked if "id_/" in address]

    def answer(self, address: str) -> RecordedAnswer:
        self.asked.append(address)
        if odd := next((odd for odd in self.instead if odd[0] in address), None):
            self.instead.remove(odd)
            return odd[1]
        if odd := next((odd for odd in self.always if odd[0] in address), None):
            return odd[1]
        if address.startswith("/cdx/search/cdx?"):
            return self._index({name: values[0] for name, values in parse_qs(urlsplit(address).query).items()})
        found = (version.copy() for version in self.versions if address == f"/web/{version.stamp}id_/{version.url}")
        return next(found, ABSENCES["not archived"])

    def _index(self, query: dict[str, str]) -> RecordedAnswer:
        rows = sorted(
            version.row()
            for version in self.versions
            if query["url"] in SITE and version.stamp >= query.get("from", "")
        )
        after = tuple(unquote_plus(query.get("resumeKey", "")).rstrip("!").split(" "))
        rows = [row for row in rows if (row[0], row[1]) > after]
        limit = int(query["limit"])
        # Behind the last line too, where the page is full: so does web.archive.org's program.
        key = [[], [quote_plus(f"{rows[limit - 1][0]} {rows[limit - 1][1]}!")]] if len(rows) >= limit else []
        table = [list(ALL_FIELDS), *rows[:limit], *key] if rows else []
        text = "[" + ",\n".join(map(json.dumps, table)) + "]\n"
        return RecordedAnswer(200, text.encode(), (("Content-Type", "application/json"),))


@contextmanager
def serve_recorded_wayback(*versions: Version) -> Iterator[Wayback]:
    """The archive on loopback; it is stopped at the end."""
    served = Wayback(list(versions))

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = served.answer(self.path)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.short))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = bool(answer.short)

    with at_work(Handler) as url:
        served.url = url + "/"
        yield served
