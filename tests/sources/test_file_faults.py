"""Whatever one file or record holds, it becomes a row or a line, and the rest is read."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import DATA, OK, PARTLY
from scraper.sources import files, warc
from scraper.sources.sidecar import Sidecar
from tests.support.specimens import make_settings, open_archive, read_rows

_SITE = "https://www.usresistnews.org"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_MOVED = b"HTTP/1.1 301 Moved Permanently\r\n"


def _page(n: int) -> bytes:
    return b"<body class='single-post'><h1>The ferry</h1><p>Brief #%d-Education</p><p>It sails again.</p>" % n


def _record(url: str, head: bytes, body: bytes) -> bytes:
    block = head + b"\r\n" + body
    start = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    return start.encode() + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)


def _arc(url: str, head: bytes, body: bytes) -> bytes:
    block = head + b"\r\n" + body
    return f"{url} 192.0.2.1 20200101000000 text/html {len(block)}\n".encode() + block + b"\n"


_HEADS = {
    "name": _HEAD + b"X-\xdcmlaut: yes\r\n",
    "wide-name": _HEAD + "Überschrift: ja\r\n".encode(),
    "zero": _MOVED + b"Location: \0\r\n",
    "zero-within": _MOVED + b"Location: /2020/02/03/a\0b/\r\n",
    "no-address": _MOVED + b"Location: http://[x/\r\n",
    "digits": b"HTTP/1.1 12345678901234567890 OK\r\n",
    "many-digits": b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\n",
    "length": _HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n",
    "long": _HEAD + b"X-Long: " + b"x" * 2**20 + b"\r\n",
}
_SIDECARS = {
    "half": '{"url": "https://www.usresistnews.org/2020/03/01/\\ud800x/", "content_type": "\\ud800"}',
    "line": '{"url": "https://www.usresistnews.org/2020/03/02/a\\nb/"}',
    "status-20": '{"url": "https://www.usresistnews.org/2020/03/03/c/", "status": 12345678901234567890}',
    "status-5000": '{"url": "https://www.usresistnews.org/2020/03/04/d/", "status": "%s"}' % ("9" * 5000),
    "year": '{"url": "https://www.usresistnews.org/2020/03/05/e/", "captured_at": "99999-01-01T00:00:00Z"}',
    "port": '{"url": "https://www.usresistnews.org:443/2020/03/06/f/", "captured_at": "0001-01-01T00:00:00+14:00"}',
}


def _ingest(folder: Path, *paths: Path) -> int:
    with open_archive(folder):
        pass
    return ingest_paths(make_settings(folder), list(paths), Sidecar(), SITE_HOSTS)


def _write_odd_files(folder: Path) -> Iterator[str]:
    """Write the files; yields the path of each page in them."""
    for n, (name, address) in enumerate((("caf\udce9", "caf%e9"), ("\udcff", "%ff"), ("m" * 250, "m" * 250)), 1):
        place = folder / "www.usresistnews.org/2020/02" / f"{n:02}"
        place.mkdir(parents=True)
        (place / f"{name}.htm").write_bytes(_page(n))
        yield f"/2020/02/{n:02}/{address}/"
    for n, (name, text) in enumerate(_SIDECARS.items(), 1):
        (folder / f"{name}.html").write_bytes(_page(10 + n))
        (folder / f"{name}.html.meta.json").write_text(text)
        yield f"/2020/03/{n:02}/{('%ef%bf%bdx', 'ab', 'c', 'd', 'e', 'f')[n - 1]}/"
    for n, (name, head) in enumerate(_HEADS.items(), 20):
        urls = [f"{_SITE}/2020/{month}/01/{name}/" for month in ("04", "05", "06")]
        members = [_record(url, head, _page(n)) for url in urls]
        (folder / f"{name}.warc.gz").write_bytes(gzip.compress(members[0] + members[1])[:-8])  # it lost its end
        (folder / f"{name}.arc").write_bytes(_arc(urls[2], head, _page(n)))
        yield from (f"/2020/{month}/01/{name}/" for month in ("04", "05", "06"))
    os.mkfifo(folder / "fifo.html")
    (folder / "self.html").symlink_to("self.html")
    (folder / "loop").symlink_to(".")


def test_each_odd_file_is_a_row_or_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    pages = set(_write_odd_files(tmp_path / "in"))
    assert _ingest(tmp_path, tmp_path / "in") == DATA  # files that break off, and what is no file
    assert {path for (path,) in read_rows(tmp_path, "SELECT path FROM captures")} == pages
    assert read_rows(tmp_path, "SELECT message FROM problems WHERE kind IN ('fault', 'refused')") == []
    assert {"fifo.html", "self.html"} <= {
        Path(message.partition(":")[0]).name for (message,) in read_rows(tmp_path, "SELECT message FROM problems")
    }
    assert "Traceback" not in capsys.readouterr().err


def _fail_on(name: str, read: Callable[..., object]) -> Callable[..., object]:
    def run(*args: object, **options: object) -> object:
        if any(name in str(arg)[:400] for arg in args):
            raise LookupError("nobody foresaw this")
        return read(*args, **options)

    return run


@pytest.mark.parametrize(("module", "step"), [(files, "read_page"), (warc, "_make_capture"), (warc, "read_records")])
def test_a_fault_of_a_reader_costs_one_file_or_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for n, name in enumerate(("a-first", "b-victim", "c-last"), 1):
        url = f"{_SITE}/2020/01/{n:02}/{name}/"
        record = _record(url, _HEAD, _page(n))
        (source / f"{name}.html").write_bytes(_page(n))
        (source / f"{name}.html.meta.json").write_text(json.dumps({"url": url}))
        (source / f"{name}.warc").write_bytes(record)
    monkeypatch.setattr(module, step, _fail_on("b-victim", getattr(module, step)))
    assert _ingest(tmp_path, source) == PARTLY
    assert len(read_rows(tmp_path, "SELECT id FROM captures")) == 5
    ((message,),) = read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'fault'")
    assert "b-victim" in message
    assert "LookupError: nobody foresaw this" in message
    monkeypatch.undo()
    assert _ingest(tmp_path, source) == OK
    assert len(read_rows(tmp_path, "SELECT id FROM captures")) == 6


def test_nothing_but_a_fault_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_bytes(_page(1))
    monkeypatch.setattr(files, "read_page", _fail_on("page.html", files.read_page))
    assert _ingest(tmp_path, tmp_path / "page.html") == DATA
