"""scrapy export as people meet it: what it prints, where it writes, how it ends."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError

from pipelines.exports.export import write_export
from pipelines.exports.request import ExportRequest, Selection
from scraper.commands.export import Command
from scraper.errors import DATA, IO, OK, PARTLY, BadArgument, BadInput, DiskTrouble
from tests.support.exported_archive import FERRY, export_briefs, fill_exportable, run_export
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive


def _run_words(folder: Path, *words: str) -> int:
    wanted, parser = Command(), argparse.ArgumentParser()
    wanted.settings = make_settings(folder)
    wanted.add_options(parser)
    opts, rest = parser.parse_known_args(words)
    wanted.run(rest, opts)
    return wanted.exitcode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_exportable(tmp_path_factory.mktemp("exported"))


def test_a_file_takes_the_place_of_an_old_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old")
    run = scrapy(folder, "export", "jsonl", "--kind", "opinion", "-o", tmp_path / "out.jsonl")
    assert (run.returncode, run.stderr) == (OK, "")
    assert "out.jsonl: 1 briefs, 0.0 MB, sha256 " in run.stdout
    assert json.loads((tmp_path / "out.jsonl").read_text())["path"] == FERRY
    assert len(list(tmp_path.iterdir())) == 1


def test_text_goes_to_standard_output_and_nothing_else(folder: Path) -> None:
    run = scrapy(folder, "export", "bibtex", "--since=2021-07", "--until=2021-07")
    assert (run.returncode, run.stderr) == (OK, "")
    assert run.stdout.startswith("@misc{2021:07:01:ferry,\n")


def test_records_on_standard_output_name_on_the_other_the_briefs_that_are_not_in_them(folder: Path) -> None:
    run = subprocess.run(command(folder, "export", "warc"), cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.startswith(b"\x1f\x8b")
    assert run.stderr.startswith(b"standard output: 4 briefs, 7 captures; 1 briefs have no page in it: ")


def test_a_reader_that_has_enough_ends_it_quietly(folder: Path) -> None:
    words = [*command(folder, "export", "jsonl"), "-s", "LOG_LEVEL=INFO"]
    reading, writing = os.pipe()
    with subprocess.Popen(words, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        os.close(reading)
        _, said = process.communicate()
    assert "Traceback" not in said
    assert "Broken pipe" not in said
    assert process.returncode == OK


def test_stopped_it_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    def ask_to_stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    for name in ("warc", "wacz", "csv", "csv-tables", "parquet", "bagit"):
        order = ExportRequest(format=name, selection=Selection(), target=tmp_path / "out")
        with pytest.raises(KeyboardInterrupt):
            write_export(make_settings(folder), order, ask_to_stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_wherever_it_is(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.exports.export.write_export", lambda *_: signal.raise_signal(number))
    assert _run_words(folder, "csv") == PARTLY


@pytest.mark.parametrize(
    "words",
    [(), ("pdf",), ("csv", "csl"), ("csv", "--since=soon"), ("csv", "--kind=poem"), ("csv", "--number=seven")],
)
def test_wrong_words_are_told(folder: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        _run_words(folder, *words)


def test_nothing_chosen_is_told_and_leaves_no_file(folder: Path, tmp_path: Path) -> None:
    run = scrapy(folder, "export", "warc", "--domain", "Gardening", "-o", tmp_path / "out.warc.gz")
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (DATA, "", 1)
    assert "nothing to export" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match="no folder"):
        run_export(folder, "csv", tmp_path / "none/out.csv")
    with pytest.raises(BadArgument, match="a folder"):
        run_export(folder, "csv", tmp_path)
    for name in ("archive.db", "warcs/out.warc.gz"):
        with pytest.raises(BadArgument, match="the archive itself"):
            run_export(folder, "warc", folder / name)
    (tmp_path / "link").symlink_to("/dev/null")
    with pytest.raises(BadArgument, match="no file"):
        run_export(folder, "csv", tmp_path / "link")
    with pytest.raises(BadInput, match="no archive yet"):
        run_export(tmp_path, "csv", tmp_path / "out.csv")
    assert DiskTrouble.exit_code == IO


def test_a_full_disk_is_told_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    run = scrapy(folder, "export", "bagit", "-o", tmp_path / "bag", limit=little_room)
    assert (run.returncode, run.stderr.count("\n")) == (IO, 1), run.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_state_though_another_writes(folder: Path, tmp_path: Path) -> None:
    busy = Path(shutil.copytree(folder, tmp_path / "busy"))
    paths: list[str] = []

    def write_meanwhile(done: int, of: int) -> None:
        if done == 1:
            with open_archive(busy) as opened:  # takes the lock: the export has none
                ingest_capture(opened, *make_page(make_brief("/2023/01/01/late/", number=99, published="2023-01-01")))
                ingest_capture(opened, *make_page(make_brief(FERRY, title="Changed"), "2024-01-01T00:00:00Z"))
        paths.append(f"{done} of {of}")

    target = tmp_path / "out.jsonl"
    write_export(
        make_settings(busy), ExportRequest(format="jsonl", selection=Selection(), target=target), write_meanwhile
    )
    assert paths == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    run_export(folder, "jsonl", tmp_path / "before.jsonl")
    assert target.read_bytes() == (tmp_path / "before.jsonl").read_bytes()
    assert len(export_briefs(busy, tmp_path / "after.jsonl")) == 5
