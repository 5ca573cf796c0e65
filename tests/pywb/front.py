"""web.archive.org's dialect in front of a real pywb: its index, its headers, its redirects, its refusals on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from urllib.parse import parse_qs, quote_plus, unquote_plus, urlencode, urlsplit

from tests.support.waiting import LIMIT
from tests.support.web_server import Quiet, at_work

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_PYWB = {"original": "url", "mimetype": "mime", "statuscode": "status"}
_REPLAY = re.compile(r"/web/(\d+)id_/(.*)")
_OWN = {"memento-datetime", "link", "content-location", "date", "server", "transfer-encoding", "connection"}
_OWN |= {"content-length", "content-encoding"}


@dataclass(frozen=True)
class ArchiveAnswer:
    """An answer to give."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Front:
    """What was asked, and how the archive feels: `moods` are answers in place of the next ones, by part of address."""

    pywb: str  # host:port
    url: str = ""
    asked: list[str] = field(default_factory=list)
    moods: list[tuple[str, ArchiveAnswer]] = field(default_factory=list)
    change: Callable[[str, ArchiveAnswer], ArchiveAnswer] | None = None  # of answers that are given

    @property
    def here(self) -> str:
        """Its host and port."""
        return urlsplit(self.url).netloc

    @property
    def copies(self) -> list[str]:
        """The copies that were asked for, as `TIMESTAMP URL`."""
        return [" ".join(match.groups()) for path in self.asked if (match := _REPLAY.match(path))]

    @property
    def queries(self) -> list[dict[str, str]]:
        """What the index was asked."""
        return [_params(path) for path in self.asked if path.startswith("/cdx/")]

    def answer(self, path: str, accept: str) -> ArchiveAnswer:
        """What web.archive.org would say."""
        self.asked.append(path)
        for mood in self.moods:
            if mood[0] in path:
                self.moods.remove(mood)
                return mood[1]
        if path.startswith("/cdx/search/cdx?"):
            given = self._index(path)
        elif match := _REPLAY.match(path):
            given = self._replay(match[1], path, accept)
        else:
            given = ArchiveAnswer(404, b"nothing here")
        return self.change(path, given) if self.change else given

    def _index(self, path: str) -> ArchiveAnswer:
        asked = _params(path)
        passed = {name: asked[name] for name in ("url", "matchType", "from", "to") if name in asked}
        found = self._pywb("/web/cdx?" + urlencode(passed | {"output": "json"}))
        rows = [_row(json.loads(line)) for line in found.body.decode().splitlines()]
        for rule in parse_qs(urlsplit(path).query).get("filter", []):
            rows = _filter_rows(rows, rule)
        if name := asked.get("collapse"):
            rows = [row for n, row in enumerate(rows) if n == 0 or row[name] != rows[n - 1][name]]
        if key := asked.get("resumeKey"):
            rows = [row for row in rows if _key(row) > unquote_plus(key)]
        limit = int(asked.get("limit", "150000"))
        more = len(rows) > limit and asked.get("showResumeKey") == "true"
        rows = rows[:limit] if limit >= 0 else rows[limit:]
        names = asked.get("fl", ",".join(FIELDS)).split(",")
        table: list[list[str]] = [[row[name] for name in names] for row in rows]
        last = [[], [quote_plus(_key(rows[-1]))]] if more and rows else []
        if asked.get("output") == "json":
            return ArchiveAnswer(200, json.dumps(([names, *table] if table else []) + last).encode())
        text = "".join(" ".join(row) + "\n" for row in table) + (f"\n{last[1][0]}\n" if last else "")
        return ArchiveAnswer(200, text.encode())

    def _replay(self, stamp: str, path: str, accept: str) -> ArchiveAnswer:
        found = self._pywb(path, accept)
        headers = {name.lower(): value for name, value in found.headers}
        if "memento-datetime" not in headers:  # pywb's own word, such as a redirect to the address with a slash
            return replace(
                found, headers=tuple((name, value.replace(self.pywb, self.here)) for name, value in found.headers)
            )
        there = f"{parsedate_to_datetime(headers['memento-datetime']):%Y%m%d%H%M%S}"
        original = headers["link"].partition(">")[0].removeprefix("<")
        if there != stamp:
            return ArchiveAnswer(302, b"", (("Location", f"/web/{there}id_/{original}"),))
        kept = [(name, value) for name, value in found.headers if name.lower() in ("memento-datetime", "link")]
        kept += [(name, value) for name, value in found.headers if name.lower() == "content-encoding"]
        for name, value in found.headers:
            if name.lower() not in _OWN:
                kept.append((name if name.lower().startswith("x-archive-") else f"X-Archive-Orig-{name}", value))
        if target := headers.get("location"):
            kept.append(("Location", f"/web/{there}id_/{target}"))
        return ArchiveAnswer(
            found.status, found.body, (*kept, ("Content-Type", headers.get("content-type", "text/html")))
        )

    def _pywb(self, path: str, accept: str = "identity") -> ArchiveAnswer:
        connection = HTTPConnection(self.pywb, timeout=LIMIT)
        connection.request("GET", path, headers={"Accept-Encoding": accept})
        response = connection.getresponse()
        answer = ArchiveAnswer(response.status, response.read(), tuple(response.getheaders()))
        connection.close()
        return answer


def _params(path: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}


def _row(line: dict[str, str]) -> dict[str, str]:
    row = {name: line.get(name, line.get(_PYWB.get(name, name), "-")) for name in FIELDS}
    return row | ({"statuscode": "-"} if row["mimetype"] == "warc/revisit" else {})


def _filter_rows(rows: list[dict[str, str]], rule: str) -> list[dict[str, str]]:
    name, _, pattern = rule.removeprefix("!").partition(":")
    wanted = not rule.startswith("!")
    return [row for row in rows if bool(re.fullmatch(pattern, row[name])) == wanted]


def _key(row: dict[str, str]) -> str:
    return f"{row['urlkey']} {row['timestamp']} {row['original']}!"


@contextmanager
def serve_front(pywb: str) -> Iterator[Front]:
    """A server in front of a pywb at `http://HOST:PORT/web/`; it is stopped at the end."""
    served = Front(urlsplit(pywb).netloc)

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = served.answer(self.path, self.headers.get("Accept-Encoding", ""))
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    with at_work(Handler) as url:
        served.url = url + "/"
        yield served
