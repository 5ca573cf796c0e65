"""The download page and its data package: true sizes and digests, and a description of each column that is there."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from reading_room.download_page import TABLES
from tests.support.room import answer, answers, filled, open_room


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("download"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Any]:
    with open_room(folder / "archive.db", immutable=True, public_url="https://briefs.example") as (room, runner):
        yield lambda path: runner.run(answer(room, path.removeprefix("https://briefs.example")))


def test_the_page_tells_size_and_digest_of_the_file_that_it_gives(get: Any, folder: Path) -> None:  # noqa: ANN401
    page, body = get("/download").text, get("/archive.db").content
    assert hashlib.sha256(body).hexdigest() in page
    assert f"{len(body):,} bytes" in page
    assert "Dataset of" in page
    assert f"sha256:{hashlib.sha256(body).hexdigest()}. https://briefs.example/archive.db." in page


def test_the_package_describes_what_is_given(get: Any) -> None:  # noqa: ANN401
    package = get("/datapackage.json").json()
    *tables, database = package["resources"]
    assert [table["name"].replace("-", "_") for table in tables] == list(TABLES)
    for table in tables:
        rows = list(csv.DictReader(StringIO(get(table["path"]).text)))
        fields = {field["name"]: field for field in table["schema"]["fields"]}
        assert list(rows[0]) == list(fields), table["name"]
        assert all(field["description"] for field in fields.values()), table["name"]
        for name, field in fields.items():
            values = {row[name] for row in rows} - {""}
            assert field["type"] != "integer" or all(value.lstrip("-").isdigit() for value in values), name
    body = get(database["path"]).content
    assert (database["bytes"], database["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")


def test_an_archive_that_grows_has_no_file_but_tables(folder: Path) -> None:
    page, package = answers(folder / "archive.db", "/download", "/datapackage.json")
    assert page.status_code == 200
    assert "SHA-256" not in page.text
    assert all(resource["format"] == "csv" for resource in package.json()["resources"])
