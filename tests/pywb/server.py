"""A real pywb on a free port of loopback, over WARC files that a test has written."""

from __future__ import annotations

import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.scrapy_running import ROOT
from tests.support.waiting import LIMIT, wait_for

BIN = ROOT / ".venv-pywb/bin"  # `make test` builds it


@contextmanager
def run_pywb(folder: Path, *warcs: Path) -> Iterator[str]:
    """The address of a collection that holds the files; its server is stopped at the end."""
    collection = folder / "collections/web"
    for name in ("archive", "indexes", "static", "templates"):
        (collection / name).mkdir(parents=True)
    for warc in warcs:
        (collection / "archive" / warc.name).symlink_to(warc)
    index = [str(BIN / "cdxj-indexer"), "--sort", "--output", str(collection / "indexes/index.cdxj"), *map(str, warcs)]
    subprocess.run(index, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(BIN / "wayback"), "-p", str(port), "-b", "127.0.0.1", "-t", "4", "-d", str(folder)]
    with (folder / "pywb.log").open("wb") as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            wait_for(lambda: _answers(process, f"http://127.0.0.1:{port}/web/cdx?url=example.org"), "an answer of pywb")
            yield f"http://127.0.0.1:{port}/web/"
        finally:
            process.terminate()


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    assert process.poll() is None, f"pywb ended with {process.returncode}"
    try:
        with urllib.request.urlopen(url, timeout=LIMIT):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
