"""Check before Datasette starts whether the reading room can listen at its port."""

from __future__ import annotations

import argparse
import errno
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import click

from scraper.console.invocation import command_line
from scraper.errors import UNAVAILABLE, USAGE

_ATTEMPTS = 50  # ports in a row; more are hardly ever in use
_LAST_PORT, _DIGITS = 65535, 6
_NO_PORT = "PORT is a number from 1 to 65535"
_LISTEN_OPTIONS = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
_LISTEN_OPTIONS.add_argument("-h", "--host", nargs="?", default="127.0.0.1")
_LISTEN_OPTIONS.add_argument("-p", "--port", nargs="?", default="8001")
_LISTEN_OPTIONS.add_argument("--uds", nargs="?")
_LISTEN_OPTIONS.add_argument("--get", nargs="?")


def check_port(arguments: tuple[str, ...]) -> None:
    """Exit with one line if the port in the arguments cannot be used: uvicorn would exit with 3."""
    options, _ = _LISTEN_OPTIONS.parse_known_args(arguments)
    if options.uds or options.get:  # Datasette listens at no port
        return
    port = _parse_port(options.port)
    if error := _find_bind_error(options.host, port):
        exit_with_error(_explain_bind_error(port, error), UNAVAILABLE)


def find_free_port(first: int, host: str) -> int:
    """The first free port from `first` on; `first` itself if all that were tried are in use."""
    return next((port for port in range(first, first + _ATTEMPTS) if not _find_bind_error(host, port)), first)


def _find_bind_error(host: str, port: int) -> OSError | None:
    """The error of listening there, None if it works."""
    with suppress(socket.gaierror):  # uvicorn reports an unknown host itself
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                return error
    return None


def _parse_port(value: str | None) -> int:
    """The port as a number; 0 lets Datasette take any free port, for programs that read its output."""
    number = int(value) if value and value.isascii() and value.isdigit() and len(value) < _DIGITS else -1
    if not 0 <= number <= _LAST_PORT:
        exit_with_error(_NO_PORT, USAGE)
    return number


def _explain_bind_error(port: int, error: OSError) -> str:
    if error.errno != errno.EADDRINUSE:
        return f"port {port}: {error.strerror}"
    other = port + 1 if port < _LAST_PORT else port - 1
    return f"port {port} is in use: {command_line('serve', '--port', str(other))}"


def exit_with_error(message: str, code: int) -> NoReturn:
    """Exit with this code, after one line on standard error."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)
