"""The WACZ export: valid for py-wacz, replayed by a real pywb, taken in again by ourselves."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from pipelines.exports import cdxj, wacz
from pipelines.exports.surt import make_surt
from scraper.errors import OK
from tests.support.exported_archive import FERRY, fill_exportable, run_export
from tests.support.filled_archive import query_database
from tests.support.scrapy_running import ROOT, scrapy
from tests.support.specimens import SITE
from tests.support.waiting import wait_for

PYWB = ROOT / ".venv-pywb/bin"
BRIEFS = "SELECT path, kind, label, number, domain, title, published, body, body_html FROM briefs ORDER BY path"
AUTHORS = """SELECT path, position, name_as_published, role FROM brief_authors JOIN briefs ON briefs.id = brief_id
    ORDER BY path, position"""
CAPTURES = "SELECT path, captured_at, source, digest, status, outcome, memento FROM captures ORDER BY 1, 2, 4"
CANONICAL = """import json, sys; from pywb.utils.canonicalize import canonicalize
print(json.dumps([canonicalize(url) for url in json.load(sys.stdin)]))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its export beside it, `out.wacz`."""
    made = fill_exportable(tmp_path_factory.mktemp("exported"))
    run_export(made, "wacz", made / "out.wacz")
    return made


@pytest.fixture(scope="module")
def replay(folder: Path) -> Iterator[str]:
    """The address of a pywb with two collections of the export: `plain`, and `packed` whose index is compressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wacz, "_BIG", 0)
        patch.setattr(cdxj, "BLOCK", 2)
        run_export(folder, "wacz", folder / "big.wacz")
    place = folder / "pywb"
    place.mkdir()
    for name, file in (("plain", "out.wacz"), ("packed", "big.wacz")):
        _run(place, "wb-manager", "init", name)
        _run(place, "wb-manager", "add", "--unpack-wacz", name, str(folder / file))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(PYWB / "wayback"), "-b", "127.0.0.1", "-p", str(port), "-t", "2"]
    with subprocess.Popen(words, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(lambda: _is_open(port), "an answer of pywb")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _run(place: Path, *words: str) -> None:
    subprocess.run([PYWB / words[0], *words[1:]], cwd=place, check=True, capture_output=True)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def _got(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.build_opener(_Stay).open(url) as answer:
            body = answer.read()
            return answer.status, gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Show a redirect as it is."""


def index(package: Path) -> list[tuple[str, str, dict[str, str]]]:
    """The lines of the index: key, timestamp and the rest."""
    with zipfile.ZipFile(package) as file:
        lines = file.read("indexes/index.cdx").decode().splitlines()
    return [(key, stamp, json.loads(result)) for key, stamp, result in (line.split(" ", 2) for line in lines)]


def test_py_wacz_finds_it_valid(folder: Path, replay: str) -> None:
    for name in ("out.wacz", "big.wacz"):
        words: list[str | Path] = [PYWB / "wacz", "validate", "-f", name]
        run = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert (run.returncode, "Validation succeeded" in run.stdout) == (0, True), run.stdout


def test_it_is_laid_out_as_the_standard_says(folder: Path) -> None:
    with zipfile.ZipFile(folder / "out.wacz") as file:
        entries = {entry.filename: entry for entry in file.infolist()}
        package = json.loads(file.read("datapackage.json"))
        digest = json.loads(file.read("datapackage-digest.json"))
        head, *pages = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())
        assert digest["hash"] == f"sha256:{hashlib.sha256(file.read('datapackage.json')).hexdigest()}"
        for resource in package["resources"]:
            raw = file.read(resource["path"])
            assert (resource["bytes"], resource["hash"]) == (len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}")
    held = {"archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"}
    assert set(entries) == held | {"datapackage.json", "datapackage-digest.json"}
    assert entries["archive/data.warc.gz"].compress_type == zipfile.ZIP_STORED
    assert (package["wacz_version"], package["created"]) == ("1.1.1", "2022-02-02T02:02:02Z")
    assert head["format"] == "json-pages-1.0"
    assert [page["title"] for page in pages] == [
        "The River Treaty",
        "The River Pact",
        next(
            title
            for (title,) in query_database(folder / "archive.db", f"SELECT title FROM briefs WHERE path = '{FERRY}'")
        ),
    ]
    assert all(page["url"].startswith(SITE) and page["ts"].endswith("Z") for page in pages)


@pytest.mark.parametrize("collection", ["plain", "packed"])
def test_pywb_gives_every_page_back(folder: Path, replay: str, collection: str) -> None:
    digests = {row[0] for row in query_database(folder / "archive.db", "SELECT digest FROM captures")}
    lines = index(folder / "out.wacz")
    assert len(lines) == 7
    assert Counter((key, stamp) for key, stamp, _ in lines).most_common(1)[0][1] == 1
    for _, stamp, result in lines:
        status, body = _got(f"{replay}/{collection}/{stamp}id_/{result['url']}")
        assert status == int(result.get("status", 200)), result
        assert f"sha256:{hashlib.sha256(body).hexdigest()}" in digests


def test_people_see_the_text_in_pywb(replay: str) -> None:
    status, body = _got(f"{replay}/plain/20220202020202mp_/{SITE}/2020/03/05/river-pact/")
    assert status == 200
    assert b"The pact was signed." in body


def test_keys_are_those_of_the_web_archives() -> None:
    hosts = ("http://usresistnews.org", "https://www.USRESISTnews.org:443", "http://www2.a.example:8080", "//x.example")
    paths = (
        "",
        "/",
        "/2019/03/10/A-Slug/",
        "/a//b/./c/../d",
        "/caf%C3%A9/ü",
        "/a%2520b%20c",
        "/index.php",
        "/x;y/",
        "/..",
    )
    queries = ("", "?", "?b=2&a=1&b", "?P=58", "?a=%26&=", "?sid=" + "a1" * 16 + "&z=1", "?q=a b#part", "?utm_source=x")
    urls = [f"{host}{path}{query}" for host, path, query in product(hosts, paths, queries)]
    urls += [
        "http://archive.org/goo/?a=2&b&a=1",
        "http://bücher.example/",
        "urn:sha256:ab",
        "http://user:pw@a.example/b",
    ]
    words: list[str | Path] = [PYWB / "python", "-W", "ignore", "-c", CANONICAL]
    run = subprocess.run(words, input=json.dumps(urls), capture_output=True, text=True, check=True)
    theirs = dict(zip(urls, json.loads(run.stdout), strict=True))
    assert {url: (make_surt(url), key) for url, key in theirs.items() if make_surt(url) != key} == {}
    assert make_surt("http://archive.org/goo/?a=2&b&a=1") == "org,archive)/goo?a=1&a=2&b"


def test_the_index_is_sorted_by_its_bytes(folder: Path) -> None:
    with zipfile.ZipFile(folder / "out.wacz") as file:
        lines = file.read("indexes/index.cdx").splitlines()
    assert lines == sorted(lines)


def test_an_export_can_be_the_archive_again(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    assert scrapy(first, "ingest", *sorted((ROOT / "tests/pages").glob("by*.html"))).returncode == OK
    for name, file in (("warc", "out.warc.gz"), ("wacz", "out.wacz")):
        again = tmp_path / name
        again.mkdir()
        run_export(first, "wacz" if name == "wacz" else "warc", tmp_path / file)
        run = scrapy(again, "ingest", tmp_path / file)
        assert run.returncode == OK, run.stderr
        for sql in (BRIEFS, AUTHORS, CAPTURES):
            assert query_database(again / "archive.db", sql) == query_database(first / "archive.db", sql)
