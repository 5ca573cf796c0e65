"""Runs `scrapy VERB` outside a checkout, where Scrapy finds our verbs by entry points that lead here."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar

from scrapy.commands import ScrapyCommand

from scraper.console.verbs import summary_of, verb_names


class HandOver(ScrapyCommand):
    """Hands the command line over to `briefs`, which works in any folder."""

    requires_crawler_process = False
    verb: ClassVar[str]

    def short_desc(self) -> str:
        if self.verb in verb_names():
            return summary_of(self.verb)
        return "No longer a verb; `pip install -e .` renews the list"  # entry points date from the installation

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Run the verb and exit: Scrapy calls this only for the command that was chosen."""
        from scraper.console.main import run_verb  # noqa: PLC0415 - Scrapy loads this module for each of its commands

        sys.exit(run_verb(self.verb, sys.argv[1:]))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Never reached: `add_options` exits."""
        raise NotImplementedError


def __getattr__(verb: str) -> type[HandOver]:
    """Make the command of a verb for its entry point: Scrapy has removed the verb from the command line."""
    if verb.startswith("_"):
        raise AttributeError(verb)
    return type(verb, (HandOver,), {"verb": verb})
