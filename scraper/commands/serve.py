"""`briefs serve`: opens the reading room on the archive, for browsers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scraper.console.command_base import ArchiveCommand
from scraper.console.terminal import stderr

_PORT = 8001
_PASSED_ON = ("host", "get")  # options that Datasette reads, by the same names


class Command(ArchiveCommand):
    usage = "[options] [FILE]"
    about = """
        Shows the archive, or the database FILE, as pages that read like documents: briefs with their evidence, search,
        charts, ready queries. It serves this machine alone unless --host says otherwise, and goes on until Ctrl-C. A
        crawl may write meanwhile. For the public, serve the snapshot (docs/operators.md).
        """
    examples = (
        ("briefs serve", ""),
        ("briefs serve --port 8080 --open", "and show it in a browser"),
        ("briefs serve public/archive.db --immutable --public-url https://briefs.example", "the public copy"),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", metavar="N", help=f"the port; {_PORT} or the next that is free otherwise")
        parser.add_argument("--host", metavar="ADDRESS", help="the address to listen at (127.0.0.1); 0.0.0.0: all")
        parser.add_argument("--open", action="store_true", help="open a browser")
        parser.add_argument("--public-url", metavar="URL", help="where readers find it; citations name it")
        parser.add_argument("--public-contact", metavar="ADDRESS", help="your e-mail address or page for readers")
        parser.add_argument("--no-sql", action="store_true", help="no SQL of the readers' own; ready queries stay")
        parser.add_argument("--immutable", action="store_true", help="FILE is a snapshot, which nobody writes to")
        parser.add_argument("--get", metavar="PATH", help="print one page and end, for tests and scripts")
        shape: dict[str, Any] = {"nargs": 2, "action": "append", "default": [], "metavar": ("NAME", "VALUE")}
        parser.add_argument("--setting", help="a setting of Datasette, such as base_url /briefs/", **shape)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve until somebody stops it; the process ends with it."""
        from reading_room.__main__ import serve

        if len(args) > 1:
            raise UsageError("serve takes one FILE at most")
        database = args[0] if args else self.settings["ARCHIVE_DB"]
        serve.main([database, *_list_arguments(self.settings, opts)], prog_name="briefs serve")


def _list_arguments(settings: BaseSettings, opts: argparse.Namespace) -> Iterator[str]:
    """List the arguments for the command line of the reading room."""
    yield from ("--warcs", settings["WARCS_DIR"])
    if url := opts.public_url or settings["PUBLIC_URL"]:
        yield from ("--public-url", url)
    if contact := opts.public_contact or settings["PUBLIC_CONTACT"]:
        yield from ("--contact", contact)
    for name in ("open", "no_sql", "immutable"):
        if getattr(opts, name):
            yield f"--{name.replace('_', '-')}"
    for name in _PASSED_ON:
        if value := getattr(opts, name):
            yield from (f"--{name}", value)
    for setting in opts.setting:
        yield from ("--setting", *setting)
    if not opts.get:  # one page is printed without a server
        yield f"--port={opts.port or _find_port(opts.host)}"


def _find_port(host: str | None) -> int:
    from reading_room.server.port_check import find_free_port

    port = find_free_port(_PORT, host or "127.0.0.1")
    if port != _PORT:
        stderr().print(f"Port {_PORT} is in use; this one listens at {port}")
    return port
