"""JSON Lines, CSV, JSON-LD and Dublin Core, each opened by what opens such files."""

from __future__ import annotations

import csv
import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]

from pipelines.exports import json_schema
from pipelines.exports.request import Format, Selection
from tests.support.exported_archive import (
    EMAIL,
    FERRY,
    HIDDEN,
    LATER,
    MEMENTO,
    NOTES,
    ODD_TITLE,
    SECRET,
    TEXT,
    export_briefs,
    fill_exportable,
    run_export,
    text_of,
)
from tests.support.scrapy_running import ROOT
from tests.support.specimens import PATH, SITE

CITABLE = MEMENTO.replace("id_", "")
TEXTS: tuple[Format, ...] = ("jsonl", "csv", "jsonld", "dublincore", "bibtex", "csl")
CHECK = """import json, sys; from jsonschema import Draft202012Validator as Validator
schema, *files = sys.argv[1:]; check = Validator(json.load(open(schema))); check.check_schema(check.schema)
for line in (line for name in files for line in open(name)): check.validate(json.loads(line))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_exportable(tmp_path_factory.mktemp("exported"))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_json_lines_tell_all_of_a_brief(folder: Path, tmp_path: Path) -> None:
    result = export_briefs(folder, tmp_path / "briefs.jsonl")
    assert list(result) == [PATH, FERRY, NOTES, TEXT]
    pact, ferry = result[PATH], result[FERRY]
    assert (pact["title"], pact["number"], pact["modified"]) == ("The River Pact", 7, "2020-03-06T10:00:00Z")
    assert pact["authors"] == [
        {"name": "Ada Fenn", "name_as_published": "Ada Fenn", "kind": "person", "role": "Analyst"}
    ]
    assert (pact["capture"]["captured_at"], pact["capture"]["source"]) == (LATER, "live")
    assert pact["archived"] == {"url": CITABLE, "captured_at": LATER}
    assert [author["kind"] for author in ferry["authors"]] == ["person", "collective", "person"]
    assert ferry["resources"][0] == {
        "name": "River Keepers",
        "name_as_published": "River Keepers",
        "heading": "Resistance Resources",
        "description": "They keep it.",
        "text": "All",
        "url": "https://www.river.example/",
    }
    assert ferry["photo_credits"][0]["source"] == "Unsplash"
    assert ferry["links"] == [{"text": "the ferry", "url": "https://ferry.example/"}]
    assert [category["slug"] for category in ferry["categories"]] == ["opinion", "ports"]
    assert [section["heading"] for section in ferry["sections"]] == [None, "Analysis"]
    assert (ferry["archived"], result[TEXT]["url"], result[TEXT]["capture"]["captured_at"]) == (None, None, None)


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_withdrawn_and_no_address_of_a_writer(folder: Path, tmp_path: Path, name: Format) -> None:
    text = text_of(folder, tmp_path / "briefs", name)
    assert "pact" in text.lower()
    assert not [word for word in (HIDDEN, SECRET, EMAIL) if word in text]


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_archive_gives_the_same_bytes(folder: Path, tmp_path: Path, name: Format) -> None:
    assert text_of(folder, tmp_path / "one", name) == text_of(folder, tmp_path / "two", name)


def test_lines_are_as_their_schema_says(folder: Path, tmp_path: Path) -> None:
    assert json_schema.TARGET.read_text("utf-8") == json_schema.format_schema(), "run `make docs`"
    whole = tmp_path / "whole.jsonl"
    run_export(folder, "jsonl", whole, with_contacts=True)
    run_export(folder, "jsonl", tmp_path / "some.jsonl")
    python = ROOT / ".venv-pywb/bin/python"
    words: list[str | Path] = [python, "-c", CHECK, json_schema.TARGET, whole, tmp_path / "some.jsonl"]
    subprocess.run(words, check=True)


def test_contacts_on_request(folder: Path, tmp_path: Path) -> None:
    pact = export_briefs(folder, tmp_path / "briefs.jsonl", with_contacts=True)[PATH]
    assert pact["authors"][0]["contact"] == f"mailto:{EMAIL}"
    assert EMAIL in pact["body"]


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ({"domains": ("environment",)}, [PATH, TEXT]),
        ({"kinds": ("opinion", "blog")}, [FERRY, NOTES]),
        ({"authors": ("JOSÉ de la cruz jr.",)}, [FERRY]),
        ({"numbers": (7, 2)}, [PATH, NOTES]),
        ({"paths": (SITE.replace("https", "http") + PATH,)}, [PATH]),
        ({"paths": (NOTES, TEXT)}, [NOTES, TEXT]),
        ({"since": "2021"}, [FERRY, NOTES]),
        ({"since": "2021-08"}, [NOTES]),
        ({"until": "2021-07"}, [PATH, FERRY]),
        ({"until": "2020"}, [PATH]),
        ({"domains": ("Environment",), "since": "2020"}, [PATH]),
    ],
)
def test_conditions_narrow_it_down(folder: Path, tmp_path: Path, wanted: dict[str, Any], paths: list[str]) -> None:
    assert list(export_briefs(folder, tmp_path / "briefs.jsonl", Selection(**wanted))) == paths


def test_csv_is_a_row_a_brief(folder: Path, tmp_path: Path) -> None:
    pact, ferry, *_ = rows(text_of(folder, tmp_path / "briefs.csv", "csv"))
    assert (pact["path"], pact["archived_url"], pact["authors"]) == (PATH, CITABLE, "Ada Fenn")
    assert ferry["title"] == ODD_TITLE
    assert ferry["authors"] == "José de la Cruz Jr.; U.S. Resist News Staff; Solon"
    assert ferry["number"] == ""


def test_a_table_a_file_for_those_who_join(folder: Path, tmp_path: Path) -> None:
    done = run_export(folder, "csv-tables", tmp_path / "tables")
    tables = {path.stem: rows(path.read_bytes().decode()) for path in (tmp_path / "tables").iterdir()}
    assert set(tables) == {"briefs", *("authors", "resources", "photo_credits", "sections", "links", "categories")}
    assert (len(tables["briefs"]), done.briefs) == (4, 4)
    of_ferry = [row for row in tables["authors"] if row["path"] == FERRY]
    assert [(row["position"], row["name"]) for row in of_ferry][2] == ("3", "Solon")
    assert "contact" not in of_ferry[0]
    assert [row["name"] for row in tables["resources"] if row["path"] == FERRY][1] == "'=1+1"  # no formula


def test_json_ld_is_understood_without_a_network(folder: Path, tmp_path: Path) -> None:
    document = json.loads(text_of(folder, tmp_path / "briefs.jsonld", "jsonld"))

    def no_network(url: str, options: object) -> None:
        raise AssertionError(url)

    nodes = {node.get("@id"): node for node in jsonld.expand(document, {"documentLoader": no_network})}
    pact, ferry = nodes[SITE + PATH], nodes[SITE + FERRY]
    assert pact["@type"] == ["https://schema.org/Report"]
    assert pact["https://schema.org/archivedAt"] == [{"@id": CITABLE}]
    assert pact["https://schema.org/datePublished"] == [{"@type": "https://schema.org/Date", "@value": "2020-03-05"}]
    assert ferry["@type"] == ["https://schema.org/NewsArticle"]
    assert "https://schema.org/archivedAt" not in ferry
    authors = ferry["https://schema.org/author"]
    assert [author["@type"][0].rpartition("/")[2] for author in authors] == ["Person", "Organization", "Person"]
    assert len(jsonld.to_rdf(document)["@default"]) > 30


def test_dublin_core_as_archivematica_reads_it(folder: Path, tmp_path: Path) -> None:
    head, *lines = csv.reader(StringIO(text_of(folder, tmp_path / "metadata.csv", "dublincore"), newline=""))
    assert head[0] == "filename"
    assert head.count("dc.creator") == 3
    assert len(lines) == 4
    assert all(line[0].startswith("objects/") and len(line) == len(head) for line in lines)
    ferry = next(line for line in lines if "ferry" in line[0])
    creators = [cell for name, cell in zip(head, ferry, strict=True) if name == "dc.creator"]
    assert creators == ["José de la Cruz Jr.", "U.S. Resist News Staff", "Solon"]
    pact = dict(zip(head, lines[0], strict=True))
    assert (pact["dc.date"], pact["dc.relation"]) == ("2020-03-05", CITABLE)
