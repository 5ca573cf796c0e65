"""What is withdrawn is what was named: no stranger's capture takes another brief along, and copies are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.withdraw import withdraw_post
from scraper.errors import OK, PARTLY
from scraper.records import Capture
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, RIVER, STRANGER, Post
from tests.support.scrapy_running import scrapy
from tests.support.specimens import LATER, NOON, ingest_capture, make_capture, make_settings, open_archive

A, B = Post(RIVER, 41, "The river's pact"), Post(FOREST, 42, "The forest law")
BRIDGE, COPY = STRANGER, "/2019/03/10/the-copy/"
EARLY = "2019-06-01T00:00:00Z"
_BRIEFS = "SELECT path FROM briefs ORDER BY path"
_KEPT = "SELECT path, message FROM problems WHERE kind = 'kept'"
TOLD = f"shows a copy of the withdrawn post {RIVER}, and was not withdrawn with it: `briefs withdraw` does that"


def show(post: Post, at: str = NOON, path: str | None = None) -> Capture:
    """The page of a post, at an address that it does not name itself."""
    body = post.html(named=path is None)
    return make_capture(body.replace(b"2020-07-08", post.day.encode()), at, path=path or post.path)


def ingest_all(folder: Path, *captures: Capture) -> Path:
    with open_archive(folder) as opened:
        for capture in captures:
            ingest_capture(opened, capture)
    return folder / "archive.db"


@pytest.mark.parametrize("live", [A.path, B.path])
def test_a_stranger_s_captures_chain_nothing(tmp_path: Path, live: str) -> None:
    """A path that shows one post and then the other, and old captures of each under the other's address."""
    chain = [show(A, EARLY, BRIDGE), show(B, NOON, BRIDGE), show(B, EARLY, A.path), show(A, EARLY, B.path)]
    database = ingest_all(tmp_path, *chain, show(A), show(B), show(A, LATER), show(B, LATER))
    other = B.path if live == A.path else A.path
    withdraw_post(make_settings(tmp_path), live, "asked", confirm=lambda copies: False)
    assert (other,) in query_database(database, _BRIEFS)
    ingest_all(tmp_path, show(A if other == B.path else B, "2019-05-01T00:00:00Z", other))  # an older one comes late
    assert (other,) in query_database(database, _BRIEFS)
    assert (live,) not in query_database(database, _BRIEFS)
    assert verify_archive(make_settings(tmp_path)).damage == ()


@pytest.mark.parametrize("takes", [True, False])
def test_copies_are_asked_for_and_those_that_stay_are_told(tmp_path: Path, takes: bool) -> None:
    database = ingest_all(tmp_path, show(A), show(replace(A, path=COPY)), show(B))
    asked: list[tuple[str, ...]] = []
    preview = withdraw_post(make_settings(tmp_path), RIVER, "asked", dry_run=True)
    assert (preview.withdrawal.others, preview.kept) == ((), (COPY,))

    def answer(copies: tuple[str, ...]) -> bool:
        asked.append(copies)
        return takes

    outcome = withdraw_post(make_settings(tmp_path), RIVER, "asked", confirm=answer)
    assert asked == [(COPY,)]
    assert query_database(database, _BRIEFS) == ([(FOREST,)] if takes else [(COPY,), (FOREST,)])
    assert (outcome.withdrawal.others, outcome.kept) == (((COPY,), ()) if takes else ((), (COPY,)))
    assert query_database(database, _KEPT) == ([] if takes else [(COPY, TOLD)])
    ingest_all(tmp_path, show(replace(A, path=COPY, said="Later."), LATER))
    assert query_database(database, _BRIEFS) == ([(FOREST,)] if takes else [(COPY,), (FOREST,)])
    restore_post(make_settings(tmp_path), RIVER)
    assert query_database(database, _BRIEFS) == [(COPY,), (RIVER,), (FOREST,)]
    assert query_database(database, _KEPT) == []
    assert verify_archive(make_settings(tmp_path)).damage == ()


def test_a_script_withdraws_what_it_named_and_ends_with_4(tmp_path: Path) -> None:
    database = ingest_all(tmp_path, show(A), show(replace(A, path=COPY)))
    run = scrapy(tmp_path, "withdraw", RIVER, "--reason", "asked", "--dry-run", "--with-copies")
    assert (run.returncode, f"{COPY}: shows a copy of it; it would go too" in run.stderr) == (OK, True)
    run = scrapy(tmp_path, "withdraw", RIVER, "--reason", "asked")
    assert run.returncode == PARTLY, run.stderr
    assert f"{COPY}: shows a copy of it and stays; to withdraw it too:" in run.stderr
    assert query_database(database, _BRIEFS) == [(COPY,)]
    assert scrapy(tmp_path, "withdraw", COPY, "--reason", "asked").returncode == OK
    assert query_database(database, _BRIEFS) == []
    assert query_database(database, _KEPT) == []


def test_with_copies_all_go_at_once(tmp_path: Path) -> None:
    database = ingest_all(tmp_path, show(A), show(replace(A, path=COPY)), show(B))
    assert scrapy(tmp_path, "withdraw", RIVER, "--reason", "asked", "--with-copies").returncode == OK
    assert query_database(database, _BRIEFS) == [(FOREST,)]
