"""`scrapy VERB` in a folder that is no checkout: Scrapy finds our verbs by their entry points and lands here."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar

from scrapy.commands import ScrapyCommand

from scraper.console.verbs import summary_of, verb_names


class HandOver(ScrapyCommand):
    """Hands the words of the command line over to `briefs`, which works in any folder."""

    requires_crawler_process = False
    verb: ClassVar[str]

    def short_desc(self) -> str:
        if self.verb in verb_names():
            return summary_of(self.verb)
        return "No longer a verb; `pip install -e .` renews the list"  # entry points are of the day of the installation

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Run the verb and end: Scrapy asks for options only of the command that was chosen."""
        from scraper.console.main import run_verb  # noqa: PLC0415 - Scrapy loads this module for each of its commands

        sys.exit(run_verb(self.verb, sys.argv[1:]))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Not reached: `add_options` ends the program."""
        raise NotImplementedError


def __getattr__(verb: str) -> type[HandOver]:
    """The command of a verb, for its entry point: Scrapy takes the verb itself out of the command line."""
    if verb.startswith("_"):
        raise AttributeError(verb)
    return type(verb, (HandOver,), {"verb": verb})
