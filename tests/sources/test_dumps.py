"""Posts as JSON, in the forms that people save many of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import extract
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import DATA
from scraper.records import Capture, Extraction
from scraper.sources.sidecar import make_sidecar
from tests.support.filled_archive import query_database
from tests.support.histories import Post
from tests.support.specimens import make_settings

ONE, OTHER = Post("/2019/01/02/one/", 71, "One"), Post("/2019/01/03/other/", 72, "Other")
BOTH = [ONE.rest(), OTHER.rest()]
LINES = "\n".join(json.dumps(post) for post in BOTH)


def read(text: str, content_type: str = "application/json") -> Extraction:
    return extract(Capture(text.encode(), None, "2024-01-01T00:00:00Z", "file", content_type=content_type))


def paths(extraction: Extraction) -> list[str]:
    return [reading.brief.path for reading in extraction.readings]


def ingest(folder: Path, name: str, text: str) -> int:
    """Take a file with this text into the folder's archive; the exit code."""
    (folder / name).write_text(text)
    return ingest_paths(make_settings(folder), [folder / name], make_sidecar(None, None), SITE_HOSTS)


NOTICE = "<br />\n<b>Notice</b>:  Undefined index: host in <b>/home/x/[y]/z.php</b> on line <b>12</b><br />\n"
WRITTEN = json.dumps(BOTH)
FORMS = {
    "behind a notice": NOTICE + WRITTEN,
    "between two notices": f"{NOTICE}{WRITTEN}\n{NOTICE}",
    "behind a warning in words": "PHP Warning:  #0 {main} thrown in /x.php\n\n" + WRITTEN,
    "behind a page of an error": "<!DOCTYPE html><html><body><p>A critical error.</p></body></html>\n" + WRITTEN,
    "behind an error in elements": '<div id="error"><p>WordPress database error: [x]</p></div>' + WRITTEN,
    "behind a log line": "[04-Jun-2019 10:00:00 UTC] PHP Deprecated: f() in /x.php\n" + WRITTEN,
    "behind what keeps scripts off": ")]}',\n" + WRITTEN,
    "behind a loop": "for(;;);" + WRITTEN,
    "in a callback": f"/**/jQuery_1({WRITTEN});",
    "in a variable": f"var posts = {WRITTEN};",
    "in an envelope": json.dumps({"body": BOTH, "status": 200, "headers": {"X-WP-Total": 2}}),
    "in a batch": json.dumps({"responses": [{"body": post, "status": 200, "headers": []} for post in BOTH]}),
    "of PowerShell": json.dumps({"value": BOTH, "Count": 2}, indent=4),
    "a list a page": json.dumps([BOTH[:1], BOTH[1:], []]),
    "under names of a program's own": json.dumps({"page1": BOTH[:1], "page2": BOTH[1:], "total": 2}),
    "hits of a search": json.dumps({"hits": {"total": 2, "hits": [{"_id": "7", "_source": post} for post in BOTH]}}),
    "a list with gaps": json.dumps({"3": BOTH[0], "7": BOTH[1]}),
    "written twice": json.dumps(WRITTEN),
    "in Chrome's view": f"<html><head></head><body><pre>{escape(WRITTEN)}</pre></body></html>",
    "in an export of a table": json.dumps([{"type": "header"}, {"type": "table", "name": "posts", "data": BOTH}]),
    "in a query's answer": json.dumps({"data": {"posts": {"edges": [{"node": post} for post in BOTH]}}}),
    "arrays in a row": json.dumps(BOTH[:1]) + json.dumps(BOTH[1:]),
    "arrays in lines": json.dumps(BOTH[:1]) + "\n" + json.dumps(BOTH[1:]) + "\n",
    "objects in many lines": "\n".join(json.dumps(post, indent=2) for post in BOTH),
    "with a comma too much": WRITTEN[:-1] + ",\n]",
    "with a bare tab": WRITTEN.replace("Policy Summary", "Policy\tSummary"),
    "an answer": json.dumps(BOTH),
    "an object with posts": json.dumps({"found": 2, "posts": BOTH}),
    "a line an object": LINES,
    "lines between empty ones": f"\n{LINES}\n\n".replace("\n", "\r\n"),
    "with a mark": "\ufeff" + json.dumps(BOTH, indent=2),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_every_form_gives_the_same_posts(text: str, content_type: str) -> None:
    found = read(text, content_type)
    assert (found.outcome, found.problems, paths(found)) == ("rest", (), [ONE.path, OTHER.path])
    assert {reading.fidelity for reading in found.readings} == {3}


def wordpress_com(post: Post) -> dict[str, Any]:
    return {
        "ID": post.number,
        "site_ID": 5,
        "author": {"ID": 2, "login": "desk2", "name": "Desk"},
        "date": f"{post.day}T23:30:00-05:00",
        "modified": f"{post.day}T23:40:00-05:00",
        "title": post.title,
        "URL": post.host + post.path,
        "content": post.content,
        "status": "publish",
        "type": "post",
        "categories": {"Environment": {"ID": 4, "name": "Environment", "slug": "environment"}},
    }


def json_api(post: Post) -> dict[str, Any]:
    return {
        "id": post.number,
        "type": "post",
        "url": post.host + post.path,
        "status": "publish",
        "title": post.title,
        "content": post.content,
        "date": f"{post.day} 09:00:00",
        "categories": [{"id": 4, "slug": "environment", "title": "Environment"}],
        "author": {"id": 2, "slug": "desk2", "name": "Desk"},
    }


def wp_cli(post: Post) -> dict[str, Any]:
    return {
        "ID": str(post.number),
        "post_author": "2",
        "post_date": f"{post.day} 09:00:00",
        "post_content": post.content,
        "post_title": post.title,
        "post_status": "publish",
        "post_password": "",
        "post_name": "x",
        "post_type": "post",
        "guid": f"{post.host}/?p={post.number}",
        "url": post.host + post.path,
    }


def graphql(post: Post) -> dict[str, Any]:
    return {
        "databaseId": post.number,
        "title": post.title,
        "content": post.content,
        "link": post.host + post.path,
        "date": f"{post.day}T09:00:00",
        "author": {"node": {"name": "Desk"}},
    }


def json_feed(post: Post) -> dict[str, Any]:
    return {
        "id": f"{post.host}/?p={post.number}",
        "url": post.host + post.path,
        "title": post.title,
        "content_html": post.content,
        "date_published": f"{post.day}T14:00:00+00:00",
        "authors": [{"name": "Desk"}],
        "tags": ["Environment"],
    }


SHAPES: dict[str, Callable[[list[Post]], object]] = {
    "WordPress.com": lambda posts: {"found": len(posts), "posts": [wordpress_com(post) for post in posts]},
    "JSON API": lambda posts: {"status": "ok", "count": len(posts), "posts": [json_api(post) for post in posts]},
    "wp-cli": lambda posts: [wp_cli(post) for post in posts],
    "GraphQL": lambda posts: {"data": {"posts": {"nodes": [graphql(post) for post in posts]}}},
    "JSON Feed": lambda posts: {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [json_feed(post) for post in posts],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_program_s_shape_gives_the_same_posts(shape: str) -> None:
    whole = [reading.brief for reading in read(WRITTEN).readings]
    found = read(json.dumps(SHAPES[shape]([ONE, OTHER])))
    assert (found.problems, paths(found)) == ((), [ONE.path, OTHER.path])
    for reading, brief in zip(found.readings, whole, strict=True):
        names = ("url", "wp_id", "title", "label", "published", "body", "sections", "authors", "resources")
        assert {n: getattr(reading.brief, n) for n in names} == {n: getattr(brief, n) for n in names}
        assert not reading.problems
        assert shape in ("wp-cli",) or reading.brief.posted_by == "Desk"
        assert shape in ("wp-cli", "GraphQL") or [c.slug for c in reading.brief.categories] == ["environment"]


def test_what_powershell_makes_of_deep_objects_is_read() -> None:
    post = ONE.rest() | {"title": "@{rendered=One}", "content": f"@{{rendered={ONE.content}; protected=False}}"}
    (reading,) = read(json.dumps({"value": [post], "Count": 1})).readings
    assert (reading.brief.title, reading.brief.body) == ("One", read(WRITTEN).readings[0].brief.body)


TABLES = {
    "dump.sql": "INSERT INTO `wp_posts` (`ID`, `post_date`, `post_content`) VALUES (1, '2019', '<p>Brief #7</p>');",
    "posts.csv": 'ID,post_title,post_content\n7,"A","<p>Brief #7—Environment</p><p>By Ada Fenn</p>"\n',
    "posts.xml": '<?xml version="1.0"?><mysqldump><row><field name="post_content">&lt;p&gt;x</field></row></mysqldump>',
    "posts.txt": "post_title\tpost_content\nA\t<p>Brief #7—Environment</p>",
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_a_database_are_told_and_how_to_save_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code = ingest(tmp_path, name, TABLES[name])
    assert (code, "wp post list --format=json" in capsys.readouterr().err.replace("\n", " ")) == (DATA, True)
    assert query_database(tmp_path / "archive.db", "select count(*) from briefs") == [(0,)]


def test_titles_with_breaks_and_markup_are_lines_of_words() -> None:
    for title in (
        "Two piers<br>close",
        "Two piers<br />close",
        "<em>Two</em> piers<br/> close",
        "<p>Two piers</p><p>close</p>",
    ):
        (reading,) = read(json.dumps([ONE.rest() | {"title": {"rendered": title}}])).readings
        assert reading.brief.title == "Two piers close"


def _object(**values: object) -> dict[str, Any]:
    return OTHER.rest() | {"id": 99, "link": "https://www.usresistnews.org/2019/05/05/left/"} | values


COUNTS: dict[str, tuple[dict[str, Any], str]] = {
    "a draft": (_object(status="draft"), "unpublished"),
    "a page": (_object(type="page"), "unpublished"),
    "a private post of wp-cli": (wp_cli(ONE) | {"post_status": "private"}, "unpublished"),
    "a post with a password": (_object(content={"rendered": "", "protected": True}), "unpublished"),
    "a row with a password": (wp_cli(ONE) | {"post_password": "x"}, "unpublished"),
    "a post without its text": ({"id": 7, "title": {"rendered": "A"}, "date": "2019-01-01"}, "unread"),
    "wp-cli's short list": ({"ID": 7, "post_title": "A", "post_date": "2019-01-01 00:00:00"}, "unread"),
    "a JSON Feed's summary": ({"id": "7", "url": "https://x.example/", "title": "A", "summary": "A"}, "unread"),
    "the same again": (ONE.rest(), "repetition"),
}


@pytest.mark.parametrize("case", COUNTS)
def test_what_is_no_row_is_told(case: str) -> None:
    item, kind = COUNTS[case]
    found = read(json.dumps([*BOTH, item]))
    assert paths(found) == [ONE.path, OTHER.path]
    assert [(problem.kind, "1 " in problem.message) for problem in found.problems] == [(kind, True)]


@pytest.mark.parametrize("content", ["", " ", "<p></p>"])
def test_a_post_with_an_empty_text_is_a_row_and_told(content: str) -> None:
    found = read(json.dumps([*BOTH, _object(content={"rendered": content, "protected": False})]))
    assert len(found.readings) == 3
    assert ("body", "missing") in {(problem.field, problem.kind) for problem in found.readings[2].problems}


LOSSES = {
    "posts.json": json.dumps([{"ID": 7, "post_title": "A", "post_date": "2019-01-01 00:00:00"}]),
    "cut.json": WRITTEN[:-30],
    "no.json": NOTICE + '[{"id": 3, "ti',
    "words.json": "Error establishing a database connection",
    "cut.xml": "<rss><channel><item><title>A</title>",
    "short.xml": "<rss><channel><item><title>A</title><description>B</description></item></channel></rss>",
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_file_of_which_posts_are_lost_is_a_line_and_65(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code = ingest(tmp_path, name, LOSSES[name])
    assert code == DATA
    assert f"{name}: " in capsys.readouterr().err
    assert query_database(tmp_path / "archive.db", "select count(*) from problems where capture_id is not null") > [
        (1,)
    ]


def test_one_post_alone_and_posts_that_are_not_for_everybody() -> None:
    assert paths(read(json.dumps(ONE.rest()))) == [ONE.path]
    locked = ONE.rest() | {"content": {"rendered": "", "protected": True}}
    drafts = [OTHER.rest() | {"status": "draft"}, OTHER.rest() | {"type": "page"}]
    assert read(json.dumps([locked, *drafts])).readings == ()


def test_what_breaks_off_gives_what_is_whole_and_tells_it() -> None:
    whole = json.dumps(BOTH)
    for text in (whole[:-40], whole[:-1], LINES + '\n{"id":', "{broken\n" + LINES):
        found = read(text)
        assert found.outcome == "rest" and ONE.path in paths(found)
        assert [problem.kind for problem in found.problems] == ["truncated"]
    assert read('[{"id": 1').outcome == "unreadable"


def test_an_editors_answer_is_read_as_shown_and_one_with_raw_text_alone_as_an_export_is() -> None:
    shown: dict[str, Any] = ONE.rest()
    shown["content"] |= {"raw": "[et_pb_text]Not this[/et_pb_text]"}
    raw = OTHER.rest() | {"content": {"raw": OTHER.content}, "title": {"raw": "Other"}}
    first, second = read(json.dumps([shown, raw])).readings
    assert (first.fidelity, second.fidelity, second.brief.title) == (3, 2, "Other")
    assert "Not this" not in (first.brief.body or "") and "The towns on the river" in (second.brief.body or "")


@pytest.mark.parametrize("other", [{"name": "Desk"}, {"taxonomy": "category"}, {"media_type": "image"}])
def test_other_answers_beside_them_are_kept_and_hold_no_posts(other: dict[str, str]) -> None:
    found = read(json.dumps([{"id": 1, "slug": "desk", "_links": {}, "link": "https://x/"} | other]))
    assert (found.outcome, found.readings) == ("rest", ())
