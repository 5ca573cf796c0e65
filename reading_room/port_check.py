"""Whether the reading room can listen where it is asked to, said in one line before Datasette starts."""

from __future__ import annotations

import argparse
import errno
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import click

from scraper.errors import UNAVAILABLE, USAGE
from scraper.invocation import command_line

_TRIED = 50  # ports after the first one; more in a row are hardly ever in use
_LAST_PORT, _DIGITS = 65535, 6
_NO_PORT = "PORT is a number from 1 to 65535"
_LISTENING = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
_LISTENING.add_argument("-h", "--host", nargs="?", default="127.0.0.1")
_LISTENING.add_argument("-p", "--port", nargs="?", default="8001")
_LISTENING.add_argument("--uds", nargs="?")
_LISTENING.add_argument("--get", nargs="?")


def refuse_ports(others: tuple[str, ...]) -> None:
    """End with one line where Datasette could not listen at the port it is given: uvicorn would exit with 3."""
    known, _ = _LISTENING.parse_known_args(others)
    if known.uds or known.get:  # then it listens at no port
        return
    port = _port(known.port)
    if error := _bind_error(known.host, port):
        end(_refused(port, error), UNAVAILABLE)


def next_free_port(first: int, host: str) -> int:
    """The first port from `first` on that nobody uses; `first` itself where all that were tried are in use."""
    return next((port for port in range(first, first + _TRIED) if not _bind_error(host, port)), first)


def _bind_error(host: str, port: int) -> OSError | None:
    """Why nothing can listen there, None if it can."""
    with suppress(socket.gaierror):  # of an unknown host uvicorn tells
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(address)
            except OSError as error:
                return error
    return None


def _port(given: str | None) -> int:
    """The number; 0, which Datasette takes for any free port, is for programs that read which it is."""
    number = int(given) if given and given.isascii() and given.isdigit() and len(given) < _DIGITS else -1
    if not 0 <= number <= _LAST_PORT:
        end(_NO_PORT, USAGE)
    return number


def _refused(port: int, error: OSError) -> str:
    if error.errno != errno.EADDRINUSE:
        return f"port {port}: {error.strerror}"
    other = port + 1 if port < _LAST_PORT else port - 1
    return f"port {port} is in use: {command_line('serve', '--port', str(other))}"


def end(line: str, code: int) -> NoReturn:
    """Stop with a line for people and an exit code."""
    click.echo(f"Error: {line}", err=True)
    sys.exit(code)
