"""What went in came out or was told, at every way in: posts of a file, captures of an ingest."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.captures.capture_rows import add_problems
from pipelines.extract import extract
from pipelines.ingest import Intake
from scraper.address import SITE_HOSTS
from scraper.console.stop_signals import StopFlag
from scraper.records import Capture, Extraction, Problem
from scraper.sources.events import Omission
from scraper.sources.paths import SourceReader
from tests.sources.test_wxr import export
from tests.support.dump_forms import FORMS, PostEntry, list_posts
from tests.support.expected import PAGES
from tests.support.histories import Post
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive
from tests.support.warc_writing import three

_TOLD = ("unread", "unpublished", "repetition", "truncated")  # kinds of problems that say how many posts are no rows
ADDRESS = "https://www.usresistnews.org{path}"


def read(body: bytes) -> Extraction:
    return extract(Capture(body, None, "2024-03-05T18:02:11Z", "file"))


def count_told(extraction: Extraction) -> int:
    """How many posts the problems of a file speak of: each begins with their number."""
    messages = [problem.message for problem in extraction.problems if problem.kind in _TOLD]
    return sum(int(match[0]) for message in messages if (match := re.match(r"\d+", message)))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("copies", [0, 1, 2])
def test_each_post_of_a_file_is_a_reading_or_told(form: Callable[[Sequence[PostEntry]], bytes], copies: int) -> None:
    posts = list_posts(ADDRESS, numbers=True)
    posts += posts[:1] * copies
    found = read(form(posts))
    assert len(found.readings) + count_told(found) == len(posts)
    assert len({reading.brief.path for reading in found.readings}) == len(found.readings)


def test_each_object_of_a_dump_is_a_reading_or_told() -> None:
    odd = Post("/2019/02/01/odd/", 90, "Odd").rest()
    objects = [
        *(Post(f"/2019/01/0{n}/post-{n}/", 70 + n, f"Post {n}").rest() for n in range(1, 4)),
        {key: value for key, value in odd.items() if key != "content"},
        odd | {"id": 91, "link": "https://www.usresistnews.org/2019/02/02/odd/", "status": "draft"},
        odd | {"id": 92, "link": "https://www.usresistnews.org/2019/02/03/odd/", "type": "page"},
        odd | {"id": 93, "link": None},
        odd | {"id": 94, "link": "https://elsewhere.example.org/2019/02/05/odd/"},
    ]
    found = read(json.dumps(objects).encode())
    assert (len(found.readings), count_told(found)) == (5, 3)


def test_each_item_of_an_export_is_a_reading_or_left_out_with_its_reason(tmp_path: Path) -> None:
    posts = [Post(f"/2019/01/0{n}/post-{n}/", 70 + n, f"Post {n}") for n in range(1, 6)]
    drafts = export(*posts[3:], status="draft").partition(b"<item>")[2].rpartition(b"</channel>")[0]
    file = tmp_path / "export.xml"
    file.write_bytes(export(*posts[:3]).replace(b"</channel>", b"<item>" + drafts + b"</channel>"))
    items = list(SourceReader(SITE_HOSTS).read(file))
    captures = [item for item in items if isinstance(item, Capture)]
    assert [len(extract(capture).readings) for capture in captures] == [3]
    assert sum(isinstance(item, Omission) for item in items) == 2


def test_each_capture_of_an_ingest_has_one_outcome_and_each_reading_its_row(tmp_path: Path) -> None:
    pages = sorted(path for path in PAGES.iterdir() if path.name.endswith((".html", ".txt", ".xml", ".rest.json")))[::8]
    sources = [*pages, three().save(tmp_path)]
    given = [item for path in sources for item in SourceReader(SITE_HOSTS).read(path)]
    lines: list[str] = []
    with open_archive(tmp_path) as archive:
        intake = Intake(archive, SITE_HOSTS, lines.append, StopFlag())
        intake.take_items(given)
    captures = sum(isinstance(item, Capture) for item in given)
    omissions = sum(isinstance(item, Omission) for item in given)
    assert (
        intake.capture_count == captures == intake.counts["new"] + intake.counts["known"] + intake.counts["unchanged"]
    )
    assert intake.skipped.total() == omissions
    assert captures + omissions + intake.counts["problems"] == len(given)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        rows = db.execute("select outcome, count(*) from captures group by outcome").fetchall()
        paths = {path for (path,) in db.execute("select path from briefs")}
    assert dict(rows) == dict(intake.outcomes)
    assert paths == {r.brief.path for item in given if isinstance(item, Capture) for r in extract(item).readings}


def test_many_problems_of_a_page_cost_as_much_as_there_are_and_are_rows_once(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, *make_page(make_brief("/2021/06/15/tides/")))

        def add(count: int) -> tuple[int, int]:
            """How many rows are new, and how many thousand steps SQLite takes for them."""
            steps = 0

            def note() -> None:
                nonlocal steps
                steps += 1

            problems = [Problem("url", "conflict", f"{number} is not believed.") for number in range(count)]
            archive.db.set_progress_handler(note, 1000)
            new = add_problems(archive.db, None, "/2021/06/15/tides/", problems * 2)
            archive.db.set_progress_handler(None, 0)
            return new, steps

        (few, cost), (many, more), again = add(500), add(2500), add(2500)
        assert (few, many, again[0]) == (500, 2000, 0)
        assert more < 8 * cost
