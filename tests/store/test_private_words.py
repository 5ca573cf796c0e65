"""What goes out tells nothing of its operator, and nothing by which a withdrawn title could be guessed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.briefs import codec
from pipelines.exports.warc import _drop_folders
from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.maintenance.withdraw import withdraw_post
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.crawl.contact import hide_contact
from scraper.crawl.run_stats import list_versions_and_settings
from scraper.monitoring.findings import Finding
from scraper.monitoring.private_words import FolderNames, hide_private_words
from scraper.monitoring.report_files import render_json
from scraper.sources.sidecar import Sidecar
from tests.nights import night
from tests.nights.test_watch_report import report
from tests.support.filled_archive import edit_database, query_database
from tests.support.histories import NEW, Post
from tests.support.scrapy_running import TEXT
from tests.support.specimens import ingest_capture, make_capture, make_settings, open_archive

CONTACT = "archivist@keepers.org"
WRITER = "ada.fenn@quay-post.org"
TOLL = Post("/2020/07/08/toll/", 77, "A zorblat for the harbour", author="Ada Fenn")


_ELSEWHERE = {
    "a link that leads out of the folder, to /home/adafenn/my keys/id: not followed": (
        "a link that leads out of the folder, to id: not followed"
    ),
    "(FileNotFoundError: [Errno 2] No such file: '/srv/adafenn, old/x.py')": (
        "(FileNotFoundError: [Errno 2] No such file: 'x.py')"
    ),
    "(OSError: cannot open /home/adafenn/x.so: no such file)": "(OSError: cannot open x.so: no such file)",
    'File "C:\\Users\\adafenn\\x.py"; see https://a.example/b/c': 'File "x.py"; see https://a.example/b/c',
}


def everything(database: Path) -> str:
    """The bytes of a database, and what its packed readings say."""
    with closing(sqlite3.connect(database)) as db:
        records = [codec.unpack_text(record) for (record,) in db.execute("SELECT record FROM records")]
    return "\n".join((database.read_bytes().decode("latin-1"), *records))


@pytest.mark.parametrize(
    ("given", "name", "shown"),
    [
        ("/home/ada/old pages", "/home/ada/old pages/2019/a.html", "old pages/2019/a.html"),
        ("/home/ada/old.wacz", "/home/ada/old.wacz!archive/a.warc", "old.wacz!archive/a.warc"),
        ("/home/ada/a.html", "/home/ada/a.html", "a.html"),
        ("pages", "pages/a.html", "pages/a.html"),
        (".", "a.html", "a.html"),
        ("/home/ada/x/../b", "/home/ada/x/../b/a.html", "b/a.html"),
        ("/home/ada/one", "/srv/another/page.html", "/srv/another/page.html"),
        ("~", "~/a.html", "~/a.html"),
        ("/", "~/a.html", "~/a.html"),
    ],
)
def test_files_are_named_without_the_folders_above_what_was_given(given: str, name: str, shown: str) -> None:
    home = os.path.expanduser("~")  # noqa: PTH111 - as the program does
    names = FolderNames()
    names.add_folder(Path(given.replace("~", home)))
    assert names.shorten_text(f"{name.replace('~', home)}: it is damaged") == f"{shown}: it is damaged"


def test_a_copy_of_an_archive_filled_from_a_long_path_knows_only_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "home/adafenn/private things/saved"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT)
    (folder / "empty.html").write_bytes(b"")
    (folder / "posts.json").write_bytes(b'[{"id": 5, "content": {"rendered": "<p>It')
    ingest_paths(make_settings(tmp_path), [folder, folder / "a.txt"], Sidecar(), SITE_HOSTS)
    published = make_snapshot(make_settings(tmp_path))
    assert str(folder / "a.txt") in everything(tmp_path / "archive.db")  # `verify` names it
    text = everything(published.path)
    assert "a.txt" in text
    assert "empty.html: an empty file" in text
    for private in ("adafenn", "private things", str(tmp_path)):
        assert private not in text


def test_a_password_in_an_address_is_in_no_row(tmp_path: Path) -> None:
    words = {
        "start": "https://ada:hunter2@staging.example/",
        "archive": "http://hunter2@a.example/b@c/",
        "since": "2019",
    }
    with open_archive(tmp_path) as opened:
        opened.begin_run("briefs", words)
        opened.finish_run("finished", {})
    assert "hunter2" not in everything(tmp_path / "archive.db")
    edit_database(tmp_path / "archive.db", f"UPDATE crawls SET arguments = '{json.dumps(words)}'")  # an earlier version
    published = make_snapshot(make_settings(tmp_path))
    assert "hunter2" not in everything(published.path)
    ((kept,),) = query_database(published.path, "SELECT arguments FROM crawls")
    shown = {"start": "https://staging.example/", "archive": "http://a.example/b@c/", "since": "2019"}
    assert json.loads(kept) == shown


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (f"BriefArchive/0.1 (+{CONTACT})", "BriefArchive/0.1"),
        ("BriefArchive/0.1 (+https://keepers.org/~ada)", "BriefArchive/0.1"),
        (f"Reader/2 (for {CONTACT})", "Reader/2 (for)"),
        ("Mozilla/5.0 (X11; Linux) Reader/2", "Mozilla/5.0 (X11; Linux) Reader/2"),
    ],
)
def test_a_run_tells_its_user_agent_without_the_contact(agent: str, shown: str) -> None:
    assert hide_contact(agent) == shown
    assert list_versions_and_settings(make_settings(Path(), USER_AGENT=agent))["setting/USER_AGENT"] == shown


def test_a_snapshot_of_an_older_archive_tells_nothing_of_its_operator(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.begin_run("ingest", {"paths": "/home/adafenn/old pages /home/adafenn/b.warc"})
        opened.add_problem("empty", "/home/adafenn/old pages/x.html: an empty file")
        for message in _ELSEWHERE:
            opened.add_problem("fault", f"/home/adafenn/old pages/x.html: {message}")
        ingest_capture(
            opened, replace(make_capture(TOLL.html(), path=TOLL.path), name="/home/adafenn/old pages/a.html")
        )
        opened.finish_run("finished", {"setting/USER_AGENT": f"BriefArchive/0.1 (+{CONTACT})", "status/200": 1})
    published = make_snapshot(make_settings(tmp_path))
    assert CONTACT in everything(tmp_path / "archive.db")
    assert not [word for word in (CONTACT, "keepers.org", "adafenn") if word in everything(published.path)]
    assert query_database(published.path, "SELECT name FROM captures") == [("a.html",)]
    assert query_database(published.path, "SELECT message FROM problems WHERE path IS NULL AND capture_id IS NULL") == [
        ("x.html: an empty file",),
        *((f"x.html: {shown}",) for shown in _ELSEWHERE.values()),
    ]
    (counts,) = query_database(published.path, "SELECT counts FROM crawls")[0]
    assert json.loads(counts)["status/200"] == 1
    assert query_database(published.path, "SELECT count(*) FROM unwritten") == [(0,)]
    row = "SELECT warc_file, warc_offset, warc_length FROM captures"
    file, offset, length = query_database(tmp_path / "archive.db", row)[0]
    member = (tmp_path / "warcs" / file).read_bytes()[offset : offset + length]
    plain = gzip.decompress(member)
    assert gzip.decompress(_drop_folders(member)) == plain.replace(b"/home/adafenn/old pages/", b"")


@pytest.mark.parametrize(
    "link",
    [
        f"/mailto:{WRITER}",
        f"/2020/07/08/toll/{WRITER}",
        f"/{WRITER.replace('@', '%40')}/",
        f"/page/{WRITER}?subject=a",
    ],
)
def test_an_address_in_the_path_of_a_page_does_not_stop_snapshots(tmp_path: Path, link: str) -> None:
    other = link.replace("ada.fenn", "rod.maggay")
    said = f'<a href="mailto:{WRITER}?subject=&quot;a\\">Ada Fenn</a>'
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(TOLL.html(), path=TOLL.path))
        ingest_capture(opened, make_capture(b"<p>No.", path=link, status=404))
        ingest_capture(opened, make_capture(b"<p>No!", path=other, status=404))
        opened.db.execute("UPDATE brief_authors SET contact = ?", (f"mailto:{WRITER}",))
        opened.db.execute("UPDATE briefs SET body_html = ?", (said,))
        opened.db.execute(
            "INSERT INTO evidence SELECT id, 99, 1, 'authors', ?, 'r', '', 'read', 0, '' FROM briefs",
            ("rod.maggay@quay-post.org",),
        )
    published = make_snapshot(make_settings(tmp_path))
    assert published.hidden == 2
    assert "quay-post" not in everything(published.path)
    pages = [path for (path,) in query_database(published.path, "SELECT path FROM pages") if "left out" in path]
    assert len(set(pages)) == 2
    assert query_database(published.path, "PRAGMA foreign_key_check") == []


def test_a_withdrawn_title_and_its_names_cannot_be_guessed(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(TOLL.html(), path=TOLL.path))
    database = tmp_path / "archive.db"
    before = query_database(database, "SELECT id, name FROM resources UNION SELECT id, name FROM authors")
    withdraw_post(make_settings(tmp_path), TOLL.path, "asked by its author")
    published = make_snapshot(make_settings(tmp_path))
    ((key,),) = query_database(database, "SELECT value FROM memory WHERE key = 'seal'")
    guesses = [hashlib.sha256(word.encode()).hexdigest() for word in (TOLL.title.casefold(), "ada fenn", "environment")]
    for path in (database, published.path):
        assert not [guess for guess in guesses if guess in everything(path)]
    assert key not in everything(published.path)
    with open_archive(tmp_path) as opened:  # another copy is known by its title all the same
        ingest_capture(opened, make_capture(TOLL.html().replace(b"/07/08/", b"/07/08/a-"), path="/2020/07/08/a-toll/"))
        assert opened.db.execute("SELECT count(*) FROM briefs").fetchone() == (0,)
    restore_post(make_settings(tmp_path), TOLL.path)
    assert query_database(database, "SELECT id, name FROM resources UNION SELECT id, name FROM authors") == before


def test_no_list_of_posts_tells_the_title_of_a_withdrawn_one(tmp_path: Path) -> None:
    item = f"<item><title>{TOLL.title}</title><link>{NEW}{TOLL.path}</link><description>Short.</description></item>"
    feed = make_capture(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), path="/feed/", source="live")
    other = Post("/2020/07/09/other/", 78, "Another brief")
    with open_archive(tmp_path) as opened:
        opened.add_problem("excerpt", f"1 of 1 items have no full text, the first is {TOLL.title!r}.")  # of old
        for capture in (feed, *(make_capture(post.html(), path=post.path) for post in (TOLL, other))):
            ingest_capture(opened, capture)
    assert query_database(
        tmp_path / "archive.db", "SELECT path FROM problems WHERE kind = 'excerpt' AND path NOTNULL"
    ) == [("/feed/",)]
    withdraw_post(make_settings(tmp_path), TOLL.path, "asked")
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, replace(feed, body=feed.body + b" ", captured_at="2023-01-01T00:00:00Z"))
    for database in (tmp_path / "archive.db", make_snapshot(make_settings(tmp_path)).path):
        assert "zorblat" not in everything(database).lower()


def test_unsalted_seals_of_an_older_archive_still_serve_and_are_salted_in_its_copies(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(TOLL.html(), path=TOLL.path))
    database = tmp_path / "archive.db"
    ((author, resource),) = query_database(database, "SELECT authors.id, resources.id FROM authors, resources")
    key = query_database(database, "SELECT key FROM resources")[0][0]
    withdraw_post(make_settings(tmp_path), TOLL.path, "asked by its author")
    title, *names = (hashlib.sha256(word.lower().encode()).hexdigest() for word in (TOLL.title, "Ada Fenn", key))
    ids = json.dumps({"authors": {names[0]: author}, "resources": {names[1]: resource}})
    edit_database(
        database,
        "DELETE FROM memory WHERE key = 'seal'",
        f"UPDATE readings SET title = 'sha256:{title}'",
        f"UPDATE withdrawals SET shared_ids = '{ids}'",
    )
    published = make_snapshot(make_settings(tmp_path))
    assert not [digest for digest in (title, *names) if digest in everything(published.path)]
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(TOLL.html().replace(b"/07/08/", b"/07/08/a-"), path="/2020/07/08/a-toll/"))
        assert opened.db.execute("SELECT count(*) FROM briefs").fetchone() == (0,)
    restore_post(make_settings(tmp_path), TOLL.path)
    assert query_database(database, "SELECT authors.id, resources.id FROM authors, resources") == [(author, resource)]


def test_a_report_tells_no_folder_and_no_contact(tmp_path: Path) -> None:
    agent = {"setting/USER_AGENT": f"BriefArchive/0.1 (+{CONTACT})", "unreachable": f"{CONTACT} was refused"}
    result = report(night(8, counts=agent), facts={"snapshot": f"{tmp_path}/public/archive.db: 1.7 MB"})
    result = replace(result, findings=(Finding("VerifyStep", "alarm", f"{tmp_path}/warcs/a.warc.gz: it is gone"),))
    shown = render_json(hide_private_words(result, make_settings(tmp_path, CONTACT=CONTACT)))
    assert not [word for word in (CONTACT, str(tmp_path.parent), str(Path.cwd())) if word in shown]
    assert f"{tmp_path.name}/warcs/a.warc.gz: it is gone" in shown
