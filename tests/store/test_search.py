"""The search index finds what the briefs say now, and nothing they said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.records import Author
from tests.support.specimens import NOON, ingest_capture, make_brief, make_page, make_resource, open_archive, read_rows

_LATER = "2022-06-01T12:00:00Z"


def _search_rows(folder: Path, words: str) -> list[int]:
    return [row[0] for row in read_rows(folder, "SELECT rowid FROM briefs_fts WHERE briefs_fts MATCH ?", words)]


@pytest.mark.parametrize(
    "words", ["pact", "title:rivers", "signing", "authors:fenn", "resources:keeper", '"it may hold"', "Agnes", "Ágnes"]
)
def test_finds_by_title_body_author_and_resource(tmp_path: Path, words: str) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(authors=(Author("Ágnes Fenn"),))))
    assert _search_rows(tmp_path, words) == [1]
    assert _search_rows(tmp_path, "forest") == []


@pytest.mark.parametrize("batch", [1, 10])
def test_stays_right_when_briefs_change(tmp_path: Path, batch: int) -> None:
    with open_archive(tmp_path, batch=batch) as opened:
        ingest_capture(opened, *make_page(make_brief(), NOON))
        ingest_capture(opened, *make_page(make_brief("/2020/04/04/other/"), NOON))
        changed = make_brief(
            title="The Harbour Pact", authors=(Author("Ben Oak"),), resources=(make_resource("Sailors"),)
        )
        ingest_capture(opened, *make_page(changed, _LATER))
        opened.commit()
        opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
    assert _search_rows(tmp_path, "river") == [2]
    assert _search_rows(tmp_path, "harbour AND oak AND sailor") == [1]
    assert _search_rows(tmp_path, "fenn") == [2]


def test_stays_right_when_two_posts_turn_out_to_be_one(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=10) as opened:
        ingest_capture(opened, *make_page(make_brief("/2020/09/09/slug/", wp_id=41), NOON))
        ingest_capture(opened, *make_page(make_brief("/?p=41", wp_id=41, title="Meadow"), NOON))
        ingest_capture(opened, *make_page(make_brief("/2020/08/08/older-slug/", wp_id=41), _LATER))
        opened.commit()
        opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
    assert read_rows(tmp_path, "SELECT path FROM briefs ORDER BY path") == [
        ("/2020/08/08/older-slug/",),
        ("/2020/09/09/slug/",),
    ]
    assert _search_rows(tmp_path, "meadow") == []


def test_brief_list_is_one_row_a_brief_in_words(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        two = (Author("Rod Maggay"), Author("Ada Fenn"))
        ingest_capture(
            opened, *make_page(make_brief(authors=two, resources=(make_resource("B", None), make_resource("A", None))))
        )
    assert read_rows(tmp_path, "SELECT title, domain, number, authors, resources, photo_credit FROM brief_list") == [
        ("The River Pact", "Environment", 7, "Rodney A. Maggay; Ada Fenn", "B; A", None)
    ]


def test_number_gaps_tells_gaps_and_doubles_by_domain(tmp_path: Path) -> None:
    numbers = [("Environment", 3), ("Environment", 6), ("Environment", 6), ("Education", 1), ("Education", 3)]
    with open_archive(tmp_path) as opened:
        for place, (domain, number) in enumerate(numbers):
            ingest_capture(opened, *make_page(make_brief(f"/2020/01/01/n{place}/", domain=domain, number=number)))
        ingest_capture(opened, *make_page(make_brief("/2020/01/01/misprint/", domain="Environment", number=2**40)))
    assert read_rows(tmp_path, "SELECT domain, number, kind, briefs, paths FROM number_gaps") == [
        ("Education", 2, "gap", 0, None),
        ("Environment", 4, "gap", 0, None),
        ("Environment", 5, "gap", 0, None),
        ("Environment", 6, "double", 2, "/2020/01/01/n1/ /2020/01/01/n2/"),
    ]
