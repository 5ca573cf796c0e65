"""Charts: drawn here as SVG, each with its figures, whatever the archive holds and whoever frames them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from pipelines.schema.doc import read_metadata
from reading_room.charts.chart_canvas import HAS_PNG, Canvas, clean_text, make_png
from reading_room.charts.chart_forms import Columns, Grid, Scale, list_months, list_quarters, list_years_between
from reading_room.charts.chart_list import CHARTS, DASHBOARDS, EARLIER, PAGES
from tests.support.room import SCRIPT, Get, answers, parse_page
from tests.support.specimens import open_archive

QUERIES: dict[str, Any] = read_metadata()["databases"]["archive"]["queries"]
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def database(database: Path) -> Path:
    with closing(sqlite3.connect(database)) as db:
        (url,) = db.execute("SELECT url FROM resources WHERE name = 'River Keepers'").fetchone()
        rows = [
            (url, "2024-01-05T00:00:00Z", "ok"),
            (url, "2024-01-09T00:00:00Z", "gone"),
            (url, "2024-04-01T00:00:00Z", "gone"),
        ]
        db.executemany("INSERT INTO link_checks (url, checked_at, outcome) VALUES (?, ?, ?)", rows)
        db.commit()
    return database


def figures(get: Get, query: str, **values: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in values.items())
    found: list[dict[str, Any]] = get(f"/archive/{query}.json?_shape=array&{asked}").json()
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_picture_with_words_and_a_table_of_its_figures(get: Get, name: str) -> None:
    chart, page = CHARTS[name], parse_page(get(f"/charts/{name}").text)
    pictures = page.xpath("//svg[@role='img']")
    assert len(pictures) == 2, "for screens and for phones"
    for picture in pictures:
        title, about = picture.get("aria-labelledby"), picture.get("aria-describedby")
        assert picture.xpath(f"./title[@id='{title}']")[0].text == chart.title
        assert picture.xpath(f"./desc[@id='{about}']")[0].text.startswith(chart.about)
        assert len(picture.xpath(".//rect | .//path")) > 1
    assert [cell.text for cell in page.xpath("//th")] == [heading for _, heading in chart.table]
    rows = get(f"/archive/{chart.query}.json?_shape=array").json()
    assert len(page.xpath("//tbody/tr")) == min(len(rows), 50) > 0
    assert set(chart.filters) <= set(QUERIES[chart.query].get("params", ()))
    assert not page.xpath("//svg//script | //svg//a")
    links = {link.get("href") for link in page.xpath("//main//td/a")}
    assert {get(link).status_code for link in sorted(links)[:2]} <= {200}
    assert page.xpath("//meta[@property='og:image']/@content")[0].startswith(f"https://briefs.example/charts/{name}.")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_as_a_file_tells_where_it_is_from_and_may_be_framed(get: Get, name: str) -> None:
    result = get(f"/charts/{name}.svg")
    assert result.headers["content-type"].startswith("image/svg+xml")
    tree = etree.fromstring(result.content)
    assert any(f"https://briefs.example/charts/{name}" in (text.text or "") for text in tree.iter(f"{_SVG}text"))
    framed = get(f"/charts/{name}/embed")
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "script" not in framed.text.lower() or SCRIPT not in framed.text
    assert "frame-ancestors 'self'" in get(f"/charts/{name}").headers["content-security-policy"]


def test_a_filter_goes_along_to_picture_table_and_embed_address(get: Get) -> None:
    page = parse_page(get("/charts/posts-by-month?domain=economics&from=2018&to=").text)
    asked = {"domain": ["Economics"], "from": ["2018"]}
    links = [
        link
        for link in page.xpath("//section[contains(@class, 'room-chart')]//p/a/@href")
        if "posts-by-month" in link or "briefs_by_month" in link
    ]
    assert len(links) >= 4
    assert all({**parse_qs(urlsplit(link).query), "_shape": 0} == {**asked, "_shape": 0} for link in links)
    assert "/charts/posts-by-month/embed?domain=Economics&from=2018" in page.xpath("string(//textarea)")
    assert {cell.text for cell in page.xpath("//tbody/tr/td[2]")} == {"Economics"}
    dashboard = parse_page(get("/charts/posts?domain=Economics&from=2018").text)
    (timeline,) = dashboard.xpath("//h2/a[contains(@href, '/charts/timeline')]/@href")
    assert timeline.endswith("?from=2018"), "a chart is handed the filters that it has"


@pytest.mark.parametrize(
    ("path", "status", "result"),
    [
        ("/charts/posts-by-month?domian=x", 400, "did you mean domain?"),
        ("/charts/posts-by-month?domain=Imigration", 400, "did you mean Immigration?"),
        ("/charts/posts?from=abc", 400, "“abc” is no year"),
        ("/charts/posts-by-month.svg?form=2019", 400, "did you mean from?"),
        ("/charts/network/embed?x=1", 400, "knows no parameter"),
        ("/charts?x=1", 400, "knows no parameter"),
        ("/charts/timelime", 404, "did you mean timeline?"),
        ("/charts/posts.svg", 404, "take one of posts-by-month, timeline"),
        ("/charts/~F0~9F~98~80~22~3E", 404, "There is no chart"),
        ("/-/dashboards/nothing", 404, "There is no chart nothing"),
    ],
)
def test_what_was_not_understood_is_told_in_a_line(get: Get, path: str, status: int, result: str) -> None:
    answered = get(path)
    assert (answered.status_code, result in answered.text) == (status, True)


def test_earlier_addresses_lead_on(get: Get) -> None:
    assert get("/-/dashboards").headers["location"] == "/charts"
    assert get("/-/dashboards/briefs/by_month?from=2019").headers["location"] == "/charts/posts-by-month?from=2019"
    assert set(EARLIER.values()) <= CHARTS.keys() | PAGES.keys()
    for dashboard in DASHBOARDS:
        assert get(f"/charts/{dashboard.name}").status_code == 200
    links = parse_page(get("/charts").text).xpath("//main//li/a/@href")
    assert links == [f"/charts/{name}" for name in CHARTS]


def test_names_from_pages_are_text(get: Get) -> None:
    for path in ("/charts/posts", "/charts/busiest-authors", "/charts/top-resources", "/charts/network.svg"):
        result = get(path)
        assert SCRIPT not in result.text, path
    page = parse_page(get("/charts/posts").text)
    assert SCRIPT in [option.text for option in page.xpath("//select/option")]
    assert not page.xpath("//script[not(@nonce) or contains(., 'alert(1)')]")


def test_a_picture_holds_what_xml_may_hold() -> None:
    assert clean_text("a\x00<b>\x0b") == "a\N{REPLACEMENT CHARACTER}&lt;b&gt;\N{REPLACEMENT CHARACTER}"
    canvas = Canvas(500)
    canvas.add_box((0, 0, 10, 10), "t1", "\x01 & “more”", 'a"b')
    etree.fromstring(str(canvas.to_svg("x", "<title>", "\x02", "foot")))


def test_time_has_no_holes() -> None:
    assert list_months({"2020-11", "2022-01"})[-4:] == ["2021-10", "2021-11", "2021-12", "2022-01"]
    assert len(list_months({"2020-11", "2022-01"})) == 25
    assert list_quarters({"2020-Q4", "2021-Q2"}) == [*(f"2020-Q{n}" for n in range(1, 5)), "2021-Q1", "2021-Q2"]
    assert list_years_between({"2019", "2022"}) == ["2019", "2020", "2021", "2022"]
    assert list_years_between({"0001", "2022"}) == ["0001", "2022"], "a misprint fills no chart"
    rows = [{"y": "2019", "s": "a", "n": 3}, {"y": "2022", "s": "b", "n": 1}]
    drawn = str(Columns("y", "s", "n", list_years_between, "posts").draw(rows, 880, lambda _: "").to_svg("x", "x", "x"))
    assert all(f">{year}</text>" in drawn for year in range(2019, 2023))
    assert "2019, a: 3 posts" in drawn
    assert "2020" in str(
        Grid("s", "y", "n", list_years_between, "posts").draw(rows, 880, lambda _: "").to_svg("x", "x", "x")
    )


@pytest.mark.parametrize(
    ("largest", "end", "step"), [(0, 1, 1), (3, 3, 1), (7, 8, 2), (99, 100, 20), (12345, 15000, 5000)]
)
def test_a_scale_has_round_numbers(largest: int, end: int, step: int) -> None:
    scale = Scale(largest, 0, 100)
    assert (scale.end, scale.step, scale.find_y(end)) == (end, step, 0)


@pytest.mark.skipif(not HAS_PNG, reason="resvg-py is an extra")
def test_a_picture_as_png_has_its_colours_and_words(get: Get) -> None:
    result = get("/charts/posts-by-month.png")
    assert (result.headers["content-type"], result.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    canvas = Canvas(100, 40)
    canvas.add_box((0, 0, 90, 30), "t1")
    plain = make_png(canvas.to_svg("x", "", "", ""))
    assert plain != make_png(Canvas(100, 40).to_svg("x", "", "", ""))


def test_links_are_counted_once_a_month_by_their_last_check(get: Get) -> None:
    assert figures(get, "links_by_month") == [
        {"month": month, "state": "dead", "links": 1} for month in ("2024-01", "2024-04")
    ]
    (host,) = figures(get, "links_by_host")
    assert (host["host"], host["addresses"], host["dead"]) == ("river.example", 1, 1)
    assert "<dd>1</dd>" in get("/charts/links").text


def test_the_network_joins_who_is_busiest_with_what_is_recommended_most(get: Get) -> None:
    rows = figures(get, "network")
    assert {row["kind"] for row in rows} == {"author", "resource"}
    assert all(len({row["id"] for row in rows if row["kind"] == kind}) <= 20 for kind in ("author", "resource"))
    ada = [row for row in rows if (row["name"], row["domain"]) == ("Ada Fenn", "Technology")]
    assert [row["posts"] for row in ada] == [1] or not ada


def test_every_dated_brief_is_in_a_month(get: Get, db: sqlite3.Connection) -> None:
    rows = figures(get, "briefs_by_month")
    (dated,) = db.execute("SELECT count(*) FROM briefs WHERE published IS NOT NULL").fetchone()
    assert sum(row["briefs"] for row in rows) == dated
    assert len({row["domain"] for row in rows}) == 8
    (early,) = db.execute("SELECT count(*) FROM briefs WHERE published BETWEEN '2018' AND '2020'").fetchone()
    assert sum(row["briefs"] for row in figures(get, "briefs_by_month", **{"from": "2018", "to": "2019"})) == early
    (small,) = figures(get, "briefs_by_month", domain=SCRIPT)
    assert (small["domain"], small["briefs"]) == (SCRIPT, 1)


def test_every_author_is_new_once(get: Get, db: sqlite3.Connection) -> None:
    rows = figures(get, "authors_by_quarter")
    sql = "SELECT count(DISTINCT author_id) FROM brief_authors JOIN briefs ON id = brief_id WHERE published IS NOT NULL"
    assert sum(row["authors"] for row in rows if row["writers"] == "new") == db.execute(sql).fetchone()[0]
    assert rows[0]["writers"] == "new"
    assert {row["first_month"][5:] for row in rows if row["quarter"].endswith("Q3")} == {"07"}


def test_the_busiest_are_those_with_most_briefs(get: Get, db: sqlite3.Connection) -> None:
    rows = figures(get, "busiest_authors")
    counts: dict[int, int] = {}
    for row in rows:
        counts[row["author_id"]] = counts.get(row["author_id"], 0) + row["briefs"]
    sql = """SELECT count(DISTINCT brief_id) AS briefs FROM brief_authors JOIN briefs ON id = brief_id
        WHERE published IS NOT NULL GROUP BY author_id ORDER BY briefs DESC LIMIT 15"""
    assert sorted(counts.values(), reverse=True) == [row[0] for row in db.execute(sql)]


def test_missing_numbers_are_those_of_the_gaps(get: Get, db: sqlite3.Connection) -> None:
    rows = figures(get, "numbers_by_year")
    gaps = "SELECT count(*) FROM number_gaps JOIN domains ON domain = name WHERE kind = 'gap' AND canonical"
    assert sum(row["missing"] for row in rows) == db.execute(gaps).fetchone()[0]
    there = """SELECT count(*) FROM (SELECT DISTINCT domain, number FROM briefs JOIN domains ON domain = name
        WHERE canonical AND number BETWEEN 0 AND 9999)"""
    assert sum(row["present"] for row in rows) == db.execute(there).fetchone()[0]
    assert all(0 < row["percent"] <= 100 for row in rows)


def test_an_empty_archive_has_charts_without_figures(tmp_path: Path) -> None:
    with open_archive(tmp_path):
        pass
    paths = [f"/charts/{name}" for name in PAGES] + [f"/charts/{name}.svg" for name in CHARTS]
    result = answers(tmp_path / "archive.db", "/charts", *paths)
    assert {item.status_code for item in result} == {200}
    assert all("There is nothing to draw" in item.text for item in result[1:])


def test_without_sql_of_ones_own_nothing_offers_it(get: Get) -> None:
    for path in ("/archive", "/archive/brief_list", "/archive/gaps?domain=Economics"):
        text = get(path).text
        assert "<textarea" not in text, path
        assert "Edit SQL" not in text, path
    assert get("/archive?sql=select+1").status_code == 403
