"""What commands share at the terminal: consoles, error lines, progress, and a clean stop by signal."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from scraper.console.standard_output import WRITE_ERRORS, discard_output
from scraper.errors import IO, PARTLY, ArchiveError
from scraper.invocation import current_invocation

PLAIN_WIDTH = 200  # columns of tables in a file or a pipe
Block = tuple[str, str, tuple[str, ...]]  # a name, its value, and lines of detail


class OutputConsole(Console):
    """Standard output on which a closed pipe (`| head`) does not stop the program, so that its exit code is right."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        discard_output()


class ErrorConsole(Console):
    """Standard error, which may go to the same full disk or a closed pipe: then the exit code alone tells."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - as rich has it
        with suppress(OSError):
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        self.quiet = True


def stdout() -> Console:
    """Standard output; without a terminal it is so wide that tables have one line per row."""
    console = OutputConsole(highlight=False, markup=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def stderr() -> Console:
    """Standard error, for problems and progress."""
    return ErrorConsole(stderr=True, highlight=False, markup=False, soft_wrap=True)


def print_error(verb: str, line: str) -> None:
    """Print one line on standard error that begins with the program and the verb."""
    stderr().print(f"{current_invocation().name} {verb}: {line}")


def make_printable(text: str) -> str:
    """Replace control characters, which could command the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def print_blocks(blocks: Iterable[Block], console: Console) -> None:
    """Print blocks with the names on the left: a table of long texts would not fit into 80 columns."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for name, value, details in blocks:
        table.add_row(name, Text(value))
        for detail in details:
            table.add_row("", Text(detail, style="dim"))
    console.print(table)


@contextmanager
def report_errors(command: ScrapyCommand, name: str) -> Iterator[None]:
    """Report what stops the command in one line, and set its exit code."""
    try:
        yield
    except ArchiveError as error:
        print_error(name, str(error))
        command.exitcode = error.exit_code
    except OSError as error:
        if error.filename is not None or error.errno not in WRITE_ERRORS:
            raise
        discard_output()
        print_error(name, f"standard output: {error.strerror}")
        command.exitcode = IO
    except KeyboardInterrupt:
        print_error(name, "stopped at once; run it again to go on")
        command.exitcode = PARTLY


@contextmanager
def open_bar(*columns: ProgressColumn) -> Iterator[Progress]:
    """A progress bar on standard error; without a terminal it shows nothing."""
    console = stderr()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


@contextmanager
def show_progress(description: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on standard error at a terminal; yields the function that updates it (done, total)."""
    with open_bar(TextColumn(description), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


class StopFlag:
    """Whether Ctrl-C or a TERM signal asked the command to stop. A second one stops it at once."""

    def __init__(self) -> None:
        self.is_requested = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self.is_requested:
            raise KeyboardInterrupt
        self.is_requested = True


@contextmanager
def catch_stop_signals() -> Iterator[StopFlag]:
    """While inside, both signals only set `is_requested`, so that the current step can finish."""
    stop = StopFlag()
    handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
