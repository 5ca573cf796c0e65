"""`briefs config`: shows the configuration in use, and where each value comes from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from rich import box
from rich.table import Table
from scrapy.settings import SETTINGS_PRIORITIES

from scraper.console.command_base import ArchiveCommand
from scraper.console.configuration import FILE
from scraper.console.configuration_keys import KEYS, Key
from scraper.console.terminal import stdout

_HIDDEN = "(set, not shown)"


class Command(ArchiveCommand):
    about = f"""
        Each key can stand in {FILE} beside the archive, or in the environment as BRIEFS_ and the key in capitals. The
        command line is stronger than the environment, the environment than the file. Unknown keys are refused.
        Addresses with a token in them and passwords are not shown; the environment suits them better than the file.
        """
    examples = (
        ("briefs config", ""),
        ("briefs config --example > briefs.toml", "a file to begin with, every key explained"),
        ("briefs config --json", "for programs"),
    )
    instead = ""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        shape = parser.add_mutually_exclusive_group()
        shape.add_argument("--example", action="store_true", help=f"print a {FILE} with every key, all commented out")
        shape.add_argument("--json", action="store_true", help="print one JSON object: key, value, source")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.example:
            print("\n".join(list_example_lines()))
        elif opts.json:
            print(json.dumps({key.name: self._describe_key(key)[1:] for key in KEYS}, indent=1, ensure_ascii=False))
        else:
            table = Table("key", "value", "from", box=box.SIMPLE_HEAD, pad_edge=False)
            for key in KEYS:
                table.add_row(*self._describe_key(key))
            stdout().print(table)

    def _describe_key(self, key: Key) -> tuple[str, str, str]:
        value = self.settings[key.setting]
        shown = _HIDDEN if key.secret and value else "" if value in ("", None) else str(value)
        return key.name, shown, self._find_source(key)

    def _find_source(self, key: Key) -> str:
        if self.settings.getpriority(key.setting) == SETTINGS_PRIORITIES["cmdline"]:
            return "command line"
        sources = [entry.source for entry in self.configuration if entry.key == key]
        return sources[-1] if sources else "default"


def list_example_lines() -> Iterator[str]:
    """List the lines of a briefs.toml in which every key is explained and commented out."""
    yield "# The configuration of the brief archive; `briefs config` shows what holds."
    for key in KEYS:
        yield ""
        yield f"# {key.help}" + (f": {key.takes}" if key.choices else "")
        yield f"# {key.name} = {_make_sample(key)}"


def _make_sample(key: Key) -> str:
    samples = {"seconds": "2", "count": "0", "address": '"https://briefs.example/"'}
    return samples.get(key.kind, f'"{key.choices[0] if key.choices else ""}"')
