"""What memory and time an ingest of one very large WARC takes, as it goes on.

`python -m benchmarks.memory --gb 10 --folder /scratch` writes the file, takes it in, and prints a line each time the
archive has so many captures more: the memory of the writer and of its workers, and the CPU time of a capture since.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from benchmarks.corpus import write_warc
from benchmarks.processes import read_cpu_seconds, read_memory

_PAGE = 100_000  # bytes
_PAUSE = 2.0  # seconds between two looks
_STEP = 1000  # captures; each line comes after a tenth more than the one before, at least


def sample_ingest(warc: Path, folder: Path, workers: int) -> str:
    """Take the file in and print how it goes; returns the highest memory of the writer and of a worker."""
    database = folder / "archive.db"
    places = ["-s", f"ARCHIVE_DB={database}", "-s", f"WARCS_DIR={folder / 'warcs'}"]
    command = [sys.executable, "-m", "scrapy", "ingest", str(warc), "--workers", str(workers), *places]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    captures, spent, highest = 0, 0.0, [0, 0]
    print("captures, MB of the writer, MB of its largest worker, CPU ms of the writer a capture", flush=True)
    while process.poll() is None:
        time.sleep(_PAUSE)
        children = _list_children(process.pid)
        memory = [
            read_memory(process.pid, "VmRSS"),
            max((read_memory(child, "VmRSS") for child in children), default=0),
        ]
        highest = [max(pair) for pair in zip(highest, memory, strict=True)]
        now = _count_captures(database)
        if now >= captures + max(_STEP, captures // 10):
            cpu = read_cpu_seconds(process.pid)
            each = (cpu - spent) * 1000 / (now - captures)
            print(f"{now:>8} {memory[0]:>5} {memory[1]:>5} {each:.2f}", flush=True)
            captures, spent = now, cpu
    return f"exit code {process.returncode}; at most {highest[0]} MB of the writer, {highest[1]} MB of a worker"


def _list_children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _count_captures(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()[0])
    except sqlite3.Error:
        return 0


def main() -> None:
    """Write the file, take it in, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder, for the file and the archive")
    parser.add_argument("--gb", type=float, default=10)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    warc = given.folder.absolute() / "pages.warc"
    write_warc(warc, int(given.gb * 1e9 / _PAGE), is_gzip=False)
    print(f"{warc.stat().st_size / 1e9:.1f} GB", flush=True)
    print(sample_ingest(warc, given.folder.absolute(), given.workers))


if __name__ == "__main__":
    main()
