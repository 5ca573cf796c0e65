"""The search index finds what the briefs say now, and nothing they said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.records import Author
from tests.specimens import NOON, archive, brief, resource, rows, take, taking

_LATER = "2022-06-01T12:00:00Z"


def _found(folder: Path, words: str) -> list[int]:
    return [row[0] for row in rows(folder, "SELECT rowid FROM briefs_fts WHERE briefs_fts MATCH ?", words)]


@pytest.mark.parametrize(
    "words", ["pact", "title:rivers", "signing", "authors:fenn", "resources:keeper", '"it may hold"', "Agnes", "Ágnes"]
)
def test_finds_by_title_body_author_and_resource(tmp_path: Path, words: str) -> None:
    with archive(tmp_path) as opened:
        take(opened, *taking(brief(authors=(Author("Ágnes Fenn"),))))
    assert _found(tmp_path, words) == [1]
    assert _found(tmp_path, "forest") == []


@pytest.mark.parametrize("batch", [1, 10])
def test_stays_right_when_briefs_change(tmp_path: Path, batch: int) -> None:
    with archive(tmp_path, batch=batch) as opened:
        take(opened, *taking(brief(), NOON))
        take(opened, *taking(brief("/2020/04/04/other/"), NOON))
        changed = brief(title="The Harbour Pact", authors=(Author("Ben Oak"),), resources=(resource("Sailors"),))
        take(opened, *taking(changed, _LATER))
        opened.commit()
        opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
    assert _found(tmp_path, "river") == [2]
    assert _found(tmp_path, "harbour AND oak AND sailor") == [1]
    assert _found(tmp_path, "fenn") == [2]


def test_stays_right_when_two_posts_turn_out_to_be_one(tmp_path: Path) -> None:
    with archive(tmp_path, batch=10) as opened:
        take(opened, *taking(brief("/2020/09/09/slug/", wp_id=41), NOON))
        take(opened, *taking(brief("/?p=41", wp_id=41, title="Meadow"), NOON))
        take(opened, *taking(brief("/2020/08/08/older-slug/", wp_id=41), _LATER))
        opened.commit()
        opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
    assert rows(tmp_path, "SELECT path FROM briefs ORDER BY path") == [
        ("/2020/08/08/older-slug/",),
        ("/2020/09/09/slug/",),
    ]
    assert _found(tmp_path, "meadow") == []


def test_brief_list_is_one_row_a_brief_in_words(tmp_path: Path) -> None:
    with archive(tmp_path) as opened:
        two = (Author("Rod Maggay"), Author("Ada Fenn"))
        take(opened, *taking(brief(authors=two, resources=(resource("B", None), resource("A", None)))))
    assert rows(tmp_path, "SELECT title, domain, number, authors, resources, photo_credit FROM brief_list") == [
        ("The River Pact", "Environment", 7, "Rodney A. Maggay; Ada Fenn", "B; A", None)
    ]


def test_number_gaps_tells_gaps_and_doubles_by_domain(tmp_path: Path) -> None:
    numbers = [("Environment", 3), ("Environment", 6), ("Environment", 6), ("Education", 1), ("Education", 3)]
    with archive(tmp_path) as opened:
        for place, (domain, number) in enumerate(numbers):
            take(opened, *taking(brief(f"/2020/01/01/n{place}/", domain=domain, number=number)))
        take(opened, *taking(brief("/2020/01/01/misprint/", domain="Environment", number=2**40)))
    assert rows(tmp_path, "SELECT domain, number, kind, briefs, paths FROM number_gaps") == [
        ("Education", 2, "gap", 0, None),
        ("Environment", 4, "gap", 0, None),
        ("Environment", 5, "gap", 0, None),
        ("Environment", 6, "double", 2, "/2020/01/01/n1/ /2020/01/01/n2/"),
    ]
