"""An archive of the first release's schema is brought up to date by the first command that writes to it."""

from __future__ import annotations

import gzip
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.captures.capture_rows import add_problems
from pipelines.database.opening import open_current_archive
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.reextract import CaptureChoice, reextract_archive
from pipelines.maintenance.verify import verify_archive
from pipelines.schema.migrations import migrations
from pipelines.schema.tables import OLDEST, SCHEMA
from scraper.errors import BadInput, OlderSchema
from scraper.records import Problem
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.row_edits import edit_unseen
from tests.support.specimens import (
    LATER,
    ingest_capture,
    make_brief,
    make_page,
    make_settings,
    open_new_archive,
    read_rows,
)

_ARCHIVES = Path(__file__).parents[1] / "archives"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_fts%'"
# What changes when an archive is opened for writing, whatever its schema.
_ITS_OWN = {"_sqlite_migrations", "crawls", "unwritten"}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with an archive of schema 5: briefs, a merged writer, a withdrawn post, a memento, a link check."""
    (tmp_path / "archive.db").write_bytes(gzip.decompress((_ARCHIVES / "schema_5.db.gz").read_bytes()))
    return tmp_path


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """An archive with its warcs/ of schema 6 and extractor 4, as `build_archive` made it then."""
    with tarfile.open(_ARCHIVES / "schema_6.tar.xz") as archive:
        # Debian 12 has Python 3.11.2, which knows no filters; newer ones warn without one.
        if hasattr(tarfile, "data_filter"):
            archive.extractall(tmp_path, filter="data")
        else:
            archive.extractall(tmp_path)
    return tmp_path


def _contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    tables = {name for (name,) in read_rows(folder, _TABLES)} - _ITS_OWN
    return {name: sorted(read_rows(folder, f"SELECT * FROM {name}"), key=repr) for name in tables}


def _structure(folder: Path) -> Iterator[tuple[str, object]]:
    """Columns, indexes, triggers and views, however they came to be."""
    for (table,) in read_rows(folder, _TABLES):
        yield table, [row[1:] for row in read_rows(folder, f"PRAGMA table_xinfo({table})")]
        yield f"{table} keys", sorted(row[2:] for row in read_rows(folder, f"PRAGMA foreign_key_list({table})"))
    for name, sql in read_rows(
        folder, "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view')"
    ):
        yield name, " ".join((sql or "").replace("IF NOT EXISTS ", "").split())


def test_its_rows_are_there_in_today_s_tables(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = _contents(old)
    with open_new_archive(old):
        pass
    assert read_rows(old, "PRAGMA user_version") == [(SCHEMA,)]
    assert _contents(old) == before | {
        "pages": [(*row, None, None, None) for row in before["pages"]],  # listed_on, announced, listed_at
        "readings": [(*row, 0) for row in before["readings"]],  # held
    }
    new = tmp_path_factory.mktemp("new")
    with open_new_archive(new):
        pass
    assert dict(_structure(old)) == dict(_structure(new))


def test_it_goes_on(old: Path) -> None:
    with open_new_archive(old) as opened:
        brief = make_brief(body="Other words.", sections=())
        page, extraction = make_page(brief, LATER)
        old_page = replace(page, body=repr((brief, 3)).encode())  # as it was made then
        assert ingest_capture(opened, old_page, extraction) == "known"
        assert ingest_capture(opened, *make_page(make_brief(title="A third title"), "2023-01-01T00:00:00Z")) == "new"
    assert read_rows(old, "SELECT title FROM briefs WHERE path = ?", make_brief().path) == [("A third title",)]
    assert read_rows(old, "SELECT name FROM authors ORDER BY name") == [("Ada Fenn",)]
    assert not [damage for damage in verify_archive(make_settings(old)).damage if "warcs" not in str(damage)]


def test_a_reader_is_told_how_it_is_renewed(old: Path) -> None:
    with pytest.raises(BadInput, match=f"its schema is 5, not {SCHEMA}: to renew it"):
        open_current_archive(old / "archive.db")


@pytest.mark.parametrize("version", range(1, OLDEST))
def test_what_is_older_than_any_release_names_the_way_back(old: Path, version: int) -> None:
    with closing(sqlite3.connect(old / "archive.db")) as db:
        db.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(OlderSchema, match=r"rebuild --replace"), open_new_archive(old):
        pass
    with pytest.raises(OlderSchema, match=f"its schema is {version}"):
        open_current_archive(old / "archive.db")


def test_migrations_are_named() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        names = [item.name for item in migrations.pending(Database(db))]
    later = ["006_indexes", "007_lists", "008_lists_of_many", "009_held", "010_listed_at", "011_counts"]
    assert names == ["005_publisher", *later]


def test_a_capture_is_found_by_its_place(old: Path) -> None:
    sql = "EXPLAIN QUERY PLAN SELECT 1 FROM captures WHERE warc_file = 'a' AND warc_offset = 1"
    with open_new_archive(old) as opened:
        assert "captures_place" in " ".join(row[3] for row in opened.db.execute(sql))


def test_a_note_is_told_once(old: Path) -> None:
    notes = [
        Problem("url", "unreachable", f"https://www.usresistnews.org/{number}/: no answer") for number in (1, 2, 2)
    ]
    with open_new_archive(old) as opened:
        assert add_problems(opened.db, None, None, notes) == 2
        assert add_problems(opened.db, None, None, notes) == 0
        assert add_problems(opened.db, None, None, [Problem(None, "unreachable", notes[0].message)]) == 1


def test_one_of_other_rules_is_sound_before_and_after_it_is_read_by_today_s(whole: Path) -> None:
    """No rule of merging that changed since is called damage, and reading again brings every row to today's."""
    health = verify_archive(make_settings(whole))
    assert health.damage == ()
    assert any("read by other rules" in note and note.endswith("briefs reextract") for note in health.notes)
    paths = read_rows(whole, "SELECT id, path FROM briefs ORDER BY id")
    with open_new_archive(whole) as opened:
        ingest_capture(opened, *make_page(make_brief("/2020/06/07/new/"), LATER))
    assert verify_archive(make_settings(whole)).damage == ()
    assert reextract_archive(make_settings(whole), CaptureChoice()).lost == ()
    health = verify_archive(make_settings(whole))
    assert (health.damage, health.notes) == ((), ())
    assert read_rows(whole, "SELECT id, path FROM briefs ORDER BY id")[:-1] == paths


def test_a_rebuild_makes_the_same_as_reading_it_again(whole: Path) -> None:
    assert rebuild_archive(make_settings(whole), into=str(whole / "new.db")).lost == ()
    reextract_archive(make_settings(whole), CaptureChoice())
    read_again, rebuilt = read_tables(whole / "archive.db"), read_tables(whole / "new.db")
    assert compare_tables(read_again, rebuilt | {"unwritten": []}) == []  # the next run writes them


def test_damage_to_what_no_rule_makes_is_found_in_it(whole: Path) -> None:
    edit_unseen(whole / "archive.db", "UPDATE captures SET status = 418 WHERE id = 7")
    (damage,) = verify_archive(make_settings(whole)).damage
    assert "1 rows of captures" in damage.what
