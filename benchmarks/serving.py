"""How fast the reading room answers, alone and beside a writer, and beside Datasette with our metadata alone.

`python -m benchmarks.serving --folder /scratch` measures times; with `--cpu` what each page costs the server and how
long a brief's page waits beside long lists; with `--minutes 5` eight readers check each answer while nights are
written, and nothing is measured.
"""

from __future__ import annotations

import argparse
import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from threading import Event
from urllib.parse import quote, urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.processes import read_cpu_seconds
from benchmarks.serving_archive import MARKED, build_archive
from pipelines.schema.doc import METADATA
from reading_room.charts.chart_list import CHARTS
from tests.support.room_facts import ask, read
from tests.support.room_writer import Night, version
from tests.support.serving import ROOT, run_server, serve_room

_FACETED = "_facet=domain&_facet=kind&_facet="
_PROCESS = re.compile(r"Started server process \[(\d+)\]")
_PACE = 2.0  # seconds between two pages of a nightly
# A page by the turn of a reader.
PAGES: dict[str, Callable[[int], str]] = {
    "front page": lambda turn: "/",
    "brief": lambda turn: f"/archive/briefs/{1 + turn * 37 % 2900}",
    "briefs, no facets": lambda turn: "/archive/briefs?_nofacet=1",
    "briefs, 3 facets": lambda turn: f"/archive/briefs?{_FACETED}published",
    "brief_list, no facets": lambda turn: "/archive/brief_list?_nofacet=1",
    "brief_list, 3 facets": lambda turn: f"/archive/brief_list?{_FACETED}year",
    **{
        f"search: {word}, {share:.2%}": lambda turn, word=word: f"/archive/search?q={quote(word)}"  # type: ignore[misc]
        for word, share in MARKED
    },
    "search: a phrase": lambda turn: "/archive/search?q=%22harbor+board%22",
    "author": lambda turn: f"/archive/authors/{1 + turn % 50}",
    "domain": lambda turn: "/archive/domains/Economics",
    "resource": lambda turn: f"/archive/resources/{1 + turn % 50}",
    "tables": lambda turn: "/archive",
    "full text": lambda turn: f"/archive/briefs/{1 + turn * 37 % 2900}/text",
    "texts of a search": lambda turn: "/archive/search.jsonl?q=harbor+board&size=20",
    "citation of a search": lambda turn: "/-/cite/query/search.bib?q=quagga",
    "changes, feed": lambda turn: "/archive/changes.atom",
    "newest, feed": lambda turn: "/archive/newest.atom?domain=Economics",
    "download": lambda turn: "/download",
    "data package": lambda turn: "/datapackage.json",
    "for programs": lambda turn: "/openapi.json",
}
# Pages that count the whole archive, for --cpu.
DEAR_PAGES = {
    "number_gaps": "/archive/number_gaps",
    "gaps": "/archive/gaps",
    "duplicates": "/archive/duplicates",
    "as_of": "/archive/as_of?date=2021-05-05",
    "authors": "/archive/authors_by_briefs",
    "author_spellings": "/archive/author_spellings",
    "resources": "/archive/resources_by_briefs",
    **{f"chart: {chart.query}": f"/archive/{chart.query}.json?_shape=array" for chart in CHARTS.values()},
    "brief_list, _search of 90 %": "/archive/brief_list?_search=policy",
    "brief_list of a year": "/archive/brief_list?year=2021",
}
_LONG_LISTS = ("/archive/briefs?_size=max", "/archive/briefs.json?_size=max")
_READERS = 6
Times = dict[str, list[float]]  # ms by page


def connect(address: str) -> http.client.HTTPConnection:
    """A connection of one reader."""
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)


def measure_times(address: str, number: int, *, clients: int = 1, names: Iterable[str] = PAGES) -> Times:
    """How long each page took, asked that often by each of as many clients with a connection each."""

    def ask_often(first: int, name: str) -> list[float]:
        connection = connect(address)
        spent = []
        for turn in range(first * 101 - 1, first * 101 + number):
            begun = time.perf_counter()
            status, _ = ask(connection, PAGES[name](turn))
            if status != 200:
                print(f"{PAGES[name](turn)}: {status}", file=sys.stderr)
            spent.append((time.perf_counter() - begun) * 1000)
        connection.close()
        return spent[1:]  # the first one warms up

    with ThreadPoolExecutor(clients) as pool:
        results = {name: pool.map(ask_often, range(clients), [name] * clients) for name in names}
        return {name: [spent for client in each for spent in client] for name, each in results.items()}


def find_server(log: Path) -> int:
    """The process of a server, by what it says when it starts."""
    match = _PROCESS.search(log.read_text())
    assert match
    return int(match[1])


@contextmanager
def run_writer(folder: Path, pause: float) -> Iterator[None]:
    """A process beside that takes in pages, `pause` seconds after each; it has begun when the block does."""
    night = Night(folder)
    night.begin()
    command = [sys.executable, "-m", "tests.support.room_writer", str(folder), "--pause", str(pause)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while version(folder / "archive.db") <= night.version and process.poll() is None:
            time.sleep(0.1)
        yield
        if process.poll() is not None:
            raise SystemExit("the writer stopped")
    finally:
        process.terminate()
        process.wait()


def measure_room(database: Path, number: int, *, is_alone: bool) -> Table:
    """How long the pages take one reader, eight, one beside a writer, and in Datasette with our metadata alone."""
    few, stock = max(3, number // 8), [sys.executable, "-m", "datasette", str(database), "-m", str(METADATA)]
    with serve_room(database) as address:
        times = {"alone": measure_times(address, number)}
        if not is_alone:
            times["8 clients"] = measure_times(address, few, clients=8)
            with run_writer(database.parent, _PACE):
                times["nightly"] = measure_times(address, number)
            with run_writer(database.parent, 0):
                times["full speed"] = measure_times(address, number)
    if not is_alone:
        with run_server([*stock, "--port", "0"]) as address:
            times["Datasette"] = measure_times(address, few)
    size = f"{database.parent.name}, {database.stat().st_size / 2**20:.0f} MiB"
    table = Table("page", *times, title=f"{size}; ms: p50 / p95 / p99 of {number} answers")
    for name in PAGES:
        table.add_row(name, *(_format_shares(column[name]) for column in times.values()))
    return table


def measure_cpu(database: Path, number: int, log: Path, long_lists: Iterable[str]) -> Iterator[Table | str]:
    """CPU milliseconds of each page, the first answer and the mean of some after it; a brief's page beside long lists.

    CPU time is what a busy machine does not change so much.
    """
    table = Table("page", "first", "after it", title=f"{database.parent.name}; ms of CPU time")
    with serve_room(database, "--immutable", log=log) as address:
        process, connection = find_server(log), connect(address)
        for name, path in (DEAR_PAGES | {name: make_path(7) for name, make_path in PAGES.items()}).items():
            spent = []
            for turns in (1, number):
                before = read_cpu_seconds(process)
                statuses = {ask(connection, path)[0] for _ in range(turns)}
                spent.append((read_cpu_seconds(process) - before) * 1000 / turns)
            table.add_row(name, f"{spent[0]:.0f}", f"{spent[1]:.0f}" if statuses == {200} else str(statuses))
        yield table
        for path in long_lists:
            yield measure_crowd(address, path, 4 * number)


def measure_crowd(address: str, path: str, number: int) -> str:
    """Milliseconds of a brief's page, alone and while some readers ask for the path without end."""
    over = Event()

    def ask_on(_: int) -> None:
        while not over.is_set():
            connection = connect(address)
            status, _text = ask(connection, path)
            connection.close()
            if status == 429:
                over.wait(1)

    alone = _time_briefs(address, number)
    with ThreadPoolExecutor(_READERS) as pool:
        readers = pool.map(ask_on, range(_READERS))
        time.sleep(1)
        crowded = _time_briefs(address, number)
        over.set()
        list(readers)
    return f"{path}: a brief's page p50 / p95 / p99 alone {alone} ms, beside {_READERS} readers {crowded} ms"


def _time_briefs(address: str, number: int) -> str:
    return _format_shares(measure_times(address, number, names=("brief",))["brief"])


def _format_shares(spent: list[float]) -> str:
    """The times within which half of the answers came, 95 and 99 in a hundred."""
    shares = quantiles(spent, n=100, method="inclusive")
    return " / ".join(f"{shares[percent - 1]:.0f}" for percent in (50, 95, 99))


def check(minutes: float) -> str:
    """What eight readers were shown while nights were written for so long: a line, and one for each fault."""
    over = Event()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor() as pool:
        folder = Path(name)
        Night(folder).begin()
        with serve_room(folder / "archive.db", log=folder / "log") as address:
            reading = pool.submit(read, address, over)
            command = [sys.executable, "-m", "tests.support.room_writer", name, "--seconds", str(minutes * 60)]
            try:
                run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            finally:
                over.set()
            shown, log = reading.result(), (folder / "archive.db-wal").stat().st_size
            locked = (folder / "log").read_text().count("locked")
    commits, answers = run.stdout.split()[-1], sum(shown.reads.values())
    line = (
        f"{commits} commits, {answers} answers to 8 readers, {len(shown.faults)} wrong or torn, {locked} times locked"
    )
    return "\n".join((f"{line}, a log of {log / 2**20:.1f} MiB", *shown.faults))


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the archives are kept for the next time")
    parser.add_argument("--briefs", type=int, nargs="+", default=[3000, 100_000])
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--alone", action="store_true", help="nothing but how long each page takes one reader")
    parser.add_argument("--cpu", action="store_true", help="what each page costs the server of a snapshot")
    given = parser.parse_args()
    if given.minutes:
        print(check(given.minutes))
        return
    with tempfile.TemporaryDirectory() as name:
        for briefs in given.briefs:
            database = build_archive(given.folder or Path(name), briefs)
            if given.cpu:
                # Longer lists have more rows than a result may have.
                lists = _LONG_LISTS if briefs <= 3000 else ()
                tables = measure_cpu(database, given.times, Path(name) / "log", lists)
            else:
                tables = iter([measure_room(database, given.times, is_alone=given.alone)])
            for table in tables:
                Console(width=150).print(table)


if __name__ == "__main__":
    main()
