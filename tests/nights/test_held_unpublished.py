"""What is held is in no list, copy or export, and counts as missing where nothing else of the post was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.database.opening import open_read_only
from pipelines.exports.request import ExportRequest, Selection
from pipelines.exports.selection import create_selection
from pipelines.gaps.find import collect_gaps
from pipelines.maintenance.snapshot import make_snapshot
from tests.nights.test_holding import CUT, LONG, make_version, read_night
from tests.support.filled_archive import query_database
from tests.support.room import answer, open_room
from tests.support.specimens import PATH, SITE, make_settings, read_rows

NEW = "/2022/06/01/a-second-pact/"
SECRET = "Doubtful Words"
_HELD = "SELECT capture_id FROM readings WHERE held = 1 ORDER BY capture_id"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A post that came cut on the second night, and one that only that night has read."""
    folder = tmp_path_factory.mktemp("held")
    read_night(folder, 1, make_version(LONG))
    doubtful = make_version(CUT, title=SECRET), make_version(CUT, path=NEW, title=SECRET)
    read_night(folder, 2, *doubtful, verdict="held")
    make_snapshot(make_settings(folder))
    return folder


@pytest.fixture(scope="module", params=["archive.db", "public/archive.db"])
def database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Path]:
    yield folder / request.param


def test_the_reading_room_shows_none_of_it(database: Path, folder: Path) -> None:
    held = [number for (number,) in read_rows(folder, _HELD)]
    assert len(held) == 2
    with open_room(database, warcs=folder / "warcs") as (room, runner):

        def get(path: str) -> tuple[int, str]:
            answered = runner.run(answer(room, path))
            return answered.status_code, answered.text

        status, links = get(f"/-/timemap/link/{SITE}{PATH}")
        assert (status, links.count('memento"')) == (200, 1)
        assert get(f"/-/timemap/link/{SITE}{NEW}")[0] == 404
        assert [get(f"/-/captured/{number}/page")[0] for number in held] == [404, 404]
        pages = ("/-/oai?verb=ListRecords&metadataPrefix=oai_dc", "/newest.atom", "/sitemap.xml", "/search?q=doubtful")
        for path in pages:
            status, text = get(path)
            assert status < 500
            assert SECRET not in text
            assert NEW not in text


def test_exports_leave_it_out_and_gaps_name_it(folder: Path) -> None:
    held = {number for (number,) in read_rows(folder, _HELD)}
    for is_private in (False, True):
        with closing(open_read_only(folder / "archive.db")) as db:
            request = ExportRequest(format="jsonl", selection=Selection(), target=None, with_contacts=is_private)
            create_selection(db, request, folder / "warcs")
            chosen = {number for (number,) in db.execute("SELECT id FROM chosen_captures")}
            assert [path for (path,) in db.execute("SELECT path FROM chosen")] == [PATH]
        assert bool(held & chosen) == is_private
    (gap,) = (gap for gap in collect_gaps(make_settings(folder)).gaps if gap.what == NEW)
    assert "page that is held" in gap.where
    assert query_database(folder / "public/archive.db", _HELD) == []
