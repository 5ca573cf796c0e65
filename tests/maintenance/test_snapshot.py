"""The published copy: whole at every moment, without the writers' addresses, and never of a damaged archive."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.briefs import codec
from pipelines.database.lock import hold_lock
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.maintenance.verify import verify_archive
from scraper.errors import BUSY, DATA, IO, OK, USAGE
from tests.support.filled_archive import edit_database, query_database
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.support.specimens import make_settings


def to(folder: Path) -> list[str]:
    return ["-s", f"SNAPSHOT={folder / 'public/archive.db'}"]


def everything(database: Path) -> str:
    """All text of a database, that of packed readings too."""
    with closing(sqlite3.connect(database)) as db:
        records = [codec.unpack_text(record) for (record,) in db.execute("SELECT record FROM records")]
        return "\n".join(sorted([*db.iterdump(), *records])).lower()


def test_it_is_one_file_with_its_digest_beside_it(archive: Path) -> None:
    run = scrapy(archive, "snapshot", *to(archive))
    assert (run.returncode, run.stderr) == (OK, "")
    public = archive / "public"
    assert {path.name for path in public.iterdir()} == {"archive.db", "archive.db.sha256", ".archive.db-lock"}
    assert hashlib.sha256((public / "archive.db").read_bytes()).hexdigest() in run.stdout
    subprocess.run(["sha256sum", "-c", "--quiet", "archive.db.sha256"], cwd=public, check=True)
    assert query_database(public / "archive.db", "PRAGMA journal_mode") == [("delete",)]
    for pragma in ("application_id", "user_version"):
        assert query_database(public / "archive.db", f"PRAGMA {pragma}") == query_database(
            archive / "archive.db", f"PRAGMA {pragma}"
        )


def test_it_tells_the_same_as_the_archive(archive: Path) -> None:
    make_snapshot(make_settings(archive))
    sql = "SELECT * FROM brief_list ORDER BY id"
    assert query_database(archive / "public/archive.db", sql) == query_database(archive / "archive.db", sql)
    assert verify_archive(make_settings(archive, ARCHIVE_DB=str(archive / "public/archive.db"))).damage == ()


def test_no_address_of_a_writer_is_in_it(archive: Path) -> None:
    contacts = [
        contact.removeprefix("mailto:").lower()
        for (contact,) in query_database(archive / "archive.db", "SELECT DISTINCT contact FROM brief_authors")
        if contact and "@" in contact
    ]
    assert len(contacts) > 2
    known = contacts[0]
    edit_database(
        archive / "archive.db",
        f"UPDATE briefs SET body = 'Write to {known.upper()}.', body_html = '<a href=\"mailto:{known}?body=x\">a</a>'",
        f"UPDATE problems SET message = 'what is mailto:{known.replace('@', '%40')}?'",
        "INSERT INTO briefs_fts (briefs_fts) VALUES ('rebuild')",
    )
    published = make_snapshot(make_settings(archive))
    assert published.hidden >= len(contacts)
    result, raw = everything(published.path), published.path.read_bytes().lower()
    for contact in contacts:
        assert contact in everything(archive / "archive.db")
        assert contact not in result
        assert contact.replace("@", "%40") not in result
        assert contact.encode() not in raw
    assert query_database(published.path, "SELECT count(contact) FROM brief_authors") == [(0,)]
    assert query_database(published.path, "SELECT body FROM briefs LIMIT 1") == [("Write to [e-mail left out].",)]


def test_with_contacts_it_is_a_backup(archive: Path) -> None:
    published = make_snapshot(make_settings(archive), with_contacts=True)
    assert everything(published.path) == everything(archive / "archive.db")


def test_readers_never_see_a_torn_file(archive: Path) -> None:
    settings = make_settings(archive)
    target = make_snapshot(settings).path
    whole: list[object] = []
    torn: list[object] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            with closing(sqlite3.connect(f"{target.as_uri()}?immutable=1", uri=True)) as db:
                answer = db.execute("PRAGMA integrity_check").fetchall(), db.execute("SELECT * FROM crawls").fetchall()
            (whole if answer[0] == [("ok",)] and answer[1] else torn).append(answer)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(8):
            make_snapshot(settings)
    finally:
        ended.set()
        reader.join()
    assert whole
    assert not torn


def test_killed_it_leaves_the_old_one(archive: Path) -> None:
    old = make_snapshot(make_settings(archive)).sha256
    for seconds in (0.3, 0.5, 0.6, 0.7, 0.8):
        words = command(archive, "snapshot", *to(archive))
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        raw = (archive / "public/archive.db").read_bytes()
        assert hashlib.sha256(raw).hexdigest() == old  # VACUUM writes the same rows as the same bytes
    assert scrapy(archive, "snapshot", *to(archive)).returncode == OK
    assert not (archive / "public/archive.db.tmp").exists()


def test_a_damaged_archive_is_not_published(archive: Path) -> None:
    old = make_snapshot(make_settings(archive)).sha256
    edit_database(archive / "archive.db", "PRAGMA foreign_keys = OFF", "DELETE FROM domains")
    run = scrapy(archive, "snapshot", *to(archive))
    assert run.returncode == IO
    assert run.stderr.count("\n") == 1
    assert "stays as it was" in run.stderr
    assert hashlib.sha256((archive / "public/archive.db").read_bytes()).hexdigest() == old


def test_a_full_disk_leaves_the_old_one(archive: Path) -> None:
    old = make_snapshot(make_settings(archive)).sha256

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    run = scrapy(archive, "snapshot", *to(archive), limit=little_room)
    assert run.returncode == IO
    assert run.stderr.count("\n") == 1
    assert hashlib.sha256((archive / "public/archive.db").read_bytes()).hexdigest() == old
    assert not list((archive / "public").glob("*.tmp*"))


@pytest.mark.parametrize("with_contacts", [True, False])
def test_it_can_be_the_archive_again(archive: Path, tmp_path: Path, with_contacts: bool) -> None:
    before = {row[0]: row for row in query_database(archive / "archive.db", "SELECT path, * FROM brief_list")}
    published = make_snapshot(make_settings(archive), with_contacts=with_contacts)
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (archive / name).unlink(missing_ok=True)
    shutil.move(published.path, archive / "archive.db")
    page = tmp_path / "later.html"
    page.write_text((ROOT / "tests/pages/amp.html").read_text() + "<!-- another copy -->")
    again = scrapy(archive, "ingest", *sorted((ROOT / "tests/pages").glob("*.html")), page)
    assert "captures new" in again.stdout, again.stderr
    assert verify_archive(make_settings(archive)).damage == ()
    after = {row[0]: row for row in query_database(archive / "archive.db", "SELECT path, * FROM brief_list")}
    assert [path for path in before if after[path] != before[path]] == []


def test_the_wrong_place_no_archive_and_another_one_at_work_are_one_line(archive: Path, tmp_path: Path) -> None:
    itself = scrapy(archive, "snapshot", "-s", f"SNAPSHOT={archive / 'archive.db'}")
    none = scrapy(tmp_path, "snapshot", *to(tmp_path))
    (archive / "public").mkdir()
    with hold_lock(archive / "public/.archive.db-lock", ""):
        second = scrapy(archive, "snapshot", *to(archive))
    in_a_file = scrapy(archive, "snapshot", "-s", f"SNAPSHOT={archive / 'archive.db' / 'x.db'}")
    runs = (itself, none, second, in_a_file)
    assert [run.returncode for run in runs] == [USAGE, DATA, BUSY, IO]
    assert [run.stderr.count("\n") for run in runs] == [1, 1, 1, 1]


def test_datasette_shows_it_with_its_digest(archive: Path) -> None:
    published = make_snapshot(make_settings(archive))
    words = [sys.executable, "-m", "reading_room", str(published.path), "--immutable", "--get", "/-/databases.json"]
    (result,) = json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout)
    assert (result["is_mutable"], result["hash"]) == (False, published.sha256)
