"""Folders of ArchiveBox, old and new: one page a snapshot, in its best form, with the index's address and time."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sources.events import Omission, Unreadable
from tests.support.warc_writing import Warc, address, html, read

URL, PAGE = address(1), html(1)
STAMP = "1559729472.0"  # 2019-06-05T10:11:12Z
WGET = "www.usresistnews.org/2019/03/01/page-1/index.html"
RESULT = {"status": "succeeded", "start_ts": "2019-06-05T10:11:40+00:00", "end_ts": "2019-06-05T10:11:50+00:00"}
OTHERS = ("index.html", "archive.org.txt", "readability/content.html", "readability/content.txt", "headers.json")
OLD = {"schema": "Link", "url": URL, "timestamp": STAMP, "updated": "2019-06-07T00:00:00+00:00"}
NEW = {"url": URL, "timestamp": STAMP, "fs_version": "0.9.0", "created_at": "2019-06-05T10:11:12+00:00"}
LINES = [{"type": "Snapshot", "url": URL, "timestamp": STAMP}, {"type": "ArchiveResult", "plugin": "dom", **RESULT}]

# Files of a snapshot, its index, the form that is read, and when it was saved.
SNAPSHOTS = {
    "of wget": ([WGET, "singlefile.html", "output.html"], OLD, WGET, "2019-06-05T10:11:12Z"),
    "of wget, with results": (
        *([WGET, "output.html"], OLD | {"history": {"wget": [RESULT], "dom": [{**RESULT, "start_ts": "2019"}]}}, WGET),
        "2019-06-05T10:11:40Z",
    ),
    "of SingleFile": (["singlefile.html", "output.html"], OLD, "singlefile.html", "2019-06-05T10:11:12Z"),
    "a dump of the document": (["output.html"], OLD | {"history": []}, "output.html", "2019-06-05T10:11:12Z"),
    "a dump by another name": (["dom.output_html"], OLD, "dom.output_html", "2019-06-05T10:11:12Z"),
    "a rendering alone": ([], OLD, "readability/content.html", "2019-06-05T10:11:12Z"),
    "plugins, an object": (
        *(["singlefile/singlefile.html", "dom/output.html"], NEW | {"archive_results": [{"plugin": "dom", **RESULT}]}),
        *("singlefile/singlefile.html", "2019-06-05T10:11:40Z"),
    ),
    "plugins, lines": ([f"wget/{WGET}", "dom/output.html"], LINES, f"wget/{WGET}", "2019-06-05T10:11:40Z"),
}
PLACES = {
    "old": f"archive/{STAMP}",
    "new": "archive/users/system/snapshots/20190605/www.usresistnews.org/0197-a1b2",
}


def data_folder(root: Path, place: str, names: list[str], index: object) -> Path:
    """A data folder with one snapshot."""
    folder = root / place
    for name in (*names, *OTHERS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(PAGE if name.endswith("html") else f"{URL}\n".encode())
    if isinstance(index, list):
        (folder / "index.jsonl").write_text("\n".join(map(json.dumps, index)))
    else:
        (folder / "index.json").write_text(json.dumps(index, indent=4))
    (root / "sources").mkdir()
    (root / "sources" / "import.txt").write_text(URL)
    (root / "ArchiveBox.conf").write_text("[SERVER_CONFIG]")
    (root / "index.html").write_bytes(PAGE)
    return folder


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize(("names", "index", "best", "at"), SNAPSHOTS.values(), ids=SNAPSHOTS.keys())
def test_a_snapshot_is_one_page(
    tmp_path: Path, place: str, names: list[str], index: object, best: str, at: str
) -> None:
    folder = data_folder(tmp_path, place, names, index)
    found = read(tmp_path)
    (page,) = [item for item in found if isinstance(item, Capture)]
    assert (page.name, page.url, page.captured_at) == (str(folder / best), URL, at)
    assert {item.reason for item in found if isinstance(item, Omission)} == {"companion"}
    assert [item for item in read(folder) if isinstance(item, Capture)] == [page]  # one snapshot given alone
    (alone,) = read(folder / best)
    assert alone == page


def test_the_records_are_the_best_form_where_they_hold_the_page(tmp_path: Path) -> None:
    folder = data_folder(tmp_path, PLACES["old"], [WGET], OLD)
    (folder / "warc").mkdir()
    warc = Warc().page(1, warc={"WARC-Date": "2019-06-05T10:11:13Z"}).page(2, b"\x89PNG", content_type="image/png")
    warc.save(folder / "warc", name=STAMP)
    (page,) = [item for item in read(tmp_path) if isinstance(item, Capture)]
    assert (page.source, page.url, page.captured_at, page.status) == ("warc", URL, "2019-06-05T10:11:13Z", 200)


def test_records_without_the_page_are_left_out(tmp_path: Path) -> None:
    folder = data_folder(tmp_path, PLACES["old"], [WGET], OLD)
    (folder / "warc").mkdir()
    Warc().page(1, status="403 Forbidden").page(2).save(folder / "warc", name="refused")
    (folder / "warc" / "broken.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\n")[:-4])
    (page,) = [item for item in read(tmp_path) if not isinstance(item, Omission)]
    assert isinstance(page, Capture)
    assert page.name == str(folder / WGET)


def test_a_snapshot_without_its_index_is_in_the_list_of_all(tmp_path: Path) -> None:
    folder = data_folder(tmp_path, PLACES["old"], [WGET], OLD)
    (folder / "index.json").unlink()
    (tmp_path / "index.json").write_text(json.dumps({"links": [{"url": address(2), "timestamp": "1"}, OLD]}))
    (page,) = [item for item in read(tmp_path) if not isinstance(item, Omission)]
    assert isinstance(page, Capture)
    assert (page.url, page.captured_at) == (URL, "2019-06-05T10:11:12Z")


def test_a_snapshot_of_pictures_is_told(tmp_path: Path) -> None:
    folder = tmp_path / PLACES["old"]
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(json.dumps(OLD))
    (folder / "screenshot.png").write_bytes(b"\x89PNG")
    result, _ = [item for item in read(folder) if isinstance(item, Unreadable)]  # and that there is no page
    assert (result.where, result.lost) == (str(folder), True)
    assert URL in result.why


@pytest.mark.parametrize("index", [{"url": URL}, {"url": URL, "timestamp": "soon", "type": 1}, [1], "index"])
def test_another_index_makes_no_snapshot(tmp_path: Path, index: object) -> None:
    (tmp_path / "index.json").write_text(json.dumps(index))
    (tmp_path / "page.html").write_bytes(PAGE)
    pages = [item for item in read(tmp_path) if isinstance(item, Capture) and item.content_type == "text/html"]
    assert [page.url for page in pages] == [None]
