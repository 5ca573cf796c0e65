"""What one reader can cost the others: nothing that takes the room down, whatever is asked and however often."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from reading_room.server import read_transaction
from reading_room.server.asgi import Message, Receive, Scope, Send
from reading_room.server.request_gate import RequestGate, limit_load
from reading_room.server.sql_functions import escape_search, register_functions
from reading_room.tables.query_limits import RESULT, TooLarge, fetch_result, limit_connection
from tests.support.room import answer, answers, fill_room, open_room

_ROWS = "with recursive n(i) as (select 1 union all select i + 1 from n limit {count}) "
_PAIRS = ("'xxaxbxx', 'x'", "'é–a–é', '–é'", "' a ', ''", "'a', null", "'  '")
_COPIES = ",".join(f"c{n} as (select * from c{n - 1} union all select * from c{n - 1})" for n in range(1, 40))
_SUMS = ",".join(f"c{n} as (select {'+'.join('b' * 15)} as b from c{n - 1})" for n in range(1, 12))
_LONG = "replace(hex(zeroblob(300000)), '0', 'a')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[tuple[Any, asyncio.Runner]]:
    with open_room(folder / "archive.db") as entered:
        yield entered


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        register_functions(connection)
        limit_connection(connection)
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        "select zeroblob(999999999)",
        "select randomblob(500000000)",
        "select printf('%.*c', 900000000, 'x')",
        "select format('%900000000d', 1)",
        "select hex(zeroblob(1900000))",
        "select group_concat(hex(zeroblob(500000))) from (values (1), (2), (3))",
        f"{_ROWS.format(count=5000)} select hex(zeroblob(900000)) from n",
        f"select {'abs(' * 900}1{')' * 900}",
        f"select {'1+' * 900}1",
        f"select {_LONG} like '%{'a' * 500}b%'",
        "select " + " union select ".join(map(str, range(400))),
        "select fts3_tokenizer('simple')",
        "select json_patch('{}', '{}')",
        "select load_extension('x')",
        "select * from dbstat",
        "select file from pragma_database_list()",
        "select replace(hex(zeroblob(1000)), '0', hex(zeroblob(500000)))",
        f"{_ROWS.format(count=300)} select sum(length(b)) from (select randomblob(1000000) as b from n order by b)",
    ],
)
@pytest.mark.parametrize("form", ["", ".json"])
def test_a_query_that_asks_too_much_is_refused(room: tuple[Any, asyncio.Runner], sql: str, form: str) -> None:
    result = room[1].run(answer(room[0], f"/archive{form}?sql={quote(sql)}"))
    assert result.status_code == 400
    assert "Traceback" not in result.text


@pytest.mark.parametrize(
    "condition",
    ["hex(zeroblob(1999999))", "randomblob(99999999)", "id in (select 1 from dbstat)", "json('x')", "title match 'x'"],
)
@pytest.mark.parametrize("form", ["", ".csv"])
def test_a_condition_that_asks_too_much_is_refused(room: tuple[Any, asyncio.Runner], condition: str, form: str) -> None:
    result = room[1].run(answer(room[0], f"/archive/briefs{form}?_where={quote(condition)}"))
    assert result.status_code == 400
    assert "Traceback" not in result.text


@pytest.mark.parametrize(
    "sql",
    [
        f"select instr({_LONG}, substr({_LONG}, 1, 300000) || 'b')",
        f"select length(replace({_LONG}, substr({_LONG}, 1, 300000) || 'b', ''))",
        f"select length(trim({_LONG}, substr(replace({_LONG}, 'a', 'b'), 1, 300000) || 'a'))",
    ],
)
def test_no_step_takes_the_square_of_its_text(db: sqlite3.Connection, sql: str) -> None:
    assert db.execute(sql).fetchone()[0] in (0, 600_000)  # each took minutes


@pytest.mark.parametrize(
    "sql",
    [
        f"with c0 as (select 1), {_COPIES} select count(*) from c39",
        f"with c0 as (select 1 as b), {_SUMS} select b from c11",
        f"select {'+'.join('b' * 20)} as b from (" * 5 + "select 1 as b" + ")" * 5,
    ],
)
def test_a_query_that_grows_while_it_is_read_is_refused_early(db: sqlite3.Connection, sql: str) -> None:
    begun = db.execute("select count(*) from sqlite_master").fetchone()
    with pytest.raises(MemoryError):  # no limit of time is looked at meanwhile
        db.execute(sql)
    assert db.execute("select count(*) from sqlite_master").fetchone() == begun


@pytest.mark.parametrize(
    "sql",
    [
        *(f"select instr({pair})" for pair in ("'harbour', 'b'", "'', 'x'", "'x', ''", "null, 'x'", "1234, 3")),
        "select instr(x'0102ff', x'ff')",
        *(
            f"select replace({three})"
            for three in ("'a-b-c', '-', '+'", "'abc', '', 'x'", "'abc', null, 'x'", "12, 1, 3")
        ),
        *(f"select {name}({pair})" for name in ("trim", "ltrim", "rtrim") for pair in _PAIRS),
        *(f"select printf({given})" for given in ("'%s', null", "'%.2f|%05d|%-4s|', 1.005, 7, 'a'", "'%,d%%', 12345")),
        "select format('%Q', 'it''s'), printf('a'), printf('%s', 'a' || char(0) || 'b'), printf(null)",
    ],
)
def test_functions_of_ours_say_what_sqlite_s_own_say(db: sqlite3.Connection, sql: str) -> None:
    with closing(sqlite3.connect(":memory:")) as plain:
        assert db.execute(sql).fetchone() == plain.execute(sql).fetchone()


def test_a_result_is_fetched_as_far_as_memory_allows() -> None:
    with closing(sqlite3.connect(":memory:")) as plain:
        rows = plain.execute(f"{_ROWS.format(count=100)} select zeroblob({RESULT // 50}) from n")
        with pytest.raises(TooLarge, match="64 MB"):
            fetch_result(rows, None)
        few = plain.execute(f"{_ROWS.format(count=100)} select i from n")
        assert len(fetch_result(few, 7)[0]) == 7


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("the " * 125, '"the"'),
        ('"a b" c "a b" c', '"a b" "c"'),
        (" ".join(f"w{number}" for number in range(90)), " ".join(f'"w{number}"' for number in range(32))),
        ('" "', '""'),
    ],
)
def test_a_word_is_looked_for_once(typed: str, search: str) -> None:
    assert escape_search(typed) == search


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/search.json?q=the&mark_from={}", 414),
        ("/archive/briefs?{}=1", 414),
        ("/archive/briefs/1?version={}", 414),
        ("/{}", 414),
        ("/archive?sql=select+{}", 414),
        ("/archive?" + "a=1&" * 200, 414),
        ("/archive?sql=select+'" + "x" * 8000 + "'", 200),  # queries may be long
    ],
)
def test_an_endless_address_is_refused(room: tuple[Any, asyncio.Runner], path: str, status: int) -> None:
    assert room[1].run(answer(room[0], path.format("x" * 55_000))).status_code == status


@pytest.mark.parametrize("path", ["Briefs/1", "BRIEFS/1.json", "Domains/Economics", "authorS/1", "nothing/1"])
def test_a_table_is_called_as_it_is_called(room: tuple[Any, asyncio.Runner], path: str) -> None:
    assert room[1].run(answer(room[0], f"/archive/{path}")).status_code == 404


@pytest.mark.parametrize("sql", [True, False])
def test_nothing_tells_of_the_server(folder: Path, sql: bool) -> None:
    names = (
        "metadata plugins settings config threads actor permissions messages allow-debug patterns auth-token".split()
    )
    closed = [f"/-/{name}{form}" for name in names for form in ("", ".json")]
    *refused, shown, page = answers(
        folder / "archive.db", *closed, "/-/databases.json", "/archive", warcs=folder / "warcs", sql=sql
    )
    assert {result.status_code for result in refused} == {404}
    assert [row["name"] for row in shown.json()] == ["archive"]
    assert str(folder) not in "".join(result.text for result in (*refused, shown, page))


def _call(app: Any, path: str, query: str = "") -> Any:  # noqa: ANN401
    """The status and the headers of an answer of an ASGI application."""

    async def ask() -> tuple[int, dict[bytes, bytes]]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        await app({"type": "http", "path": path, "query_string": query.encode()}, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"])

    return ask()


async def _fill(path: str, query: str, requests: int) -> tuple[list[int], list[int]]:
    """The statuses of so many dear requests at once, and those of cheap pages meanwhile."""
    over = asyncio.Event()

    async def work(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == path:
            await over.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    app = limit_load(work, RequestGate("/", ["newest"]))
    dear = [asyncio.create_task(_call(app, path, query)) for _ in range(requests)]
    await asyncio.sleep(0)
    cheap = [await _call(app, page) for page in ("/archive/briefs/1", "/", "/-/captured/1", "/room/room.css")]
    over.set()
    result = await asyncio.gather(*dear)
    assert all(headers.get(b"retry-after") == b"10" for status, headers in result if status == 429)
    return sorted(status for status, _ in result), [status for status, _ in cheap]


@pytest.mark.parametrize(
    ("path", "query", "let_in"),
    [
        ("/archive.json", "sql=select+1", 8),
        ("/archive", "sql=select+1", 8),
        ("/archive/newest.atom", "", 8),
        ("/archive/briefs.csv", "_stream=on", 8),
        ("/archive/briefs", "_where=1", 8),
        ("/archive/briefs", "_facet=kind", 15),
        ("/archive/search", "q=levy", 15),
        ("/charts/posts", "", 15),
        ("/archive", "", 15),
    ],
)
def test_dear_requests_wait_and_are_told_to_come_again_while_pages_are_read(path: str, query: str, let_in: int) -> None:
    dear, cheap = asyncio.run(_fill(path, query, 20))
    assert dear == [200] * let_in + [429] * (20 - let_in)
    assert cheap == [200] * 4


def test_a_page_goes_before_the_sql_of_readers_where_memory_is_short(room: tuple[Any, asyncio.Runner]) -> None:
    database = room[0].get_database("archive")
    tries: list[int] = []

    def read_page(db: sqlite3.Connection) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise MemoryError
        return str(db.execute("SELECT 'a page'").fetchone()[0])

    async def ask_both() -> tuple[Any, str]:
        query = asyncio.create_task(
            answer(room[0], f"/archive.json?sql={quote(f'{_ROWS.format(count=-1)} select sum(i) from n')}")
        )
        while not read_transaction._stoppable:
            await asyncio.sleep(0.01)
        page = await database.execute_fn(read_page)
        return await query, page

    stopped, page = room[1].run(ask_both())
    assert (page, len(tries)) == ("a page", 3)
    assert (stopped.status_code, stopped.json()["title"]) == (400, "SQL Interrupted")
    assert not read_transaction._stoppable
