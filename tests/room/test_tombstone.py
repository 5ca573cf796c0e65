"""A withdrawn brief's addresses answer 410 and say since when and why; given back, it is there again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.withdraw import withdraw_post
from tests.support.room import SHARED, VERSIONED, answers, fill_room
from tests.support.specimens import make_settings, read_rows

REASON = "Asked for by <b>one</b> of its authors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


_PAGES = (
    "/archive/cite?brief={id}",
    "/archive/versions_of?brief={path}",
    "/compare?a={id}&b=1",
    "/compare?a=1&b={path}",
)
_DATA = (
    *("/archive/briefs/{id}/text", "/archive/briefs/{id}.bib", "/archive/briefs/{id}.csv", "/-/cite/{id}.txt"),
    *("/archive/cite.csv?brief={id}", "/archive/evidence_of.csv?path={path}", "/-/cite/query/cite.bib?brief={path}"),
    *("/-/timegate/https://www.usresistnews.org{path}", "/-/timemap/link/http://usresistnews.org{path}"),
)


def test_each_address_that_names_it_says_so(folder: Path) -> None:
    (number,) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", VERSIONED)[0]
    withdraw_post(make_settings(folder), VERSIONED, REASON)
    addresses = [form.format(id=number, path=VERSIONED) for form in (*_PAGES, *_DATA)]
    answered = dict(zip((*_PAGES, *_DATA), answers(folder / "archive.db", *addresses), strict=True))
    assert {form: item.status_code for form, item in answered.items()} == dict.fromkeys(answered, 410)
    assert all("This brief was withdrawn" in answered[form].text for form in _PAGES)
    assert {answered[form].text.count("\n") for form in _DATA} == {1}
    searched, elsewhere = answers(
        folder / "archive.db",
        f"/archive/search?q=https://usresistnews.org{VERSIONED}",
        f"/-/timegate/https://other.example{VERSIONED}",
    )
    assert "withdrawn from readers" in searched.text
    assert elsewhere.status_code == 404
    restore_post(make_settings(folder), VERSIONED)


def test_it_stands_where_the_brief_stood_until_it_is_given_back(folder: Path) -> None:
    (number,) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", SHARED)[0]
    addresses = [f"/archive/briefs/{number}", f"/archive/briefs/{number}.json", f"/-/cite/{number}.bib"]
    (capture,) = read_rows(folder, "SELECT id FROM captures WHERE path = ?", SHARED)[0]
    withdraw_post(make_settings(folder), SHARED, REASON)
    page, data, cited, other = answers(folder / "archive.db", *addresses, "/archive/briefs/99999")
    assert [item.status_code for item in (page, data, cited, other)] == [410, 410, 410, 404]
    parsed: Any = html.fromstring(page.text)
    result = " ".join(parsed.text_content().split())
    assert REASON in result
    assert SHARED in result
    assert "Two Hands" not in page.text + data.text + cited.text
    assert {"path": SHARED, "reason": REASON}.items() <= data.json().items()
    captured = (f"/-/captured/{capture}", f"/-/captured/{capture}/page", "/-/captured/99999")
    around, frame, none = answers(folder / "archive.db", *captured)
    assert [item.status_code for item in (around, frame, none)] == [410, 410, 404]
    assert all("This brief was withdrawn" in item.text and SHARED in item.text for item in (around, frame))
    restore_post(make_settings(folder), SHARED)
    assert [item.status_code for item in answers(folder / "archive.db", addresses[0], captured[0])] == [200, 200]
