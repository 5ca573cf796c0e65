"""Pages of authors, domains and resources: their figures are the archive's, and each thing named leads to its page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader
from lxml import html

from reading_room.pages.author_page import LONGEST
from reading_room.pages.numbering import Numbering
from reading_room.server.settings import HERE
from scraper.records import Author, Resource
from tests.support.room import SCRIPT, answers, fill_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

WRITER, ODD = "Mo Lind", "Ports / Tides, 50%?"
LONG = LONGEST + 5
_LOOK = """INSERT INTO link_checks (url, checked_at, outcome, status, detail, archived_url)
    VALUES (?, ?, ?, ?, ?, 'https://web.archive.org/web/2020/https://www.river.example/')"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill_room(tmp_path_factory.mktemp("room"))
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute(_LOOK, ("https://www.river.example/", "2023-01-01T00:00:00Z", "ok", 200, None))
        db.execute(_LOOK, ("https://www.river.example/", "2024-01-01T00:00:00Z", "gone", 404, "Not Found"))
        db.commit()
    return folder / "archive.db"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One writer, one domain and one resource with more briefs than a page lists; its numbers have gaps and doubles."""
    folder = tmp_path_factory.mktemp("busy")
    with open_archive(folder, batch=500) as there:
        for n in range(LONG):
            number = min(n + (n > 9) + 3 * (n > 99), LONG)  # without 10, 101 to 103; the last ones are doubles
            path, day = f"/2020/01/{1 + n % 28:02}/brief-{n}/", f"20{10 + n % 9}-01-01"
            result = make_brief(
                path, number=number, domain=ODD, title=f"Title {n}", published=day, authors=(Author(WRITER),)
            )
            ingest_capture(there, *make_page(result))
    return folder / "archive.db"


@pytest.fixture
def db(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as opened:
        yield opened


def address(db: sqlite3.Connection, table: str, name: str) -> str:
    """The path of the page of what has this name."""
    if table == "domains":
        return f"/archive/domains/{tilde_encode(name)}"
    return f"/archive/{table}/{db.execute(f'SELECT id FROM {table} WHERE name = ?', (name,)).fetchone()[0]}"


def parse(text: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    return html.fromstring(text)


def open_page(database: Path, table: str, name: str) -> Any:  # noqa: ANN401 - as above
    with closing(sqlite3.connect(database)) as db:
        path = address(db, table, name)
    (answer,) = answers(database, path)
    assert answer.status_code == 200, answer.text[-500:]
    page = parse(answer.text)
    page.make_links_absolute("http://room" + path)
    return page


def text(page: Any, section: str | None = None) -> str:  # noqa: ANN401 - as above
    found = page.xpath(f"//section[@aria-labelledby='{section}']")[0] if section else page
    return " ".join(found.text_content().split())


def test_an_author_has_all_briefs_by_year_newest_first(database: Path, db: sqlite3.Connection) -> None:
    page = open_page(database, "authors", "Rodney A. Maggay")
    there = db.execute(
        """SELECT DISTINCT title, published FROM brief_authors JOIN briefs ON briefs.id = brief_id
        JOIN authors ON authors.id = author_id WHERE name = 'Rodney A. Maggay'
        ORDER BY published DESC, briefs.id DESC"""
    ).fetchall()
    assert page.xpath("//section[@aria-labelledby='briefs']//li/a/text()") == [title for title, _ in there]
    years = page.xpath("//section[@aria-labelledby='briefs']/h3/text()")
    assert years == sorted({day[:4] for _, day in there}, reverse=True)
    assert f"{len(there)} posts, {there[-1][1]} to {there[0][1]}" in text(page)


def test_an_authors_spellings_have_their_reasons(database: Path, db: sqlite3.Connection) -> None:
    sql = "SELECT count(*) FROM brief_authors WHERE name_as_published = 'Rod Maggay'"
    (posts,) = db.execute(sql).fetchone()
    result = text(open_page(database, "authors", "Rodney A. Maggay"), "spellings")
    assert f"{posts} posts; counts as this writer: short first name" in result
    assert "Rodney A. Maggay" in result


def test_co_authors_lead_to_each_other_and_no_mail_address_is_shown(database: Path) -> None:
    ada, io = (open_page(database, "authors", name) for name in ("Ada Fenn", "Io Vale"))
    assert ada.xpath("//section[@aria-labelledby='with']//a/text()") == ["Io Vale"]
    assert io.xpath("//section[@aria-labelledby='with']//a/text()") == ["Ada Fenn"]
    assert "Technology Analyst 2022, 1 post" in text(ada, "roles")
    assert "mail.example" not in html.tostring(ada, encoding="unicode")


def test_a_long_list_is_shortened_and_says_so(busy: Path) -> None:
    for table, name in (("authors", WRITER), ("resources", "River Keepers")):
        page = open_page(busy, table, name)
        assert f"{LONG} posts" in text(page)
        assert len(page.xpath("//section[@aria-labelledby='briefs']//li")) == LONGEST
        assert "All" in text(page, "briefs")


def test_a_domains_numbers_are_those_of_the_view(busy: Path) -> None:
    result = text(open_page(busy, "domains", ODD), "series")
    assert f"from 0 to {LONG}" in result
    assert "4 numbers are missing 10, 101–103 " in result
    with closing(sqlite3.connect(busy)) as db:
        gaps = db.execute("SELECT count(*) FROM number_gaps WHERE kind = 'gap' AND domain = ?", (ODD,)).fetchone()[0]
        doubles = db.execute("SELECT number, briefs FROM number_gaps WHERE kind = 'double'").fetchall()
    assert (gaps, len(doubles)) == (4, 1)
    assert f"1 number is given more than once {doubles[0][0]} ({doubles[0][1]} times)" in result


def test_of_very_many_gaps_and_doubles_a_page_names_the_first() -> None:
    env = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    env.filters["tilde"], env.globals["urls"] = str, SimpleNamespace(table="/{}/{}".format)
    lists: Any = env.get_template("_lists.html").module
    series = Numbering("Ports & Tides", tuple((number, 2) for number in range(0, 400, 2)))
    missing = lists.missing_numbers(series)
    assert (missing[:5], missing[-26:]) == ("1, 3,", "117, 119 and 139 more places"[-26:])
    doubles = parse(f"<p>{lists.double_numbers(series)}</p>")
    assert doubles.text_content().endswith("116 (2 times), 118 (2 times) and 140 more")
    assert doubles.xpath("a/@href")[1] == "/archive/brief_list?domain=Ports+%26+Tides&number=2"


def test_a_domains_years_authors_and_resources_are_counted(database: Path, db: sqlite3.Connection) -> None:
    page = open_page(database, "domains", "Foreign Policy")
    (posts,) = db.execute("SELECT count(published) FROM briefs WHERE domain = 'Foreign Policy'").fetchone()
    counts = page.xpath("//section[@aria-labelledby='years']//td[@class='room-number']/text()")
    assert sum(map(int, counts)) == posts
    assert {"100%"} < {style.split()[-1] for style in page.xpath("//span[@class='room-bar']/@style")}
    for section, table in (("authors", "brief_authors"), ("resources", "brief_resources")):
        shown = page.xpath(f"//section[@aria-labelledby='{section}']//li/span/text()")
        column = section[:-1] + "_id"
        most = db.execute(
            f"""SELECT count(DISTINCT brief_id) FROM {table} JOIN briefs ON briefs.id = brief_id
            WHERE domain = 'Foreign Policy' GROUP BY {column} ORDER BY 1 DESC LIMIT 15"""
        )
        assert list(map(int, shown)) == [row[0] for row in most]


def test_a_resource_says_what_the_newest_look_found(database: Path) -> None:
    page = open_page(database, "resources", "River Keepers")
    result = text(page)
    assert "the address is gone (checked on 2024-01-01, HTTP status 404, Not Found) · archived copy" in result
    assert "They keep it." in text(page, "briefs")
    (copy,) = page.xpath("//a[text()='archived copy']")
    assert copy.get("href").startswith("https://web.archive.org/")
    unseen = open_page(database, "resources", "Switch Watch")
    assert "has not been checked yet" in text(unseen)


@pytest.mark.parametrize("table", ["authors", "domains", "resources"])
def test_hostile_names_are_text(database: Path, db: sqlite3.Connection, table: str) -> None:
    (name,) = db.execute(f"SELECT name FROM {table} WHERE name LIKE '%<script>%' LIMIT 1").fetchone()
    page = open_page(database, table, name)
    (heading,) = page.xpath("//h1")
    assert heading.text == name
    assert SCRIPT in name
    assert all(script.get("nonce") for script in page.xpath("//script"))
    assert "49" not in text(page, "briefs" if table != "domains" else "newest")
    assert {urlsplit(link).scheme for link in page.xpath("//a/@href")} <= {"http", "https"}
    assert not page.xpath("//*[@*[starts-with(name(), 'on')]]")


def test_every_way_leads_somewhere_and_the_rows_stay_data(database: Path, db: sqlite3.Connection) -> None:
    names = (("authors", "Ada Fenn"), ("domains", "Technology"), ("domains", SCRIPT), ("resources", "River Keepers"))
    starts = [address(db, table, name) for table, name in names]
    inside = set()
    for start, page in zip(starts, answers(database, *starts), strict=True):
        found = {urljoin(start, link) for link in parse(page.text).xpath("//main//a/@href")}
        inside |= {link for link in found if link.startswith("/")} | {start + ".json"}
    assert len(inside) > 40
    for path, answer in zip(sorted(inside), answers(database, *sorted(inside)), strict=True):
        assert answer.status_code == 200, (path, answer.text[-500:])


def test_what_is_not_there_is_not_found(database: Path) -> None:
    paths = ("/archive/authors/999999", "/archive/authors/x", "/archive/domains/No", "/archive/resources/0")
    assert [answer.status_code for answer in answers(database, *paths)] == [404] * 4


def test_a_resource_of_several_names_and_addresses(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        for n, (name, url) in enumerate(
            (("Keepers", "http://river.example"), ("River Keepers", "https://river.example/"))
        ):
            given = Resource("Resources", name, url, None, name)
            ingest_capture(there, *make_page(make_brief(f"/2020/01/0{n + 1}/", resources=(given,), published=None)))
    page = open_page(tmp_path / "archive.db", "resources", "Keepers")
    assert "A resource that 2 posts recommend" in text(page)
    assert page.xpath("//section[@aria-labelledby='names']//li/text()")[0].strip() == "Keepers"
    assert [link.text for link in page.xpath("//p[@class='room-address']/a")] == [
        "http://river.example",
        "https://river.example/",
    ]
    assert "undated" in text(page, "names")
