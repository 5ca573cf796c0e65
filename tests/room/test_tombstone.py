"""A withdrawn brief's addresses answer 410 and say since when and why; given back, it is there again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.withdraw import withdraw_post
from tests.support.filled_archive import make_settings
from tests.support.room import SHARED, answers, filled
from tests.support.specimens import read_rows

REASON = "Asked for by <b>one</b> of its authors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("room"))


def test_it_stands_where_the_brief_stood_until_it_is_given_back(folder: Path) -> None:
    (number,) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", SHARED)[0]
    addresses = [f"/archive/briefs/{number}", f"/archive/briefs/{number}.json", f"/-/cite/{number}.bib"]
    (capture,) = read_rows(folder, "SELECT id FROM captures WHERE path = ?", SHARED)[0]
    withdraw_post(make_settings(folder), SHARED, REASON)
    page, data, cited, other = answers(folder / "archive.db", *addresses, "/archive/briefs/99999")
    assert [one.status_code for one in (page, data, cited, other)] == [410, 410, 410, 404]
    parsed: Any = html.fromstring(page.text)
    told = " ".join(parsed.text_content().split())
    assert REASON in told
    assert SHARED in told
    assert "Two Hands" not in page.text + data.text + cited.text
    assert {"path": SHARED, "reason": REASON}.items() <= data.json().items()
    captured = (f"/-/captured/{capture}", f"/-/captured/{capture}/page", "/-/captured/99999")
    around, frame, none = answers(folder / "archive.db", *captured)
    assert [one.status_code for one in (around, frame, none)] == [410, 410, 404]
    assert all("This brief was withdrawn" in one.text and SHARED in one.text for one in (around, frame))
    restore_post(make_settings(folder), SHARED)
    assert [one.status_code for one in answers(folder / "archive.db", addresses[0], captured[0])] == [200, 200]
