"""The steps of a capture: listed for Scrapy in the order in which ingest runs them, and the bytes are kept first."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from scraper.crawl import scrapy_internals
from scraper.settings import ITEM_PIPELINES
from tests.support.specimens import open_archive, read_rows
from tests.support.waiting import LIMIT

_STEPS = ["keep", "extract", "normalise", "validate", "store"]
# A rule that takes the whole process with it, as one that never ends or needs all memory does in the end.
_DEADLY = """
import os, signal, sys
from pathlib import Path
from pipelines import extract
from tests.support.specimens import ingest_capture, make_capture, open_archive

extract._extract_capture = lambda subject: os.kill(os.getpid(), signal.SIGKILL)
with open_archive(Path(sys.argv[1])) as opened:
    ingest_capture(opened, make_capture(b"<p>The ferry of Aldmouth sails again.</p>"))
"""
_FAULTY = """
import sys
from pathlib import Path
from pipelines import extract
from tests.support.specimens import ingest_capture, make_capture, open_archive

def fail(subject):
    raise RecursionError("too deep")

extract._extract_capture = fail
with open_archive(Path(sys.argv[1])) as opened:
    ingest_capture(opened, make_capture(b"<p>The ferry of Aldmouth sails again.</p>"))
"""


def _bodies(folder: Path) -> list[bytes]:
    """What stands in the responses under warcs/."""
    found = []
    for path in sorted((folder / "warcs").glob("*.warc.gz")):
        with path.open("rb") as file:
            found += [each.content_stream().read() for each in ArchiveIterator(file) if each.rec_type == "response"]
    return found


def _run(code: str, folder: Path) -> int:
    return subprocess.run([sys.executable, "-c", code, str(folder)], check=False, timeout=LIMIT).returncode


def test_scrapy_is_given_the_steps_in_their_order() -> None:
    ordered = sorted(ITEM_PIPELINES, key=lambda path: ITEM_PIPELINES[path])
    assert [path.split(".")[1] for path in ordered] == _STEPS
    assert [path.rpartition(".")[2] for path in ordered] == [f"{step.capitalize()}Pipeline" for step in _STEPS]


def test_bytes_are_on_the_disk_before_a_rule_reads_them(tmp_path: Path) -> None:
    with open_archive(tmp_path):
        pass
    assert _run(_DEADLY, tmp_path) == -signal.SIGKILL
    assert _bodies(tmp_path) == [b"<p>The ferry of Aldmouth sails again.</p>"]
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(0,)]


def test_a_page_that_breaks_a_rule_is_kept_and_its_fault_is_a_problem(tmp_path: Path) -> None:
    assert _run(_FAULTY, tmp_path) == 0
    assert _bodies(tmp_path) == [b"<p>The ferry of Aldmouth sails again.</p>"]
    assert read_rows(tmp_path, "SELECT outcome FROM captures") == [("unreadable",)]
    assert read_rows(tmp_path, "SELECT kind FROM problems WHERE capture_id IS NOT NULL") == [("fault",)]


def test_the_inner_names_of_scrapy_that_we_use_are_there() -> None:
    from scrapy.core.scraper import Scraper, Slot  # noqa: PLC0415
    from scrapy.pipelines import ItemPipelineManager  # noqa: PLC0415

    assert callable(Scraper.start_itemproc_async)
    assert callable(ItemPipelineManager.process_item_async)
    assert Slot().itemproc_size == 0
    assert scrapy_internals.__doc__
