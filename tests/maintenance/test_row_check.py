"""A changed value in any table is found and named: it is held against the journal in warcs/ or against its reading."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.attacks.flips import flip_bit, is_seen, leave_log, read_records, read_state
from pipelines.database.opening import open_read_only
from pipelines.maintenance.row_check import find_row_damage
from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.warc_folder import scan_warcs
from tests.support.archive_history import build_archive
from tests.support.filled_archive import edit_database
from tests.support.row_edits import edit_unseen
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive

# Not shown: what is not yet in the journal, SQLite's own, and the search index, which has a check of its own.
_OTHER = re.compile("unwritten|sqlite_.*|_sqlite_.*|briefs_fts.*")
_COLUMNS = """SELECT tables.name, columns.name, columns.type FROM sqlite_master AS tables,
    pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND NOT columns.pk"""
# Other rules than today's may have made all values otherwise.
_NOT_HELD = (("memory", "changed_at"), ("crawls", "journal"), ("captures", "extractor"))
_CHANGES = {"TEXT": "{0} || 'x'", "INTEGER": "{0} + 1", "BLOB": "CAST({0} || x'00' AS BLOB)"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = build_archive(tmp_path_factory.mktemp("pristine"))
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def test_a_change_in_any_column_is_found_and_its_table_named(pristine: Path, tmp_path: Path) -> None:
    """In one row of each column of every table, all at once: each table is a line, with its columns."""
    folder = Path(shutil.copytree(pristine, tmp_path / "archive"))
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        columns = [row for row in db.execute(_COLUMNS) if not _OTHER.fullmatch(row[0])]
    edits: dict[str, list[str]] = {}
    for table, column, kind in columns:
        if (table, column) not in _NOT_HELD:
            edits.setdefault(table, []).append(f"{column} = {_CHANGES[kind].format(column)}")
    path = folder / "archive.db"
    changed = {table for table, sets in edits.items() if edit_unseen(path, f"UPDATE {table} SET {', '.join(sets)}")}
    assert len(changed) > 20
    with closing(open_read_only(folder / "archive.db")) as db:  # verify ends at the rules of the tables
        lines = "\n".join(find_row_damage(db, scan_warcs(folder / "warcs", lambda more: None)))
    assert {table for table in changed if f"rows of {table} " not in lines} == set(), lines


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE briefs SET title = 'The Other Pact' WHERE id = 1", r"1 rows of briefs .* \(title\)"),
        ("UPDATE sections SET text = text || '.', heading = 'No' WHERE brief_id = 1", r"sections .*\((heading, )?text"),
        ("UPDATE evidence SET snippet = 'none' WHERE position = 1 AND brief_id = 1", r"evidence .* \(snippet\)"),
        ("UPDATE pages SET last_seen = '2001-01-01T00:00:00Z' WHERE status = 'live'", r"pages .* \(last_seen\)"),
        ("UPDATE problems SET message = message || '!' WHERE id = 1", r"1 rows of problems .* 1 \(message\)"),
        ("DELETE FROM checks", r"checks .*it is missing"),
        ("INSERT INTO categories (name, slug) VALUES ('X', 'x')", r"categories .*it should not be there"),
        ("UPDATE records SET record = x'00'", r"records are not"),
        ("DROP VIEW brief_list", "the view brief_list is not as this program makes it"),
    ],
)
def test_it_says_which_row_and_what_of_it(pristine: Path, tmp_path: Path, sql: str, line: str) -> None:
    folder = Path(shutil.copytree(pristine, tmp_path / "archive"))
    edit_unseen(folder / "archive.db", sql)
    damage = verify_archive(make_settings(folder)).damage
    assert any(re.search(line, item.what) for item in damage), damage


def test_what_people_change_is_no_damage(pristine: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pristine, tmp_path / "archive"))
    own = "CREATE VIEW own AS SELECT 1", "CREATE INDEX own_index ON briefs (title)"
    edit_database(folder / "archive.db", *own, "UPDATE author_aliases SET reason = 'another'", "ANALYZE")
    assert verify_archive(make_settings(folder)).damage == ()


@pytest.mark.parametrize("name", ["archive.db", "archive.db-wal", "warcs"])
def test_flips_of_single_bits_are_found(pristine: Path, tmp_path: Path, name: str) -> None:
    """`python -m benchmarks.attacks flips` flips hundreds."""
    source = Path(shutil.copytree(pristine, tmp_path / "source"))
    if name == "archive.db-wal":
        leave_log(source)
    before, records, chance = read_state(source), read_records(source), random.Random(7)
    for turn in range(8):
        copy = Path(shutil.copytree(source, tmp_path / str(turn)))
        file = max((copy / "warcs").iterdir()) if name == "warcs" else copy / name
        place = flip_bit(file, chance)
        if read_records(copy) != records or read_state(copy) != before:
            assert is_seen(copy), f"{file.name} byte {place}"


def test_a_transaction_that_its_log_lost_is_told(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
    leave_log(tmp_path)
    assert verify_archive(make_settings(tmp_path)).damage == ()
    leave_log(tmp_path)
    (tmp_path / "archive.db-wal").unlink()
    (damage,) = verify_archive(make_settings(tmp_path)).damage
    assert "records of the journal in warcs/ are not in it" in damage.what
    assert "rebuild --replace" in damage.remedy


def test_a_record_that_a_kill_cut_off_is_a_note(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief()))
    (warc,) = (tmp_path / "warcs").iterdir()
    raw = warc.read_bytes()
    warc.write_bytes(raw + raw[: len(raw) // 3])
    health = verify_archive(make_settings(tmp_path))
    assert health.damage == ()
    assert any("none that the archive needs" in note for note in health.notes)
