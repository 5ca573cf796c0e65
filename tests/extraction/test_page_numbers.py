"""Which page of its post a page is, and which others it knows of, in every way that links are written."""

from __future__ import annotations

import pytest

from pipelines.extraction.page_parts import find_part
from scraper.markup.html_page import Page
from tests.support.post_copies import SITE, URL, make_page

TWO = f"{URL}2/"


def make(content: str = "", *, canonical: str = URL, head: str = "") -> Page:
    return Page(make_page(f"<p>Of lamps.</p>{content}", canonical=canonical, head=head), "text/html", None)


@pytest.mark.parametrize(
    ("mark", "url", "number"),
    [
        ("", URL, 1),
        ("", TWO, 2),
        ('<span class="post-page-numbers current">2</span>', URL, 2),
        ('<span class="post-page-numbers current">123</span>', URL, 123),
        ('<span class="post-page-numbers current">2021</span>', TWO, 2),
        ('<span class="current post-page-numbers"> 3 </span>', TWO, 3),
        ('<span class="post-page-numbers current">1</span>', TWO, 1),  # an old server gives the first page for all
        ('<a class="post-page-numbers">3</a><span class="post-page-numbers current">2</span>', URL, 2),
        ('<a class="post-page-numbers">3</a>', URL, 1),
        ('<a class="post-page-numbers concurrent">3</a>', TWO, 2),
        ('<span class="current">3</span>', TWO, 2),
        ('<span class="post-page-numbers current">Page</span>', TWO, 2),
        ('<span class="post-page-numbers current">²</span>', TWO, 2),
        ('<span class="post-page-numbers current"></span>', TWO, 2),
        ('<span class="post-page-numbers current">2 of 3</span>', URL, 1),
    ],
)
def test_the_number_is_that_of_the_mark_else_of_the_address(mark: str, url: str, number: int) -> None:
    assert find_part(make(mark), url).number == number


@pytest.mark.parametrize(
    ("url", "canonical", "number"),
    [(URL, TWO, 2), (TWO, URL, 2), (None, TWO, 2), (None, URL, 1), (f"{URL}3/", TWO, 3)],
)
def test_the_number_is_as_captured_or_as_the_page_states_it(url: str | None, canonical: str, number: int) -> None:
    assert find_part(make(canonical=canonical), url).number == number


@pytest.mark.parametrize(
    "link",
    [
        TWO,
        f"{URL}2",
        f"{URL}2/#top",
        f"{URL}2/index.html",
        f"{URL}2/&#10;",
        f"{URL}?page=2",
        f"{SITE}/?p=31&page=2",
        TWO.replace("https:", "http:"),
        TWO.replace("https:", ""),
        TWO.replace(SITE, ""),
        TWO.replace("two-lamps", "TWO-Lamps"),
        TWO.replace("two-lamps", "two%2Dlamps"),
        TWO.replace("two-lamps", "%74wo-lamps"),
        TWO.replace("/02/", "/./02/"),
        TWO.replace("/02/", "/02/x/../"),
        "2/",
        "./2/",
        "../two-lamps/2/",
        "?page=2",
        f"https://web.archive.org/web/20220101000000/{TWO}",
    ],
)
@pytest.mark.parametrize("beside", ["", f"<a href='{SITE}/jobs/'>Jobs</a>", "<a href='/straße/'>Straße</a>"])
def test_a_link_to_a_later_page_is_found_however_it_is_written(link: str, beside: str) -> None:
    part = find_part(make(f"{beside}<a href='{link}'>2</a>"), URL)
    assert (part.number, part.count, len(part.others)) == (1, 2, 1)


@pytest.mark.parametrize("name", ["los-niños", "los-ni%C3%B1os", "los-ni%c3%b1os", "LOS-niñOS"])
@pytest.mark.parametrize("form", ["{}/{}/2/", "{}/{}?page=2"])
def test_a_name_with_other_letters_is_the_same_in_each_writing(form: str, name: str) -> None:
    days = f"{SITE}/2021/02/09"
    page = make(f"<a href='{form.format(days, name)}'>2</a>")
    assert find_part(page, f"{days}/los-ni%C3%B1os/").count == 2


@pytest.mark.parametrize(
    "link",
    [
        URL,
        f"{URL}1/",
        f"{URL}2/feed/",
        f"{URL}comment-page-2/",
        f"{URL}#2",
        f"{SITE}/2021/02/09/three-lamps/2/",
        f"{SITE}/2021/02/10/two-lamps/2/",
        f"{SITE}/page/2/",
        f"{SITE}/?p=32&page=2",
        "../three-lamps/2/",
    ],
)
@pytest.mark.parametrize("beside", ["", "<a href='/straße/'>Straße</a>"])
def test_a_link_to_something_else_is_no_page_of_the_post(link: str, beside: str) -> None:
    part = find_part(make(f"{beside}<a href='{link}'>2</a>"), URL)
    assert (part.number, part.count, part.others) == (1, 1, ())


def test_a_page_without_a_name_has_no_later_pages() -> None:
    assert find_part(make(f"<a href='{SITE}/jobs/2/'>2</a>", canonical=f"{SITE}/"), f"{SITE}/").count == 1


def test_the_other_pages_are_in_order_without_this_one_and_the_first() -> None:
    links = "".join(f"<a href='{URL}{number}/'>{number}</a>" for number in (4, 2, 3, 2, 1))
    head = f'<link rel="next" href="{URL}4/">'
    part = find_part(make(links, head=head), f"{URL}3/")
    assert (part.number, part.count) == (3, 4)
    assert [found.url for found in part.others] == [TWO, f"{URL}4/"]
    assert find_part(make(head=head), f"{URL}3/").count == 4
    assert find_part(make(), f"{URL}3/").count == 3
