"""`scrapy ingest` as a user runs it: what goes in, what is told, and with which exit code it ends."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.console.stop_signals import catch_stop_signals
from scraper.errors import BUSY, CONFIG, DATA, IO, OK, PARTLY, USAGE
from tests.support.scrapy_running import ROOT, TEXT, command, scrapy
from tests.support.specimens import read_rows
from tests.support.waiting import LIMIT, wait_for
from tests.support.warc_writing import Warc, address, three


def text_in(folder: Path, name: str = "brief.txt") -> Path:
    path = folder / name
    path.write_text(TEXT)
    return path


def test_text_html_and_warc_go_in_and_a_second_time_change_nothing(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    text_in(saved)
    warc = three().save(tmp_path)
    first = scrapy(tmp_path, "ingest", saved, warc)
    assert (first.returncode, first.stderr) == (OK, "")
    assert "4 captures new, 0 known" in first.stdout
    assert " serve --db " in first.stdout
    assert read_rows(tmp_path, "select number, domain from briefs where number is not null") == [(7, "Foreign Policy")]
    assert read_rows(tmp_path, "select source, count(*) from captures group by 1") == [("file", 1), ("warc", 3)]
    before = read_rows(tmp_path, "select * from captures")
    again = scrapy(tmp_path, "ingest", warc, saved)
    assert (again.returncode, "0 captures new, 4 known" in again.stdout) == (OK, True)
    assert read_rows(tmp_path, "select * from captures") == before
    assert [row[0] for row in read_rows(tmp_path, "select outcome from crawls where spider = 'ingest'")] == [
        "finished"
    ] * 2


def test_options_name_address_and_instant_of_a_single_page(tmp_path: Path) -> None:
    page = text_in(tmp_path)
    done = scrapy(tmp_path, "ingest", page, "--url", address(1), "--captured-at", "2019-04-01")
    assert done.returncode == OK, done.stderr
    assert read_rows(tmp_path, "select url, captured_at from captures") == [(address(1), "2019-04-01T00:00:00Z")]


USAGE_ERRORS = [
    ([], "which PATH"),
    (["a", "b", "--url", address(1)], "single saved page"),
    (["a", "--captured-at", "spring"], "2019-04-01T12:00:00Z"),
    (["a", "--url", "ftp://x"], "ftp://x"),
    (["a", "--no-such-option"], "--no-such-option"),
]


@pytest.mark.parametrize(("args", "outcome"), USAGE_ERRORS)
def test_a_wrong_call_is_told(tmp_path: Path, args: list[str], outcome: str) -> None:
    done = scrapy(tmp_path, "ingest", *args)
    assert (done.returncode, outcome in done.stderr) == (USAGE, True)
    assert not (tmp_path / "archive.db").exists()


def test_help_teaches(tmp_path: Path) -> None:
    outcome = " ".join(scrapy(tmp_path, "ingest", "--help").stdout.split())
    for word in ("ingest saved-pages/", "meta.json", "help exit-codes", "--captured-at"):
        assert word in outcome


def test_every_bad_path_is_one_line_and_the_good_one_goes_in(tmp_path: Path) -> None:
    bad = {
        "empty.html": b"",
        "image.html": b"\x89PNG\r\n",
        "broken.warc.gz": three().save(tmp_path).read_bytes()[:-200],
    }
    paths = [tmp_path / name for name in bad]
    for path, body in zip(paths, bad.values(), strict=True):
        path.write_bytes(body)
    (tmp_path / "nothing").mkdir()
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    paths += [tmp_path / "nothing", tmp_path / "huge.txt"]
    done = scrapy(tmp_path, "ingest", *paths, text_in(tmp_path))
    assert done.returncode == DATA
    lines = done.stderr.splitlines()
    assert len(lines) == len(paths)
    assert all(str(path) in line for path, line in zip(paths, lines, strict=True))
    assert read_rows(tmp_path, "select count(*) from captures") == [(4,)]
    assert read_rows(tmp_path, "select message from problems where capture_id is null order by id") == [
        (s,) for s in lines
    ]


def mistype_paths(folder: Path) -> list[Path]:
    """Paths where nothing is, each in another way."""
    (folder / "link.html").symlink_to(folder / "gone.html")
    page = text_in(folder, "there.txt")
    return [folder / "typo.html", folder / "no/such/folder", folder / "link.html", page / "below", folder / ("x" * 300)]


def test_a_mistyped_path_makes_no_archive(tmp_path: Path) -> None:
    paths = mistype_paths(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    done = scrapy(tmp_path, "ingest", text_in(tmp_path, "there.txt"), *paths)
    assert (done.returncode, done.stdout) == (DATA, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(paths)
    assert all(str(path) in line for path, line in zip(paths, lines, strict=True))
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_mistyped_path_leaves_an_archive_as_it_is(tmp_path: Path) -> None:
    scrapy(tmp_path, "ingest", text_in(tmp_path))
    before = (tmp_path / "archive.db").read_bytes()
    assert scrapy(tmp_path, "ingest", text_in(tmp_path, "other.txt"), tmp_path / "typo.html").returncode == DATA
    assert (tmp_path / "archive.db").read_bytes() == before


def test_many_lines_of_one_kind_are_counted(tmp_path: Path) -> None:
    warc = Warc().page(1)
    for n in range(2, 10):
        warc.revisit(n, {"WARC-Refers-To": f"<urn:x:{n}>"})
    done = scrapy(tmp_path, "ingest", warc.save(tmp_path))
    assert done.returncode == DATA
    assert len(done.stderr.splitlines()) == 6
    assert "3 more of this kind" in done.stderr
    assert read_rows(tmp_path, "select count(*) from problems where kind = 'revisit'") == [(8,)]


def test_pages_of_other_hosts_are_left_out_in_one_line(tmp_path: Path) -> None:
    warc = Warc().page(1).page(2, url="https://example.org/a").page(3, url="https://example.org/b")
    path = warc.page(4, content_type="image/png").save(tmp_path)
    done = scrapy(tmp_path, "ingest", path)
    assert done.returncode == OK
    assert "2 pages of hosts that are not ours left out (example.org 2)" in done.stderr
    assert "1 images" in done.stdout
    more = scrapy(tmp_path, "ingest", path, "--host", "www.Example.org")
    assert (more.stderr, "2 captures new, 1 known" in more.stdout) == ("", True)


def test_nothing_of_the_site_at_all_is_an_error(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "ingest", Warc().page(1, url="https://example.org/a").save(tmp_path))
    assert (done.returncode, "nothing was taken in" in done.stderr) == (DATA, True)


def test_a_source_without_a_brief_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>')
    done = scrapy(tmp_path, "ingest", path, "--url", "https://usresistnews.org/sitemap.xml")
    assert (done.returncode, done.stderr) == (OK, f"{path}: no brief in any of its 1 pages\n")


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("create table bookmarks (url text); insert into bookmarks values ('x')")


def newer(path: Path) -> None:
    scrapy(path.parent, "ingest", text_in(path.parent))
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version = 9999")


@pytest.mark.parametrize("make", [foreign, newer])
def test_a_database_that_is_not_ours_is_left_alone(tmp_path: Path, make: Any) -> None:  # noqa: ANN401
    path = tmp_path / "archive.db"
    make(path)
    before = path.read_bytes()
    done = scrapy(tmp_path, "ingest", text_in(tmp_path))
    assert (done.returncode, len(done.stderr.splitlines())) == (CONFIG, 1)
    assert str(path) in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("room", [3_000, 1_000_000])
def test_a_full_disk_is_one_line_and_the_archive_stays_whole(tmp_path: Path, room: int) -> None:
    warc = Warc()
    for n in range(1, 40):
        warc.page(n, Warc().page(n).records[0] + b"<p>" + bytes(range(32, 127)) * 2000)
    path = warc.save(tmp_path, "plain")
    done = scrapy(tmp_path, "ingest", path, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    assert (done.returncode, len(done.stderr.splitlines())) == (IO, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert scrapy(tmp_path, "ingest", path).returncode == OK
    assert read_rows(tmp_path, "select count(*) from captures") == [(39,)]
    assert read_rows(tmp_path, "pragma integrity_check") == [("ok",)]


def test_two_writers_at_once_are_refused(tmp_path: Path) -> None:
    text = text_in(tmp_path)
    assert scrapy(tmp_path, "ingest", text).returncode == OK
    stopped, done = interrupt_ingest(tmp_path, lambda: scrapy(tmp_path, "ingest", text))
    assert (done.returncode, len(done.stderr.splitlines())) == (BUSY, 1)
    assert stopped == PARTLY
    assert read_rows(tmp_path, "select outcome from crawls order by id desc limit 1") == [("interrupted",)]
    assert scrapy(tmp_path, "ingest", tmp_path / "crawl.warc.gz").returncode == OK
    assert read_rows(tmp_path, "select count(*) from captures where source = 'warc'") == [(1500,)]


def interrupt_ingest(folder: Path, meanwhile: Any) -> tuple[int, Any]:  # noqa: ANN401
    """Stop an ingest of 1,500 pages by SIGTERM in the middle of it; its exit code, and what was done meanwhile."""
    warc = Warc()
    for n in range(1500):
        warc.page(n)
    path = warc.save(folder)
    kept = {*(folder / "warcs").iterdir()}
    with subprocess.Popen(command(folder, "ingest", path), cwd=ROOT, stdout=subprocess.DEVNULL) as running:
        wait_for(lambda: {*(folder / "warcs").iterdir()} != kept, "the first file in warcs/")
        running.send_signal(signal.SIGSTOP)
        result = meanwhile()
        running.send_signal(signal.SIGTERM)
        running.send_signal(signal.SIGCONT)
        return running.wait(LIMIT), result


def test_asked_twice_a_command_stops_at_once() -> None:
    with catch_stop_signals() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_requested
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
