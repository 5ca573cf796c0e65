"""A post that is split over several pages is one brief: its parts in order, and what is missing of it told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from pipelines.gaps.find import collect_gaps
from scraper.address import identity
from scraper.records import Capture
from tests.support.loopback import Answer, Pages, serve_pages
from tests.support.post_copies import PATH, SITE, URL, make_copy, make_page, take_copies
from tests.support.scrapy_running import scrapy
from tests.support.small_site import robots, sitemap
from tests.support.specimens import make_settings, read_rows

FIRST = """<p>Brief #31—Education<br>By Ada Wren</p><p><strong>Policy Summary</strong></p>
<p>The harbour school of Aldmouth has asked the council for a second lamp and the money for it.</p>"""
SECOND = """<p>The council has read the letter twice and answered it once, and that was about the chairs.</p>
<p><strong>Analysis</strong></p><p>A lamp that is lit for half of the night is of no use to the other half.</p>"""
THIRD = """<p>Nor is half a lamp, as the mayor has said.</p><p><strong>Resistance Resources</strong></p><ul>
<li><a href="https://lamps.example/">Friends of the Lamp</a>: they keep the light.</li></ul>
<p>This Brief was submitted by USRESIST NEWS Education Analyst Ada Wren:
<a href="mailto:ada@lamps.example">Contact</a></p>"""
TEXTS = [FIRST, SECOND, THIRD]
_BRIEF = """SELECT path, url, kind, label, number, title, published, body, (SELECT count(*) FROM brief_resources),
    (SELECT group_concat(name_as_published || ' ' || role) FROM brief_authors) FROM briefs"""
WHOLE = "\n\n".join(
    (
        "Policy Summary",
        "The harbour school of Aldmouth has asked the council for a second lamp and the money for it.",
        "The council has read the letter twice and answered it once, and that was about the chairs.",
        "Analysis",
        "A lamp that is lit for half of the night is of no use to the other half.",
        "Nor is half a lamp, as the mayor has said.",
    )
)
Address = Callable[[int], str]
Marks = Callable[[int, int, Address], str]
# How an address gives the number of a page.
ADDRESSES: dict[str, Address] = {
    "wordpress": lambda n: f"{URL}{n}/",
    "a page in the path": lambda n: f"{URL}page/{n}/",
    "a query": lambda n: f"{URL}?page={n}",
    "a number and a query": lambda n: f"{SITE}/?p=31&page={n}",
    "http and no www": lambda n: f"http://usresistnews.org{PATH}{n}",
    "a wayback": lambda n: f"https://web.archive.org/web/2022010100000{n}id_/{URL}{n}/",
}


def number_marks(number: int, count: int, address: Address) -> str:
    """Links to the other pages, the number of this one marked."""
    links = (f'<a href="{address(n) if n > 1 else URL}" class="post-page-numbers">{n}</a>' for n in range(1, count + 1))
    marks = [*links]
    marks[number - 1] = f'<span class="post-page-numbers current" aria-current="page">{number}</span>'
    return f'<div class="page-links">Pages: {" ".join(marks)}</div>'


def plain_marks(number: int, count: int, address: Address) -> str:
    """As WordPress printed them before it named their class."""
    links = [f'<a href="{address(n) if n > 1 else URL}">{n}</a>' for n in range(1, count + 1)]
    links[number - 1] = str(number)
    return f"<p>Pages: {' '.join(links)}</p>"


def next_marks(number: int, count: int, address: Address) -> str:
    """A link to the page before and to the one behind."""
    before = (
        f'<a rel="prev" href="{address(number - 1) if number > 2 else URL}">Previous page</a>' if number > 1 else ""
    )
    return before + (f' <a rel="next" href="{address(number + 1)}">Next page</a>' if number < count else "")


MARKS: dict[str, Marks] = {"numbers": number_marks, "plain": plain_marks, "next": next_marks}


def split_post(
    address: Address = ADDRESSES["wordpress"], marks: Marks = number_marks, *, year: int = 2022, numbered: bool = True
) -> list[Capture]:
    """The three pages of the post; `numbered`: the canonical link of a later page has its number."""
    captures = []
    for number, text in enumerate(TEXTS, 1):
        canonical = f"{URL}{number}/" if numbered and number > 1 else URL
        page = make_page(text + marks(number, 3, address), canonical=canonical)
        captures.append(make_copy(page, year, address(number) if number > 1 else URL))
    return captures


def read_brief(folder: Path) -> tuple[Any, ...]:
    (row,) = read_rows(folder, _BRIEF)
    return row


EXPECTED = (
    *(PATH, URL, "brief", "Brief #31—Education", 31, "Two Lamps for Aldmouth", "2021-02-09", WHOLE, 1),
    "Ada Wren Education Analyst",
)


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("form", ADDRESSES)
def test_the_pages_of_a_post_are_one_brief(tmp_path: Path, form: str, marks: str, numbered: bool) -> None:
    take_copies(tmp_path, *split_post(ADDRESSES[form], MARKS[marks], numbered=numbered))
    assert read_brief(tmp_path) == EXPECTED
    assert read_rows(tmp_path, "SELECT * FROM problems") == []
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []
    assert len(read_rows(tmp_path, "SELECT DISTINCT path FROM captures")) == 3


def test_in_any_order(tmp_path: Path) -> None:
    for number, order in enumerate(permutations(split_post())):
        (tmp_path / str(number)).mkdir()
        take_copies(tmp_path / str(number), *order)
        assert read_brief(tmp_path / str(number)) == EXPECTED
        assert (
            read_rows(tmp_path / str(number), "SELECT message FROM problems UNION ALL SELECT field FROM revisions")
            == []
        )


@pytest.mark.parametrize("held", [(1,), (2,), (3,), (1, 3), (2, 3), (1, 2)])
def test_missing_pages_are_told_until_they_come(tmp_path: Path, held: tuple[int, ...]) -> None:
    pages = split_post()
    take_copies(tmp_path, *(pages[number - 1] for number in held))
    missing = ", ".join(str(number) for number in (1, 2, 3) if number not in held)
    result = read_rows(tmp_path, "SELECT path, field, message FROM problems WHERE kind = 'parts'")
    assert [(path, field) for path, field, _ in result] == [(PATH, "body")]
    assert f"page {missing}." in result[0][2]
    assert read_brief(tmp_path)[:2] == (PATH, URL)
    (gap,) = collect_gaps(make_settings(tmp_path)).gaps
    assert (gap.kind, gap.what) == ("broken", PATH)
    assert f"only a part of it: no capture holds page {missing}" in gap.where
    take_copies(tmp_path, *(pages[number - 1] for number in (1, 2, 3) if number not in held))
    assert read_brief(tmp_path) == EXPECTED
    assert read_rows(tmp_path, "SELECT * FROM problems WHERE kind = 'parts'") == []
    assert collect_gaps(make_settings(tmp_path)).gaps == ()


def test_a_later_page_replaces_nothing_of_the_first(tmp_path: Path) -> None:
    first, _, third = split_post()
    take_copies(tmp_path, first)
    before = read_brief(tmp_path)
    take_copies(tmp_path, make_copy(third.body, 2024, third.url))
    after = read_brief(tmp_path)
    assert (after[2:7], after[7].startswith(before[7])) == (before[2:7], True)


def test_a_new_copy_of_one_page_changes_that_page_alone(tmp_path: Path) -> None:
    pages = split_post()
    take_copies(tmp_path, *pages)
    edited = pages[1].body.replace(b"the chairs", b"the benches")
    take_copies(tmp_path, make_copy(edited, 2024, pages[1].url))
    assert read_brief(tmp_path)[7] == WHOLE.replace("the chairs", "the benches")
    assert read_rows(tmp_path, "SELECT field, capture_id, seen_at FROM revisions") == [
        ("body", 4, "2024-01-01T00:00:00Z")
    ]


def test_half_of_a_post_replaces_no_whole_one(tmp_path: Path) -> None:
    whole = make_page(FIRST + SECOND + THIRD)
    take_copies(tmp_path, make_copy(whole))
    before = read_brief(tmp_path)
    assert before[7] == WHOLE
    later = split_post(year=2024)
    take_copies(tmp_path, later[0])
    assert read_brief(tmp_path) == before
    assert len(read_rows(tmp_path, "SELECT * FROM problems WHERE kind = 'parts'")) == 1
    take_copies(tmp_path, *later[1:])
    assert read_brief(tmp_path) == before
    assert read_rows(tmp_path, "SELECT message FROM problems UNION ALL SELECT field FROM revisions") == []


def test_a_post_that_is_whole_again_is_read_as_such(tmp_path: Path) -> None:
    take_copies(tmp_path, *split_post(), make_copy(make_page(FIRST + SECOND), 2024))
    assert read_brief(tmp_path)[7] == WHOLE.rpartition("\n\n")[0]


def test_a_number_behind_a_whole_post_adds_nothing(tmp_path: Path) -> None:
    whole = make_page(FIRST + SECOND + THIRD)
    take_copies(tmp_path, make_copy(whole), make_copy(whole + b"<!-- -->", 2024, f"{URL}2/"))
    assert read_brief(tmp_path) == EXPECTED


@pytest.mark.parametrize("address", ["/2021/02/09/page/2/", "/jobs/page/2/", "/2021/02/09/2/"])
def test_other_numbers_are_no_pages_of_a_post(address: str) -> None:
    assert identity(SITE + address) == address


@pytest.mark.parametrize("marks", MARKS)
def test_a_crawl_asks_for_the_other_pages(tmp_path: Path, marks: str) -> None:
    def answer(number: int, text: str) -> Answer:
        def address(n: int) -> str:
            return f"{PATH}{n}/"

        canonical = PATH if number == 1 else address(number)
        page = make_page(text + MARKS[marks](number, 3, address).replace(URL, PATH), canonical=canonical)
        return Answer(page.replace(b"</html>", b"<!-- %d --></html>" % number))

    class Listing:
        link = PATH

    pages: Pages = {"/robots.txt": robots("User-agent: *\nDisallow:"), "/wp-sitemap.xml": sitemap([Listing()])}  # type: ignore[list-item]
    pages |= {PATH: answer(1, FIRST), f"{PATH}2/": answer(2, SECOND), f"{PATH}3/": answer(3, THIRD)}
    pages["/"] = Answer(b"<html><head><title>U.S. News</title></head><body class='home blog'>Welcome.</body></html>")
    with serve_pages(pages) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
        assert run.returncode == 0, run.stderr
        assert "1 posts asked for: 1 read" in run.stdout
        assert read_brief(tmp_path)[7:9] == (WHOLE, 1)
        again = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-a", "recheck=1")
    assert (again.returncode, server.times[f"{PATH}2/"], server.times[f"{PATH}3/"]) == (0, 2, 2)


def test_a_page_that_names_its_next_one_in_its_head_alone_is_one_of_several(tmp_path: Path) -> None:
    page = make_page(FIRST, head=f'<link rel="next" href="{URL}2/"><link rel="next" href="{SITE}/2021/02/10/other/">')
    take_copies(tmp_path, make_copy(page, 2022, URL))
    assert "page 2." in read_rows(tmp_path, "SELECT group_concat(message) FROM problems")[0][0]
