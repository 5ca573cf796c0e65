"""A brief is found by each name that people know it by; the site's own paths and short ones lead to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipelines.maintenance.withdraw import withdraw_post
from scraper.records import Author
from tests.support.room import SCRIPT, answer, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive, read_rows

Get = Callable[[str], Any]
TRUCE, TALKS, TWIN = "/2020/05/19/truce-at-sea/", "/2021/06/01/talks/", "/2021/06/02/talks-again/"
FERRY, HEALTH, ODD, GONE = "/2022/01/05/ferry/", "/2023/02/06/clinics/", "/2024/01/01/odd/", "/2024/02/02/gone/"
SERIES, BLOG = "/2025/05/05/primaries/", "/2025/06/06/blog/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    facts = (
        (TRUCE, "Truce at Sea", "Brief #58—Foreign Policy", 58, "Foreign Policy", "Ada Fenn"),
        (TALKS, "Talks", "Foreign Policy Brief #209", 209, "Foreign Policy", "José Álvarez"),
        (TWIN, "Talks Again", "Foreign Policy Brief #209", 209, "Foreign Policy", "Io Vale"),
        (FERRY, "The Ferry", "Environment Policy Brief #209", 209, "Environment", "Io Vale"),
        (HEALTH, "Clinics, “Open”", "Health & Gender Policy Brief #12", 12, "Health & Gender", "Ada Fenn"),
        (SERIES, "Primaries", "2026 Primary Series Brief #2", 2, "2026 Primary Series", "Mal"),
        (BLOG, "Notes", "Brief USRN Blog", None, "USRN Blog", "Mal"),
        (ODD, SCRIPT, f"Brief #9—{SCRIPT}", 9, SCRIPT, "Mal"),
        (GONE, "Gone", "Brief #3—Education", 3, "Education", "Mal"),
    )
    with open_archive(folder) as there:
        for path, title, label, number, domain, author in facts:
            brief = make_brief(path, title=title, label=label, number=number, domain=domain, authors=(Author(author),))
            ingest_capture(there, *make_page(brief))
    withdraw_post(make_settings(folder), GONE, "asked by its author")
    return folder


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, path))


def _find_titles(page: str) -> list[str]:
    """The titles above the ranked hits."""
    known = page.partition('id="known"')[2].partition("</section>")[0]
    return re.findall(r'<a href="/archive/briefs/\d+">([^<]*)</a>', known)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("Foreign Policy Brief #209", ["Talks Again", "Talks"]),
        ("foreign policy 209", ["Talks Again", "Talks"]),
        ("Foriegn Policy #209", ["Talks Again", "Talks"]),
        ("#209", ["The Ferry", "Talks Again", "Talks"]),
        ("209", ["The Ferry", "Talks Again", "Talks"]),
        ("Brief No. 58", ["Truce at Sea"]),
        ("FOREIGN POLICY BRIEF NO 58", ["Truce at Sea"]),
        ("Brief #58—Foreign Policy", ["Truce at Sea"]),
        ("Brief # 58 - foreign policy", ["Truce at Sea"]),
        ("(Environment Policy Brief #209)", ["The Ferry"]),
        ("Talks (Foreign Policy Brief #209)", ["Talks"]),
        ("health and gender #12", ["Clinics, “Open”"]),
        ("clinics open", ["Clinics, “Open”"]),
        ("Truce at Sea - USRESIST NEWS", ["Truce at Sea"]),
        ("truce-at-sea", ["Truce at Sea"]),
        ("Truce-At-Sea/", ["Truce at Sea"]),
        ("b/foreign-policy/58", ["Truce at Sea"]),
        ("/2020/05/19/truce-at-sea", ["Truce at Sea"]),
        ("https://www.usrenewnews.org/2020/05/19/Truce-at-Sea/?utm_source=x#top", ["Truce at Sea"]),
        ("usresistnews.org/2020/05/19/truce-at-sea/", ["Truce at Sea"]),
        ("https://web.archive.org/web/2021/https://usresistnews.org/2020/05/19/truce-at-sea/", ["Truce at Sea"]),
        ("https://briefs.example/b/health-gender/12", ["Clinics, “Open”"]),
        ("2026 primary series 2", ["Primaries"]),
        ("2026 Primary Series Policy Brief #2", ["Primaries"]),
        ("brief usrn blog", ["Notes"]),
        ("Economics #209", []),
        ("levies of 2020 and 209", []),
        ("no such words", []),
    ],
)  # fmt: skip
def test_a_brief_is_known_by_each_of_its_names(get: Get, typed: str, titles: list[str]) -> None:
    page = get(f"/archive/search?q={quote(typed)}")
    assert (page.status_code, _find_titles(page.text)) == (200, titles)


@pytest.mark.parametrize(
    ("typed", "name"), [("jose alvarez", "José Álvarez"), ("Fenn", "Ada Fenn"), ("foreign policy", "Foreign Policy")]
)
def test_writers_and_domains_are_known_by_name(get: Get, typed: str, name: str) -> None:
    known = get(f"/archive/search?q={quote(typed)}").text.partition('id="known"')[2].partition("</section>")[0]
    assert re.search(rf'<a href="/archive/(authors|domains)/[^"]+">{name}</a>', known)


def test_names_stand_above_ranked_hits_and_on_no_later_page(get: Get) -> None:
    page = get("/archive/search?q=talks+again").text
    assert page.index('id="known"') < page.index('class="room-found"')
    assert 'id="known"' not in get("/archive/search?q=talks+again&page=2").text


@pytest.mark.parametrize(
    "path",
    [
        TRUCE,
        TRUCE.rstrip("/"),
        TRUCE.upper(),
        TRUCE + "amp/",
        "/b/foreign-policy/58",
        "/b/Foreign%20Policy/58",
        "/b/foreign+policy/58",
    ],
)
def test_a_path_of_the_site_and_a_short_one_lead_to_the_brief(get: Get, folder: Path, path: str) -> None:
    ((brief_id,),) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", TRUCE)
    result = get(path)
    assert result.status_code in (301, 302)
    assert result.headers["location"] == f"/archive/briefs/{brief_id}"


def test_a_withdrawn_brief_has_its_tombstone_at_the_path_of_the_site(get: Get) -> None:
    assert get(get(GONE).headers["location"]).status_code == 410


def test_a_number_that_several_carry_is_a_list(get: Get) -> None:
    listed, all_domains = get("/b/foreign-policy/209").text, get("/b/209").text
    assert ("Talks Again" in listed, "The Ferry" in listed) == (True, False)
    assert "The Ferry" in all_domains
    assert get("/b/health-and-gender").headers["location"] == "/archive/domains/Health+~26+Gender"


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/2020/05/19/nothing/", "No post of this address is known"),
        ("/b/foreign-policy/7", "its numbers here run from 58 to 209"),
        ("/b/imigration/7", "No brief of Immigration with the number 7"),
        ("/b/%3Cscript%3E/7", "No policy domain or series has the short name"),
        ("/b/foreign-policy%2F58", "No policy domain or series has the short name “foreign-policy/58”"),
        ("/?p=99999999999999999999", "No brief with WordPress"),
        ("/?p=twelve", "is no number of a post"),
    ],
)
def test_what_leads_nowhere_says_so(get: Get, path: str, result: str) -> None:
    page = get(path)
    assert (page.status_code, result in page.text, SCRIPT in page.text) == (404, True, False)
