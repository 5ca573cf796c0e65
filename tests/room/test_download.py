"""The download page and its data package: true sizes and digests, and a description of each column that is there."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import frictionless
import pytest
from scrapy.settings import Settings

from pipelines.exports.downloads import publish_snapshot
from reading_room.pages.download_page import TABLES
from scraper.errors import BadArgument
from tests.support.room import VERSIONED, answer, answers, fill_room, open_room
from tests.support.specimens import make_settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("download"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Any]:
    with open_room(folder / "archive.db", immutable=True, public_url="https://briefs.example") as (room, runner):
        yield lambda path: runner.run(answer(room, path.removeprefix("https://briefs.example")))


def test_the_page_tells_size_and_digest_of_the_file_that_it_gives(get: Any, folder: Path) -> None:  # noqa: ANN401
    page, body = get("/download").text, get("/archive.db").content
    assert hashlib.sha256(body).hexdigest() in page
    assert f"{len(body):,} bytes" in page
    assert f"sha256:{hashlib.sha256(body).hexdigest()}. https://briefs.example/download." in page
    assert get("/-/cite/dataset.txt").text.strip() in page, "cited as the files cite it"


def test_the_package_describes_what_is_given(get: Any) -> None:  # noqa: ANN401
    package = get("/datapackage.json").json()
    tables = [resource for resource in package["resources"] if "schema" in resource]
    (database,) = [resource for resource in package["resources"] if resource["format"] == "sqlite"]
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


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = fill_room(tmp_path_factory.mktemp("published"))
    publish_snapshot(_make_settings(home))
    return home


def _make_settings(home: Path, kinds: str = "jsonl, csv wacz parquet") -> Settings:
    return make_settings(home, SNAPSHOT_FILES=kinds)


def test_files_are_made_beside_a_snapshot_and_given_with_size_and_digest(published: Path) -> None:
    with open_room(published / "public/archive.db", immutable=True) as (room, runner):
        page = runner.run(answer(room, "/download")).text
        resources = {item["path"]: item for item in runner.run(answer(room, "/datapackage.json")).json()["resources"]}
        names = re.findall(r'href="(/download/[^"]+)"', page)
        assert {"/download/briefs.jsonl.gz", "/download/briefs-csv.zip", "/download/briefs.wacz"} <= set(names)
        assert ("/download/briefs-parquet.zip" in names) is (find_spec("pyarrow") is not None)
        for name in names:
            given = runner.run(answer(room, name))
            digest = hashlib.sha256(given.content).hexdigest()
            assert digest in page
            assert f"{len(given.content):,}" in page
            resource = resources[f"http://localhost{name}"]
            assert resource["hash"] == f"sha256:{digest}"
            assert f"({len(given.content):,} bytes)" in resource["description"]
            # Frictionless calls a package invalid that states the bytes of what it unpacks on the way.
            assert ("bytes" in resource) is not resource["path"].endswith((".gz", ".zip"))
            part = runner.run(answer(room, name, range="bytes=1-4", **{"if-range": given.headers["etag"]}))
            assert (part.status_code, part.content) == (206, given.content[1:5])
        lines = gzip.decompress(runner.run(answer(room, "/download/briefs.jsonl.gz")).content).splitlines()
        schema = runner.run(answer(room, "/brief.schema.json")).json()
        assert (
            len(lines) == runner.run(answer(room, "/archive/briefs.json?_size=0")).json()["filtered_table_rows_count"]
        )
        assert set(json.loads(lines[0])) == set(schema["required"])
        for name in ("nothing.zip", "files.json", "..%2Farchive.db", "%00"):
            assert runner.run(answer(room, f"/download/{name}")).status_code == 404


def test_frictionless_reads_the_tables(published: Path, get: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (packed,) = published.glob("public/archive.db-files/*/briefs-csv.zip")
    with zipfile.ZipFile(packed) as file:
        file.extractall(tmp_path / "zip")
    package = get("/datapackage.json").json()
    package["resources"] = [resource for resource in package["resources"] if "schema" in resource][::3]
    for resource in package["resources"]:
        (tmp_path / f"{resource['name']}.csv").write_bytes(get(resource["path"]).content)
        resource["path"] = f"{resource['name']}.csv"
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for path in (tmp_path / "zip/datapackage.json", tmp_path / "datapackage.json"):
        report = frictionless.Package(str(path)).validate()
        assert report.valid, report.flatten(["resource", "type", "message"])[:5]


def test_files_go_with_the_state_that_they_were_made_of(published: Path) -> None:
    before = {path.name for path in (published / "public/archive.db-files").iterdir()}
    with closing(sqlite3.connect(published / "archive.db")) as db, db:
        db.execute("UPDATE briefs SET title = 'Another title' WHERE path = ?", (VERSIONED,))
    publication = publish_snapshot(_make_settings(published, "jsonl"))
    after = {path.name for path in (published / "public/archive.db-files").iterdir()}
    assert [file.kind for file in publication.files] == ["jsonl"]
    assert len(after) == 1
    assert not after & before
    publish_snapshot(_make_settings(published, ""))
    assert not any((published / "public/archive.db-files").iterdir())
    with pytest.raises(BadArgument, match="jsonlines is none of jsonl, csv"):
        publish_snapshot(_make_settings(published, "jsonlines"))


def test_an_archive_that_grows_has_no_file_but_tables(folder: Path) -> None:
    page, package = answers(folder / "archive.db", "/download", "/datapackage.json")
    assert page.status_code == 200
    assert "SHA-256" not in page.text
    assert all(resource["format"] == "csv" for resource in package.json()["resources"])
