"""Renders help pages: what a verb does, examples to paste, options."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterable

from scraper.console.verbs import VERBS, summary_of
from scraper.errors import EXIT_CODES

_WIDEST = 100  # columns; longer lines are hard to read


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the description, and puts the options in two columns."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, max_help_position=28, width=width or page_width())


def page_width() -> int:
    """The width of a page in columns: the terminal's, between 40 and 100."""
    return min(_WIDEST, max(40, shutil.get_terminal_size().columns - 1))


def render_help(verb: str, about: str, examples: Iterable[tuple[str, str]], program: str) -> str:
    """Render the part of a verb's page above the options."""
    width = page_width()
    paragraphs = [f"{summary_of(verb)}.", *about.split("\n\n")]
    text = "\n\n".join(textwrap.fill(" ".join(part.split()), width) for part in paragraphs if part.strip())
    # The program stands in the examples as it was called; variables in front of it stay there.
    lines = ((words.replace("briefs ", f"{program} ", 1), note) for words, note in examples)
    shown = [f"  {words}" + (f"\n      {note}" if note else "") for words, note in lines]
    return "\n".join([text, "", "examples:", *shown]) if shown else text


def render_overview() -> str:
    """Render `briefs --help`: every verb with its summary, grouped by purpose."""
    width = page_width()
    lines = ["usage: briefs VERB [options]", "", *textwrap.wrap(_ABOUT, width)]
    for heading, verbs in VERBS.items():
        lines += ["", f"{heading}:"]
        for verb, summary in verbs.items():
            lines += textwrap.wrap(summary, width, initial_indent=f"  {verb:<12}", subsequent_indent=" " * 14)
    return "\n".join([*lines, "", *_FOOT, ""])


def render_exit_codes() -> str:
    """Render `briefs help exit-codes`: what each exit code means."""
    lines = ["Exit codes, for schedulers:", ""]
    for code, meaning in EXIT_CODES.items():
        lines += textwrap.wrap(meaning, page_width(), initial_indent=f"  {code:<4}", subsequent_indent=" " * 6)
    return "\n".join([*lines, ""])


def render_exit_code_rows() -> str:
    """Render the exit codes as rows of a Markdown table, for the documents."""
    return "".join(f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES.items())


_ABOUT = (
    "The archive of the policy briefs of U.S. RESIST NEWS. It works on archive.db and warcs/ in this folder; "
    "briefs.toml here, or BRIEFS_ variables, say what holds for every command."
)
_FOOT = (
    "briefs VERB --help          what one verb does, with examples",
    "briefs help exit-codes      what the exit codes mean",
    "briefs --version            the versions of the parts",
)
