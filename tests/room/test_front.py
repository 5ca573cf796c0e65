"""The front page and the list of what is there: figures that are true, and ways that lead somewhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html

from scraper.records import FoundAddress
from tests.support.room import SHARED, answers, fill_room
from tests.support.specimens import SITE, ingest_capture, make_brief, make_page, open_archive


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room")) / "archive.db"


@pytest.fixture(scope="module")
def front(database: Path) -> Any:  # noqa: ANN401 - as below
    (answer,) = answers(database, "/")
    assert answer.status_code == 200
    return parse(answer.text)


def parse(text: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    return html.fromstring(text)


def text(page: Any) -> str:  # noqa: ANN401 - as above
    return " ".join(page.text_content().split())


def test_its_figures_are_those_of_the_archive(database: Path, front: Any) -> None:  # noqa: ANN401
    with closing(sqlite3.connect(database)) as db:
        posts, first, last = db.execute("SELECT count(*), min(published), max(published) FROM briefs").fetchone()
        (authors,) = db.execute("SELECT count(*) FROM authors").fetchone()
        (gaps,) = db.execute(
            "SELECT count(*) FROM number_gaps JOIN domains ON domain = name WHERE kind = 'gap' AND canonical"
        ).fetchone()
        (updated,) = db.execute("SELECT max(finished_at) FROM crawls").fetchone()
        newest = [row[0] for row in db.execute("SELECT title FROM brief_list ORDER BY published DESC, id DESC LIMIT 8")]
    result = text(front)
    assert f"{posts} posts" in result
    assert f"from {first} to {last}" in result
    assert f"{authors} authors" in result
    assert f"{gaps:,} missing" in result
    assert f"Last updated {updated[:10]}" in result
    assert [link.text for link in front.xpath("//section[@aria-labelledby='newest']//li/a")] == newest


def test_years_and_domains_add_up(database: Path, front: Any) -> None:  # noqa: ANN401
    with closing(sqlite3.connect(database)) as db:
        (dated,) = db.execute("SELECT count(*) FROM briefs WHERE published IS NOT NULL").fetchone()
        sql = "SELECT count(*) FROM briefs JOIN domains ON domain = name WHERE canonical"
        (in_domains,) = db.execute(sql).fetchone()
    years = front.xpath("//section[@aria-labelledby='years']//td[@class='room-number']/text()")
    domains = front.xpath("//section[@aria-labelledby='domains']//li/span/text()")
    assert sum(map(int, years)) == dated
    assert sum(map(int, domains)) == in_domains


@pytest.mark.parametrize("start", ["/", "/archive"])
def test_every_way_leads_somewhere(database: Path, start: str) -> None:
    (page,) = answers(database, start)
    found = {urljoin(start, link) for link in parse(page.text).xpath("//a/@href | //link/@href")}
    inside = sorted(item for item in found if item.startswith("/") and not item.startswith("/-/static"))
    assert len(inside) > 30
    for path, answer in zip(inside, answers(database, *inside), strict=True):
        assert answer.status_code == 200, (path, answer.text[:300])


def test_a_brief_in_the_list_leads_to_its_page(database: Path) -> None:
    (page,) = answers(database, "/archive/brief_list?path=" + SHARED)
    (link,) = parse(page.text).xpath("//td[contains(@class, 'col-title')]/a")
    (brief,) = answers(database, link.get("href"))
    assert "Two Hands on the Switch" in brief.text


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        for path, published in (("/2019/01/02/first/", "2019-01-02"), ("/2022/01/02/last/", "2022-01-02")):
            ingest_capture(there, *make_page(make_brief(path, published=published, title=path)))
        there.add_found([FoundAddress(f"{SITE}/2020/02/03/unseen/", "feed"), FoundAddress(f"{SITE}/about/", "sitemap")])
    (page,) = answers(tmp_path / "archive.db", "/")
    front = parse(page.text)
    assert "Of 1 more post only the address is known: no copy of it is here yet." in text(front)
    assert not any(f" {word}" in text(front) for word in ("0 pages", "0 problems", "withdrawn"))
    years = front.xpath("//section[@aria-labelledby='years']//th[@scope='row']//text()")
    counts = front.xpath("//section[@aria-labelledby='years']//td[@class='room-number']/text()")
    assert [*zip(years, counts, strict=True)] == [("2019", "1"), ("2020", "0"), ("2021", "0"), ("2022", "1")]


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with open_archive(tmp_path):
        pass
    (page,) = answers(tmp_path / "archive.db", "/")
    front = parse(page.text)
    assert "The archive is empty." in text(front)
    assert all(way in text(front) for way in ("briefs crawl", "briefs ingest FOLDER", "briefs demo"))
    assert front.xpath("//h2") == []
