"""The odd files that warcio, py-wacz and pywb test themselves with: nothing crashes, nothing is lost silently."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import DATA, OK
from scraper.records import Capture
from scraper.sources.events import IndexEntry, Omission, SourceItem, Unreadable
from scraper.sources.paths import SourceReader
from scraper.sources.sidecar import Sidecar
from tests.support.specimens import read_rows

HERE = Path(__file__).parents[1] / "odd_files"
PYWB = Path(__file__).parents[2] / ".venv-pywb" / "sample_archive" / "warcs"
FILES = sorted((*HERE.glob("*/*"), *PYWB.glob("*")))
NAMES = [f"{path.parent.name}/{path.name}" for path in FILES]
HOSTS = frozenset({"example.com", "iana.org", "httpbin.org", "example.iana.org", "test@example.com"})
_CAPTURES = ("response", "resource", "revisit", "conversion")


def open_inner(path: Path) -> Iterator[BinaryIO]:
    """The WARC or ARC files in a file, by the standard library's way into a ZIP."""
    if path.suffix != ".wacz":
        yield BytesIO(path.read_bytes())
        return
    with ZipFile(path) as file:
        yield from (BytesIO(file.read(name)) for name in file.namelist() if name.startswith("archive/"))


def independent(path: Path) -> tuple[int, bool]:
    """How many captures warcio counts, and whether it came to the end."""
    count = 0
    try:
        for file in open_inner(path):
            for record in ArchiveIterator(file, arc2warc=True):
                record.raw_stream.read()
                count += record.rec_type in _CAPTURES
    except ArchiveLoadFailed:
        return count, False
    return count, True


def read(path: Path, hosts: frozenset[str] | None) -> list[SourceItem]:
    reader = SourceReader(hosts)
    return [*reader.read(path), *reader.read_deferred()]


def count_items(result: list[SourceItem]) -> tuple[int, int]:
    """Captures that were taken, left out by name or told to wait; and lines that say that something was lost."""
    met = sum(
        isinstance(item, Capture)
        or (isinstance(item, Omission) and item.reason != "unknown")
        or (isinstance(item, Unreadable) and item.what == "revisit")
        for item in result
    )
    lost = sum(isinstance(item, Unreadable) and item.lost and item.what != "revisit" for item in result)
    return met, lost


def test_the_files_are_there() -> None:
    assert len(list(HERE.glob("warcio/*"))) == 16
    assert len(list(HERE.glob("py-wacz/*"))) == 8
    if not PYWB.exists() and not os.environ.get("CI"):
        pytest.skip("pywb's sample archive comes with `make test`")
    assert list(PYWB.iterdir())


@pytest.mark.parametrize("hosts", [None, HOSTS, SITE_HOSTS], ids=["every host", "theirs", "ours"])
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_record_is_accounted_for(path: Path, hosts: frozenset[str] | None) -> None:
    result = read(path, hosts)
    assert result or independent(path) == (0, True)
    met, lost = count_items(result)
    expected, whole = independent(path)
    assert met + lost >= expected, result
    if whole:
        assert met <= expected, result


# What warcio's own files come to: captures, revisits that wait, lines.
KNOWN: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "bad.arc": (1, 0, ("its record says -1 bytes", "its record says abc bytes")),
    "example-bad-non-chunked.warc.gz": (2, 0, ()),
    "example-bad.warc.gz.bad": (3, 0, ()),
    "example-digest.warc": (0, 0, ()),  # requests
    "example-iana.org-chunked.warc": (1, 0, ()),
    "example-resource.warc.gz": (1, 0, ()),
    "example-space-in-target-uri.warc.gz": (0, 0, ()),  # file:// is no page
    "example-space-in-url.arc": (1, 0, ("breaks off",)),
    "example-trunc.warc": (1, 0, ("says 973 bytes and has 975",)),
    "example-wget-bad-target-uri.warc.gz": (1, 0, ()),
    "example-wrong-chunks.warc.gz": (1, 0, ("not have the digest that its record states (WARC-Block-Digest)",)),
    "example.arc": (1, 0, ()),
    "example.arc.gz": (1, 0, ()),
    "example.warc": (2, 0, ()),
    "example.warc.gz": (2, 0, ()),
    "post-test.warc.gz": (3, 0, ()),
}


@pytest.mark.parametrize(("name", "known"), KNOWN.items(), ids=KNOWN)
def test_what_each_of_them_comes_to(name: str, known: tuple[int, int, tuple[str, ...]]) -> None:
    result = read(HERE / "warcio" / name, None)
    captures, waiting, lines = known
    assert sum(isinstance(item, Capture) for item in result) == captures, result
    assert Counter(item.what for item in result if isinstance(item, Unreadable))["revisit"] == waiting
    others = [str(item) for item in result if isinstance(item, Unreadable) and item.what != "revisit"]
    assert len(others) == len(lines), others
    assert all(line in other for line, other in zip(lines, others, strict=True)), others


def test_spaces_in_an_address_stay() -> None:
    (capture,) = (item for item in read(HERE / "warcio/example-space-in-url.arc", None) if isinstance(item, Capture))
    assert "EmailTitle=Examples From The Live Web&" in (capture.url or "")
    assert (capture.captured_at, capture.truncated) == ("2014-02-16T05:02:21Z", True)


def test_an_arc_is_the_same_plain_and_packed() -> None:
    result = [read(HERE / "warcio" / name, None)[0] for name in ("example.arc", "example.arc.gz")]
    assert (
        len({(item.body, item.url, item.captured_at, item.status) for item in result if isinstance(item, Capture)}) == 1
    )


@pytest.mark.parametrize("name", ["valid_example_1", "valid_example_2", "valid_signed_example_1"])
def test_valid_packages_agree_with_themselves(name: str) -> None:
    result = read(HERE / "py-wacz" / f"{name}.wacz", None)
    assert {item.is_held for item in result if isinstance(item, IndexEntry)} == {True}
    assert all("signature was not verified" in str(item) for item in result if isinstance(item, Unreadable))


def test_all_of_them_go_into_one_archive(tmp_path: Path) -> None:
    settings = Settings(
        {
            "ARCHIVE_DB": str(tmp_path / "archive.db"),
            "WARCS_DIR": str(tmp_path / "warcs"),
            "ARCHIVE": "pipelines.archive.SqliteArchive",
        }
    )
    assert ingest_paths(settings, [HERE], Sidecar(), HOSTS) == DATA
    before = read_rows(tmp_path, "SELECT count(*), count(DISTINCT digest) FROM captures")
    assert before[0][0] >= 15
    assert read_rows(tmp_path, "SELECT DISTINCT source FROM captures ORDER BY 1") == [("wacz",), ("warc",)]
    assert read_rows(tmp_path, "SELECT count(*) FROM problems WHERE kind = 'damaged'")[0][0] > 5
    again = [HERE / "warcio" / "post-test.warc.gz", HERE / "py-wacz" / "valid_example_2.wacz"]
    assert ingest_paths(settings, again, Sidecar(), HOSTS) == OK
    assert read_rows(tmp_path, "SELECT count(*), count(DISTINCT digest) FROM captures") == before
