"""What commands share at the terminal: lines for people, and a stop that loses nothing."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from scraper.console.standard_output import FULL, silence
from scraper.errors import IO, PARTLY, ArchiveError
from scraper.invocation import current_invocation

PLAIN_WIDTH = 200  # of tables that go into a file or a pipe
Block = tuple[str, str, tuple[str, ...]]  # a name, what there is to say, and lines about that


class OutputConsole(Console):
    """Standard output; a reader that has seen enough (`| head`) ends nothing, so that the exit code stays right."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        silence()


def out() -> Console:
    """Standard output; tables keep one line a row where no terminal sets the width."""
    console = OutputConsole(highlight=False, markup=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def err() -> Console:
    """Standard error, for problems and progress."""
    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def print_trouble(verb: str, line: str) -> None:
    """One line on standard error, which begins with the program and the verb."""
    err().print(f"{current_invocation().name} {verb}: {line}")


def print_blocks(blocks: Iterable[Block], console: Console) -> None:
    """A block each, names on the left: a terminal of 80 columns is too narrow for a table of texts."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for name, value, details in blocks:
        table.add_row(name, Text(value))
        for detail in details:
            table.add_row("", Text(detail, style="dim"))
    console.print(table)


@contextmanager
def telling(command: ScrapyCommand, name: str) -> Iterator[None]:
    """Tell what stops the command in one line, and have it exit with that code."""
    try:
        yield
    except ArchiveError as error:
        print_trouble(name, str(error))
        command.exitcode = error.exit_code
    except OSError as error:
        if error.filename is not None or error.errno not in FULL:
            raise
        silence()
        print_trouble(name, f"standard output: {error.strerror}")
        command.exitcode = IO
    except KeyboardInterrupt:
        print_trouble(name, "stopped at once; run it again to go on")
        command.exitcode = PARTLY


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for people at a terminal; gives the function that moves it (done, of how many)."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


class Stop:
    """Whether somebody asked to stop: Ctrl-C or a TERM signal. Asked a second time, it stops at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """While inside, the two signals only set `asked`, so that a step in hand is brought to its end."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
