"""No page leads to an address that the room refuses, whatever parameters the page itself has."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.room import Get, parse_page

_PAGES = (
    "/archive/briefs/1?q=the",
    "/archive/briefs/1?utm_source=x",
    "/archive/evidence?_size=3",
    "/archive/brief_list?_size=2&_sort=title&domain=economics",
    "/archive/brief_list?_col=title&_nofacet=1&kind__in=brief,post",
    "/archive/page_events?_size=2",
    "/archive/captures?_sort_desc=status&_facet=outcome&_size=2",
    "/archive/newest?domain=economics&page=2",
    "/archive/changes_since?change=substantive",
    "/archive/authors_by_briefs?_page=1",
    "/archive/search?q=levy&size=1&sort=newest",
    "/charts/posts-by-month?domain=economics&from=2019",
)


@pytest.mark.parametrize("path", _PAGES)
def test_each_link_of_a_page_is_answered(get: Get, path: str) -> None:
    page = get(path)
    links = [link for header in page.headers.get_list("link") for link in (header[1:].partition(">")[0],)]
    links += [str(link) for link in parse_page(page.text).xpath("//@href | //img/@src")]
    own = {link.removeprefix("https://briefs.example").partition("#")[0] for link in links}
    own = {f"{urlsplit(path).path}{link}" if link.startswith("?") else link for link in own}
    refused = {link: get(link).text[:200] for link in sorted(own) if link[:1] == "/" and get(link).status_code >= 400}
    assert refused == {}


def test_the_csv_of_a_table_has_all_rows_from_any_page(get: Get) -> None:
    first = get("/archive/evidence?_size=3")
    (place,) = parse_page(first.text).xpath("//a[contains(@href, '_next=')]/@href")
    second = parse_page(get(str(place).removeprefix("https://briefs.example")).text)
    (csv,) = second.xpath("//p[@class='export-links']/a[text() = 'CSV']/@href")
    assert parse_qs(urlsplit(csv).query) == {"_stream": ["on"], "_labels": ["on"]}
    assert second.xpath("//div[@id='export']//input[@name='_next']") == []
    whole = get("/archive/evidence.json?_size=0").json()["filtered_table_rows_count"]
    rows = get(f"{csv.removeprefix('https://briefs.example')}&_col=brief_id&_col=position").text
    assert rows.count("\r\n") == whole + 1
