"""A brief leads to briefs about the same, to near copies of its text, and to its neighbours in series and time.

The pairs were judged by hand, by what the texts are about, before the rules were made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from reading_room.pages.related_briefs import Neighbours, compare_texts, find_neighbours, find_related
from scraper.records import Author
from tests.support.room import answers
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

_FILL = "The committee met again and nobody could say when an answer would come. "
# Title, text, domain, number, author, and what each is about.
_POSTS = (
    ("Ferry Fares Rise", "Ferry captains and islanders pay higher fares at the pier.", "Economics", 1, "Ada", "ferry"),
    ("Who Pays for Ferries", "The ferry fares of islanders are paid at the pier.", None, None, "Ada", "ferry"),
    ("Captains on Strike", "Ferry captains left the pier and islanders waited.", "Economics", 4, "Io", "ferry"),
    ("School Lunches End", "Pupils lose lunches when waivers for kitchens end.", "Education", 1, "Bo", "lunch"),
    ("Lunch Debts", "Kitchens bill pupils for lunches; waivers were the answer.", "Education", 2, "Bo", "lunch"),
    ("Wells Run Dry", "Drought empties wells and the aquifer sinks below farms.", "Environment", 1, "Cy", "water"),
    ("The Aquifer", "Farms pump the aquifer in a drought, and wells fail.", "Environment", 2, "Cy", "water"),
    ("Ballots by Mail", "Clerks count ballots that came by mail.", "Elections & Politics", 1, "Di", ""),
    ("A Tariff on Tin", "Smelters want tin tariffs; canners do not.", "Economics", 5, "Ada", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("related")
    with open_archive(folder) as there:
        for place, (title, text, domain, number, author, _) in enumerate(_POSTS, 1):
            facts = (title, f"{text} {_FILL} {text}", domain, number, author)
            _take(there, f"/2020/01/{place:02}/p{place}/", facts)
        again = f"{_POSTS[5][1]} {_FILL} {_POSTS[5][1]} So it is."
        _take(there, "/2020/02/01/again/", ("Wells Run Dry Again", again, "Environment", 3, "Cy"))
    return folder


def _take(there: SqliteArchive, path: str, facts: tuple[str, str, str | None, int | None, str]) -> None:
    title, body, domain, number, author = facts
    label = f"Brief #{number}—{domain}" if domain else None
    brief = make_brief(
        path,
        title=title,
        body=body,
        body_html=None,
        published=path[1:11].replace("/", "-"),
        label=label,
        number=number,
        domain=domain,
        authors=(Author(author),),
        resources=(),
    )
    ingest_capture(there, *make_page(brief))


@pytest.fixture(scope="module")
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        yield db


@pytest.mark.parametrize("place", range(1, 10))
def test_related_are_those_about_the_same(db: sqlite3.Connection, place: int) -> None:
    subject = _POSTS[place - 1][5]
    meant = {post[0] for post in _POSTS if post[5] == subject and subject} - {_POSTS[place - 1][0]}
    meant |= {"Wells Run Dry Again"} if subject == "water" else set()
    found = [item.brief["title"] for item in find_related(db, place)]
    assert set(found[: len(meant)]) == meant
    assert len(found) <= len(meant) + 1


def test_a_near_copy_is_told_as_one(db: sqlite3.Connection, folder: Path) -> None:
    (first, *others) = find_related(db, 6)
    assert (first.brief["title"], first.is_copy) == ("Wells Run Dry Again", True)
    assert not any(item.is_copy for item in others)
    page = answers(folder / "archive.db", "/archive/briefs/6")[0].text
    assert page.index("Nearly the same text") < page.index("Wells Run Dry Again") < page.index("About the same")


def test_neighbours_stand_in_the_order_of_numbers_and_of_days(db: sqlite3.Connection) -> None:
    def show(neighbours: Neighbours) -> tuple[str | None, ...]:
        ends = (neighbours.before, neighbours.after)
        return (neighbours.name, *(end["title"] if end else None for end in ends))

    assert [show(item) for item in find_neighbours(db, 3)] == [("Economics", "Ferry Fares Rise", "A Tariff on Tin")]
    assert [show(item) for item in find_neighbours(db, 1)] == [
        ("Economics", None, "Captains on Strike"),
        ("Ada", None, "Who Pays for Ferries"),
    ]
    assert find_neighbours(db, 8) == find_neighbours(db, 999) == []


def test_texts_without_words_are_no_copies() -> None:
    assert compare_texts(frozenset(), frozenset()) == 0.0
