"""Shell completion by argcomplete: the verbs, their options, and files."""

from __future__ import annotations

import argparse
import os

from argcomplete import autocomplete
from scrapy.settings import Settings

from scraper.console.loader import load_command
from scraper.console.verbs import VERBS


def print_completions() -> None:
    """Print the completions that the shell asks for, and exit."""
    autocomplete(_build_parser(os.environ.get("COMP_LINE", "")))


def _build_parser(line: str) -> argparse.ArgumentParser:
    """Build a parser of all verbs, with options only for the verb in the line: importing the others is slow."""
    parser = argparse.ArgumentParser(prog="briefs")
    verbs = parser.add_subparsers()
    for group in VERBS.values():
        for verb, summary in group.items():
            own = verbs.add_parser(verb, help=summary)
            if verb in line.split()[1:2]:
                command = load_command(verb)
                command.settings = Settings()
                command.add_options(own)
                own.add_argument("paths", nargs="*")
    return parser
