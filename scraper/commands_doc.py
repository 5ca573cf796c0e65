"""docs/commands.md: the help texts of our own commands, written by `make docs` and checked by a test."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from scraper.commands import crawl, explain, export, ingest, links, nightly, probe, report, snapshot, verify, withdraw

TARGET = Path(__file__).parents[1] / "docs" / "commands.md"
_COMMANDS: dict[str, type[ScrapyCommand]] = {
    "crawl": crawl.Command,
    "probe": probe.Command,
    "ingest": ingest.Command,
    "explain": explain.Command,
    "nightly": nightly.Command,
    "report": report.Command,
    "links": links.Command,
    "verify": verify.Command,
    "snapshot": snapshot.Command,
    "export": export.Command,
    "withdraw": withdraw.Command,
}
_HEAD = """# Commands

Written by `make docs` from the commands' own help texts. All of them take `-s ARCHIVE_DB=PATH` and `-s WARCS_DIR=PATH`
(`archive.db`, `warcs`), `-s NAME=VALUE` for any other setting of `scraper/settings.py`, and `-L INFO` to see the log.
"""


def page() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *(_section(name, command()) for name, command in _COMMANDS.items())])


def _section(name: str, command: ScrapyCommand) -> str:
    command.settings = Settings()
    options = "".join(f"\n* `{names}`: {text}" for names, text in _options(command))
    head = f"## scrapy {name}\n\n    scrapy {name} {command.syntax()}\n"
    return f"{head}\n{command.short_desc()}.\n\n{command.long_desc()}\n" + (f"{options}\n" if options else "")


def _options(command: ScrapyCommand) -> list[tuple[str, str]]:
    """The options that a command adds to Scrapy's own, with their help."""
    ours, scrapys = argparse.ArgumentParser(), argparse.ArgumentParser()
    command.add_options(ours)
    base = type(command).__base__
    assert base is not None
    assert issubclass(base, ScrapyCommand)
    base.add_options(command, scrapys)
    known = {name for action in scrapys._actions for name in action.option_strings}
    added = [action for action in ours._actions if not known & set(action.option_strings)]
    return [(", ".join(action.option_strings), re.sub(r"\s+", " ", action.help or "")) for action in added]


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
