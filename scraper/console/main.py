"""The `briefs` program: finds the verb, reads its options, runs it and exits with its code."""

from __future__ import annotations

import argparse
import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from scraper.console.help_page import render_exit_codes, render_overview
from scraper.console.invocation import current_invocation
from scraper.console.loader import load_command
from scraper.console.standard_output import discard_output
from scraper.console.verbs import verb_names
from scraper.errors import OK, PARTLY, USAGE

if TYPE_CHECKING:  # Scrapy takes half a second to import, which the help pages do not need
    from scraper.console.command_base import ArchiveCommand

_HELP = {"-h", "--help", "help"}


def main() -> NoReturn:
    """Run `briefs` with the arguments of the command line, and exit with its code."""
    if "_ARGCOMPLETE" in os.environ:
        from scraper.console.completion import print_completions  # noqa: PLC0415 - only a shell asks for it

        print_completions()
    try:
        sys.exit(_run_words(sys.argv[1:]))
    except KeyboardInterrupt:
        print("briefs: stopped at once; run it again to go on", file=sys.stderr)
        sys.exit(PARTLY)
    except BrokenPipeError:  # the reader of our output, such as `head`, has closed the pipe
        discard_output()
        sys.exit(OK)


def _run_words(words: list[str]) -> int:
    if not words or (words[0] in _HELP and len(words) == 1):
        print(render_overview(), end="")
        return OK
    if words[0] in ("--version", "-V"):
        from scraper.console.versions import version_lines  # noqa: PLC0415 - it imports slow packages

        print("\n".join(version_lines()))
        return OK
    if words[0] in _HELP:
        if words[1] == "exit-codes":
            print(render_exit_codes(), end="")
            return OK
        words = [words[1], "--help"]
    return run_verb(words[0], words[1:]) if words[0] in verb_names() else _refuse_verb(words[0])


def _refuse_verb(word: str) -> int:
    near = get_close_matches(word, verb_names(), n=1)
    hint = f"did you mean {near[0]}?" if near else "`briefs --help` lists the verbs"
    print(f"briefs: unknown verb {word}: {hint}", file=sys.stderr)
    return USAGE


def run_verb(verb: str, words: list[str]) -> int:
    """Run one verb as Scrapy runs its commands, without importing the others; returns its exit code."""
    from scrapy.exceptions import UsageError  # noqa: PLC0415 - see TYPE_CHECKING
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    os.environ["SCRAPY_SETTINGS_MODULE"] = "scraper.settings"
    command = load_command(verb)
    command.settings = get_project_settings()
    command.settings.setdict(command.default_settings, priority="command")
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    opts, args = parser.parse_known_args(words)
    try:
        command.process_options(args, opts)
        _set_crawler_process(command)
        command.run(args, opts)
    except UsageError as error:
        program = current_invocation().name
        parser.exit(USAGE, f"{program} {verb}: {error}; {program} {verb} --help shows how\n")
    return command.exitcode


def _set_crawler_process(command: ArchiveCommand) -> None:
    if command.requires_crawler_process:
        from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - it installs Twisted's reactor

        command.crawler_process = AsyncCrawlerProcess(command.settings)


if __name__ == "__main__":
    main()
