"""`briefs completion`: prints the script with which a shell completes verbs and options."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode
from scrapy.exceptions import UsageError

from scraper.console.command_base import ArchiveCommand

_SHELLS = ("bash", "zsh", "fish")


class Command(ArchiveCommand):
    usage = "bash|zsh|fish"
    about = (
        "The shell completes verbs, options and file names once it has read this script; give it to the shell in use."
    )
    examples = (
        ('eval "$(briefs completion bash)"', "for this session; put the line into ~/.bashrc to keep it"),
        ('eval "$(briefs completion zsh)"', "the same for zsh, in ~/.zshrc behind compinit"),
        ("briefs completion fish > ~/.config/fish/completions/briefs.fish", "for fish, for good"),
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or args[0] not in _SHELLS:
            raise UsageError(f"completion takes one of {', '.join(_SHELLS)}")
        print(shellcode(["briefs"], shell=args[0]))
