"""The bag: valid for bagit-python, with files that speak of one state and of nothing withdrawn."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import warnings
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.exports.request import Selection
from pipelines.maintenance.verify import find_database_damage
from scraper.errors import BadArgument, BadInput
from tests.support.exported_archive import EMAIL, HIDDEN, NOTES, SECRET, TEXT, fill_exportable, run_export
from tests.support.filled_archive import query_database
from tests.support.specimens import PATH

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a module that it asks for its own version
    import bagit


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its bag, `bag`."""
    made = fill_exportable(tmp_path_factory.mktemp("exported"))
    run_export(made, "bagit", made / "bag")
    return made


def test_bagit_finds_it_valid_and_feels_a_changed_byte(folder: Path, tmp_path: Path) -> None:
    bag = bagit.Bag(str(folder / "bag"))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["Newest-Capture"] == "2022-02-02T02:02:02Z"
    broken = Path(shutil.copytree(folder / "bag", tmp_path / "bag"))
    with (broken / "data/README.txt").open("a") as file:
        file.write("!")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(broken)).validate()


def test_everything_is_in_it(folder: Path) -> None:
    data = folder / "bag/data"
    assert {path.name for path in data.iterdir()} == {"README.txt", "metadata", "objects"}
    held = {"archive.db", "archive.wacz", "briefs", "briefs.jsonl"}
    assert {path.name for path in (data / "objects").iterdir()} == held
    assert {path.name for path in folder.iterdir() if "archive.db" not in path.name} == {"warcs", "bag"}
    with (data / "metadata/metadata.csv").open(encoding="utf-8", newline="") as file:
        named = {row["filename"] for row in csv.DictReader(file)}
    assert named == {f"objects/briefs/{path.name}" for path in (data / "objects/briefs").iterdir()}
    assert all((data / name).stat().st_size for name in named)
    assert f"{len(named)} briefs" in (data / "README.txt").read_text()
    with zipfile.ZipFile(data / "objects/archive.wacz") as package:
        assert package.testzip() is None


def test_a_page_stands_as_it_came_and_what_a_feed_told_as_data(folder: Path) -> None:
    briefs = folder / "bag/data/objects/briefs"
    assert "The River Pact" in (briefs / "2020-03-05-river-pact.html").read_text()
    assert json.loads((briefs / "2021-09-01-notes.json").read_text())["path"] == NOTES
    text = next(path for path in briefs.iterdir() if path.suffix == ".txt")
    assert text.read_text() == "A text from a drawer."


def test_the_database_is_whole_and_tells_nothing_that_is_withdrawn(folder: Path) -> None:
    database = folder / "bag/data/objects/archive.db"
    assert find_database_damage(database, "") == []
    assert query_database(database, "SELECT path FROM briefs ORDER BY path") == [
        row
        for row in query_database(folder / "archive.db", "SELECT path FROM briefs ORDER BY path")
        if row[0] != HIDDEN
    ]
    raw = database.read_bytes()
    assert SECRET.encode() not in raw
    assert EMAIL.encode() not in raw
    with closing(sqlite3.connect(database)) as db:
        assert SECRET not in "\n".join(db.iterdump())
        assert db.execute("SELECT status FROM pages WHERE path = ?", (HIDDEN,)).fetchone() == ("withdrawn",)


def test_of_a_selection_there_is_no_database(folder: Path, tmp_path: Path) -> None:
    done = run_export(folder, "bagit", tmp_path / "bag", Selection(paths=(PATH, TEXT)))
    bagit.Bag(str(tmp_path / "bag")).validate()
    assert (done.briefs, done.captures) == (2, 4)
    assert not list((tmp_path / "bag").rglob("*.db*"))
    assert "no database" in (tmp_path / "bag/data/README.txt").read_text()


def test_twice_the_same_bag(folder: Path, tmp_path: Path) -> None:
    run_export(folder, "bagit", tmp_path / "bag")
    manifest = "tagmanifest-sha256.txt"
    assert (tmp_path / "bag" / manifest).read_text() == (folder / "bag" / manifest).read_text()


def test_what_is_there_is_not_replaced_and_nothing_is_left_behind(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="exists already"):
        run_export(folder, "bagit", folder / "bag")
    with pytest.raises(BadInput, match="nothing to export"):
        run_export(folder, "bagit", tmp_path / "bag", Selection(numbers=(999,)))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "empty").mkdir()
    run_export(folder, "bagit", tmp_path / "empty")
    assert (tmp_path / "empty/bagit.txt").exists()
