"""What a run was offered came out of it as rows, repeats or problems; else it ends with 1 and the addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.keep import keep
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.errors import FAILED, IO, Imbalance
from tests.support.small_site import Post
from tests.support.specimens import LATER, NOON, ingest_capture, make_capture, open_archive, read_rows

_ENDS = "SELECT outcome, exit_code FROM crawls"
_LINES = "SELECT message FROM problems WHERE kind = 'imbalance'"
_VANISH = (
    "CREATE TEMP TRIGGER vanish AFTER INSERT ON captures BEGIN DELETE FROM captures WHERE path LIKE '%brief-2/'; END"
)


def run_with(folder: Path, loss: str, code: int | None = 0) -> None:
    """A run over three posts, of which one is kept and then forgotten, loses its row, or its bytes."""
    with open_archive(folder) as archive:
        archive.begin_run("ingest", {})
        if loss == "row":
            archive.db.execute("PRAGMA foreign_keys = OFF")
            archive.db.execute(_VANISH)
        for number in (1, 2, 3):
            post = Post(number)
            capture = make_capture(post.page(), path=post.path)
            if number == 2 and loss == "item":
                keep(archive, CaptureItem(capture, SITE_HOSTS))
            else:
                ingest_capture(archive, capture)
        if loss == "bytes":
            (warc,) = (folder / "warcs").iterdir()
            with warc.open("r+b") as file:
                file.truncate(read_rows(folder, "SELECT warc_offset + 9 FROM captures ORDER BY id DESC")[0][0])
        archive.finish_run("finished", {}, code)


@pytest.mark.parametrize(
    ("loss", "line"),
    [
        ("item", r"1 of 3 captures became neither rows nor problems: https://www.usresistnews.org/.*/brief-2/"),
        ("row", "3 captures were counted as new, and 2 rows are there"),
        ("bytes", r"warc.gz ends at byte \d+, before the bytes of 1 captures: .*/brief-3/"),
    ],
)
def test_what_is_lost_on_the_way_ends_the_run_with_1_and_its_address(tmp_path: Path, loss: str, line: str) -> None:
    with pytest.raises(Imbalance, match=line) as refusal:
        run_with(tmp_path, loss)
    assert refusal.value.exit_code == FAILED
    assert read_rows(tmp_path, _ENDS) == [("finished", FAILED)]
    assert len(read_rows(tmp_path, _LINES)) == 1


def test_repeats_faults_and_checks_that_became_captures_are_no_loss(tmp_path: Path) -> None:
    post = Post(1)
    with open_archive(tmp_path) as archive:
        archive.begin_run("ingest", {})
        for body, at in ((post.page(), NOON), (post.page(), LATER), (post.page(), NOON)):
            ingest_capture(archive, make_capture(body, at, path=post.path, source="live"))
        changed = post.page().replace(b"deeper", b"wider")
        ingest_capture(archive, make_capture(changed, "2021-09-01T12:00:00Z", path=post.path, source="live"))
        item = CaptureItem(make_capture(b"x", path="/x/"), SITE_HOSTS)
        keep(archive, item)
        archive.add_fault(item, ValueError("unforeseen"))
        archive.finish_run("finished", {}, 0)
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(3,)]
    assert read_rows(tmp_path, _ENDS) == [("finished", 0)]


def test_a_run_that_failed_says_nothing_more(tmp_path: Path) -> None:
    run_with(tmp_path, "item", IO)
    assert read_rows(tmp_path, _ENDS) == [("finished", IO)]
