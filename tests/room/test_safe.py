"""What comes from outside is text everywhere; nothing can be written; readers' own SQL can be switched off."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from lxml import html

from tests.support.room import HOSTILE, SCRIPT, Get, answers, fill_room, set_up_room
from tests.support.specimens import read_rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[str]:
    """Every kind of page on which the hostile brief is shown."""
    (brief,) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", HOSTILE)[0]
    (author,) = read_rows(folder, "SELECT author_id FROM brief_authors WHERE brief_id = ?", brief)[0]
    (resource,) = read_rows(folder, "SELECT resource_id FROM brief_resources WHERE brief_id = ?", brief)[0]
    tables = [row[0] for row in read_rows(folder, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    return [
        *("/", "/archive", "/archive?_show_hidden=1", "/archive/search?q=hostile", "/archive/search?q=%3Cscript%3E"),
        *(f"/archive/briefs/{brief}", f"/archive/authors/{author}", f"/archive/resources/{resource}"),
        f"/archive/domains/{tilde_encode(SCRIPT)}",
        *(f"/archive/{table}" for table in tables if not table.startswith(("sqlite_", "briefs_fts_"))),
        "/archive?sql=select+title,+body,+body_html+from+briefs+where+title+like+%27%25script%25%27",
        *("/archive/nothing~3Cscript~3E", "/~3Cscript~3Ealert(1)", "/charts"),
    ]


def test_hostile_texts_are_text_on_every_page(folder: Path, pages: list[str]) -> None:
    shown = 0
    for path, answer in zip(pages, answers(folder / "archive.db", *pages), strict=True):
        assert answer.status_code in (200, 404), (path, answer.text[:300])
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        page: Any = html.fromstring(answer.text)
        scripts = page.xpath("//script")
        assert [item for item in scripts if item.get("nonce") != nonce] == [], path
        assert "alert(1)" not in "".join(
            item.text_content() for item in scripts if "json" not in (item.get("type") or "")
        )
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], path
        links = page.xpath("//@href | //@src | //@action")
        assert [link for link in links if re.match(r"\s*(javascript|data):", link) and link != "data:,"] == [], path
        assert "49" not in re.findall(r"\{\{ ?(\d+) ?\}\}", answer.text)
        shown += "alert(1)" in page.text_content()
    assert shown > 10  # the hostile brief was there to be seen


def test_each_answer_has_a_nonce_of_its_own(folder: Path) -> None:
    policies = {answer.headers["content-security-policy"] for answer in answers(folder / "archive.db", "/", "/", "/")}
    assert len(policies) == 3


@pytest.mark.parametrize(
    "path", ["/", "/archive/briefs/1", "/archive/briefs/1.json", "/archive/search", "/-/cite/1.txt"]
)
def test_no_reader_can_have_a_page_kept_elsewhere(folder: Path, path: str) -> None:
    for answer in answers(folder / "archive.db", path, f"{path}?_ttl=31536000"):
        assert answer.headers["cache-control"] == "no-cache", answer.url


def test_nothing_can_be_written(folder: Path, pages: list[str]) -> None:
    before = hashlib.sha256((folder / "archive.db").read_bytes()).hexdigest()
    statements = ("insert into briefs (path) values ('/x/')", "delete from briefs", "drop table briefs", "vacuum")

    async def try_statements() -> list[int]:
        async with set_up_room(folder / "archive.db") as room:
            got = [await room.client.post(path, data={"sql": statements[0]}) for path in pages]
            got += [await room.client.get("/archive", params={"sql": statement}) for statement in statements]
            got += [await room.client.put("/archive/briefs/1"), await room.client.delete("/archive/briefs/1")]
            return [answer.status_code for answer in got]

    assert [status for status in asyncio.run(try_statements()) if status < 400] == []
    assert hashlib.sha256((folder / "archive.db").read_bytes()).hexdigest() == before


def test_sql_can_be_switched_off_and_all_else_stays(folder: Path) -> None:
    own, table, query, front, data = answers(
        folder / "archive.db",
        *("/archive.json?sql=select+1", "/archive/brief_list.json?_search=harbour", "/archive/search.json?q=harbour"),
        *("/", "/archive"),
        sql=False,
    )
    assert own.status_code == 403
    assert table.json()["rows"]
    assert query.json()["rows"]
    assert (front.status_code, data.status_code) == (200, 200)
    assert "SQL of your own" not in data.text
    assert "_where" not in data.text


def test_with_sql_off_no_part_of_a_table_s_address_is_sql(folder: Path) -> None:
    paths = ("/archive/brief_list.json?_where=1=1", "/archive/brief_list?_where=1=1", "/archive?sql=select+1")
    answered = answers(folder / "archive.db", *paths, sql=False)
    assert {where.status_code for where in answered} == {403}
    assert all("This room takes no SQL of its readers" in where.text for where in answered[1:])


def test_search_engines_are_kept_from_queries_only(folder: Path) -> None:
    (robots,) = answers(folder / "archive.db", "/robots.txt")
    lines = robots.text.splitlines()
    assert "Disallow: /" not in lines
    assert "Disallow: /*?" in lines


def test_programs_are_refused_sql_in_a_line(get: Get) -> None:
    for path in ("/archive.csv?sql=select+1", "/archive.atom?sql=select+1", "/archive/briefs.csv?_where=1"):
        answered = get(path)
        assert (answered.status_code, answered.text.count("\n")) == (403, 1), path
        assert answered.text.startswith("This room takes no SQL of its readers"), path
    for path in ("/archive.json?sql=select+1", "/archive/briefs.json?_where=1", "/_internal.json"):
        answered = get(path)
        assert (answered.status_code, answered.json()["ok"], answered.json()["status"]) == (403, False, 403), path
