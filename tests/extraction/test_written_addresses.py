"""Addresses that editors wrote out: the marks around them are no part of them, and brackets within them are."""

from __future__ import annotations

import pytest

from pipelines.extraction.link_slips import mend_link
from tests.extraction.test_resource_lists import BAY, HEADING, read

PAGE = f"{BAY}x_(y)"


@pytest.mark.parametrize("written", ["{}", "{}.", "{};", "({})", "“{}”", "<{}>", "[{}]", '"{}".', "{}!", "({})."])
@pytest.mark.parametrize("address", [f"{BAY}x", PAGE, f"{BAY}x?a=1&b=2,3", "www.bay.example.org/x"])
def test_marks_around_an_address_are_no_part_of_it(written: str, address: str) -> None:
    shown = written.format(address).replace("&", "&amp;").replace("<", "&lt;")
    items = f"<ul><li>{shown}</li><li>Bay Towns: {shown}</li><li>Piers: {shown} – a site</li></ul>"
    bare, named, described = (found.value for found in read(HEADING + items).resources)
    url = address if "://" in address else f"http://{address}"
    assert (bare.name, bare.url, bare.description, bare.text) == (address, url, None, written.format(address))
    assert (named.name, named.url, described.name, described.url) == ("Bay Towns", url, "Piers", url)


@pytest.mark.parametrize(
    ("item", "name", "url"),
    [
        (f"Piers, {PAGE}", "Piers,", PAGE),
        (f"Bay Towns: {PAGE} – their site", "Bay Towns", PAGE),
        (f"Bay Towns: {PAGE} and {BAY}", "Bay Towns", None),
        (f"Bay Towns: It says at {PAGE} what it does.", "Bay Towns", None),
        ("-Bay: Call.", "Bay", None),
        ("–Bay: Call.", "Bay", None),
    ],
)
def test_an_address_beside_other_words(item: str, name: str, url: str | None) -> None:
    (found,) = read(f"{HEADING}<p>{item}</p>").resources
    assert (found.value.name, found.value.url, found.confidence) == (name, url, "read")


@pytest.mark.parametrize(("item", "how"), [("Vote.org – Register.", "guessed"), ("Vote.org", "read")])
def test_a_name_like_a_host_in_front_of_a_description_is_a_guess(item: str, how: str) -> None:
    (found,) = read(f"{HEADING}<ul><li>{item}</li></ul>").resources
    assert (found.value.name, found.value.url, found.confidence) == ("Vote.org", "http://Vote.org", how)


POST = "https://www.usresistnews.org/2021/06/15/two-mills/"


@pytest.mark.parametrize(
    ("link", "mended"),
    [
        (f"{POST}www.bay.example.org", "http://www.bay.example.org"),
        (f"{POST}www.bay.example.org/x/?a=1#b", "http://www.bay.example.org/x/?a=1#b"),
        ("http://usrenewnews.org/bay.example.org/x.com", "http://bay.example.org/x.com"),
        (f"{POST}ann.lee@bay.example.org", "mailto:ann.lee@bay.example.org"),
        ("http://https://bay.example.org/x", "https://bay.example.org/x"),
        ("https://http//bay.example.org/", "http://bay.example.org/"),
        *((link, link) for link in (POST, f"{POST}?to=www.bay.example.org", f"{POST}#www.bay.example.org")),
        *((link, link) for link in (f"{BAY}www.law.example.org", "http://http.example.org/", "https://https//")),
        ("https://usresistnews.org/wp-content/uploads/www.bay.org.pdf",) * 2,
    ],
)
def test_slips_in_links_are_mended_where_they_are_certain(link: str, mended: str) -> None:
    assert mend_link(link) == mended


def test_a_link_without_its_scheme_is_mended_in_the_text() -> None:
    (found,) = read(f"{HEADING}<ul><li><a href='http://http://bay.example.org'>Bay</a>: Call.</li></ul>").resources
    assert found.value.url == "http://bay.example.org"
