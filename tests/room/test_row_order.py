"""Who follows the pages of a table sees each row once, whatever it is sorted by; a place that is none is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.support.room import Get


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("briefs", ("domain", "kind", "published", "posted_by")),
        ("captures", ("captured_at", "source", "outcome", "status")),
        ("brief_resources", ("heading", "position", "url")),
        ("evidence", ("capture_id", "brief_id")),
        ("revisions", ("seen_at", "change", "brief_id")),
        ("pages", ("status", "last_seen", "found_by")),
        ("author_aliases", ("author_id",)),
        ("readings", ("shown",)),  # bytes
        ("sections", ("text",)),
        ("sqlite_sequence", ("seq",)),  # a column without a type
        ("briefs_fts", ("authors", "title")),
    ],
)
def test_each_row_stands_on_one_page(get: Get, table: str, columns: tuple[str, ...]) -> None:
    options = ("", *(f"&_sort={column}" for column in columns), *(f"&_sort_desc={column}" for column in columns))
    whole = [row[:4] for row in get(f"/archive/{table}.json?_size=max").json()["rows"]]
    for option in options:
        size = max(len(whole) // 4, 1)
        rows, address = [], f"/archive/{table}.json?_size={size}{option}"
        while address:
            page = get(address).json()
            rows += [row[:4] for row in page["rows"]]
            address = (page["next_url"] or "").removeprefix("https://briefs.example")
        assert sorted(map(repr, rows)) == sorted(map(repr, whole)), option
        assert len(rows) > size, option


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("briefs", "abc"),
        ("briefs", "1"),
        ("briefs", "2021-04-04"),
        ("briefs", "2021-04-04,99999"),
        ("briefs", "abcdef,1"),
        ("briefs", "Zoe,1"),
        ("briefs", "~ZZ,\0"),
        ("briefs", "1,2,3"),
        ("captures", "1,2"),
        ("brief_authors", "1"),
        ("brief_authors", "1,99"),
        ("briefs_fts", "x"),
        ("brief_list", "-5"),
        ("brief_list", "\N{ARABIC-INDIC DIGIT THREE}"),
        ("brief_list", "2021-04-04,1"),
        ("brief_list", "25"),
        ("number_gaps", "999999"),
    ],
)
def test_the_place_of_another_table_is_refused(get: Get, table: str, place: str) -> None:
    for form in ("", ".json", ".csv"):
        answered = get(f"/archive/{table}{form}?_next={quote(place)}")
        assert (answered.status_code, "is no place in this list" in answered.text) == (400, True), form


def test_a_place_belongs_to_one_list(get: Get) -> None:
    address = "/archive/{}.json?_size=2{}"
    view, other = (get(address.format(name, "")).json()["next"] for name in ("brief_list", "brief_values"))
    table, sorted_table = (get(address.format("briefs", option)).json()["next"] for option in ("", "&_sort=kind"))
    refused = [("brief_list", other), ("brief_list", table), ("briefs", sorted_table), ("briefs", view)]
    refused += [("brief_list", f"{view}&id=1"), ("brief_list", f"{view}&domain=Immigration&year=1999")]
    assert [get(address.format(name, f"&_next={place}")).status_code for name, place in refused] == [400] * len(refused)
    assert [get(address.format(*there)).status_code for there in (("brief_list", f"&_next={view}"),)] == [200]


def test_facets_count_what_stands_on_the_pages_before_too(get: Get) -> None:
    first = get("/archive/captures.json?_size=5&_facet=outcome").json()
    second = get(first["next_url"].removeprefix("https://briefs.example")).json()
    counts = [[row["count"] for row in page["facet_results"]["outcome"]["results"]] for page in (first, second)]
    assert counts[0] == counts[1]
