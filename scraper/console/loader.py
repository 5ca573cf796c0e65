"""Loads the command of a verb without importing the others."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Scrapy takes half a second to import, which the list of verbs does not need
    from scraper.console.command_base import ArchiveCommand


def load_command(verb: str) -> ArchiveCommand:
    """Load the command of a verb."""
    command: ArchiveCommand = import_module(f"scraper.commands.{verb}").Command()
    return command
