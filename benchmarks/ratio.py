"""What CI prints of every change: our ingest against reading and parsing the same pages; it fails nothing."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import lxml.html
from warcio.archiveiterator import ArchiveIterator

from benchmarks.corpus import write_warc
from benchmarks.growth import ingest

_PAGES, _TIMES = 60, 3


def read_and_parse(warc: Path) -> float:
    """Read and parse each page; returns the seconds of CPU time."""
    begun = time.process_time()
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            lxml.html.document_fromstring(record.content_stream().read())
    return time.process_time() - begun


def main() -> None:
    """Measure in turn and print one line; what an ingest of one page costs is taken off."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, many = folder / "first.warc.gz", folder / "many.warc.gz"
        write_warc(first, 1, first=90_000)
        write_warc(many, _PAGES + 1)
        ours, floor = [], []
        for turn in range(_TIMES):
            floor.append(read_and_parse(many) / _PAGES)
            ours.append((ingest(many, folder / f"many-{turn}") - ingest(first, folder / f"first-{turn}")) / _PAGES)
    each, least = median(ours) * 1000, median(floor) * 1000
    times = f"{each / least:.1f} times reading and parsing it ({least:.2f} ms)"
    print(f"WARC to archive.db: {each:.2f} ms of CPU a page, {times}")


if __name__ == "__main__":
    main()
