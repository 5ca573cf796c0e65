"""Files at addresses: read like files on the disk, in parts where the server gives parts; what it refuses is told."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import fsspec
import pytest

from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import MissingExtra
from scraper.sources import remote
from scraper.sources.remote import RemoteFile, RemoteTrouble, is_address, list_files, read_argument
from scraper.sources.sidecar import Sidecar
from tests.support.expected import PAGES
from tests.support.specimens import make_settings
from tests.support.warc_writing import Warc
from tests.support.web_server import Quiet, at_work


@dataclass
class Store:
    """What a server has, and how it behaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    gives_parts: bool = True
    cut: int = 0  # how many parts it cuts
    refusal: int = 403
    refuses_from: int | None = None  # the byte from which on it refuses all
    url: str = ""
    ranges: list[str] = field(default_factory=list)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            body = store.files.get(self.path.partition("?")[0])
            if body is None:
                self.send_error(store.refusal, "Access Denied")
                return
            part = self.headers.get("Range") if store.gives_parts else None
            if part:
                store.ranges.append(part)
                first, last = part.removeprefix("bytes=").split("-")
                if store.refuses_from is not None and int(last) >= store.refuses_from:
                    self.send_error(store.refusal, "Access Denied")
                    return
                end = min(int(last) + 1, len(body))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{end - 1}/{len(body)}")
                body = body[int(first) : end]
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                if store.cut and part:
                    store.cut -= 1
                    body = body[: len(body) // 2]
                    self.close_connection = True
                self.wfile.write(body)

    with at_work(Handler) as store.url:
        yield store
    fsspec.filesystem("http").clear_instance_cache()


def _crawl() -> bytes:
    crawl = Warc()
    for number, path in enumerate(sorted(PAGES.glob("*.html"))[:4], 1):
        crawl.page(number, path.read_bytes())
    return b"".join(crawl.pack_records("gzip per record"))


def _ingest(folder: Path, *arguments: str) -> int:
    paths = [read_argument(argument) for argument in arguments]
    return ingest_paths(make_settings(folder), paths, Sidecar(), SITE_HOSTS)


def _names(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return [name for (name,) in db.execute("SELECT DISTINCT name FROM captures ORDER BY name")]


@pytest.mark.parametrize("gives_parts", [True, False])
def test_addresses_are_read_as_files(
    store: Store, tmp_path: Path, gives_parts: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    page = sorted(PAGES.glob("*.html"))[5].read_bytes()
    store.files, store.gives_parts = {"/crawl.warc.gz": _crawl(), "/..%2F..%2Fpage.html": page}, gives_parts
    arguments = (f"{store.url}/crawl.warc.gz?X-Signature=secret", f"{store.url}/..%2F..%2Fpage.html")
    assert _ingest(tmp_path, *arguments) == 0
    assert "5 captures new" in capsys.readouterr().out
    assert _names(tmp_path) == sorted([arguments[0].partition("?")[0], arguments[1]])
    assert bool(store.ranges) is gives_parts
    assert _ingest(tmp_path, *arguments) == 0
    assert "0 captures new, 5 known" in capsys.readouterr().out


def test_what_a_store_refuses_is_one_line_and_the_rest_goes_on(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.files = {"/crawl.warc.gz": _crawl(), "/cut.warc.gz": _crawl()}
    assert _ingest(tmp_path, f"{store.url}/no.warc.gz") == 69
    assert _ingest(tmp_path, f"{store.url}/no.warc.gz", f"{store.url}/crawl.warc.gz") == 4
    result = capsys.readouterr()
    assert "4 captures new" in result.out
    refusal = f"{store.url}/no.warc.gz: there is no such file, or it is not for us"
    assert [line for line in result.err.splitlines() if "/no.warc.gz" in line] == [refusal] * 2
    store.refusal = 500
    assert _ingest(tmp_path, f"{store.url}/no.warc.gz") == 69
    assert "/no.warc.gz: the store refuses or does not answer (ClientResponseError: 500" in capsys.readouterr().err
    assert _ingest(tmp_path, "s4://nobody/knows.warc.gz", "http://127.0.0.1:9/x.warc.gz") == 69
    result = capsys.readouterr()
    assert "s4://nobody/knows.warc.gz: " in result.err
    assert "http://127.0.0.1:9/x.warc.gz: the store refuses or does not answer (ClientConnectorError" in result.err


def test_a_part_that_comes_short_is_asked_for_again_and_then_told(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.files, store.cut = {"/crawl.warc.gz": _crawl()}, 1
    (tmp_path / "once").mkdir()
    (tmp_path / "always").mkdir()
    assert _ingest(tmp_path / "once", f"{store.url}/crawl.warc.gz") == 0
    store.cut = 99
    assert _ingest(tmp_path / "always", f"{store.url}/crawl.warc.gz") == 69
    store.cut = 0
    assert _ingest(tmp_path / "always", f"{store.url}/crawl.warc.gz") == 0
    assert "4 captures new" in capsys.readouterr().out


@pytest.mark.parametrize("refusal", [403, 500])
def test_what_comes_before_a_refused_end_is_read(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], refusal: int
) -> None:
    crawl = Warc()
    for number, path in enumerate(sorted(PAGES.glob("*.html"))[:4], 1):
        crawl.page(number, path.read_bytes())
    crawl.page(5, b"<!--" + random.Random(5).randbytes(3 * 2**20) + b"-->")
    store.files, store.refusal = {"/crawl.warc.gz": b"".join(crawl.pack_records("gzip per record"))}, refusal
    store.refuses_from = 2**21
    assert _ingest(tmp_path, f"{store.url}/crawl.warc.gz") == 4
    result = capsys.readouterr()
    assert "4 captures new" in result.out
    assert len([line for line in result.err.splitlines() if "/crawl.warc.gz: " in line]) == 1
    store.refuses_from = None
    assert _ingest(tmp_path, f"{store.url}/crawl.warc.gz") == 0
    assert "1 captures new, 4 known" in capsys.readouterr().out


def test_a_copy_has_a_greatest_size(store: Store, tmp_path: Path) -> None:
    store.files = {"/page.html": b"<p>" + b"x" * 5000}
    with (tmp_path / "copy").open("wb") as copy, pytest.raises(OSError, match="more than the"):
        RemoteFile(f"{store.url}/page.html").copy_to(copy, 4000)


def test_a_store_is_listed(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/crawls/2019/b.warc.gz": b"", "/crawls/2019/a.warc.gz": _crawl(), "/crawls/notes.txt": b"."})
    listed = [str(file) for file in list_files(RemoteFile("memory://crawls/*/*.warc.gz"))]
    assert listed == ["memory:///crawls/2019/a.warc.gz", "memory:///crawls/2019/b.warc.gz"]
    assert len(list_files(RemoteFile("memory://crawls/"))) == 3
    assert _ingest(tmp_path, "memory://crawls/2019/a*") == 0
    memory.rm("/crawls", recursive=True)


def test_arguments() -> None:
    assert [is_address(name) for name in ("s3://b/a", "https://h/x", "file:///x", "x.html", "C:/x", "a/b://c")] == [
        *(True, True, False, False, False, False)
    ]
    assert read_argument("file:///tmp/a%20b.html") == Path("/tmp/a b.html")
    assert str(RemoteFile("https://me:word@host/a.warc.gz?signature=1")) == "https://host/a.warc.gz"
    names = [RemoteFile(f"https://host/{name}").name for name in ("a.html", "..%2F..%2Fetc", "..", "", "a%00b")]
    assert names == ["a.html", "_.._etc", "index.html", "index.html", "a_b"]


def test_without_fsspec_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(remote, "import_module", refuse)
    with pytest.raises(MissingExtra, match=r"pip install brief-archive\[cluster\]"):
        list_files(RemoteFile("s3://bucket/*"))
    with pytest.raises(MissingExtra):
        list_files(RemoteFile("https://host/a.warc.gz"))


@pytest.mark.parametrize(("scheme", "package"), [("gs", "gcsfs"), ("az", "adlfs"), ("sftp", "paramiko")])
def test_a_store_whose_package_is_missing_names_it(scheme: str, package: str) -> None:
    with pytest.raises(RemoteTrouble, match=f": pip install {package}"):
        list_files(RemoteFile(f"{scheme}://bucket/*.warc.gz"))
