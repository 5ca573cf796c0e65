"""What readers ask while tests/support/room_writer.py writes, and which facts of one answer contradict each other."""

from __future__ import annotations

import csv
import http.client
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from threading import Event
from urllib.parse import quote, urlsplit

from tests.support.room_writer import BRIEFS, OLD, VERSION
from tests.support.waiting import LIMIT

READERS = 8
_TOKEN = re.compile(r"(\d{6})(title|body|text|role|link|photo)")
_COUNTS = f"""select (select count(*) from briefs) as briefs, (select count(*) from captures) as captures,
    (select count(*) from readings) as readings, (select count(*) from crawls) as crawls,
    (select value from memory where key = '{BRIEFS}') as told_briefs,
    (select value from memory where key = '{VERSION}') as told_version"""
_BRIEF = """select title, body, (select group_concat(text) from sections where brief_id = briefs.id) as sections,
    (select group_concat(role) from brief_authors where brief_id = briefs.id) as roles,
    (select group_concat(description) from brief_resources where brief_id = briefs.id) as resources,
    (select text from photo_credits where brief_id = briefs.id) as photo from briefs where id = {number}"""
_FOUND = """select briefs.title, briefs.body from briefs_fts join briefs on briefs.id = briefs_fts.rowid
    where briefs_fts match 'in{number:06}title'"""


@dataclass
class ReaderNotes:
    """What one reader was told: answers by question, and each that is wrong in words."""

    reads: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: ReaderNotes) -> None:
        """Take in what another reader was told."""
        self.reads += other.reads
        self.faults += other.faults


def versions(text: str) -> dict[str, int]:
    """The newest version that each part of a brief names in a text."""
    newest: dict[str, int] = {}
    for number, part in _TOKEN.findall(text):
        newest[part] = max(newest.get(part, 0), int(number))
    return newest


def _one_version(text: str, *parts: str) -> bool:
    newest = versions(text)
    return set(parts) <= set(newest) and len(set(newest.values())) == 1


def _page(text: str) -> bool:
    own, _, _ = text.partition('id="related"')  # other briefs are named there, each of a version of its own
    return _one_version(own, "title", "body")


def _row(text: str) -> bool:
    return _one_version(repr(json.loads(text)["rows"][0]), "title", "body")


def _whole(text: str) -> bool:
    return _one_version(text, "title", "body", "text", "role", "link", "photo")


def _counts(text: str) -> bool:
    (data,) = json.loads(text)
    captures = {data["captures"], data["readings"], int(data["told_version"])}
    return len(captures) == 1 and data["briefs"] == int(data["told_briefs"])


def _has_true_facets(text: str) -> bool:
    data = json.loads(text)
    facets = [sum(value["count"] for value in facet["results"]) for facet in data["facet_results"].values()]
    numbers = {data["filtered_table_rows_count"], len(data["rows"]), *facets}
    return len(facets) >= 2 and len(numbers) == 1 and all(_one_version(repr(row), "title") for row in data["rows"])


def _table(text: str) -> bool:
    rows = list(csv.DictReader(StringIO(text)))
    return len(rows) >= OLD and all(_one_version(repr(row), "title", "photo") for row in rows)


def _has_true_hits(text: str) -> bool:
    return all(_one_version(repr(row), "title", "body") for row in json.loads(text))


def _tables(text: str) -> bool:
    data = {table["name"]: table["count"] for table in json.loads(text)["tables"]}
    counted = {data["captures"], data["readings"]} - {None}  # None: there was no time to count
    return len(counted) < 2


def _there(text: str) -> bool:
    return bool(text)


# A question is the path for a reader's turn, and whether an answer agrees with itself.
QUESTIONS: dict[str, tuple[Callable[[int], str], Callable[[str], bool]]] = {
    "front page": (lambda turn: "/", _there),
    "brief page": (lambda turn: f"/archive/briefs/{1 + turn % OLD}", _page),
    "brief as JSON": (lambda turn: f"/archive/briefs/{1 + turn % OLD}.json", _row),
    "brief in joins": (lambda turn: _sql(_BRIEF.format(number=1 + turn % OLD)), _whole),
    "counts": (lambda turn: _sql(_COUNTS), _counts),
    "faceted list": (lambda turn: "/archive/brief_list.json?_facet=domain&_facet=kind&_size=max", _has_true_facets),
    "faceted page": (lambda turn: "/archive/briefs?_facet=domain&_facet=kind&_facet=published", _there),
    "list as CSV": (lambda turn: "/archive/brief_list.csv?_stream=on", _table),
    "search": (lambda turn: "/archive/search?q=ferries", _there),
    "found in index": (lambda turn: _sql(_FOUND.format(number=turn)), _has_true_hits),
    "tables": (lambda turn: "/archive.json", _tables),
    "by year": (lambda turn: "/archive/briefs_by_year.json?_shape=array", _there),
    "changes": (lambda turn: "/archive/changes_since.json?day=2022-01-01", _there),
    "gaps": (lambda turn: "/archive/gaps?domain=", _there),
}


def read(address: str, over: Event, readers: int = READERS) -> ReaderNotes:
    """What that many readers are told, each over a connection of its own, until it is over."""
    notes = ReaderNotes()
    with ThreadPoolExecutor(readers) as pool:
        for reader in pool.map(lambda first: _reader(address, over, first), range(readers)):
            notes.add(reader)
    return notes


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, str]:
    """The status and the text of an answer."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _reader(address: str, over: Event, first: int) -> ReaderNotes:
    notes, connection = ReaderNotes(), http.client.HTTPConnection(urlsplit(address).netloc, timeout=LIMIT)
    for turn, name in _turns(first):
        if over.is_set():
            break
        path, agrees = QUESTIONS[name][0](turn), QUESTIONS[name][1]
        status, text = ask(connection, path)
        notes.reads[name] += 1
        if status != 200 or "database is locked" in text:
            notes.faults.append(f"{path}: {status} {text[:300]}")
        elif not agrees(text):
            notes.faults.append(f"{path}: torn: {versions(text) if len(text) > 2000 else text}")
    connection.close()
    return notes


def _turns(first: int) -> Iterator[tuple[int, str]]:
    names = list(QUESTIONS)
    for turn in count(first * 5):
        yield turn, names[turn % len(names)]


def _sql(sql: str) -> str:
    return f"/archive.json?_shape=array&sql={quote(sql)}"
