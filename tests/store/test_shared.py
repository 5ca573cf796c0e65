"""Writers and resources are one row each; aliases join and split them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.normalise import make_resource_key
from scraper.records import Author
from tests.support.specimens import ingest_capture, make_brief, make_page, make_resource, open_archive, read_rows

_BYLINES = """SELECT path, authors.name, name_as_published FROM brief_authors
    JOIN briefs ON briefs.id = brief_id JOIN authors ON authors.id = author_id ORDER BY path, position"""
_LATER = "2022-06-01T12:00:00Z"


def _sign_briefs(opened: SqliteArchive, **signatures: str) -> None:
    for slug, names in signatures.items():
        authors = tuple(Author(name) for name in names.split(" & "))
        ingest_capture(opened, *make_page(make_brief(f"/2020/01/01/{slug}/", authors=authors)))


def _finds(opened: SqliteArchive, words: str) -> list[str]:
    sql = "SELECT path FROM briefs WHERE id IN (SELECT rowid FROM briefs_fts WHERE briefs_fts MATCH ?) ORDER BY path"
    return [row[0] for row in opened.db.execute(sql, (words,))]


def _check_index(opened: SqliteArchive) -> None:
    opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")


def test_no_writer_is_there_before_the_first_brief(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        assert opened.read_summary().authors == 0
    assert read_rows(tmp_path, "SELECT count(*), count(author_id) FROM author_aliases") == [(7, 0)]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Rod Maggay", "Rodney A. Maggay"),
        ("Todd Broadman", "Todd J. Broadman"),
        ("S Bhimji", "Siam Bhimji"),
        ("S. Bhimji", "Siam Bhimji"),
        ("Charles A Rubin", "Charles A. Rubin"),
        ("Rudy Lurz", "Rudolph Lurz"),
        ("Zack Huffman", "Zach Huffman"),
    ],
)
def test_known_spellings_share_a_row(tmp_path: Path, spelling: str, name: str) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a=spelling, b=name)
    assert read_rows(tmp_path, "SELECT name FROM authors") == [(name,)]
    assert read_rows(tmp_path, _BYLINES) == [("/2020/01/01/a/", name, spelling), ("/2020/01/01/b/", name, name)]
    assert read_rows(tmp_path, "SELECT author_id FROM author_aliases WHERE name = ?", spelling) == [(1,)]


def test_two_people_never_share_a_row(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a="Ibrahim Sultan", b="Ibrahim Castro", c="Charles Rubin & Rod A. Maggay")
    assert read_rows(tmp_path, "SELECT count(*) FROM authors") == [(4,)]


def test_spellings_that_differ_in_capitals_are_one_writer(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a="U.S. RESIST NEWS STAFF", b="U.S. Resist News Staff")
    assert read_rows(tmp_path, "SELECT name FROM authors") == [("U.S. Resist News Staff",)]


def test_taking_an_alias_out_splits_the_writers(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a="Rod Maggay", b="Rodney A. Maggay")
        assert _finds(opened, "rodney") == ["/2020/01/01/a/", "/2020/01/01/b/"]
        opened.db.execute("DELETE FROM author_aliases WHERE name = 'Rod Maggay'")
        assert read_rows(tmp_path, _BYLINES) == [
            ("/2020/01/01/a/", "Rod Maggay", "Rod Maggay"),
            ("/2020/01/01/b/", "Rodney A. Maggay", "Rodney A. Maggay"),
        ]
        assert _finds(opened, "rodney") == ["/2020/01/01/b/"]
        _check_index(opened)
    with open_archive(tmp_path) as opened:  # it stays out
        _sign_briefs(opened, c="Rod Maggay")
    assert read_rows(tmp_path, "SELECT name FROM authors ORDER BY name") == [("Rod Maggay",), ("Rodney A. Maggay",)]


def test_an_alias_whose_writer_signs_nothing_else_takes_his_row_along(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a="Rod Maggay")
        opened.db.execute("DELETE FROM author_aliases WHERE name = 'rod maggay'")
        assert read_rows(tmp_path, "SELECT name FROM authors") == [("Rod Maggay",)]
        _check_index(opened)


@pytest.mark.parametrize("column", ["author", "author_id"])
def test_adding_an_alias_joins_two_writers(tmp_path: Path, column: str) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, a="Ada Fenn", b="A. Fenn & Ben Oak")
        (author_id,) = opened.db.execute("SELECT id FROM authors WHERE name = 'Ada Fenn'").fetchone()
        target = "Ada Fenn" if column == "author" else author_id
        sql = f"INSERT INTO author_aliases (name, {column}, reason) VALUES ('A. Fenn', ?, 'she said so')"
        opened.db.execute(sql, (target,))
        assert read_rows(tmp_path, "SELECT name, author, author_id FROM author_aliases WHERE name = 'A. Fenn'") == [
            ("A. Fenn", "Ada Fenn", author_id)
        ]
        assert read_rows(tmp_path, "SELECT name FROM authors ORDER BY name") == [("Ada Fenn",), ("Ben Oak",)]
        assert _finds(opened, "ada") == ["/2020/01/01/a/", "/2020/01/01/b/"]
        _check_index(opened)


def test_an_alias_must_say_for_whom(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened, pytest.raises(sqlite3.IntegrityError):
        opened.db.execute("INSERT INTO author_aliases (name, reason) VALUES ('A. Fenn', 'why not')")


def test_a_writer_taken_off_the_only_brief_goes(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(authors=(Author("Ben Oak"),), domain="Fishing Boat Dispatch")))
        ingest_capture(opened, *make_page(make_brief(), _LATER))
    assert read_rows(tmp_path, "SELECT name FROM authors") == [("Ada Fenn",)]
    assert read_rows(tmp_path, "SELECT name FROM domains WHERE canonical = 0") == []


def test_resources_are_shared_by_address_and_keep_their_names(tmp_path: Path) -> None:
    names = {"a": "River Keepers", "b": "Keepers", "c": "Keepers"}
    with open_archive(tmp_path) as opened:
        for slug, name in names.items():
            result = make_brief(
                f"/2020/01/01/{slug}/", resources=(make_resource(name), make_resource("Call your senator", None))
            )
            ingest_capture(opened, *make_page(result))
    assert read_rows(tmp_path, "SELECT name, url FROM resources ORDER BY id") == [
        ("Keepers", "https://www.river.example/"),
        ("Call your senator", None),
    ]
    assert read_rows(
        tmp_path, "SELECT name_as_published FROM brief_resources WHERE position = 1 ORDER BY brief_id"
    ) == [
        ("River Keepers",),
        ("Keepers",),
        ("Keepers",),
    ]


@pytest.mark.parametrize(
    ("item", "other", "same"),
    [
        ("http://www.a.example/", "https://a.example", True),
        ("https://a.example/x/?utm_source=b&id=1", "https://A.example/x?id=1", True),
        ("https://a.example/x#top", "https://a.example/x", True),
        ("https://a.example/#/x", "https://a.example/#/y", False),
        ("https://a.example/#!/x", "https://a.example/", False),
        ("https://www.a.example/#/x/", "https://a.example#/x", True),
        ("https://a.example/x", "https://a.example/y", False),
        ("https://a.example/x?id=1", "https://a.example/x?id=2", False),
        ("mailto:Us@a.example", "mailto:us@a.example", True),
    ],
)
def test_what_makes_two_addresses_one(item: str, other: str, same: bool) -> None:
    assert (make_resource_key(item, "A") == make_resource_key(other, "B")) is same


def test_without_an_address_the_name_counts() -> None:
    assert make_resource_key(None, "Call  your Senator") == make_resource_key("", "call your senator")
    assert make_resource_key(None, "a.example") != make_resource_key("https://a.example", "a.example")
