"""A filter that was not understood is told in one line with what is near, as page, data and feed, and never ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from reading_room.tables.filter_values import BadFilter, FilterValues
from tests.support.room import answer, fill_room, open_room

Get = Callable[[str], Any]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    folder: Path = fill_room(tmp_path_factory.mktemp("filters"))
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, path))


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("brief_list{}?domian=Economics", "This page has no column “domian”: did you mean domain?"),
        ("briefs{}?publishd__gt=2019-01-01", "did you mean published?"),
        ("brief_list{}?title__contain=levy", "This page has no comparison “contain”: did you mean contains?"),
        ("briefs{}?number__isnull=0", "isnull takes no value but 1, and “0” would mean the same"),
        ("brief_list{}?domain__notblank=false", "notblank takes no value but 1"),
        ("brief_list{}?domain=Imigration", "There is no domain “Imigration”: did you mean Immigration?"),
        ("brief_list{}?domain__not=Fishing", "There is no domain “Fishing”"),
        ("briefs{}?published=2019-9-1", "“2019-9-1” is no day (did you mean 2019-09-01?): write 2020-03-15"),
        ("briefs{}?published__lte=2019-09", "“2019-09” is no day: write 2020-03-15"),
        ("briefs{}?published__gt=2019-02-30", "“2019-02-30” is no day: write"),
        ("brief_list{}?kind=breif", "“breif” was not understood: did you mean brief?"),
        ("brief_list{}?number=seven", "“seven” is no whole number"),
        ("newest{}?number=-3", "“-3” is less than 0"),
        ("newest{}?resource=-3", "“-3” is less than 0"),
        ("newest{}?resource=%2B99999", "There is no resource with the id 99999"),
        ("brief_list{}?domain__in=[1,2]", "There is no domain “1”"),
        ("brief_list{}?year__in=[2020,null]", "“null” is no whole number"),
        ("newest{}?author=zzzz", "There is no author “zzzz”"),
        ("newest{}?author=Fnen", "did you mean Fenn?"),
        ("newest{}?domain=Imigration", "There is no domain “Imigration”: did you mean Immigration?"),
        ("newest{}?domian=Immigration", "This page knows no parameter “domian”: did you mean domain?"),
        ("newest{}?domain=Immigration&domain=Technology", "domain is given twice"),
        ("changes_since{}?day=2019/9/1", "“2019/9/1” is no day (did you mean 2019-09-01?)"),
        ("changes_since{}?change=cosmetics", "did you mean cosmetic?"),
        ("resources_by_briefs{}?year=2019-9", "did you mean 2019-09?"),
        ("briefs_by_month{}?from=abc", "“abc” is no year: write 2020"),
        ("posts_timeline{}?to=-1", "“-1” is no year"),
        ("newest{}?without=!", "Nothing in “!” can be searched for"),
        ("briefs_by_month{}?from=2022&to=2019", "from 2022 to 2019 is no range"),
        ("search{}?q=levy&page=0", "“0” is less than 1"),
        ("newest{}?page=-1", "“-1” is less than 1"),
        ("coverage{}?source=waybak", "did you mean wayback?"),
        ("captures{}?captured_at__gt=2019-9-1", "is no instant (did you mean 2019-09-01?)"),
        ("search{}?q=levy&domian=Economics", "This page knows no parameter “domian”: did you mean domain?"),
        ("search{}?q=levy&year=2020&year=2021", "year is given twice: “2020” and “2021”"),
        ("newest{}?domain=%00%3Cb%3E", "There is no domain"),
        ("brief_list{}?domain__in=Economics,Imigration", "There is no domain “Imigration”: did you mean Immigration?"),
        ("brief_list{}?domain__notin=[%22Imigration%22]", "did you mean Immigration?"),
        ("briefs{}?number__in=1,seven", "“seven” is no whole number"),
        ("briefs{}?published__in=2019-9-1", "(did you mean 2019-09-01?)"),
        ("briefs{}?published__date=2019", "“2019” is no day"),
        ("briefs{}?id=one", "“one” is no whole number"),
        ("evidence{}?brief_id__gt=1.5", "“1.5” is no whole number"),
        ("evidence{}?confidence=sure", "“sure” was not understood: it is stated, read or guessed"),
        ("evidence{}?confidence__in=read,guesed", "did you mean guessed?"),
        ("captures{}?source=webb", "it is live, wayback, commoncrawl, warc, wacz or file"),
        ("captures{}?outcome=breif", "did you mean brief?"),
        ("pages{}?status=dead", "it is live, missing, gone or withdrawn"),
        ("authors{}?kind=persn", "did you mean person?"),
        ("revisions{}?change=cosmetics", "did you mean cosmetic?"),
        ("briefs{}?_timelimit=0", "_timelimit cannot be “0”: it is 1 or more"),
        ("newest{}?_timelimit=-5", "_timelimit cannot be “-5”"),
        ("search{}?size=0", "“0” is less than 1"),
        ("versions_of{}?brief=abc", "There is no brief “abc”: it is named by its id, path or address"),
        ("brief_list{}?_search_title=levy", "_search_title is for tables, and alone"),
        ("briefs{}?_search=a&_search_title=levy", "_search_title is for tables, and alone"),
        ("briefs{}?_search=!!!", "Nothing in “!!!” can be searched for"),
        ("evidence_of{}?path=abc", "There is no brief “abc”: it is named by its id, path or address"),
        ("brief_list{}?_sizze=5", "There is no parameter “_sizze”: did you mean _size?"),
        ("brief_list{}?_sort_dsc=published", "did you mean _sort_desc?"),
        ("newest{}?_shap=array", "did you mean _shape?"),
        ("briefs/1{}?_shap=array", "did you mean _shape?"),
        ("briefs{}?_quux__gt=1", "such as _size, _sort and _shape"),
    ],
)
def test_what_was_not_understood_is_told(get: Get, address: str, result: str) -> None:
    for form in ("", ".json", ".csv", ".atom"):
        answered = get(f"/archive/{address.format(form)}")
        text = answered.json()["error"] if form == ".json" else answered.text
        assert (answered.status_code, result in text) == (400, True), (form, text)
        assert form in ("", ".json") or answered.text.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("/?zzz=1", "This page knows no parameter “zzz”: it has p"),
        ("/guide?_size=5", "_size has no meaning on this page: it is for lists"),
        ("/charts/timeline.svg?_shape=array", "_shape has no meaning on this page: it is for .json"),
        ("/compare?A=1&b=2", "This page knows no parameter “A”: did you mean a?"),
        ("/openapi.json?x=", "This page knows no parameter “x”: it has none"),
        ("/sitemap.xml?page=2", "This page knows no parameter “page”"),
        ("/download?file=x", "This page knows no parameter “file”"),
        ("/b/economics/12?q=x", "This page knows no parameter “q”"),
        ("/-/captured/1/page?version=1", "This page knows no parameter “version”"),
        ("/-/cite/1.bib?versoin=3", "did you mean version?"),
        ("/-/cite/1.txt?version=1&version=2", "version is given twice: “1” and “2”; there is one only"),
        ("/-/cite/chart/timeline.txt?domian=x", "This page knows no parameter “domian”"),
        ("/-/cite/query/search.txt?q=levy&_size=9", "_size cannot be “9”"),
        ("/archive?zzz=1", "This page knows no parameter “zzz”: it has sql"),
        ("/archive?sql=select+:ab&a=1", "This page knows no parameter “a”"),
        ("/archive/briefs/1/text?q=x", "This page knows no parameter “q”: it has version"),
        ("/archive/briefs/1.txt?_shape=array", "_shape has no meaning on this page: it is for .json"),
        ("/archive/briefs/1.json?_size=5", "_size has no meaning for .json: it is for lists"),
        ("/archive/newest.atom?_size=5", "_size cannot be “5”: it is max here, for a ready query gives all its rows"),
        ("/archive/newest?_page=2", "_page has no meaning on this page: did you mean page?"),
        ("/archive/search?q=levy&size=abc", "“abc” is no whole number"),
        ("/archive/search?q=levy&size=101", "A page shows 100 briefs at most: .json and .csv have more"),
        ("/archive/briefs.json?_json=bodi", "_json: there is no column “bodi”: did you mean body?"),
        ("/archive/brief_list.json?_shape=object", "_shape=object not available"),
        ("/archive/newest.json?_shape=object", "_shape=object is only available on tables"),
        ("/archive/newest.json?_page=2", "_page has no meaning for .json: did you mean page?"),
        ("/archive/newest?_sort=title", "_sort has no meaning on this page: it is for lists"),
        ("/archive/search?q=levy&_size=5", "_size has no meaning on this page: did you mean size?"),
        ("/archive/search.csv?q=!!!", "Nothing in “!!!” can be searched for"),
        ("/archive/search?q=%00&domain=Economics", "Nothing in “�” can be searched for"),
        ("/archive/newest.atom?q=%22", 'Nothing in “"” can be searched for'),
        ("/archive/brief_list?_shape=array", "_shape has no meaning on this page: it is for .json"),
        ("/archive/brief_list?_size=1&_size=2", "_size is given twice: “1” and “2”"),
        ("/archive/brief_list.csv?_header=none", "_header cannot be “none”: it is on or off"),
        ("/archive/brief_list.json?_shape=list", "_shape cannot be “list”"),
        ("/archive/brief_list.csv?_nocol=titel", "_nocol: there is no column “titel”: did you mean title?"),
        ("/archive/brief_list?sql=select+1", "This page has no column “sql”"),
    ],
)
def test_no_page_passes_over_what_it_does_not_know(get: Get, address: str, result: str) -> None:
    answered = get(address)
    text = answered.json()["error"] if ".json" in address else unescape(answered.text)
    assert (answered.status_code, result in text) == (400, True), text


def test_a_facet_that_is_asked_for_twice_is_shown_once(get: Get) -> None:
    shown = get("/archive/brief_list.json?_facet=domain&_facet=title&_facet=title&_size=1").json()["facet_results"]
    assert sorted(shown) == ["domain", "kind", "title", "year"]


def test_a_switch_that_is_off_is_off(get: Get) -> None:
    plain, whole = (len(get(f"/archive/brief_list.csv{end}").text) for end in ("", "?_stream=on"))
    for end, size in (("_stream=off", plain), ("_stream=0", plain), ("_stream=TRUE", whole), ("_header=1", plain)):
        assert len(get(f"/archive/brief_list.csv?{end}").text) == size, end
    assert get("/archive/briefs.json?_nocount=off&_size=1").json()["filtered_table_rows_count"] > 1


@pytest.mark.parametrize("columns", ["_nocol=id", "_col=title", "_nocol=label", "_col=id&_nocol=title"])
def test_a_list_has_the_columns_that_a_reader_chose(get: Get, columns: str) -> None:
    assert get(f"/archive/brief_list?{columns}").status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "foreign+policy",
        "FOREIGN+POLICY",
        "Foreign+Policy",
        "+foreign+policy+",
        "Foreign+Policy+Brief",
        "foreign-policy",
    ],
)
def test_a_domain_is_known_in_any_case(get: Get, typed: str) -> None:
    for name in ("brief_list", "newest"):
        rows = get(f"/archive/{name}.json?_shape=array&domain={typed}").json()
        assert {row["domain"] for row in rows} == {"Foreign Policy"}
    assert "<option selected>Foreign Policy</option>" in get(f"/archive/newest?domain={typed}").text


@pytest.mark.parametrize(
    "address",
    [
        "brief_list?domain=Economics&utm_source=letter&fbclid=x",
        "brief_list?published__startswith=2019&_facet=domain&_sort=title&title__contains=a",
        "brief_list?domain__in=Economics,Technology&year__gte=2019",
        "briefs?published__date=2019-09-01",
        "briefs_fts?_search=levy",
        "authors?kind=person",
        "problems?kind=guessed",
        "newest?domain=",
        "coverage?source=live&year=2026-03-",
    ],
)
def test_what_is_understood_is_answered(get: Get, address: str) -> None:
    assert get(f"/archive/{address}").status_code == 200


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("/archive/briefs/1?versoin=3", "did you mean version?"),
        ("/archive/briefs/1.json?title=x", "This page knows no parameter"),
        ("/archive/authors/1?domain=Economics", "This page knows no parameter “domain”: it has none"),
    ],
)
def test_pages_of_one_thing_know_their_parameters_too(get: Get, address: str, result: str) -> None:
    answered = get(address)
    assert (answered.status_code, result in answered.text) == (400, True)


def test_the_words_of_a_name_are_the_author() -> None:
    values = FilterValues((), ("Ada Fenn", "Inés Vale", "Ben Holt", "Benjamin A. Holt"), frozenset({1}))
    typed = ("fen", "VALE ines", "holt ben", "1")
    assert [values.check("author", words) for words in typed] == ["fen", "Inés Vale", "Ben Holt", "1"]
    for words in ("2", "zzzz", "holt ada", "-", "\N{ARABIC-INDIC DIGIT ONE}"):
        with pytest.raises(BadFilter, match="There is no author"):
            values.check("author", words)


def test_an_empty_search_of_a_table_is_none(get: Get) -> None:
    """A form sends its empty fields too."""
    counts = [
        get(f"/archive/{name}.json?domain=Economics{search}").json()["filtered_table_rows_count"]
        for name in ("briefs", "brief_list")
        for search in ("", "&_search=", "&_search=+&_search_title=")
    ]
    assert counts == [counts[0]] * 6
    assert counts[0] > 0
