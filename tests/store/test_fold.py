"""The same captures in any order give the same rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.briefs import codec
from scraper.records import Author, Brief, Capture, Category, Extraction, Link, PhotoCredit, Problem, Section
from tests.support.specimens import (
    PATH,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_reading,
    make_resource,
    open_archive,
    read_all,
    read_rows,
)

pytestmark = pytest.mark.services

_PROBLEMS = "SELECT path, field, kind, message FROM problems ORDER BY 1, 3, 2, 4"
# All rows by what they say, never by an id: ids may hang on the order, what they stand for may not.
_COMPARED = (
    """SELECT briefs.path, briefs.url, wp_id, kind, label, number, domain, title, published, modified, dateline,
        posted_by, body, body_html, captured_at, digest
        FROM briefs JOIN captures ON captures.id = capture_id ORDER BY 1""",
    """SELECT path, position, authors.name, name_as_published, role, contact FROM brief_authors
        JOIN briefs ON briefs.id = brief_id JOIN authors ON authors.id = author_id ORDER BY 1, 2""",
    """SELECT path, position, resources.name, resources.url, key, heading, name_as_published, text, brief_resources.url
        FROM brief_resources JOIN briefs ON briefs.id = brief_id JOIN resources ON resources.id = resource_id
        ORDER BY 1, 2""",
    "SELECT path, position, heading, text FROM sections JOIN briefs ON briefs.id = brief_id ORDER BY 1, 2",
    "SELECT path, position, text, links.url FROM links JOIN briefs ON briefs.id = brief_id ORDER BY 1, 2",
    "SELECT path, position, text, name FROM photo_credits JOIN briefs ON briefs.id = brief_id ORDER BY 1, 2",
    """SELECT path, slug, name FROM brief_categories JOIN briefs ON briefs.id = brief_id
        JOIN categories ON categories.id = category_id ORDER BY 1, 2""",
    """SELECT briefs.path, position, field, value, rule, snippet, confidence, chosen, captured_at, digest FROM evidence
        JOIN briefs ON briefs.id = brief_id JOIN captures ON captures.id = evidence.capture_id ORDER BY 1, 2""",
    """SELECT briefs.path, field, old, new, seen_at, digest FROM revisions
        JOIN briefs ON briefs.id = brief_id JOIN captures ON captures.id = revisions.capture_id
        ORDER BY seen_at, digest, field""",
    "SELECT * FROM pages ORDER BY path",
    "SELECT name, kind FROM authors ORDER BY name",
    "SELECT name, url, key FROM resources ORDER BY key",
    "SELECT name, canonical FROM domains ORDER BY name",
    "SELECT name, slug FROM categories ORDER BY slug",
    "SELECT name, authors.name FROM author_aliases LEFT JOIN authors USING (name) ORDER BY 1",
    "SELECT id FROM briefs_text WHERE id NOT IN (SELECT rowid FROM briefs_fts)",
    _PROBLEMS,
)
_WORDS = st.sampled_from(["River", "Forest", "Harbour"])
_NAMES = st.sampled_from(["Ada Fenn", "ADA FENN", "Rod Maggay", "Rodney A. Maggay", "Ben Oak"])
_BRIEFS = st.fixed_dictionaries(
    {
        "path": st.sampled_from([PATH, PATH, "/2020/03/05/river-pact-2/", "/?p=41"]),
        "wp_id": st.sampled_from([None, 41]),
        "kind": st.sampled_from(["brief", "post"]),
        "title": st.none() | _WORDS,
        "label": st.none() | st.just("Brief #7—Environment") | st.just("Brief—Fishing"),
        "published": st.none() | st.just("2020-03-05"),
        "posted_by": st.none() | _WORDS,
        "authors": st.lists(_NAMES.map(Author), max_size=2, unique=True).map(tuple),
        "resources": st.lists(
            st.builds(make_resource, _WORDS, st.sampled_from(["http://a.example", "https://www.a.example/", None])),
            max_size=2,
        ).map(tuple),
        "photo_credits": st.lists(st.builds(PhotoCredit, _WORDS, _WORDS, st.none(), st.none()), max_size=1).map(tuple),
        "categories": st.lists(st.builds(Category, _WORDS, st.just("slug")), max_size=1).map(tuple),
        "body": st.none() | _WORDS,
    }
)
_INSTANTS = st.none() | st.sampled_from([f"202{year}-01-01T00:00:00Z" for year in range(4)])


def _make_values(values: dict[str, Any]) -> Brief:
    label, body = values["label"], values["body"]
    values = dict(values)
    path = values.pop("path")
    if path == "/?p=41":
        values["wp_id"] = 41
    return make_brief(
        path,
        **values,
        number=7 if label and "7" in label else None,
        domain=label.rpartition("—")[2] if label else None,
        sections=(Section(None, body),) if body else (),
        links=(Link(body, "https://b.example/"),) if body else (),
    )


_CAPTURES = st.lists(
    st.builds(
        lambda values, at, fidelity: make_page(_make_values(values), at, fidelity=fidelity),
        _BRIEFS,
        _INSTANTS,
        st.sampled_from([0, 3, 3, 3]),
    ),
    min_size=2,
    max_size=6,
)


def _store_captures(captures: list[tuple[Capture, Extraction]], batch: int) -> list[list[tuple[Any, ...]]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_archive(folder, batch=batch) as opened:
            for page, result in captures:
                ingest_capture(opened, page, result)
            opened.commit()
            opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
        return read_all(folder, *_COMPARED)


@given(st.data(), _CAPTURES, st.sampled_from([1, 100]))
@settings(max_examples=25, deadline=None)
def test_any_order_gives_the_same_rows(data: st.DataObject, captures: list[Any], batch: int) -> None:
    shuffled = data.draw(st.permutations(captures))
    assert _store_captures(captures, 1) == _store_captures(shuffled, batch)


@pytest.mark.parametrize("first", ["2019", "2020"])
def test_the_newest_copy_is_the_one_that_is_said_to_lack_a_value(first: str) -> None:
    credit = PhotoCredit("River", "Ann Roe", None, None)
    with_credit = make_page(make_brief(photo_credits=(credit,)), f"{first}-01-01T00:00:00Z")
    without = [make_page(make_brief(), f"{year}-01-01T00:00:00Z") for year in (2020, 2021)]
    stored = [_store_captures(list(order), 1) for order in permutations((with_credit, *without))]
    assert stored == stored[:1] * 6
    assert any("2021-01-01T00:00:00Z shows none" in row[3] for row in stored[0][_COMPARED.index(_PROBLEMS)])


def test_a_short_address_and_its_permalink_are_one_post(tmp_path: Path) -> None:
    short = make_brief("/?p=41", url=None, wp_id=41, title="By number", posted_by="desk")
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(short, "2020-01-01T00:00:00Z"))
        assert read_rows(tmp_path, "SELECT id, path FROM briefs") == [(1, "/?p=41")]
        ingest_capture(opened, *make_page(make_brief(wp_id=41), "2021-01-01T00:00:00Z"))
    assert read_rows(tmp_path, "SELECT id, path, title, posted_by FROM briefs") == [(1, PATH, "The River Pact", "desk")]
    assert read_rows(tmp_path, "SELECT path FROM captures ORDER BY id") == [("/?p=41",), (PATH,)]


def test_ids_stay_when_an_older_capture_comes(tmp_path: Path) -> None:
    later, earlier = "2021-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), later))
        ingest_capture(opened, *make_page(make_brief("/2020/04/04/other/"), later))
        before = read_rows(tmp_path, "SELECT id, path FROM briefs")
        ingest_capture(opened, *make_page(make_brief(title="Before"), earlier))
    assert read_rows(tmp_path, "SELECT id, path FROM briefs") == before


def test_one_feed_that_tells_of_a_post_twice(tmp_path: Path) -> None:
    twice = (make_reading(make_brief(title="One")), make_reading(make_brief(title="Two")))
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, make_capture(b"feed"), make_extraction(*twice, outcome="feed", path="/feed/"))
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("One",)]


@given(_BRIEFS, st.text(), st.sampled_from([0, 3]))
def test_readings_come_back_as_they_were(values: dict[str, Any], title: str, fidelity: int) -> None:
    result, record = codec.dump_storable(make_reading(_make_values({**values, "title": title}), fidelity=fidelity))
    assert codec.load_reading(record.decode(), fidelity) == result


def test_a_reading_that_changed_since_it_was_packed_is_packed_anew() -> None:
    reading = make_reading(make_brief())
    ahead = replace(reading, packed=codec.pack_reading(reading), doubts=(Problem("body", "missing", "no body"),))
    assert codec.pack_reading(ahead) is ahead.packed
    for changed in (
        replace(ahead, brief=replace(ahead.brief, title="Another title")),
        replace(ahead, problems=(Problem("title", "guessed", "from the address"),)),
    ):
        assert codec.pack_reading(changed) == codec.pack_reading(replace(changed, packed=None)) != ahead.packed
