"""CDX and CDXJ files beside WARCs: what they tell of and no file holds is a gap."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import DATA, OK
from scraper.sources.cdx_files import check_index
from scraper.sources.events import IndexEntry, SourceItem, Unreadable
from scraper.sources.sidecar import Sidecar
from tests.support.specimens import read_rows
from tests.support.wacz_writing import records
from tests.support.warc_writing import FORMS, Form, Warc, address, read, three

STAMP = "20190401102030"
SHA1 = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def line(n: int, offset: int, file: str = "crawl.warc.gz", **more: object) -> str:
    """A line of CDXJ for the page with that number."""
    result = {"url": address(n), "mime": "text/html", "status": "200", "offset": str(offset), "filename": file}
    return f"org,usresistnews)/{n} {STAMP} {json.dumps(result | more)}\n"


def offsets(warc: Warc, form: Form = "gzip per record") -> list[int]:
    sizes = [len(member) for member in warc.pack_records(form)]
    return [sum(sizes[:n]) for n in range(len(sizes))]


def index(folder: Path, *lines: str, name: str = "crawl.cdxj") -> Path:
    path = folder / name
    data = "".join(lines).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def list_entries(result: list[SourceItem]) -> list[tuple[str, bool]]:
    return [(item.memento.url, item.is_held) for item in result if isinstance(item, IndexEntry)]


def lines_of(result: list[SourceItem]) -> list[str]:
    assert all(not item.lost for item in result if isinstance(item, Unreadable))
    return [item.why for item in result if isinstance(item, Unreadable)]


@pytest.mark.parametrize("name", ["crawl.cdxj", "crawl.cdxj.gz", "index.cdx.gz", "index.cdx"])
@pytest.mark.parametrize("form", FORMS[:2])
def test_what_is_there_is_there(tmp_path: Path, form: Form, name: str) -> None:
    warc = three()
    file = warc.save(tmp_path, form)
    told_of = [line(n, offset, file.name) for n, offset in zip((1, 2, 3), offsets(warc, form), strict=True)]
    result = read(index(tmp_path, *told_of, name=name), file)
    assert list_entries(result) == [(address(n), True) for n in (1, 2, 3)]
    assert lines_of(result) == []


def test_blocks_of_a_packed_index_need_no_line_end(tmp_path: Path) -> None:
    path = tmp_path / "index.cdx.gz"
    path.write_bytes(b"".join(gzip.compress(line(n, 0).strip().encode()) for n in (1, 2)))
    result = read(path)
    assert list_entries(result) == [(address(1), False), (address(2), False)]
    assert len(lines_of(result)) == 1


def test_the_older_forms_are_read_by_their_legend_or_their_number_of_fields(tmp_path: Path) -> None:
    warc = three()
    file, (first, second, _) = warc.save(tmp_path), offsets(warc)
    old = f"org,x)/1 {STAMP} {address(1)} text/html 200 - - - 99 {first} crawl.warc.gz\n"
    legend = f" CDX a b g V\n{address(2)} {STAMP} crawl.warc.gz {second}\n"
    assert list_entries(read(index(tmp_path, old, name="a.cdx"), file)) == [(address(1), True)]
    assert list_entries(read(index(tmp_path, legend, name="b.cdx"), file)) == [(address(2), True)]
    nowhere = f"org,x)/3 {STAMP} {address(3)} text/html 200 {SHA1} 512\n"
    result = read(index(tmp_path, nowhere, name="c.cdx"), file)
    assert list_entries(result) == [(address(3), False)]
    assert "without the name of a file" in lines_of(result)[0]


def test_files_not_given_and_wrong_places_are_a_line_each(tmp_path: Path) -> None:
    warc = three()
    file, (first, second, third) = warc.save(tmp_path), offsets(warc)
    wrong = [line(1, second), line(2, second + 3), line(3, 10**12), line(3, third, url=address(4))]
    result = read(index(tmp_path, line(1, first), line(7, 0, "gone.warc.gz"), line(8, 5, "gone.warc.gz"), *wrong), file)
    assert [found for _, found in list_entries(result)] == [True, *[False] * 6]
    here, gone = lines_of(result)
    assert here.startswith("4 captures of this site") and here.endswith(
        "crawl.warc.gz and are not at their position in it"
    )
    assert gone.startswith("2 captures of this site") and gone.endswith("in gone.warc.gz, which was not given")


def test_other_bytes_than_the_index_has_are_told(tmp_path: Path) -> None:
    warc = three()
    file, (first, second, _) = warc.save(tmp_path), offsets(warc)
    result = read(index(tmp_path, line(1, first, digest=f"sha1:{SHA1}"), line(2, second, digest="odd")), file)
    assert list_entries(result) == [(address(1), True), (address(2), True)]
    (why,) = lines_of(result)
    assert why.startswith(address(1)) and "do not have the digest" in why


def test_other_hosts_images_and_errors_are_no_gaps(tmp_path: Path) -> None:
    left_out = [line(1, 0, url="https://example.org/"), line(2, 0, mime="image/png")]
    result = read(index(tmp_path, *left_out, line(3, 0, status="404"), "!meta 0 {}\n", "\n"))
    assert list_entries(result) == []
    assert lines_of(result) == [
        f"1 captures of this site, such as {STAMP} {address(3)}, are listed in crawl.warc.gz, which was not given"
    ]


def test_damage_and_lines_that_are_none_are_told(tmp_path: Path) -> None:
    result = read(index(tmp_path, "what\n", f"a {STAMP} {{\n", f"a {STAMP} []\n", line(1, -1, status=7)))
    assert lines_of(result)[0] == "3 lines that are no lines of an index"
    path = index(tmp_path, *(line(n, n) for n in range(500)), name="cut.cdxj.gz")
    path.write_bytes(path.read_bytes()[:-50])
    assert "the index is damaged" in lines_of(read(path))[0]


def test_a_gap_is_remembered_until_its_file_is_there(tmp_path: Path) -> None:
    known = {"ARCHIVE_DB": str(tmp_path / "archive.db"), "WARCS_DIR": str(tmp_path / "warcs")}
    settings = Settings(known | {"ARCHIVE": "pipelines.archive.SqliteArchive"})
    first, second = Warc().page(1), Warc().page(2)
    there = first.save(tmp_path, name="a")
    path = index(tmp_path, line(1, 0, "a.warc.gz"), line(2, 0, "b.warc.gz"))
    states = "SELECT state, url, file FROM mementos"
    assert ingest_paths(settings, [there, path], Sidecar(), SITE_HOSTS) == OK
    assert read_rows(tmp_path, states) == [("waiting", address(2), "b.warc.gz")]
    assert ingest_paths(settings, [path], Sidecar(), SITE_HOSTS) == DATA  # nothing was taken in
    (tmp_path / "b.warc.gz").write_bytes(records(second))
    assert ingest_paths(settings, [path, tmp_path / "b.warc.gz"], Sidecar(), SITE_HOSTS) == OK
    assert ("taken", address(2), "b.warc.gz") in read_rows(tmp_path, states)


@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"a {STAMP} {text}".encode())))
def test_any_bytes_may_stand_in_an_index(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.cdx"
    path.write_bytes(data)
    list(check_index(path, [path], None))
