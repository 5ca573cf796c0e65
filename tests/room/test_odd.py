"""Whatever stands in an address, it is answered: with rows, or with one line that says what was not understood."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.room import answer, answers, fill_room, open_room
from tests.support.specimens import read_rows

_SHOWN = (
    "briefs",
    "brief_list",
    "brief_authors",
    "briefs_fts",
    "number_gaps",
    "evidence",
    "briefs/1",
    "search",
    "cite",
)
_PARAMETERS = (
    *("_col", "_nocol", "_sort", "_sort_desc", "_sort_by_desc", "_next", "_size", "_shape", "_labels", "_label"),
    *("_facet", "_facet_array", "_facet_date", "_facet_size", "_extras", "_through", "_nl", "_ttl", "_timelimit"),
    *("_search", "_search_title", "_search_nothing", "_searchx", "_searchmode", "_fts_table", "_fts_pk", "_where"),
    *("_json", "_json_infinity", "_trace", "_nofacet", "_stream", "_dl", "_header", "_filter_column", "_filter_op"),
    *(f"title__{op}" for op in ("exact", "contains", "gt", "lt", "glob", "in", "notin", "arraycontains", "date", "x")),
    *("__in", "_sort=published&_next", "_sort_desc=published&_next", "_searchmode=raw&_search", "_shape=array&_nl"),
    *("_col=title&_size=1&_sort", "_filter_column=title&_filter_op=in&_filter_value", "_feed_title", "_raw"),
)
_ODD = (
    *(
        "",
        "0",
        "-1",
        "1.5",
        "1e9",
        "abc",
        '"',
        "'",
        "*",
        "(",
        "[",
        "[1",
        "{}",
        "null",
        "%",
        "\0",
        "a\0b",
        ",",
        "$null",
        "$null,1",
    ),
    *(
        "~",
        "~ZZ",
        "max",
        "on",
        "title",
        "²",
        "٣",
        "é🙂",
        "1;2",
        ":p0",
        "9" * 20,
        "x" * 10_000,
        "<script>",
        "arrayfirst",
    ),
    *(
        '{"table":"x","column":"y","value":1}',
        '{"table":"brief_authors","column":"author_id","value":{}}',
        '{"column":1}',
    ),
)
# Datasette leaves the other facets of a page unasked when one is wrong.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine '.*' was never awaited:RuntimeWarning")
Get = Callable[[str], Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, path))
    gc.collect()


@given(typed=st.text())
@example('"')
@example('"a')
@example('a" b "c')
@example('"a\nb" c')
@example("*")
@example("AND")
@example("( ) : ^ - + { }")
@example("NEAR(a, 2)")
@example("\0")
@example("a\0b")
@example("x" * 2_000)
@example("a " * 900)
@example('"' * 999)
@settings(max_examples=40, deadline=None)
def test_the_search_of_a_table_takes_any_signs(get: Get, typed: str) -> None:
    asked = quote(typed.encode("utf-8", "replace"))
    for name in ("brief_list", "briefs", "briefs_fts"):
        result = get(f"/archive/{name}.json?_search={asked}&_nofacet=1")
        error = result.json().get("error")
        reasons = ("to leave out", "knows no filters", "can be searched for")
        is_explained = result.status_code == 400 and any(reason in error for reason in reasons)
        assert is_explained or (result.status_code, error) == (200, None), name


def test_the_search_of_a_table_finds_what_it_found(get: Get) -> None:
    def find_briefs(typed: str, more: str = "") -> list[str]:
        rows = get(f"/archive/brief_list.json?_shape=array&_search={quote(typed)}{more}").json()
        return [row["title"] for row in rows]

    for typed in (
        "harbour levy",
        "levy harbour",
        '"harbour levy"',
        "levies HARBOUR",
        '"harbour',
        "harb\N{COMBINING ACUTE ACCENT}our",
    ):
        assert find_briefs(typed) == ["The Harbour Levy"], typed
    for typed in ('"levy harbour"', "levy NOT harbour"):
        assert find_briefs(typed) == [], typed
    assert "The Harbour Levy" in find_briefs("harb*")
    for typed in ("-levy", "levy domain:Economics", '"'):
        assert get(f"/archive/brief_list.json?_search={quote(typed)}").status_code == 400, typed
    assert "The Harbour Levy" in find_briefs("harb*", "&_searchmode=raw")


@given(
    shown=st.sampled_from(_SHOWN),
    form=st.sampled_from(["", ".json", ".csv", ".atom"]),
    parameters=st.lists(
        st.tuples(st.sampled_from(_PARAMETERS), st.sampled_from(_ODD) | st.text()), min_size=1, max_size=2
    ),
)
@settings(max_examples=30, deadline=None)
def test_no_parameter_is_an_error_of_the_room(
    get: Get, shown: str, form: str, parameters: list[tuple[str, str]]
) -> None:
    result = "&".join(f"{name}={quote(value.encode('utf-8', 'replace'))}" for name, value in parameters)
    assert get(f"/archive/{shown}{form}?{result}").status_code < 500


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("briefs{}?_next=", None),
        ("brief_list{}?_next=abc", "_next=“abc” is no place in this list: begin without it, follow its links"),
        ("briefs{}?_sort=nothing", "_sort: there is no column “nothing”"),
        ("briefs{}?_sort=title&_sort_desc=title", "Cannot use _sort and _sort_desc at the same time"),
        ("briefs{}?_sort=title&_next=x", None),
        ("briefs{}?_timelimit=x", "_timelimit cannot be “x”: it is 1 or more"),
        ("search{}?_timelimit=x", None),
        ("newest{}?_timelimit=x", "_timelimit cannot be “x”: it is 1 or more"),
        ("briefs{}?_through=x", "This part of the address is not understood: _through=x"),
        ("briefs{}?_facet={{}}", "_facet: there is no column “{}”"),
        ("briefs{}?title__in=[1", "This part of the address is not understood: title__in=[1"),
        (
            "briefs{}?id__gt=99999999999999999999",
            "“99999999999999999999” is too long a number",
        ),
        ("briefs{}?_searchx=1", "There is no parameter “_searchx”: did you mean _search?"),
        ("briefs{}?_facet_date=%00", "_facet_date: there is no column “�”"),
        (
            "briefs{}?_through=x&id__gt=1",
            "One of these parts of the address is not understood: _through=x, id__gt=1",
        ),
        ("briefs{}?_size=-1", "_size cannot be “-1”: it is a whole number or max"),
        ("briefs{}?_facet_size=0", "_facet_size cannot be “0”: it is 1 or more, or max"),
    ],
)
def test_it_says_in_one_line_what_is_wrong(get: Get, path: str, result: str | None) -> None:
    page, data = get(f"/archive/{path.format('')}"), get(f"/archive/{path.format('.json')}")
    if result is None:
        assert {page.status_code, data.status_code} <= {200, 400}
        return
    assert (page.status_code, data.status_code) == (400, 400)
    assert data.json() == {"ok": False, "error": result, "status": 400, "title": None}
    assert result in page.text
    assert "Traceback" not in page.text


def test_an_odd_option_of_json_is_no_fault_of_ours(get: Get) -> None:
    assert get("/archive/briefs.json?_json_infinity=x").status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(
            ("archive/briefs/999/text", 404),
            ("-/cite/999.bib", 404),
            ("archive/nothing.csv", 404),
            ("-/timegate/x", 400),
        ),
        *(("charts/nothing.svg", 404), ("archive/search.atom?q=levy", 400), ("sitemap-9.xml", 404)),
        ("archive.csv?sql=select+nothing", 400),
    ],
)
def test_programs_are_told_in_a_line(get: Get, path: str, status: int) -> None:
    answered = get(f"/{path}")
    assert (answered.status_code, answered.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert len(answered.text) > 5
    assert answered.text.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "result"),
    [
        *(
            (path, "There is no page at this address")
            for path in ("xyz", "charts/timeline.csv", "-/cite/query/search.xml")
        ),
        *((path, "There is no page at this address") for path in (".csv", "archive/briefs/1/text.txt", "b/x/1.bib")),
        *((path, "There is no table and no ready query") for path in ("archive/x", "archive/x.csv", "archive/x.json")),
    ],
)
def test_what_is_not_there_is_told_in_words(get: Get, path: str, result: str) -> None:
    answered = get(f"/{path}")
    assert (answered.status_code, result in answered.text) == (404, True)


def test_slashes_alone_are_the_front_page(get: Get) -> None:
    assert get("//").status_code == 200
    assert get("/archive/search.atom?q=levy").status_code == 400
    assert "newest.atom has those of a search" in get("/archive/search.atom?q=levy").text


def test_a_file_of_too_long_a_name_is_not_there(get: Get) -> None:
    assert get(f"/room/{'x' * 1_000}").status_code == 404


def test_a_database_is_no_table(get: Get) -> None:
    result = get("/archive.csv")
    assert result.status_code == 400
    assert "give SQL of your own as ?sql=" in result.text
    assert get("/archive.csv?sql=select+1").text == "1\r\n1\r\n"


_ENDLESS = "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+max(i)+from+n"


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_sql_that_takes_too_long_is_stopped_in_words(get: Get, form: str) -> None:
    result = get(f"/archive{form}?_timelimit=20&sql={_ENDLESS}")
    assert result.status_code == 400
    assert "The query was stopped: the archive gives each a few seconds" in result.text
    assert "textarea" not in result.text.partition("<main")[2] or form == ""


def test_faults_of_our_own_are_told_as_such(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A damaged file, and a page that lacks its table: an odd parameter beside it is no excuse."""
    damaged, lacking = (Path(shutil.copy(folder / "archive.db", tmp_path / name)) for name in ("damaged", "lacking"))
    with closing(sqlite3.connect(lacking)) as db:
        db.executescript("PRAGMA foreign_keys = OFF; DROP TABLE photo_credits")
    ((size,),) = read_rows(folder, "PRAGMA page_size")
    ((page,),) = read_rows(folder, "SELECT rootpage FROM sqlite_master WHERE name = 'brief_categories'")
    with damaged.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    result = answers(damaged, "/archive/brief_categories?_next=x,1,1", "/archive/briefs?_sort=title")
    result += answers(lacking, "/archive/briefs/1?q=x")
    assert [item.status_code for item in result] == [500, 200, 500]
    assert "Traceback" in capfd.readouterr().err
