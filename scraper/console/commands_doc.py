"""Writes docs/commands.md from the help texts of our commands (`make docs`); a test checks that it is current."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from scrapy.settings import Settings

from scraper.console.configuration_keys import KEYS
from scraper.console.help_page import render_exit_code_rows
from scraper.console.loader import load_command
from scraper.console.verbs import VERBS, summary_of

TARGET = Path(__file__).parents[2] / "docs" / "commands.md"
_HEAD = """# Commands

Written by `make docs` from the help pages of the commands. `briefs VERB --help` shows the same in the terminal. Each
verb takes `--db FILE` and `--warcs DIR` (`archive.db` and `warcs/` of the folder you are in), `-s NAME=VALUE` for any
other setting of `scraper/settings.py`, and `-L INFO` to see the log. In the checkout `scrapy VERB` does the same.
"""
_KEYS_HEAD = """## Configuration

`briefs.toml` beside the archive, or the environment, says what holds for every command; `briefs config` shows it.

| key | in the environment | setting | meaning |
| --- | --- | --- | --- |
"""
_CODES_HEAD = """## Exit codes

| code | meaning |
| --- | --- |
"""


def render_page() -> str:
    """Render the whole document."""
    sections = [_render_section(verb) for verbs in VERBS.values() for verb in verbs]
    keys = "".join(f"| `{key.name}` | `{key.variable}` | `{key.setting}` | {key.help} |\n" for key in KEYS)
    return "\n".join([_HEAD, *sections, _KEYS_HEAD + keys, _CODES_HEAD + render_exit_code_rows()])


def _render_section(verb: str) -> str:
    command = load_command(verb)
    command.settings = Settings()
    examples = "".join(f"    {words}{f'    # {note}' if note else ''}\n" for words, note in command.examples)
    about = "\n\n".join(" ".join(part.split()) for part in command.about.strip().split("\n\n"))
    options = "".join(f"* `{names}`: {text}\n" for names, text in _list_options(verb))
    parts = [f"## briefs {verb}\n", f"    briefs {verb} {command.usage}\n", f"{summary_of(verb)}. {about}\n", examples]
    return "\n".join([*parts, options] if options else parts)


def _list_options(verb: str) -> Iterator[tuple[str, str]]:
    """Yield the options that only this verb has, with their help."""
    command = load_command(verb)
    command.settings = Settings()
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    common = {"-h", "--db", "--warcs", "-s", "-L"}
    for action in parser._actions:
        if action.help != argparse.SUPPRESS and not common & set(action.option_strings):
            shape = f" {action.metavar}" if isinstance(action.metavar, str) else ""
            yield ", ".join(action.option_strings) + shape, re.sub(r"\s+", " ", action.help or "")


if __name__ == "__main__":
    TARGET.write_text(render_page(), encoding="utf-8")
