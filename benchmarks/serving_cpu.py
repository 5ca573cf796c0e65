"""What the dear pages of the reading room cost its server, and how long a brief's page waits beside them.

`python -m benchmarks.serving_cpu --folder /scratch` prints CPU milliseconds of the process for the first answer and for
those after it, and the time of a brief's page while six readers ask for long lists.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.table import Table

from benchmarks.serving import PAGES as READERS_PAGES
from benchmarks.serving import connect, find_server, find_share, measure_cpu
from benchmarks.serving_archive import build_archive
from tests.support.room_facts import ask
from tests.support.serving import served

_READERS = 6
_LONG_LISTS = ("/archive/briefs?_size=max", "/archive/briefs.json?_size=max")
PAGES = {
    "number_gaps": "/archive/number_gaps",
    "gaps": "/archive/gaps",
    "duplicates": "/archive/duplicates",
    "as_of": "/archive/as_of?date=2021-05-05",
    "authors": "/archive/authors_by_briefs",
    "author_spellings": "/archive/author_spellings",
    "resources": "/archive/resources_by_briefs",
    "chart: briefs by month": "/archive/briefs_by_month.json?_shape=array",
    "chart: authors by quarter": "/archive/authors_by_quarter.json?_shape=array",
    "chart: busiest authors": "/archive/busiest_authors.json?_shape=array",
    "chart: numbers by year": "/archive/numbers_by_year.json?_shape=array",
    "chart: captures": "/archive/coverage.json?_shape=array",
    "brief_list": "/archive/brief_list",
    "brief_list, _search of 90 %": "/archive/brief_list?_search=policy",
    "brief_list of a year": "/archive/brief_list?year=2021",
    "search of 90 %": "/archive/search?q=policy",
    "front page": "/",
    "domain": "/archive/domains/Economics",
    "brief": "/archive/briefs/77",
}


def measure_pages(address: str, process: int, turns: int) -> Table:
    """CPU time of each page: the first answer, and the mean of some after it."""
    table, connection = Table("page", "first", "after it", title="ms of CPU time"), connect(address)
    others = {name: make_path(7) for name, make_path in READERS_PAGES.items() if name not in PAGES}
    for name, path in {**PAGES, **others}.items():
        first, status = measure_cpu(connection, [path], process)
        after, _ = measure_cpu(connection, [path] * turns, process)
        table.add_row(name, f"{first:.0f}", f"{after:.0f}" if status == 200 else str(status))
    connection.close()
    return table


def measure_crowd(address: str, path: str, turns: int) -> str:
    """Milliseconds of a brief's page, alone and while the readers ask for the path without end."""
    over = Event()

    def ask_on(_: int) -> None:
        while not over.is_set():
            connection = connect(address)
            status, _text = ask(connection, path)
            connection.close()
            if status == 429:
                over.wait(1)

    alone = _time_briefs(address, turns)
    with ThreadPoolExecutor(_READERS) as pool:
        readers = pool.map(ask_on, range(_READERS))
        time.sleep(1)
        crowded = _time_briefs(address, turns)
        over.set()
        list(readers)
    return f"{path}: a brief's page p50 / p95 alone {alone} ms, beside {_READERS} readers {crowded} ms"


def _time_briefs(address: str, turns: int) -> str:
    connection, spent = connect(address), []
    for turn in range(turns):
        begun = time.perf_counter()
        ask(connection, READERS_PAGES["brief"](turn))
        spent.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.05)
    connection.close()
    return f"{find_share(spent[1:], 50):.0f} / {find_share(spent[1:], 95):.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the archives are kept for the next time")
    parser.add_argument("--briefs", type=int, nargs="+", default=[3000, 100_000])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--alone", action="store_true", help="nothing but what each page costs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for briefs in given.briefs:
            database, log = build_archive(given.folder or Path(name), briefs), Path(name) / "log"
            # Longer lists have more rows than a result may have.
            lists = _LONG_LISTS if briefs <= 3000 and not given.alone else ()
            with served(database, "--immutable", log=log) as address:
                print(f"{briefs} briefs")
                Console(width=80).print(measure_pages(address, find_server(log), given.times))
                for path in lists:
                    print(measure_crowd(address, path, 40))


if __name__ == "__main__":
    main()
