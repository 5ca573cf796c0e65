"""The editors' wordings: every shape reads its own examples, every label of the site is read, prose is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.domains import CANONICAL, to_canonical_domain
from pipelines.extraction.wording.label import SHAPES, Shape, read_closing_label, read_label
from pipelines.extraction.wording.resources import read_item
from pipelines.extraction.wording.sections import read_heading
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.dates import is_vague_date, parse_iso_instant, parse_visible_date, parse_written_date

LABELS = list(
    csv.DictReader(
        Path(__file__).with_name("labels.tsv").read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_shape_reads_its_examples_and_no_other_shape_does(shape: Shape) -> None:
    for example in shape.examples:
        assert [other.name for other in SHAPES if other.pattern.fullmatch(example.strip())] == [shape.name]


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["line"])
def test_every_label_seen_on_the_site(row: dict[str, str]) -> None:
    label = read_label(row["line"].split("|")[0])
    assert label is not None
    assert (str(label.number or ""), label.domain or "", label.shape) == (row["number"], row["domain"], row["shape"])
    if row["byline"].lower().startswith("by"):
        assert read_byline(row["byline"]) is not None


@pytest.mark.parametrize(
    "line",
    [
        "The Ukraine Crisis Situation Update #25",
        "The Swing States Series: #1 Pennsylvania",
        "Fishing Boat Dispatch # 6",
        "# 5 Fishing Boat Dispatch",
        "USRESIST SHARE: August 2025 #1",
        "see Brief #57",
        "covered in Brief 46",
        "Brief #57 told how the court ruled. The rest is history.",
        "In brief #9 we wrote about this",
    ],
)
def test_other_numbers_are_no_labels(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Environmental Policy", "Environment"),
        ("The Environment", "Environment"),
        ("Economy", "Economics"),
        ("Health and Gender Policy", "Health & Gender"),
        ("Foreign Policy", "Foreign Policy"),
        ("Foreign Policy Brief", "Foreign Policy"),
        ("Elections & Politics Policy Brief", "Elections & Politics"),
        ("TBA", "TBA"),
        ("Fishing Boat Dispatch", "Fishing Boat Dispatch"),
    ],
)
def test_domains_have_one_name(written: str, name: str) -> None:
    assert to_canonical_domain(written) == name


@given(st.sampled_from(CANONICAL))
def test_a_canonical_name_stays(name: str) -> None:
    assert to_canonical_domain(name) == name


@given(st.text(max_size=80), st.integers(0, 9999))
def test_a_closing_label_leaves_title_and_label(title: str, number: int) -> None:
    found = read_closing_label(f"{title} (Foreign Policy Brief #{number})")
    if found is not None:
        assert found[1].number == number
        assert found[1].domain == "Foreign Policy"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Erin Mayer and Brandon Mooney", ["Erin Mayer", "Brandon Mooney"]),
        ("by : Todd J. Broadman", ["Todd J. Broadman"]),
        ("By Anora Morton, J.D.", ["Anora Morton, J.D."]),
        ("By Charles A Rubin", ["Charles A Rubin"]),
        ("By S. Bhimji, Ana de la Cruz & Bo O’Neil", ["S. Bhimji", "Ana de la Cruz", "Bo O’Neil"]),
        ("by: U.S. Resist News Staff", ["U.S. Resist News Staff"]),
        ("By U.S. RESIST NEWS Reporters (Ron Israel and Tim Loftus)",
         ["U.S. RESIST NEWS Reporters", "Ron Israel", "Tim Loftus"]),
        ("By Iryna Shkurhan June 10,2020", ["Iryna Shkurhan"]),
    ],
)  # fmt: skip
def test_bylines(line: str, names: list[str]) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert [author.name for author in byline.authors] == names


@pytest.mark.parametrize(
    "line",
    [
        "By Friday, the Senate had voted",
        "By Executive Order",
        "by the time it ended",
        "By the numbers",
        "Bystanders Saw It",
    ],
)
def test_prose_is_no_byline(line: str) -> None:
    assert read_byline(line) is None


def test_a_house_name_is_a_collective() -> None:
    byline = read_byline("U.S. Resist News")
    assert byline is not None
    assert byline.authors[0].kind == "collective"


def test_closing_line_gives_role_and_author() -> None:
    closing = read_closing(Line("This Brief was developed by USRESIST NEWS Analyst Zoe Stricker. Contact:"))
    assert closing is not None
    assert [(a.name, a.role, a.contact) for a in closing[0]] == [("Zoe Stricker", "Analyst", None)]


@pytest.mark.parametrize(
    ("line", "name", "source"),
    [
        ("Photo by unsplash-logoJonathan Simcoe", "Jonathan Simcoe", "Unsplash"),
        ("Photo by Ann Lee on Unsplash", "Ann Lee", "Unsplash"),
        ("Photo from Trump Stock photos by Vecteezy", "Trump Stock photos", "Vecteezy"),
        ("Photograph: Anadolu/Getty Images", "Anadolu", "Getty Images"),
        ("Photo by Ann Lee", "Ann Lee", None),
    ],
)
def test_credits(line: str, name: str, source: str | None) -> None:
    credit = read_credit(Line(line))
    assert credit is not None
    assert (credit.value.name, credit.value.source) == (name, source)


@pytest.mark.parametrize(
    "line",
    ["Photo by the window shows how it went.", "Photos from the scene were grim.", "Images of war fill the news"],
)
def test_prose_is_no_credit(line: str) -> None:
    assert read_credit(Line(line)) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("January 25, 2018", "2018-01-25"),
        ("August 19 , 2020", "2020-08-19"),
        ("June 10,2020", "2020-06-10"),
        ("Mar 5, 2019", "2019-03-05"),
        ("February 30, 2019", None),
        ("April 2023", None),
        ("Letter issued on January 11, 2018", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert parse_written_date(text) == date


def test_vague_and_odd_dates() -> None:
    assert is_vague_date("August/September 2017")
    assert parse_visible_date("Posted on 5 March 2019 at noon") in ("2019-03-05", None)
    assert parse_iso_instant("2019-03-05T09:00:00-05:00") == "2019-03-05T14:00:00Z"


@given(st.text(max_size=200))
def test_no_line_breaks_a_reader(text: str) -> None:
    line = Line(" ".join(text.split()))
    read_label(line.text)
    read_byline(line.text)
    read_closing(line)
    read_credit(line)
    read_heading(line)
    parse_written_date(line.text)


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Hush - USRESIST NEWS", "Hush"),
        ("Hush | US Renew News", "Hush"),
        ("- USRESIST NEWS", ""),
        ("USRESIST NEWS", ""),
        ("Hush « USRESIST NEWS", "Hush"),
        ("Hush &laquo; U.S. Resist News", "Hush"),
        ("Hush – www.usresistnews.org", "Hush"),
        ("US Renew News - Hush", "Hush"),
        ("The End of US Renew News", "The End of US Renew News"),
        ("US Renew News Is Hushed", "US Renew News Is Hushed"),
        ("Mills-usresistnews.org", "Mills-usresistnews.org"),
    ],
)
def test_the_sites_name_is_no_headline(title: str, bare: str) -> None:
    assert strip_site_name(title) == bare


@pytest.mark.parametrize(
    "text", ["https://www.lamp.org/act: keeps the light", "https://www.lamp.org/act – keeps the light"]
)
def test_an_address_in_front_of_a_description_is_name_and_address(text: str) -> None:
    resource, _ = read_item(Line(text), None)
    assert (resource.name, resource.url) == ("https://www.lamp.org/act", "https://www.lamp.org/act")
    assert resource.description == "keeps the light"
