"""The command, and every way by which a withdrawn post might come back or be seen: crawls, files, exports, copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.exports.export import write_export
from pipelines.exports.request import FORMATS, ExportRequest, Format, Selection
from pipelines.gaps.find import collect_gaps
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.maintenance.withdraw import withdraw_post
from pipelines.pages.link_checks import find_due_links
from scraper.errors import DATA, OK, USAGE
from scraper.records import Capture, FoundAddress, Memento
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, NEW, RIVER, captures
from tests.support.loopback import Answer, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, feed, listing, posts_of, robots, sitemap
from tests.support.specimens import ingest_capture, make_capture, make_extraction, make_settings, open_archive
from tests.support.warc_writing import read

POSTS = [Post(number) for number in range(1, 9)]
HIDDEN = POSTS[3]
WAYBACK = "https://web.archive.org/"
SECRETS = (b"The forest law", b"Forest law", b"forest law")
NAMED = f'<div class="excerpt"><a href="{FOREST}">The forest law</a> The towns on the river</div>'.encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose forest post is withdrawn, though a feed, REST and lists tell of it too."""
    made = tmp_path_factory.mktemp("withdrawn")
    with open_archive(made, batch=50) as opened:
        for item in captures():
            ingest_capture(opened, item)
        ingest_capture(
            opened,
            make_capture(NAMED, path="/category/all/"),
            make_extraction(path="/category/all/", outcome="listing"),
        )
        related = make_capture(Post(30, NEW).page().replace(b"</body>", NAMED + b"</body>"), path=Post(30).path)
        ingest_capture(opened, related)
        opened.add_found([FoundAddress(NEW + "/?p=42", "feed")])
        opened.add_mementos(
            [Memento(WAYBACK, NEW + FOREST, "20300101000000"), Memento(WAYBACK, NEW + RIVER, "2030")], "x"
        )
    make_snapshot(make_settings(made))
    run = scrapy(made, "withdraw", NEW + FOREST, "--reason", "asked by its author", *to(made))
    assert run.returncode == OK, run.stderr
    assert f"{FOREST} with /?p=42 (brief " in run.stdout
    assert "is withdrawn: asked by its author" in run.stdout
    assert "renewed" in run.stdout
    return made


def to(folder: Path) -> tuple[str, str]:
    return "-s", f"SNAPSHOT={folder / 'public/archive.db'}"


def test_the_copy_that_is_shown_was_renewed_without_it(folder: Path) -> None:
    raw = (folder / "public/archive.db").read_bytes()
    assert b"the-forest-law" in raw  # the tombstone
    assert not [word for word in SECRETS if word in raw]


@pytest.mark.parametrize("name", FORMATS)
def test_no_export_shows_it(folder: Path, tmp_path: Path, name: Format) -> None:
    order = ExportRequest(format=name, selection=Selection(), target=tmp_path / "out")
    write_export(make_settings(folder), order, lambda done, of: None)
    for file in (path for path in (tmp_path, *tmp_path.rglob("*")) if path.is_file()):
        raw = file.read_bytes()
        if name in ("warc", "wacz"):
            raw += b"".join(result.body for result in read(file) if isinstance(result, Capture))
        assert not [word for word in SECRETS if word in raw], file


def test_neither_search_nor_lists_nor_gaps_show_it(folder: Path) -> None:
    found = "SELECT rowid FROM briefs_fts WHERE briefs_fts MATCH 'forest'"
    assert query_database(folder / "archive.db", found) == []
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'briefs_fts', 'row')")
        assert db.execute("SELECT term FROM temp.words WHERE term LIKE 'forest%'").fetchall() == []
    result = collect_gaps(make_settings(folder))
    assert FOREST not in repr(result.gaps) + repr(result.sightings)
    assert "forest" not in scrapy(folder, "authors", "--all").stdout.lower()
    assert [item for item in find_due_links(make_settings(folder), "9999") if item.url == "http://river.example"] == []


def test_nobody_asks_for_it(folder: Path) -> None:
    with open_archive(folder) as opened:
        assert {FOREST, "/?p=42"} <= opened.paths_not_to_ask()
        assert [item.url for item in opened.list_mementos(WAYBACK)] == [NEW + RIVER]
        assert {item.path for item in opened.list_waiting_addresses()} & opened.paths_not_to_ask() == set()


def test_listed_and_undone_by_command(folder: Path) -> None:
    run = scrapy(folder, "withdraw")
    assert run.returncode == OK
    assert FOREST in run.stdout
    assert "1 posts withdrawn, 0 given back" in run.stdout
    run = scrapy(folder, "withdraw", FOREST, "--undo", "--dry-run")
    assert "would be back" in run.stdout
    assert "1 posts withdrawn" in scrapy(folder, "withdraw", "--list").stdout


def test_exit_codes(folder: Path, tmp_path: Path) -> None:
    assert scrapy(folder, "withdraw", RIVER).returncode == USAGE
    assert scrapy(folder, "withdraw", "--undo").returncode == USAGE
    unknown = scrapy(folder, "withdraw", "/2001/01/01/none/", "--reason", "why")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (DATA, 1)
    assert scrapy(tmp_path, "withdraw", RIVER, "--reason", "why").returncode == DATA
    again = scrapy(folder, "withdraw", FOREST, "--reason", "why", *to(folder))
    assert (again.returncode, "withdrawn already" in again.stdout) == (OK, True)


def test_a_killed_withdrawal_has_done_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(tmp_path, batch=50) as opened:
        for item in captures()[:8]:
            ingest_capture(opened, item)
    before = list(read_all(tmp_path))

    monkeypatch.setattr("pipelines.briefs.search_index._MERGE", "no SQL at all")
    with pytest.raises(sqlite3.OperationalError):
        withdraw_post(make_settings(tmp_path), RIVER, "why")
    assert list(read_all(tmp_path)) == before


def read_all(folder: Path) -> Iterator[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        yield from db.iterdump()


def test_nights_and_crawls_leave_it_alone(tmp_path: Path) -> None:
    pages = {**posts_of(POSTS), "/robots.txt": robots("User-agent: *\n"), "/": listing(POSTS[:3])}
    pages |= {"/wp-sitemap.xml": sitemap(POSTS), "/feed/": feed(POSTS)}
    with serve_pages(pages) as server:
        words = ("crawl", "briefs", "-a", f"start={server.url}")
        assert scrapy(tmp_path, *words, "-a", "nightly=1").returncode == OK
        assert HIDDEN.path in server.asked
        withdraw_post(make_settings(tmp_path), HIDDEN.path, "asked by its author")
        server.pages |= {
            HIDDEN.path: Answer(HIDDEN.page().replace(b"deeper", b"wider")),
            "/wp-sitemap.xml": sitemap(POSTS, "2030-01-01T00:00:00Z"),
            "/feed/": feed([*POSTS, Post(30)]),
            Post(30).path: posts_of([Post(30)])[Post(30).path],
        }
        for more in (("-a", "nightly=1"), ("-a", "nightly=1", "-a", "full=1"), (), ("-a", "recheck=1")):
            server.asked.clear()
            run = scrapy(tmp_path, *words, *more)
            assert run.returncode == OK, run.stderr
            assert HIDDEN.path not in server.asked
            assert len(server.asked) > 2
    kept = query_database(tmp_path / "archive.db", "SELECT path FROM briefs")
    assert (HIDDEN.path,) not in kept
    assert (Post(30).path,) in kept


def test_a_file_with_it_is_taken_in_sealed(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(Post(30).page().replace(b'href="/', b'href="https://www.usresistnews.org/'))
    assert scrapy(tmp_path, "ingest", page).returncode == OK
    ((path, brief_id),) = query_database(tmp_path / "archive.db", "SELECT path, id FROM briefs")
    withdraw_post(make_settings(tmp_path), path, "asked by its author")
    moved = page.read_bytes().replace(b"/brief-30/", b"/under-another-address/").replace(b"deeper", b"wider")
    page.write_bytes(moved)
    assert scrapy(tmp_path, "ingest", page).returncode == OK
    assert query_database(tmp_path / "archive.db", "SELECT path FROM briefs") == []
    assert scrapy(tmp_path, "withdraw", "--list").stdout.endswith("1 posts withdrawn, 0 given back\n")
    paths = query_database(
        tmp_path / "archive.db", "SELECT path, post, brief_id FROM withdrawals ORDER BY brief_id DESC"
    )
    assert paths == [(path, path, brief_id), (path.replace("brief-30", "under-another-address"), path, None)]
    assert b"harbour" not in (tmp_path / "archive.db").read_bytes()
