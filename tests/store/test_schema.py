"""The tables are those of the contract, and only our own files are opened."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.extraction.wording.domains import CANONICAL
from pipelines.schema.tables import APPLICATION_ID, SCHEMA
from scraper.errors import (
    ArchiveBusy,
    ArchiveError,
    DamagedArchive,
    DiskTrouble,
    ForeignDatabase,
    NewerSchema,
)
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_new_archive, read_rows

CONTRACT = {
    "briefs": "path url wp_id kind label number domain title published modified dateline body body_html posted_by "
    "capture_id",
    "authors": "id name kind",
    "brief_authors": "brief_id author_id position name_as_published role contact",
    "resources": "id name url",
    "brief_resources": "brief_id resource_id position heading name_as_published description text",
    "photo_credits": "brief_id position text name source url",
    "sections": "brief_id position heading text",
    "links": "brief_id position text url",
    "domains": "name canonical",
    "categories": "name slug",
    "captures": "id path url captured_at source status media_type digest outcome warc_file warc_offset warc_length",
    "revisions": "brief_id capture_id field old new seen_at",
    "evidence": "brief_id capture_id field value rule snippet confidence chosen",
    "problems": "capture_id field kind message",
    "pages": "path status first_seen last_seen missing_since gone_at found_by",
    "author_aliases": "name author_id reason",
    "crawls": "id spider started_at finished_at outcome",
}


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with open_new_archive(tmp_path):
        return tmp_path


@pytest.mark.parametrize("table", CONTRACT)
def test_tables_have_the_columns_of_the_contract_and_are_strict(empty: Path, table: str) -> None:
    columns = {row[1] for row in read_rows(empty, f"PRAGMA table_info({table})")}
    assert set(CONTRACT[table].split()) <= columns
    assert read_rows(empty, "SELECT strict FROM pragma_table_list WHERE name = ?", table) == [(1,)]


def test_header_says_whose_database_it_is(empty: Path) -> None:
    assert read_rows(empty, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert read_rows(empty, "PRAGMA user_version") == [(SCHEMA,)]
    assert read_rows(empty, "PRAGMA journal_mode") == [("wal",)]


def test_every_foreign_key_column_begins_an_index(empty: Path) -> None:
    tables = [
        row[0] for row in read_rows(empty, "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 1")
    ]
    for table in tables:
        starts = {row[0] for row in read_rows(empty, _FIRST_COLUMNS, table)}
        keys = {row[3] for row in read_rows(empty, f"PRAGMA foreign_key_list({table})")}
        assert keys <= starts, table


_FIRST_COLUMNS = """SELECT info.name FROM pragma_index_list(?) AS list, pragma_index_info(list.name) AS info
    WHERE info.seqno = 0"""


def test_domains_are_seeded_with_the_canonical_names(empty: Path) -> None:
    assert {row[0] for row in read_rows(empty, "SELECT name FROM domains WHERE canonical = 1")} == set(CANONICAL)


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    with open_new_archive(tmp_path) as opened, pytest.raises(sqlite3.IntegrityError):
        opened.db.execute("INSERT INTO sections (brief_id, position, text) VALUES (99, 1, 'x')")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("briefs", "kind", "note"), ("briefs", "published", "5 March"), ("pages", "status", "lost")],
)
def test_checks_refuse_what_the_contract_does_not_know(tmp_path: Path, table: str, column: str, value: str) -> None:
    with open_new_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief()))
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            opened.db.execute(f"UPDATE {table} SET {column} = ?", (value,))


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    for expected in ("new", "known"):
        with open_new_archive(tmp_path) as opened:
            assert ingest_capture(opened, *make_page(make_brief())) == expected


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name)")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA + 1}")


def _text(path: Path) -> None:
    path.write_text("Dear diary, this is no database at all.")


def _damage_schema(path: Path) -> None:
    with open_new_archive(path.parent) as opened:
        ingest_capture(opened, *make_page(make_brief()))
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_other_program, ForeignDatabase),
        (_text, ForeignDatabase),
        (Path.mkdir, ForeignDatabase),
        (_newer, NewerSchema),
        (_damage_schema, DamagedArchive),
    ],
)
def test_files_that_are_not_ours_are_refused_and_left_alone(
    tmp_path: Path, spoil: object, error: type[ArchiveError]
) -> None:
    path = tmp_path / "archive.db"
    spoil(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error, match=r"archive\.db: "):
        SqliteArchive.open(make_settings(tmp_path))
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    with open_new_archive(tmp_path) as opened:
        assert opened.read_summary().briefs == 0


def test_two_writers_are_one_too_many(tmp_path: Path) -> None:
    with open_new_archive(tmp_path), pytest.raises(ArchiveBusy, match="another command"):
        SqliteArchive.open(make_settings(tmp_path))
    with open_new_archive(tmp_path) as opened:
        assert ingest_capture(opened, *make_page(make_brief())) == "new"


def test_another_process_holds_the_lock_too(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from pipelines.archive import SqliteArchive;"
        "from tests.support.specimens import make_settings; SqliteArchive.open(make_settings(Path(sys.argv[1])));"
        "print('open', flush=True); sys.stdin.read()"
    )
    call = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(ArchiveBusy):
            SqliteArchive.open(make_settings(tmp_path))
        holder.stdin.close()
    with open_new_archive(tmp_path) as opened:
        assert opened.read_summary().captures == 0


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/proc"])
def test_a_place_where_nothing_can_be_made(folder: str) -> None:
    with pytest.raises(DiskTrouble, match="/proc"):
        SqliteArchive.open(make_settings(Path(folder)))


def test_a_full_disk_is_one_line_and_loses_nothing_committed(tmp_path: Path) -> None:
    with open_new_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief()))
        pages = opened.db.execute("PRAGMA page_count").fetchone()[0]
        opened.db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskTrouble, match="the disk is full"):
            ingest_capture(opened, *make_page(make_brief("/2020/04/01/long/", body="word " * 50_000, sections=())))
    assert read_rows(tmp_path, "SELECT path FROM briefs") == [("/2020/03/05/river-pact/",)]
    assert read_rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
