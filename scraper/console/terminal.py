"""What commands share at the terminal: consoles, error lines and progress bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from scraper.console.invocation import current_invocation
from scraper.console.standard_output import discard_output

PLAIN_WIDTH = 200  # columns of tables in a file or a pipe
Block = tuple[str, str, tuple[str, ...]]  # a name, its value, and lines of detail


class OutputConsole(Console):
    """Standard output on which a closed pipe (`| head`) does not stop the program, so that its exit code is right."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        discard_output()


class ErrorConsole(Console):
    """Standard error, which may go to the same full disk or a closed pipe: then only the exit code shows the error."""

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
