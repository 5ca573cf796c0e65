"""Keys in addresses: each row has one address, and another way to write its key is none."""

from __future__ import annotations

import pytest

from tests.support.room import Get


@pytest.mark.parametrize("path", ["brief_authors/1", "brief_authors/1,2,3.json", "brief_authors/1?utm_source=x"])
def test_a_row_of_a_broken_key_is_not_there(get: Get, path: str) -> None:
    assert get(f"/archive/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *(
            "briefs/1e0",
            "briefs/01",
            "briefs/+1",
            "briefs/1~20",
            "briefs/1,2",
            "briefs/1,2.json",
            "authors/1,",
            "captures/1e0.json",
        ),
        *(
            "domains/Technology,x",
            "evidence/1",
            "evidence/1,1,1",
            "briefs.db",
            "briefs/1.db",
            "newest.db",
            "briefs/01/text",
        ),
        *("briefs/01.bib", "resources/0x1"),
    ],
)
def test_another_way_to_write_a_key_is_no_other_page(get: Get, path: str) -> None:
    assert get(f"/archive/{path}").status_code == 404


@pytest.mark.parametrize("typed", ["technology", "TECHNOLOGY"])
def test_a_domain_is_led_to_in_any_case(get: Get, typed: str) -> None:
    for form in ("", ".json"):
        answered = get(f"/archive/domains/{typed}{form}")
        assert (answered.status_code, answered.headers["location"]) == (302, f"/archive/domains/Technology{form}")


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("captures/1.blob?_blob_column=id", "1"),
        ("captures/1.blob?_blob_column=memento", ""),
        ("briefs/9999.blob?", None),
    ],
)
def test_a_cell_of_any_kind_is_a_file(get: Get, path: str, result: str | None) -> None:
    answered = get(f"/archive/{path}")
    assert (answered.status_code, answered.text) == (200, result) if result is not None else answered.status_code == 404
