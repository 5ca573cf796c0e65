"""How the user called the program, so that each command that we print runs when it is pasted."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Invocation:
    """The program as it was typed, and the options that name the archive at hand."""

    program: str = "briefs"  # briefs, .venv/bin/briefs, .venv/bin/scrapy …, quoted for a shell
    places: tuple[str, ...] = ()  # --db FILE --warcs DIR, where the user did not leave them out

    @property
    def name(self) -> str:
        """The program's own name, which its messages begin with: briefs or scrapy."""
        return self.program.rpartition("/")[2].rpartition(" ")[2].strip("'")

    @property
    def briefs(self) -> str:
        """The path of `briefs` beside the program that was typed: Scrapy lacks some of its verbs, such as `help`."""
        if self.program.endswith("/scrapy"):
            return f"{self.program.removesuffix('scrapy')}briefs"
        return self.program if self.name == "briefs" else "briefs"

    def command_line(self, *words: str) -> str:
        """The command that runs these words on the same archive, quoted for a shell."""
        return " ".join((self.program, *(shlex.quote(word) for word in (*words, *self.places))))


_PROGRAMS = ("briefs", "scrapy")
_current: ContextVar[Invocation | None] = ContextVar("invocation", default=None)


def current_invocation() -> Invocation:
    """How this process was called; `briefs` if no command line was read."""
    return _current.get() or Invocation()


def set_invocation(invocation: Invocation) -> None:
    """Record how the process was called; commands do so once they have read their options."""
    _current.set(invocation)


def command_line(*words: str) -> str:
    """The command to print, quoted and with the options of the archive: `command_line("ingest", "my page.html")`."""
    return current_invocation().command_line(*words)


def find_program(argv: Sequence[str]) -> str:
    """Find how to call the program from a shell: by its name if PATH leads to it, else by its path."""
    typed = Path(argv[0])
    if typed.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m {typed.parent.name}"
    if typed.name not in _PROGRAMS:  # called by another program, as tests do
        return Invocation().program
    found = shutil.which(typed.name)
    on_path = found is not None and typed.exists() and Path(found).samefile(typed)
    return shlex.quote(typed.name if on_path else str(typed))
