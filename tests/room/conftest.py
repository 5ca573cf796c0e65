"""A room on a filled archive, for files of tests that need nothing else; one of them may fill in more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.room import Get, answer, fill_room, open_room


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room")) / "archive.db"


@pytest.fixture(scope="module")
def get(database: Path) -> Iterator[Get]:
    options = {"public_url": "https://briefs.example", "contact": "desk@archive.example"}
    with open_room(database, sql=False, **options) as (room, runner):
        yield lambda path: runner.run(answer(room, path))


@pytest.fixture
def db(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as there:
        yield there
