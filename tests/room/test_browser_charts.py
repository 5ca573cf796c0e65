"""Charts in a real browser: each is drawn from the archive's figures, offline, without SQL of the readers' own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pipelines.schema.doc import read_metadata
from tests.support.browser import DESKTOP, NARROW, Room, browsing
from tests.support.room import filled

_DASHBOARDS = read_metadata()["plugins"]["datasette-dashboards"]
# Bars, fields, points and lines; not axes and legends, which an empty chart has too.
_MARKS = "svg .mark-rect path, svg .mark-symbol path, svg .mark-line path, svg .mark-area path, svg .mark-arc path"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with browsing(filled(tmp_path_factory.mktemp("room")) / "archive.db", "--no-sql") as opened:
        yield opened


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])
@pytest.mark.parametrize("dashboard", _DASHBOARDS)
def test_every_chart_is_drawn(room: Room, dashboard: str, size: tuple[int, int]) -> None:
    with room.visit(size) as visit:
        page = visit.open(f"/-/dashboards/{dashboard}")
        for name in _DASHBOARDS[dashboard]["charts"]:
            chart = page.locator(f"#chart-{name}")
            chart.locator("svg").first.wait_for()
            assert chart.locator(_MARKS).count() > 1, name
            box = chart.locator("svg").first.bounding_box()
            assert box is not None
            assert box["width"] <= size[0], name
        assert visit.faults() == []


def test_the_list_of_charts_leads_to_each(room: Room) -> None:
    with room.visit() as visit:
        for dashboard in _DASHBOARDS.values():
            page = visit.open("/-/dashboards")
            page.get_by_role("link", name=dashboard["title"]).click()
            page.wait_for_url("**/-/dashboards/*")
            assert page.locator("h1").inner_text() == dashboard["title"]


def test_a_chart_of_one_domain_and_its_table(room: Room) -> None:
    with room.visit() as visit:
        page = visit.open("/-/dashboards/briefs")
        page.locator(_MARKS).first.wait_for()
        before = page.locator(_MARKS).count()
        page.locator("select[name=domain]").select_option("Environment")
        page.get_by_role("button", name="Draw").click()
        page.wait_for_url("**domain=Environment*")
        page.locator(_MARKS).first.wait_for()
        assert 0 < page.locator(_MARKS).count() < before
        page.get_by_role("link", name="table").first.click()
        page.wait_for_url(re.compile(r"/archive/\w+\?.*domain=Environment"))
        assert set(page.locator("td.col-domain").all_inner_texts()) == {"Environment"}


def test_a_chart_of_nothing_says_so(room: Room) -> None:
    with room.visit() as visit:
        page = visit.open("/-/dashboards/briefs?domain=Economics&from=2090")
        page.get_by_text("There is nothing to draw.").wait_for()


def test_without_sql_of_ones_own_nothing_offers_it(room: Room) -> None:
    with room.visit() as visit:
        for path in ("/archive", "/archive/brief_list", "/archive/gaps?domain=Economics"):
            page = visit.open(path)
            assert page.locator("textarea, .CodeMirror").count() == 0, path
            assert page.get_by_role("link", name="edit SQL").count() == 0, path
        visit.open("/archive?sql=select+1", status=403)
