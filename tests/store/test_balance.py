"""What a run was offered came out of it as rows, repeats or problems; else it ends with 1 and the addresses."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from pipelines.ingest import Intake
from pipelines.keep import keep
from pipelines.maintenance.rereading import extract_rows, select_rows
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.console.stop_signals import StopFlag
from scraper.errors import FAILED, IO, Imbalance
from scraper.records import Memento
from scraper.sources.events import IndexEntry, SourceItem, Unreadable
from tests.support.small_site import Post
from tests.support.specimens import LATER, NOON, ingest_capture, make_capture, open_archive, read_rows

T = TypeVar("T")
J = TypeVar("J")
R = TypeVar("R")
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
            archive.commit()
            archive.warcs.close()  # as when a file is full; of the one that is open the writer sees it itself
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


class LossyWorkers(Workers):
    """Lose the second thing between a worker and the writer."""

    def run(
        self,
        do: Callable[[J], R],
        work: Iterable[tuple[T, J | None]],
        weigh: Callable[[J], int] = lambda _: 0,
        finish: Callable[[R], R] = lambda result: result,
    ) -> Generator[tuple[T, tuple[R] | None], None, None]:
        for place, thing in enumerate(super().run(do, work, weigh, finish)):
            if place != 1:
                yield thing


@pytest.mark.parametrize("lost", ["page", "problem", "line of an index"])
def test_what_is_lost_between_a_worker_and_the_writer_ends_the_run_with_1(tmp_path: Path, lost: str) -> None:
    pages = [make_capture(Post(number).page(), path=Post(number).path) for number in (1, 2, 3)]
    others: dict[str, tuple[SourceItem, str]] = {
        "page": (pages[1], pages[1].url or ""),
        "problem": (Unreadable("a.warc", "damaged", "cut", lost=True), "a.warc"),
        "line of an index": (
            IndexEntry(Memento("cdx", "https://a.example/", "20190401", "/"), False),
            "cdx: https://a.",
        ),
    }
    item, address = others[lost]
    with open_archive(tmp_path) as archive:
        archive.begin_run("ingest", {})
        intake = Intake(archive, SITE_HOSTS, print, StopFlag(), LossyWorkers(print, 1))
        intake.take_items([pages[0], item, pages[2]])
        with pytest.raises(Imbalance, match=f"1 of 3 things that were read never came to the writer: {address}"):
            archive.finish_run("finished", {})
    assert read_rows(tmp_path, _ENDS) == [("finished", FAILED)]
    assert len(read_rows(tmp_path, _LINES)) == 1


def test_what_a_stop_leaves_with_the_workers_is_no_loss(tmp_path: Path) -> None:
    stop = StopFlag()
    with open_archive(tmp_path) as archive:
        archive.begin_run("ingest", {})
        workers = Workers(print, 2, few=0, make_executor=ThreadPoolExecutor)
        intake = Intake(archive, SITE_HOSTS, lambda line: stop(0, None), stop, workers)
        page = make_capture(Post(1).page(), path=Post(1).path)
        intake.take_items([Unreadable("a.warc", "damaged", "cut", lost=True), page])
        archive.finish_run("interrupted", {})
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]


def test_a_row_that_is_lost_while_pages_are_read_again_stops_the_command(tmp_path: Path) -> None:
    run_with(tmp_path, "")
    with open_archive(tmp_path) as archive, pytest.raises(Imbalance, match=r"1 of 3 captures.*/brief-2/: please"):
        list(extract_rows(tmp_path / "warcs", select_rows(archive.db), LossyWorkers(print, 1)))


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
