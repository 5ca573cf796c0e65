"""What indexes of web archives tell, in each dialect."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records import Memento
from scraper.sources import cdx

HERE = "https://web.archive.org/"
_DIGEST = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)
_URL = st.text("abcdefghijklmnopqrstuvwxyz0123456789/-_.~%?=&+ü", max_size=40).map(
    "https://www.usresistnews.org/{}".format
)
_MEMENTOS = st.builds(
    Memento,
    archive=st.just(HERE),
    url=_URL,
    timestamp=st.from_regex(r"20[0-2][0-9][01][0-9][0-3][0-9]([0-5][0-9]){3}", fullmatch=True),
    digest=st.none() | _DIGEST,
    status=st.none() | st.integers(100, 599),
    media_type=st.none() | st.sampled_from(["text/html", "warc/revisit", "unk", "application/rss+xml"]),
    length=st.none() | st.integers(0, 10**9),
)
_LISTS = st.lists(_MEMENTOS, max_size=6)


def _values(item: Memento) -> list[str]:
    result = (item.timestamp, item.url, item.media_type, item.status, item.digest, item.length)
    return ["-" if value is None else str(value) for value in result]


def _json_line(item: Memento) -> dict[str, str]:
    names = ("timestamp", "url", "mime", "status", "digest", "length")
    return {name: value for name, value in zip(names, _values(item), strict=True) if value != "-"}


@given(_LISTS, st.none() | st.text("abc,)/ 0123456789!", min_size=1).map(quote_plus))
def test_arrays(result: list[Memento], key: str | None) -> None:
    table = [[*cdx.FIELDS], *map(_values, result)] if result or key else []
    text = json.dumps(table + ([[], [key]] if key else []))
    assert cdx.parse_page(text, HERE) == cdx.IndexPage(tuple(result), key)


@given(_LISTS, st.booleans(), st.none() | st.just("org%2Cusresistnews%29%2F+20190401000000%21"))
def test_text(result: list[Memento], whole: bool, key: str | None) -> None:
    lines = [" ".join((["org,usresistnews)/"] if whole else []) + _values(item)) + "\n" for item in result]
    text = "".join(lines) + (f"\n{key}\n" if key and result else "")
    assert cdx.parse_page(text, HERE) == cdx.IndexPage(tuple(result), key if result else None)


@given(_LISTS, st.booleans())
def test_lines_of_json(result: list[Memento], cdxj: bool) -> None:
    lines = []
    for item in result:
        fields = _json_line(item) | {"urlkey": "org,usresistnews)/", "source": "x.cdxj"}
        stamp = fields.pop("timestamp") if cdxj else ""
        lines.append((f"org,usresistnews)/ {stamp} " if cdxj else "") + json.dumps(fields) + "\n")
    assert list(cdx.parse_page("".join(lines), HERE).mementos) == result


def test_pywb_tells_places_and_names_its_digests() -> None:
    line = {"timestamp": "20190401000000123", "url": "http://a.example/", "mime": "-", "digest": "sha1:ABC"}
    line |= {"filename": "x.warc.gz", "offset": "7", "length": "70"}
    (result,) = cdx.parse_page(json.dumps(line), HERE).mementos
    assert result == Memento(HERE, "http://a.example/", "20190401000000", "ABC", None, None, 70, "x.warc.gz", 7)


_ROWS = [list(cdx.ALL_FIELDS)] + [
    [f"org,usresistnews)/{n}", f"2019040100000{n}", f"https://usresistnews.org/{n}", "text/html", "200", "A" * 32, "9"]
    for n in range(3)
]
_ARRAYS = "[" + ",\n".join(map(json.dumps, _ROWS)) + "]\n"  # as web.archive.org writes them
_LINES = "".join(json.dumps(dict(zip(_ROWS[0], row, strict=True))) + "\n" for row in _ROWS[1:])
_TEXT = "".join(" ".join(row) + "\n" for row in _ROWS[1:])
NO_INDEX = {
    "half an array": _ARRAYS[:-30],
    "an array that ends behind a row": _ARRAYS.strip()[:-1],
    "an array that ends before its resume key": json.dumps([*_ROWS, []]),
    "rows without names": json.dumps(_ROWS[1:]),
    "numbers": "[1, 2]",
    "other rows": '[["a", "b"], ["c", "d"]]',
    "an empty row": "[[]]",
    "HTML": "<html>Sorry</html>",
    "an object": '{"error": "too busy"}\n',
    "an object over several lines": '{\n  "message": "Sorry"\n}\n',
    "a sentence": "The service is not available right now\n",
    "a word": "null",
    "half a line of JSON": _LINES[:-30],
    "half a line of text": _TEXT[:-9],
    "lines, and a server's error": _LINES + "upstream connect error\n",
    "brackets": "[" * 100_000,
}


@pytest.mark.parametrize("name", NO_INDEX)
def test_what_is_no_index_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        cdx.parse_page(NO_INDEX[name], HERE)


@pytest.mark.parametrize("text", ["", "\n", "[]", "[]\n", json.dumps(_ROWS[:1])])
def test_an_index_without_captures(text: str) -> None:
    assert cdx.parse_page(text, HERE) == cdx.IndexPage(())


@pytest.mark.parametrize(
    "text",
    [
        _ARRAYS.replace('org/1"', 'org/"x\\d"'),
        _ARRAYS.replace('org/2"', 'org/"x\\d"'),
        json.dumps([*_ROWS[:2], ["?"], *_ROWS[3:]]),
        json.dumps([*_ROWS[:3], _ROWS[3][:4]]),
        "Note: slow\n" + _LINES,
    ],
)
def test_a_line_that_cannot_be_parsed_costs_only_itself_and_is_told(text: str) -> None:
    page = cdx.parse_page(text, HERE)
    assert (len(page.mementos) >= 2, len(page.bad_lines), page.is_whole) == (True, 1, False)


def test_bad_lines_are_told() -> None:
    page = cdx.parse_page('{"timestamp": "2019", "url": "http://a.example/"}\n' + _LINES, HERE)
    assert (len(page.mementos), page.is_whole) == (3, True)
    assert page.bad_lines == ("{'timestamp': '2019', 'url': 'http://a.example/'}",)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        page = cdx.parse_page(text, HERE)
    except ValueError:
        return
    assert all(len(item.timestamp) == 14 for item in page.mementos)
