"""Every table and column is described, docs/schema.md is up to date, and Datasette shows it all."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.schema import doc as schema_doc
from reading_room.__main__ import serve
from reading_room.server.settings import build_arguments
from tests.support.room import answers
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

_PLUMBING = {"briefs_fts_config", "briefs_fts_data", "briefs_fts_docsize", "briefs_fts_idx"}


@pytest.fixture(scope="module")
def archive_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive under another name than archive.db."""
    folder = tmp_path_factory.mktemp("served")
    with open_archive(folder) as opened:
        ingest_capture(opened, *make_page(make_brief(number=3)))
        ingest_capture(opened, *make_page(make_brief(number=5, title="The Rivers' Pact"), "2022-01-01T00:00:00Z"))
    return (folder / "archive.db").rename(folder / "copy.db")


def test_the_schema_document_is_up_to_date() -> None:
    assert schema_doc.DOC.read_text(encoding="utf-8") == schema_doc.format_doc(), "run `make docs`"


def test_every_table_and_column_is_described_and_no_other() -> None:
    with closing(schema_doc.create_schema()) as db:
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        columns = {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in names}
    result = schema_doc.load_metadata()["tables"]
    assert set(result) == names - _PLUMBING
    for name, table in result.items():
        assert set(table["columns"]) == columns[name], name
        assert table["description"].endswith("."), name
        assert all(text.endswith(".") for text in table["columns"].values()), name


def test_faceted_and_sorted_columns_are_there_and_few() -> None:
    for name, table in schema_doc.load_metadata()["tables"].items():
        facets = [facet if isinstance(facet, str) else facet["array"] for facet in table.get("facets", ())]
        used = {*facets, *(table[key] for key in ("sort", "sort_desc", "label_column") if key in table)}
        assert used <= set(table["columns"]), name
        assert len(facets) <= 4


def test_tables_are_searched_and_labelled(archive_path: Path) -> None:
    briefs, names, captures = answers(
        archive_path,
        "/archive/brief_list.json?_search=pact&_shape=array",
        "/archive/brief_authors.json?_labels=on&_shape=array",
        "/archive/briefs",
    )
    assert [row["title"] for row in briefs.json()] == ["The Rivers' Pact"]
    assert names.json()[0]["author_id"]["label"] == "Ada Fenn"
    assert "records" not in captures.text


def test_serve_hands_over_to_datasette(archive_path: Path) -> None:
    helped = CliRunner().invoke(serve, [str(archive_path), "--get", "/archive/briefs.json?_shape=array"])
    assert helped.exit_code == 0, helped.output
    assert "Rivers" in helped.output
    assert "suggest_facets" in build_arguments(archive_path, Path("metadata.yml"))
