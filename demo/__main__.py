"""`python -m demo`: crawl the sample site into an archive; `python -m demo serve`: only serve it."""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from demo.posts import sample_posts
from demo.server import HOST, PORT, bound, serving
from scraper.errors import FAILED, OK, UNAVAILABLE

_COUNTS = (
    "select (select count(*) from briefs), (select min(published) from briefs), (select max(published) from briefs), "
    "(select count(*) from authors), (select count(*) from resources), (select count(*) from captures)"
)
# Waiting between requests is for other people's servers.
_SETTINGS = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: the crawl's own, 69 where the port is taken."""
    options = _parser().parse_args(arguments)
    try:
        return _serve(options.port) if options.command == "serve" else _demo(options)
    except OSError as error:
        print(f"port {options.port} on {HOST}: {error.strerror}; choose another with --port", file=sys.stderr)
        return UNAVAILABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("crawl", "serve"), default="crawl")
    parser.add_argument("--port", type=int, default=PORT, help=f"on {HOST} (default {PORT})")
    parser.add_argument("--db", default=os.environ.get("ARCHIVE_DB", "archive.db"), help="the archive to write")
    parser.add_argument("--warcs", default=os.environ.get("WARCS_DIR", "warcs"), help="the folder for the pages' bytes")
    return parser


def _serve(port: int) -> int:
    with bound(port) as server:
        print(f"the sample site: http://{HOST}:{server.server_port}/ (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return OK
    return FAILED


def _demo(options: argparse.Namespace) -> int:
    with serving(options.port) as start:
        settings = (f"ARCHIVE_DB={options.db}", f"WARCS_DIR={options.warcs}", *_SETTINGS)
        switches = [part for setting in settings for part in ("-s", setting)]
        command = [sys.executable, "-m", "scrapy", "crawl", "briefs", "-a", f"start={start}", *switches]
        code = subprocess.run(command, check=False).returncode  # noqa: S603 (every word of it is ours)
    if code == OK:
        _tell(Path(options.db), options)
    return code


def _tell(archive: Path, options: argparse.Namespace) -> None:
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as db:
        briefs, first, last, authors, resources, captures = db.execute(_COUNTS).fetchone()
    named = "" if options.db == "archive.db" else f" -s ARCHIVE_DB={options.db} -s WARCS_DIR={options.warcs}"
    path = next(post.path for post in sample_posts() if "brief-" in post.path)
    print(f"{archive}: {briefs} posts of {first} to {last}, {authors} authors, {resources} resources, {captures} pages")
    print("`make serve` opens it in Datasette; tables, columns and queries are described there")
    print(f"to see where each value comes from: .venv/bin/scrapy explain {path}{named}")


if __name__ == "__main__":
    sys.exit(main())
