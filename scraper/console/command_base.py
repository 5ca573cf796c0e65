"""The base classes of our commands: one for those that work on the archive, one for those that run a spider."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import Field
from difflib import get_close_matches
from typing import Any, ClassVar

from scrapy.commands import BaseRunSpiderCommand, ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from scraper.console.configuration import ConfiguredValue, configure
from scraper.console.help_page import HelpFormatter, render_help
from scraper.console.invocation import Invocation, find_program, set_invocation
from scraper.console.standard_output import WRITE_ERRORS, discard_output
from scraper.console.terminal import print_error
from scraper.console.verbs import summary_of
from scraper.errors import IO, PARTLY, ArchiveError, BadConfiguration

_COMMAND_LINE = SETTINGS_PRIORITIES["cmdline"]
# Options of Scrapy that work but that few users need: the help leaves them out.
_RARE = {"--logfile", "--nolog", "--profile", "--pidfile", "--pdb", "-a", "-o", "-O"}


class ArchiveCommand(ScrapyCommand):
    """A command that works on the archive; its help is a page of what it does, examples and options."""

    settings: Settings  # set before `add_options`
    requires_project = True
    requires_crawler_process = False
    usage: ClassVar[str] = "[options]"
    about: ClassVar[str] = ""  # paragraphs, with an empty line between them
    examples: ClassVar[tuple[tuple[str, str], ...]] = ()  # command lines, and what they do
    instead: ClassVar[str | None] = None  # of a verb that takes no argument: which options there are
    configuration: tuple[ConfiguredValue, ...] = ()

    @property
    def verb(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def syntax(self) -> str:
        return self.usage

    def short_desc(self) -> str:
        return summary_of(self.verb)

    def long_desc(self) -> str:
        """The help page above the options."""
        return render_help(self.verb, self.about, self.examples, find_program(sys.argv))

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --db, --warcs, -s and -L; Scrapy's other options work but are not shown."""
        self.parser = parser
        parser.formatter_class = HelpFormatter
        parser.description = self.long_desc()
        invocation = Invocation(find_program(sys.argv))
        parser.epilog = f"exit codes: {invocation.briefs} help exit-codes"
        parser.usage = f"{invocation.name} {self.verb} {self.usage}"
        super().add_options(parser)
        for action in parser._actions:
            if _RARE & set(action.option_strings):
                action.help = argparse.SUPPRESS
        common = parser.add_argument_group("common options", conflict_handler="resolve")  # -s and -L are Scrapy's too
        common.add_argument("--db", metavar="FILE", help="the archive (archive.db)")
        common.add_argument("--warcs", metavar="DIR", help="the folder with the bytes of its pages (warcs)")
        common.add_argument("-s", "--set", action="append", default=[], metavar="NAME=VALUE", help="any other setting")
        common.add_argument("-L", "--loglevel", metavar="LEVEL", help="INFO shows the log")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options (UsageError) and read the configuration; exits if it is unusable."""
        program = find_program(sys.argv)
        set_invocation(Invocation(program))
        self._refuse_unknown_options(args)
        if args and self.instead is not None:
            raise UsageError(f"{self.verb} takes no argument{self.instead}")
        super().process_options(args, opts)
        for setting, path in (("ARCHIVE_DB", opts.db), ("WARCS_DIR", opts.warcs)):
            if path:
                self.settings.set(setting, path, priority="cmdline")
        try:
            self.configuration = tuple(configure(self.settings))
        except BadConfiguration as error:
            print_error(self.verb, str(error))
            sys.exit(error.exit_code)
        set_invocation(Invocation(program, _archive_options(self.settings)))

    @contextmanager
    def report_errors(self) -> Iterator[None]:
        """Report what stops the command in one line, and set its exit code."""
        try:
            yield
        except ArchiveError as error:
            self._report_end(str(error), error.exit_code)
        except OSError as error:
            if error.filename is not None or error.errno not in WRITE_ERRORS:
                raise
            discard_output()
            self._report_end(f"standard output: {error.strerror}", IO)
        except KeyboardInterrupt:
            self._report_end("stopped at once; run it again to go on", PARTLY)

    def _report_end(self, line: str, code: int) -> None:
        print_error(self.verb, line)
        self.exitcode = code

    def _refuse_unknown_options(self, args: list[str]) -> None:
        unknown = next((arg for arg in args if arg.startswith("-") and arg != "-"), None)
        if unknown is None:
            return
        known = [name for action in self.parser._actions for name in action.option_strings]
        near = get_close_matches(unknown.partition("=")[0], known, n=1)
        raise UsageError(f"unknown option {unknown}{f'; did you mean {near[0]}?' if near else ''}")


class SpiderCommand(ArchiveCommand, BaseRunSpiderCommand):
    """A command that runs a spider, whose arguments are options too."""

    requires_crawler_process = True
    arguments: ClassVar[tuple[Field[Any], ...]] = ()  # a switch has no metavar

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        for argument in self.arguments:
            text, metavar = argument.metadata["help"], argument.metadata["metavar"]
            shape: dict[str, Any] = {"metavar": metavar} if metavar else {"action": "store_true"}
            name, place = argument.name.replace("_", "-"), f"argument_{argument.name}"
            parser.add_argument(f"--{name}", dest=place, help=text, **shape)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Add the values of these options to those of `-a`."""
        super().process_options(args, opts)
        for argument in self.arguments:
            if value := getattr(opts, f"argument_{argument.name}"):
                opts.spargs[argument.name] = "1" if value is True else value


def add_workers_option(parser: argparse.ArgumentParser) -> None:
    """Add --workers, whose value `read_workers` checks."""
    words = "how many processes read pages; as many as there are cores otherwise, and with 1 the command reads itself"
    parser.add_argument("--workers", type=int, metavar="N", help=words)


def read_workers(opts: argparse.Namespace) -> int | None:
    """Read how many processes are to read pages, None for one a core. Raises UsageError for fewer than one."""
    if opts.workers is not None and opts.workers < 1:
        raise UsageError(f"--workers {opts.workers} is no number of processes: it is 1 or more")
    return None if opts.workers is None else int(opts.workers)


def _archive_options(settings: BaseSettings) -> tuple[str, ...]:
    """The options that name the archive, if the command line or the environment does; a briefs.toml needs none."""
    named = (("--db", "ARCHIVE_DB"), ("--warcs", "WARCS_DIR"))
    strong = [(option, name) for option, name in named if (settings.getpriority(name) or 0) >= _COMMAND_LINE]
    return tuple(word for option, name in strong for word in (option, str(settings[name])))
