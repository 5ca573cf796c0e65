"""A withdrawn post is in no row and no byte of archive.db, whenever its captures came; undone, all of it is back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.reextract import CaptureChoice, reextract_archive
from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.withdraw import read_withdrawals, withdraw_post
from scraper.errors import BadInput
from tests.support.archive_history import dump_rows
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import query_database
from tests.support.histories import BETTER_SLUG, FOREST, NEW, OTHER, RIVER, SLUG, STRANGER, captures
from tests.support.specimens import ingest_capture, make_settings, open_archive

# What is told anew after an undo under other numbers, and what stays as a trace of it.
_TRACES = ("withdrawals", "problems", "records", "readings", "page_events", "unwritten", "memory", "pages", "crawls")
_NUMBERED = "SELECT capture_id, path, brief_path, fidelity, wp_id, title, published, shown FROM readings ORDER BY 1, 2"
_TOLD = "SELECT capture_id, path, field, kind, message FROM problems ORDER BY 1, 2, 3, 4, 5"
# The river's text without an address or a day: in doubt a copy, and sealed with it.
COPY = "urn:sha256:ce75cfb6744fc1f97c16c9db7c0f5d807583107865bbea012c5d0500bb625116"
WORDS = {
    RIVER: ("The river's pact", "The river's new pact", "It was changed for a day."),
    FOREST: ("The forest law",),
    SLUG: ("The dam",),
    OTHER: ("What the right bank says",),
    STRANGER: ("A toll for the harbour",),
}


def play_history(folder: Path, seed: int = 0, *, hidden: str | None = None, after: float = 0.0) -> Path:
    """The folder with an archive of the history in some order; a post is withdrawn when that share has come."""
    folder.mkdir(exist_ok=True)
    shuffled = captures()
    random.Random(seed).shuffle(shuffled)
    cut = round(len(shuffled) * after)
    for some in (shuffled[:cut], shuffled[cut:]):
        with open_archive(folder, batch=20) as opened:
            opened.begin_run("ingest", {})
            for item in some:
                ingest_capture(opened, item)
            opened.finish_run("finished", {})
        if hidden and some is not shuffled[cut:]:
            hide(folder, hidden)
    return folder


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The history in two orders, with nothing withdrawn: to be copied."""
    return [play_history(tmp_path_factory.mktemp("lived"), seed) for seed in (0, 1)]


def copy(history: Path, folder: Path) -> None:
    shutil.copytree(history, folder, dirs_exist_ok=True)


def hide(folder: Path, path: str) -> None:
    with open_archive(folder) as opened:
        opened.add_found([])
        opened.db.execute("INSERT OR IGNORE INTO pages (path) VALUES (?)", (path,))
        # Archives that are compared seal by one key.
        opened.db.execute("INSERT OR IGNORE INTO memory VALUES ('seal', 'one key', '2026-01-01T00:00:00Z')")
    withdraw_post(make_settings(folder), path, "asked by its author")


def rows(folder: Path) -> dict[str, Any]:
    """Every row with its numbers, but for those that nobody cites."""
    database = folder / "archive.db"
    result = dump_rows(database, but=_TRACES)
    pages = "SELECT * FROM pages ORDER BY path"
    events = "SELECT path, at, event, detail FROM page_events WHERE event <> 'withdrawn' ORDER BY path, rowid"
    return {**result, **{sql: query_database(database, sql) for sql in (_NUMBERED, _TOLD, pages, events)}}


def dump_archive(database: Path) -> dict[str, Any]:
    """Every row, but that records may have other numbers."""
    return {**dump_rows(database, but=("records", "readings")), _NUMBERED: query_database(database, _NUMBERED)}


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("archive.db*")))


@pytest.mark.parametrize("path", WORDS)
@pytest.mark.parametrize("seed", [0, 1])
def test_withdrawn_and_given_back_all_rows_are_as_they_were(
    histories: list[Path], tmp_path: Path, seed: int, path: str
) -> None:
    copy(histories[seed], tmp_path)
    before = rows(tmp_path)
    outcome = withdraw_post(make_settings(tmp_path), NEW + path, "asked by its author")
    assert (outcome.changed, outcome.notes) == (True, ())
    assert verify_archive(make_settings(tmp_path)).damage == ()
    assert query_database(tmp_path / "archive.db", f"SELECT 1 FROM briefs WHERE path = '{path}'") == []
    again = withdraw_post(make_settings(tmp_path), path, "another reason")
    assert (again.changed, again.withdrawal.reason) == (False, "asked by its author")
    assert restore_post(make_settings(tmp_path), path).lost == ()
    assert compare_tables(before, rows(tmp_path)) == []
    assert verify_archive(make_settings(tmp_path)).damage == ()


@pytest.mark.parametrize("path", [RIVER, SLUG, STRANGER])
def test_no_byte_of_it_is_left_and_every_other_post_is_whole(histories: list[Path], tmp_path: Path, path: str) -> None:
    copy(histories[0], tmp_path)
    same = f"'{path}', '{COPY}'" if path == RIVER else f"'{path}'"
    others = f"SELECT * FROM briefs WHERE path NOT IN ({same}) ORDER BY id"
    before = query_database(tmp_path / "archive.db", others)
    assert WORDS[path][0].encode() in every_byte(tmp_path)
    withdraw_post(make_settings(tmp_path), path, "asked by its author")
    assert query_database(tmp_path / "archive.db", others) == before
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        words = "\n".join(line for line in db.iterdump() if not line.startswith('INSERT INTO "author_aliases"'))
    for word in WORDS[path]:
        assert word.replace("'", "''") not in words
        assert word.encode() not in every_byte(tmp_path)
    assert not (tmp_path / "archive.db-wal").exists()


# Not of OTHER: two posts swap their addresses, and which of them a capture shows depends on what is known by then.
@pytest.mark.parametrize("path", [RIVER, BETTER_SLUG])
@pytest.mark.parametrize("seed", [0, 1])
def test_whenever_it_was_withdrawn_the_rows_are_the_same(tmp_path: Path, seed: int, path: str) -> None:
    last = read_tables(play_history(tmp_path / "1", seed, hidden=path, after=1) / "archive.db")
    for name, after in (("2", 0.0), ("3", 0.4)):
        folder = play_history(tmp_path / name, seed + int(name), hidden=path, after=after)
        assert without_instants(compare_tables(last, read_tables(folder / "archive.db"))) == []
        assert verify_archive(make_settings(folder)).damage == ()


def without_instants(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(("withdrawals", "page_events", "memory"))]


def test_it_is_known_by_its_old_path_and_its_short_link(histories: list[Path], tmp_path: Path) -> None:
    copy(histories[0], tmp_path)
    withdraw_post(make_settings(tmp_path), SLUG, "asked by its author")
    (result,) = read_withdrawals(make_settings(tmp_path))
    assert (result.path, BETTER_SLUG in result.others, result.undone_at) == (SLUG, True, None)
    with open_archive(tmp_path) as opened:
        hidden = opened.paths_not_to_ask()
        assert {BETTER_SLUG, SLUG, "/?p=43"} <= hidden
        assert not {item.path for item in opened.list_posts() if item.status != "withdrawn"} & hidden
        assert not {item.path for item in opened.list_waiting_addresses()} & hidden


def test_rebuilt_it_stays_withdrawn_and_given_back_it_stays_so(tmp_path: Path) -> None:
    play_history(tmp_path, hidden=RIVER, after=0.5)
    new = str(tmp_path / "new.db")
    for _ in range(2):
        assert rebuild_archive(make_settings(tmp_path), into=new).lost == ()
        assert compare_tables(dump_archive(tmp_path / "archive.db"), dump_archive(tmp_path / "new.db")) == []
        assert verify_archive(make_settings(tmp_path, ARCHIVE_DB=new)).damage == ()
        Path(new).unlink()
        if query_database(tmp_path / "archive.db", "SELECT 1 FROM withdrawals WHERE undone_at IS NULL"):
            restore_post(make_settings(tmp_path), RIVER)


def test_a_lost_journal_does_not_bring_it_back(tmp_path: Path) -> None:
    play_history(tmp_path, hidden=RIVER, after=1)
    last = max((tmp_path / "warcs").iterdir())
    last.unlink()
    rebuild_archive(make_settings(tmp_path), into=str(tmp_path / "new.db"))
    assert query_database(tmp_path / "new.db", f"SELECT status FROM pages WHERE path = '{RIVER}'") == [("withdrawn",)]
    assert query_database(tmp_path / "new.db", f"SELECT path FROM briefs WHERE path = '{RIVER}'") == []


def test_read_again_it_stays_sealed_and_is_not_shown(tmp_path: Path) -> None:
    play_history(tmp_path, hidden=RIVER, after=0.5)
    before = rows(tmp_path)
    with open_archive(tmp_path) as opened:
        opened.db.execute("UPDATE captures SET extractor = '0'")
    changes: list[object] = []
    assert reextract_archive(make_settings(tmp_path), CaptureChoice(), dry_run=True, report=changes.append).lost == ()
    reextract_archive(make_settings(tmp_path), CaptureChoice(), report=changes.append)
    assert changes == []
    after = rows(tmp_path)
    assert compare_tables(before, after) == []


def test_what_cannot_be_withdrawn_or_undone(histories: list[Path], tmp_path: Path) -> None:
    copy(histories[0], tmp_path)
    with pytest.raises(BadInput, match="knows no such post: did you mean /2019/04/02/the-forest-law/"):
        withdraw_post(make_settings(tmp_path), "/2019/04/02/the-forest-laws/", "why")
    with pytest.raises(BadInput, match="it is not withdrawn"):
        restore_post(make_settings(tmp_path), FOREST)
    before = rows(tmp_path)
    assert withdraw_post(make_settings(tmp_path), FOREST, "why", dry_run=True).captures > 0
    assert compare_tables(before, rows(tmp_path)) == []
