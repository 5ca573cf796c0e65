"""What is withdrawn is found by every address it has, known again when it is re-dated, and gone to its last word."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.withdraw import read_withdrawals, withdraw_post
from scraper.errors import BadInput
from scraper.linkrot.link_check import LinkCheck
from scraper.records import Capture, FoundAddress
from tests.support.filled_archive import query_database
from tests.support.histories import Post
from tests.support.specimens import (
    NOON,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_page,
    make_reading,
    make_resource,
    make_settings,
    open_archive,
)
from tests.support.specimens import make_extraction as told_of

TOLL, PLAIN = "/2020/07/08/toll/", "/2020/07/09/plain/"
OLD, OLDER, LATER = "/2020/07/08/tol/", "/2020/07/08/tl/", "/2020/09/09/toll/"
POST = Post(TOLL, 77, "A zorblat for the harbour", said="Nobody says what the zorblat is to cost.")
OTHER = Post(PLAIN, 78, "A plain matter", resource=("Quay Watch", "https://quay.example/"))
SEALED = f"sealed as a copy of a withdrawn post: `briefs withdraw --undo {TOLL}` gives it back"
_BRIEFS = "SELECT path FROM briefs ORDER BY path"
_DOUBT = "SELECT path, message FROM problems WHERE kind = 'sealed' ORDER BY path"
_WITHDRAWN = "SELECT count(*) FROM withdrawals"


def page(post: Post, at: str | None = NOON) -> Capture:
    return make_capture(post.html(), at, path=post.path)


def make_redirect(path: str, to: str, status: int = 301) -> Capture:
    return replace(make_capture(b"", path=path, status=status), headers=(("Location", SITE + to),))


def fill_archive(folder: Path, *captures: Capture) -> Path:
    folder.mkdir(exist_ok=True)
    with open_archive(folder) as opened:
        for item in captures:
            ingest_capture(opened, item)
    return folder / "archive.db"


def words(database: Path) -> bytes:
    """What the search index holds, in whatever state it is."""
    with closing(sqlite3.connect(database)) as db:
        return b"".join(block for (block,) in db.execute("SELECT block FROM briefs_fts_data"))


@pytest.mark.parametrize("address", ["/?p=77", f"{SITE}/?p=77", OLD, SITE + OLDER])
def test_short_links_and_former_addresses_lead_to_the_brief(tmp_path: Path, address: str) -> None:
    database = fill_archive(tmp_path, page(POST), page(OTHER), make_redirect(OLDER, OLD), make_redirect(OLD, TOLL))
    assert withdraw_post(make_settings(tmp_path), address, "asked", dry_run=True).withdrawal.path == TOLL
    outcome = withdraw_post(make_settings(tmp_path), address, "asked")
    assert (outcome.withdrawal.path, outcome.withdrawal.brief_id, outcome.notes) == (TOLL, 1, ())
    assert query_database(database, _BRIEFS) == [(PLAIN,)]
    assert withdraw_post(make_settings(tmp_path), address, "again").changed is False
    assert restore_post(make_settings(tmp_path), address).withdrawal.path == TOLL
    assert query_database(database, _BRIEFS) == [(TOLL,), (PLAIN,)]


def test_a_redirect_for_a_while_does_not_lead_to_it(tmp_path: Path) -> None:
    fill_archive(tmp_path, page(POST), make_redirect(OLD, TOLL, 302))
    assert withdraw_post(make_settings(tmp_path), OLD, "asked", dry_run=True).withdrawal.path == OLD


def test_a_number_of_several_posts_and_one_of_none(tmp_path: Path) -> None:
    database = fill_archive(tmp_path, page(POST), page(replace(OTHER, number=77)))
    with pytest.raises(BadInput, match=f"several posts have this number: name one by its path: {TOLL} or {PLAIN}"):
        withdraw_post(make_settings(tmp_path), "/?p=77", "asked")
    with open_archive(tmp_path) as opened:
        opened.add_found([FoundAddress(SITE + "/?p=99", "listing")])
    with pytest.raises(BadInput, match="there is nothing of it to withdraw"):
        withdraw_post(make_settings(tmp_path), "/?p=99", "asked")
    assert query_database(database, _WITHDRAWN) == [(0,)]


def test_what_is_withdrawn_before_it_comes_is_told_so(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.add_found([FoundAddress(SITE + TOLL, "sitemap")])
    (note,) = withdraw_post(make_settings(tmp_path), TOLL, "asked").notes
    assert note == f"{TOLL}: it has no brief yet; one that comes will be withdrawn at once"
    assert query_database(fill_archive(tmp_path, page(POST)), _BRIEFS) == []


@pytest.mark.parametrize("title", [POST.title, "A  ZORBLAT for the Harbour"])
@pytest.mark.parametrize("first", [True, False])
def test_it_stays_withdrawn_when_the_site_gives_it_another_day(tmp_path: Path, title: str, first: bool) -> None:
    again = page(replace(POST, path=LATER, title=title), "2023-01-01T00:00:00Z")
    database = fill_archive(tmp_path, page(POST), page(OTHER), *([again] if first else []))
    withdraw_post(make_settings(tmp_path), TOLL, "asked")
    fill_archive(tmp_path, again)
    assert query_database(database, _BRIEFS) == [(PLAIN,)]
    assert (read_withdrawals(make_settings(tmp_path))[0].others, b"zorblat" in database.read_bytes()) == (
        (LATER,),
        False,
    )
    assert query_database(database, _DOUBT) == [(LATER, SEALED)]
    assert verify_archive(make_settings(tmp_path)).damage == ()
    rebuild_archive(make_settings(tmp_path), into=str(tmp_path / "new.db"))
    for sql in (_BRIEFS, _DOUBT, "SELECT * FROM problems"):
        assert query_database(tmp_path / "new.db", sql) == query_database(database, sql)
    restore_post(make_settings(tmp_path), TOLL)
    assert (query_database(database, _BRIEFS), query_database(database, _DOUBT)) == ([(TOLL,), (PLAIN,), (LATER,)], [])


def test_what_a_redirect_shows_to_be_the_post_is_no_doubt(tmp_path: Path) -> None:
    database = fill_archive(tmp_path, page(POST))
    withdraw_post(make_settings(tmp_path), TOLL, "asked")
    fill_archive(tmp_path, page(replace(POST, path=LATER)))
    assert query_database(database, _DOUBT) == [(LATER, SEALED)]
    fill_archive(tmp_path, make_redirect(LATER, TOLL))
    assert (query_database(database, _DOUBT), query_database(database, _BRIEFS)) == ([], [])


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"title": "the  river PACT", "published": None}, False),
        ({"title": "Another pact", "published": None, "wp_id": 7}, True),
        ({"title": "The River Pact", "published": "2021-01-01"}, True),
        ({"title": None, "published": None, "wp_id": 7}, True),
        ({"title": "The river pact", "published": "2021-01-01", "wp_id": 7}, False),
    ],
)
def test_which_readings_are_of_the_withdrawn_post(tmp_path: Path, values: dict[str, object], kept: bool) -> None:
    other = make_brief(LATER, **values)
    for before in (True, False):
        folder = tmp_path / str(before)
        folder.mkdir()
        with open_archive(folder) as opened:
            ingest_capture(opened, *make_page(make_brief(wp_id=7)))
            if before:
                ingest_capture(opened, *make_page(other))
        withdraw_post(make_settings(folder), make_brief().path, "asked")
        with open_archive(folder) as opened:
            ingest_capture(opened, *make_page(other))
        assert query_database(folder / "archive.db", _BRIEFS) == ([(LATER,)] if kept else [])


def test_no_word_is_left_in_the_search_index_when_a_brief_is_sealed_later(tmp_path: Path) -> None:
    again = replace(POST, path=LATER, number=79, title="Of the zorblat")
    database = fill_archive(tmp_path, page(POST), page(OTHER), page(again))
    withdraw_post(make_settings(tmp_path), TOLL, "asked")
    assert query_database(database, _BRIEFS) == [(PLAIN,), (LATER,)]
    assert b"orblat" in words(database)
    fill_archive(tmp_path, page(replace(again, title=POST.title, number=77), "2023-01-01T00:00:00Z"))
    assert query_database(database, _BRIEFS) == [(PLAIN,)]
    assert b"orblat" not in words(database)


def test_looks_at_what_only_an_older_version_recommended_go_too(tmp_path: Path) -> None:
    gone, stays = "https://gone.example/x", "https://www.river.example/"
    with open_archive(tmp_path) as opened:
        ingest_capture(
            opened,
            *make_page(
                make_brief(resources=(make_resource("Gone", gone), make_resource("River Keepers"))),
                "2020-01-01T00:00:00Z",
            ),
        )
        ingest_capture(opened, *make_page(make_brief(resources=(make_resource("Today", "https://today.example/"),))))
        page = make_capture(b"other", path=PLAIN)
        ingest_capture(
            opened, page, told_of(make_reading(make_brief(PLAIN, title="Other", published="2020-07-09")), path=PLAIN)
        )
        for url in (gone, stays, "https://today.example/"):
            opened.add_link_check(LinkCheck(url, NOON, "ok", 200))
    withdraw_post(make_settings(tmp_path), make_brief().path, "asked")
    assert query_database(tmp_path / "archive.db", "SELECT url FROM link_checks") == [(stays,)]
