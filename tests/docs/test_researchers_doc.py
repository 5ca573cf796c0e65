"""Every example of docs/researchers.md finds something in the sample archive, served and in the file."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pandas as pd  # type: ignore[import-untyped]
import pytest

from pipelines.schema import doc as schema_doc
from tests.debian import CURL
from tests.support.scrapy_running import ROOT
from tests.support.serving import serve_room

DOC = (ROOT / "docs/researchers.md").read_text("utf-8")
_BLOCKS = r"^```{}\n(.*?)^```$"
SHELL = [line for block in re.findall(_BLOCKS.format("sh"), DOC, re.M | re.S) for line in block.splitlines() if line]
PYTHON = re.findall(_BLOCKS.format("python"), DOC, re.M | re.S)
SQL = [
    (sql, re.findall(r"`(\w+)`", result))
    for sql, result in re.findall(r"^```sql\n(.*?)^```\n\n→ ([^\n]*)$", DOC, re.M | re.S)
]
_THERE = "http://127.0.0.1:8001"


@pytest.fixture(scope="module")
def desk(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout after `make demo`."""
    desk = tmp_path_factory.mktemp("desk")
    shutil.copy(sample / "archive.db", desk / "demo.db")
    shutil.copytree(sample / "warcs", desk / "demo-warcs")
    for name in ("scrapy.cfg", "scraper", "pipelines", ".venv"):
        (desk / name).symlink_to(ROOT / name)
    return desk


@pytest.fixture(scope="module")
def here(desk: Path) -> Iterator[str]:
    with serve_room(desk / "demo.db", "--warcs", str(desk / "demo-warcs")) as address:
        yield address


@pytest.fixture(scope="module")
def namespace(desk: Path, here: str) -> dict[str, Any]:
    """What the names of the Python examples are after all of them ran, in their order."""
    known: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(desk)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for number, block in enumerate(PYTHON):
                exec(compile(block.replace(_THERE, here), f"example {number}", "exec"), known)
    finally:
        os.chdir(before)
    return known


def test_the_document_has_what_it_promises() -> None:
    assert len(SQL) == len(re.findall("^```sql$", DOC, re.M)) >= 11
    assert len(PYTHON) >= 4
    assert len(SHELL) >= 10
    assert not re.findall(r"^    \S", re.sub(r"^```.*?^```", "", DOC, flags=re.M | re.S), re.M)


@pytest.mark.parametrize("line", [line for line in SHELL if not line.startswith("make ")])
def test_each_command_runs(line: str, desk: Path, here: str) -> None:
    if line.startswith("curl "):
        CURL.require()
    command = ["sh", "-c", line.replace(_THERE, here)]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    target = re.search(r" -o (\S+)$", line)
    assert (desk / target[1]).read_text("utf-8").count("\n") > 1 if target else done.stdout


def test_what_serves_is_a_word_of_the_makefile() -> None:
    result = [line.split("#")[0].split() for line in SHELL if line.startswith("make ")]
    assert [words[1] for words in result] == ["demo", "serve", "serve"]
    assert re.search(r"^serve:.*DB=", (ROOT / "Makefile").read_text("utf-8"), re.M)


@pytest.mark.parametrize(("sql", "columns"), SQL)
def test_each_query_gives_rows_in_the_file_and_over_http(sql: str, columns: list[str], desk: Path, here: str) -> None:
    with closing(sqlite3.connect(desk / "demo.db")) as db:
        cursor = db.execute(sql)
        assert [column[0] for column in cursor.description] == columns
        found = cursor.fetchall()
    assert found
    with urlopen(f"{here}/archive.json?_shape=arrays&sql={quote(sql)}") as answer:
        result = json.load(answer)
    assert [tuple(row) for row in result["rows"]] == found[:5000]


def test_pandas_counts_what_sqlite_counts(namespace: dict[str, Any], desk: Path) -> None:
    with closing(sqlite3.connect(desk / "demo.db")) as db:
        ((briefs, years),) = db.execute("SELECT count(*), sum(year) FROM brief_list").fetchall()
        bodies = [text for (text,) in db.execute("SELECT body FROM briefs WHERE body IS NOT NULL ORDER BY id")]
    table: pd.DataFrame = namespace["briefs"]
    assert (len(table), table["year"].sum()) == (briefs, years)
    assert table["published"].dt.year.equals(table["published"].dt.year.where(table["year"] > 2000))
    assert list(namespace["bodies"].sort_values("id")["words"]) == [len(text.split()) for text in bodies]
    assert namespace["signed"]["author_id_label"].isin(["Io Vale"]).sum() == 3
    assert 0 < namespace["share"].max() <= 1


def test_the_table_of_counts_is_right(namespace: dict[str, Any]) -> None:
    table = namespace["briefs"]
    counts = table[table["kind"] == "brief"].groupby(["domain", "year"]).size()
    assert (
        counts["Technology", 2022]
        == ((table["domain"] == "Technology") & (table["year"] == 2022) & (table["kind"] == "brief")).sum()
    )
    assert "/2022/05/05/two-hands-on-the-switch/" in set(table["path"])


def test_the_digest_to_cite_is_that_of_the_file(desk: Path) -> None:
    copy = desk / "copy.db"
    shutil.copy(desk / "demo.db", copy)
    with serve_room(copy, "--immutable") as address, urlopen(f"{address}/-/databases.json") as answer:
        result = {row["name"]: row["hash"] for row in json.load(answer)}
    assert result["archive"] == hashlib.sha256(copy.read_bytes()).hexdigest()


def test_addresses_named_in_the_text_are_there(here: str) -> None:
    for address in re.findall(rf"\]\({_THERE}([^)]*)\)", DOC) + re.findall(r"`(/archive/newest\.atom[^`]*)`", DOC):
        with urlopen(here + address) as answer:
            assert answer.status == 200
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{here}/archive/nothing-of-the-kind")


def test_tables_and_columns_named_in_the_text_are_there() -> None:
    tables, queries = schema_doc.load_metadata()["tables"], schema_doc.load_metadata()["queries"]
    prose = re.sub(r"^```.*?^```$", "", DOC, flags=re.M | re.S)
    for table, column in re.findall(r"`(\w+)\.(\w+)[ `]", prose):
        assert column in tables[table]["columns"], (table, column)
    for name in ("brief_list", "number_gaps", "author_aliases", "brief_categories", "problems"):
        assert (name in tables, f"`{name}`" in prose) == (True, True)
    assert {"coverage", "as_of", "search", "cite"} <= set(queries)
