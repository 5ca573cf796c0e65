"""Parquet, opened by DuckDB and pandas, with the types that the columns have."""

from __future__ import annotations

import builtins
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from scraper.errors import MissingExtra
from tests.support.exported_archive import EMAIL, FERRY, HIDDEN, LATER, NOTES, SECRET, TEXT, fill_exportable, run_export
from tests.support.specimens import PATH


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_exportable(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def tables(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_export(archive, "parquet", tmp_path_factory.mktemp("parquet") / "tables").path or Path()


def _ask(tables: Path, sql: str) -> list[Any]:
    sql = sql.replace("briefs", f"read_parquet('{tables}/briefs/*/*.parquet', hive_partitioning = true)")
    with duckdb.connect() as db:
        return list(db.execute(sql.replace("authors", f"'{tables}/authors.parquet'")).fetchall())


def test_duckdb_joins_the_tables(tables: Path) -> None:
    assert [path for (path,) in _ask(tables, "SELECT path FROM briefs ORDER BY path")] == sorted(
        [PATH, FERRY, NOTES, TEXT]
    )
    assert _ask(tables, "SELECT year, count(*) FROM briefs GROUP BY year ORDER BY year") == [
        *((0, 1), (2020, 1), (2021, 2))
    ]
    joined = "SELECT a.name, a.position, b.published FROM authors a JOIN briefs b USING (path) WHERE b.number = 7"
    assert _ask(tables, joined) == [("Ada Fenn", 1, date(2020, 3, 5))]
    times = _ask(tables, f"SELECT epoch(modified), epoch(captured_at) FROM briefs WHERE path = '{PATH}'")
    assert times == [(datetime(2020, 3, 6, 10, tzinfo=UTC).timestamp(), datetime.fromisoformat(LATER).timestamp())]


def test_pandas_knows_the_types(tables: Path) -> None:
    briefs = pandas.read_parquet(tables / "briefs").set_index("path")
    assert briefs.loc[PATH, "published"] == date(2020, 3, 5)
    assert str(briefs["captured_at"].dtype) == "datetime64[ms, UTC]"
    assert briefs["publisher"].notna().all()
    types = {field.name: str(field.type) for field in parquet.read_schema(next(tables.glob("briefs/*/*.parquet")))}
    assert (types["published"], types["dateline"], types["number"]) == ("date32[day]", "date32[day]", "int64")


def test_every_list_has_its_table_and_none_has_what_is_private(archive: Path, tables: Path, tmp_path: Path) -> None:
    names = {path.stem for path in tables.glob("*.parquet")}
    assert names == {"authors", "resources", "photo_credits", "sections", "links", "categories"}
    texts = "".join(str(parquet.read_table(path).to_pylist()) for path in tables.rglob("*.parquet"))
    assert not any(word in texts for word in (EMAIL, HIDDEN, SECRET))
    assert "contact" not in parquet.read_schema(tables / "authors.parquet").names
    run_export(archive, "parquet", tmp_path / "all", with_contacts=True)
    assert "contact" in parquet.read_schema(tmp_path / "all/authors.parquet").names
    run_export(archive, "parquet", tmp_path / "again")
    files = sorted(path.relative_to(tables) for path in tables.rglob("*.parquet"))
    assert [(tmp_path / "again" / name).read_bytes() for name in files] == [
        (tables / name).read_bytes() for name in files
    ]


def test_without_pyarrow_one_line_says_what_to_install(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:  # noqa: ANN401 - as it is
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"pip install brief-archive\[parquet\]"):
        run_export(archive, "parquet", tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []
