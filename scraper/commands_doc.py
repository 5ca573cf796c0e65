"""docs/commands.md: the help texts of our own commands, written by `make docs` and checked by a test."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from scrapy.commands import BaseRunSpiderCommand, ScrapyCommand
from scrapy.settings import Settings

from scraper import commands

TARGET = Path(__file__).parents[1] / "docs" / "commands.md"
_HEAD = """# Commands

Written by `make docs` from the commands' own help texts. All of them take `-s ARCHIVE_DB=PATH` and `-s WARCS_DIR=PATH`
(`archive.db`, `warcs`), `-s NAME=VALUE` for any other setting of `scraper/settings.py`, and `-L INFO` to see the log.
"""


def page() -> str:
    """The whole document."""
    found = sorted(module.name for module in iter_modules(commands.__path__))
    return "\n".join([_HEAD, *(_section(name, _command(name)) for name in found)])


def _command(name: str) -> ScrapyCommand:
    made: ScrapyCommand = import_module(f"{commands.__name__}.{name}").Command()
    return made


def _section(name: str, command: ScrapyCommand) -> str:
    command.settings = Settings()
    options = "".join(f"\n* `{names}`: {text}" for names, text in _options(command))
    head = f"## scrapy {name}\n\n    scrapy {name} {command.syntax()}\n"
    return f"{head}\n{command.short_desc()}.\n\n{command.long_desc()}\n" + (f"{options}\n" if options else "")


def _options(command: ScrapyCommand) -> list[tuple[str, str]]:
    """The options that a command adds to Scrapy's own, with their help."""
    ours, scrapys = argparse.ArgumentParser(), argparse.ArgumentParser()
    command.add_options(ours)
    base = BaseRunSpiderCommand if isinstance(command, BaseRunSpiderCommand) else ScrapyCommand
    base.add_options(command, scrapys)
    known = {name for action in scrapys._actions for name in action.option_strings}
    added = [action for action in ours._actions if not known & set(action.option_strings)]
    return [(", ".join(action.option_strings), re.sub(r"\s+", " ", action.help or "")) for action in added]


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
