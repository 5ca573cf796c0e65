"""BibTeX by pybtex, CSL-JSON by citeproc; keys and names for both."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string  # type: ignore[import-untyped]

from pipelines.exports import bibtex, csl
from pipelines.exports.citation_parts import PersonName, make_citation_key, split_name
from tests.support.citing_program import render_bibliography
from tests.support.exported_archive import MEMENTO, ODD_TITLE, TEXT, fill_exportable, text_of
from tests.support.specimens import PATH, SITE, ingest_capture, make_brief, make_page, open_archive

CITABLE = MEMENTO.replace("id_", "")
PACT_KEY, FERRY_KEY = "2020:03:05:river-pact", "2021:07:01:ferry"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_exportable(tmp_path_factory.mktemp("exported"))


def test_bibtex_is_read_by_pybtex(folder: Path, tmp_path: Path) -> None:
    entries = parse_string(text_of(folder, tmp_path / "briefs.bib", "bibtex"), "bibtex").entries
    pact, ferry = entries[PACT_KEY], entries[FERRY_KEY]
    assert len(entries) == 4
    assert make_citation_key(TEXT) in entries
    assert pact.fields["url"] == SITE + PATH
    assert pact.fields["urldate"] == "2022-02-02"
    assert (pact.fields["year"], pact.fields["month"]) == ("2020", "March")
    assert pact.fields["note"] == rf"Archived 2 February 2022 at \url{{{CITABLE}}}"
    assert "note" not in ferry.fields
    jose, staff, solon = ferry.persons["author"]
    assert (jose.first_names, jose.prelast_names, jose.last_names, jose.lineage_names) == (
        ["José"],
        ["de", "la"],
        ["Cruz"],
        ["Jr."],
    )
    assert staff.last_names == ["{U.S. Resist News Staff}"]
    assert solon.last_names == ["{Solon}"]


@pytest.mark.parametrize(
    ("title", "at", "is_cut", "is_cited"),
    [
        ("The River Pact", "2019-01-01T00:00:00Z", False, True),  # nothing has changed since
        ("The River Treaty", "2019-01-01T00:00:00Z", False, False),
        ("The River Pact", "2019-01-01T00:00:00Z", True, False),
        ("The River Treaty", None, False, False),
    ],
)
def test_no_copy_older_than_the_values_is_cited(
    tmp_path: Path, title: str, at: str | None, is_cut: bool, is_cited: bool
) -> None:
    page, result = make_page(make_brief(title=title), at)
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, replace(page, memento=MEMENTO, truncated=is_cut, body=page.body + b" "), result)
        ingest_capture(opened, *make_page(make_brief(title="The River Pact"), "2022-01-01T00:00:00Z", source="live"))
    assert (r"\url" in text_of(tmp_path, tmp_path / "briefs.bib", "bibtex")) == is_cited


def test_latex_sees_the_title_as_published(folder: Path, tmp_path: Path) -> None:
    written = text_of(folder, tmp_path / "briefs.bib", "bibtex")
    title = next(line for line in written.splitlines() if "ferries" in line)
    assert title == (
        r"  title = {{50\% of {\textbraceleft}all{\textbraceright} ferries \& C:{\textbackslash}ports\_"
        r"{\textasciitilde}{\textasciicircum} \#1 cost \$5}},"
    )
    assert ODD_TITLE.startswith("50%")


def test_citeproc_makes_a_bibliography(folder: Path, tmp_path: Path) -> None:
    items = json.loads(text_of(folder, tmp_path / "briefs.json", "csl"))
    result = {item["id"]: item for item in items}
    assert result[PACT_KEY]["archive_location"] == CITABLE
    assert result[PACT_KEY]["accessed"] == {"date-parts": [[2022, 2, 2]]}
    assert result[FERRY_KEY]["author"][0] == {
        "family": "Cruz",
        "given": "José",
        "non-dropping-particle": "de la",
        "suffix": "Jr.",
    }
    assert result[FERRY_KEY]["author"][1] == {"literal": "U.S. Resist News Staff"}
    lines = render_bibliography(items)
    assert any("Fenn, A." in line and "2020" in line and "The River Pact" in line for line in lines)
    assert any("U.S. Resist News Staff" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Wren", PersonName("Ada", "", "Wren", "")),
        ("Io Vale III", PersonName("Io", "", "Vale", "III")),
        ("Ludwig van der Aa", PersonName("Ludwig", "van der", "Aa", "")),
        ("Ada M. Wren", PersonName("Ada M.", "", "Wren", "")),
        ("Solon", None),
        ("Wren, Ada", None),
        ("Wren, A.B.", None),
        ("Io Vale, Jr.", PersonName("Io", "", "Vale", "Jr.")),
        ("Nora Vale, J.D.", PersonName("Nora", "", "Vale", "J.D.")),
        ("Ada Wren, Mo Lind", None),
    ],
)
def test_names_in_parts(name: str, parts: PersonName | None) -> None:
    assert split_name(name) == parts


def test_keys_of_different_paths_differ() -> None:
    paths = ["/2019/03/10/a-b/", "/2019/03-10/a-b/", "/?p=58", "/p/58/", "/2019/03/10/a%20b/", "/2019/03/10/a/b/", TEXT]
    assert len({make_citation_key(path) for path in paths}) == len(paths)
    assert make_citation_key("/2019/03/10/a-b/") == "2019:03:10:a-b"


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_title_and_name_can_be_cited(title: str, name: str) -> None:
    result = {
        **{"path": "/2020/01/01/a/", "title": title, "label": None, "kind": "brief", "number": 1, "url": None},
        **{"published": None, "publisher": "U.S. RESIST NEWS", "capture": {"captured_at": None}, "archived": None},
        "authors": [{"name": name, "kind": "person"}],
    }
    entries = parse_string("".join(bibtex.format_briefs([result])), "bibtex").entries
    assert list(entries) == ["2020:01:01:a"]
    assert len(json.loads("".join(csl.format_briefs([result])))) == 1
