"""`python -m demo`: make the sample archive; `python -m demo serve`: only serve the sample site."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from demo.sample_archive import SampleArchive
from demo.server import HOST, open_server
from scraper.errors import OK, PARTLY, UNAVAILABLE
from scraper.sample_site import SAMPLE_PORT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; 69 if the port is in use."""
    options = _build_parser().parse_args(arguments)
    try:
        return run_server(options.port) if options.command == "serve" else _describe_archive(options).make(options.port)
    except OSError as error:
        print(f"port {options.port} on {HOST}: {error.strerror}; choose another with --port", file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        print("stopped early: run it again to go on", file=sys.stderr)
        return PARTLY


def run_server(port: int | None) -> int:
    """Serve the sample site until Ctrl-C; raises OSError if the port is in use."""
    with open_server(port) as server:
        print(f"the sample site: http://{HOST}:{server.server_port}/ (Ctrl-C ends it)", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return OK


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("make", "serve"), default="make")
    port = f"on {HOST}; without it {SAMPLE_PORT}, or any free one where another program has that"
    parser.add_argument("--port", type=int, help=port)
    parser.add_argument("--db", type=Path, default=Path("demo.db"), help="the archive to make (demo.db)")
    parser.add_argument("--warcs", type=Path, default=Path("demo-warcs"), help="the folder for its pages (demo-warcs)")
    return parser


def _describe_archive(options: argparse.Namespace) -> SampleArchive:
    show = [sys.executable, "-m", "reading_room", str(options.db), "--warcs", str(options.warcs)]
    return SampleArchive(options.db, options.warcs, shlex.join(show))


if __name__ == "__main__":
    sys.exit(main())
