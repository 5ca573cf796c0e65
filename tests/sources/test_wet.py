"""WET files (a page's text alone) and WAT files (what was told of a page)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from scrapy.settings import Settings

from pipelines.extract import extract
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import OK
from scraper.records import Capture
from scraper.sources.events import Omission
from scraper.sources.sidecar import Sidecar
from tests.support.specimens import read_rows
from tests.support.warc_writing import DAY, Warc, read

MORE = (
    b"The towns on both shores share the cost of the piers and of the boats. Fares stay as they are until the spring, "
    b"and who lives on an island pays half of them. The first boat leaves in May."
)
TEXT = (
    b"The Ferry Pact\nThe ministers of two lakes signed the ferry pact on Monday.\nIt holds for ten years.\n"
    + MORE
    + b"\n"
)
URL = "https://www.usresistnews.org/2019/03/10/ferry-pact/"
PAGE = (
    b"""<!doctype html><html><head><title>The Ferry Pact - U.S. RESIST NEWS</title></head><body class="single-post">
<article class="post"><h1 class="entry-title">The Ferry Pact</h1><div class="entry-content">
<p>The ministers of two lakes signed the ferry pact on Monday.</p><p>It holds for ten years.</p>
<p>%s</p></div></article>
</body></html>"""
    % MORE
)


def text(warc: Warc, n: int, url: str = URL) -> Warc:
    return warc.page(n, TEXT, kind="conversion", content_type="text/plain", url=url)


def save(folder: Path, warc: Warc, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"".join(warc.pack_records("gzip per record")))
    return path


def test_a_text_is_a_capture_of_the_lowest_fidelity(tmp_path: Path) -> None:
    path = save(tmp_path, text(Warc(), 1), "CC-MAIN-1.warc.wet.gz")
    (capture,) = (item for item in read(path) if isinstance(item, Capture))
    assert (capture.url, capture.captured_at, capture.status) == (URL, DAY, None)
    assert (capture.content_type, capture.body, capture.source) == ("text/plain", TEXT, "warc")
    (reading,) = extract(capture).readings
    assert (reading.fidelity, reading.brief.title) == (1, "The Ferry Pact")


def test_texts_of_other_hosts_are_counted(tmp_path: Path) -> None:
    path = save(tmp_path, text(text(Warc(), 1, "https://example.org/a/"), 2), "a.wet.gz")
    result = read(path)
    assert [(item.reason, item.detail) for item in result if isinstance(item, Omission)] == [("host", "example.org")]
    assert sum(isinstance(item, Capture) for item in result) == 1


def test_a_wat_is_counted_and_left_out(tmp_path: Path) -> None:
    told_of = json.dumps({"Envelope": {}}).encode()
    warc = Warc().page(1, told_of, kind="metadata", warc={"Content-Type": "application/json"})
    path = tmp_path / "CC-MAIN-1.warc.wat.gz"
    record = warc.records[0].replace(b"Content-Type: application/warc-record", b"Content-Type: application/json")
    path.write_bytes(gzip.compress(record))
    assert read(path) == [Omission(str(path), "wat")]


def test_a_text_never_beats_the_page(tmp_path: Path) -> None:
    page = Warc().page(1, PAGE, url=URL).save(tmp_path, name="page")
    wet = save(tmp_path, text(Warc(), 1), "page.warc.wet.gz")
    for turn, paths in enumerate(([page, wet], [wet, page])):
        folder = tmp_path / str(turn)
        folder.mkdir()
        known = {"ARCHIVE_DB": str(folder / "archive.db"), "WARCS_DIR": str(folder / "warcs")}
        settings = Settings(known | {"ARCHIVE": "pipelines.archive.SqliteArchive"})
        assert ingest_paths(settings, paths, Sidecar(), SITE_HOSTS) == OK
        assert read_rows(folder, "SELECT count(*) FROM captures") == [(2,)]
        ((title, media_type),) = read_rows(
            folder, "SELECT title, media_type FROM briefs JOIN captures ON captures.id = briefs.capture_id"
        )
        assert (title, media_type) == ("The Ferry Pact", "text/html")
