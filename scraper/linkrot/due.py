"""Which recommended addresses are to be looked at; the archive knows, and settings name who asks it."""

from __future__ import annotations

from collections.abc import Callable

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from scraper.linkrot.verdict import Recommended


def links_due(settings: BaseSettings, before: str) -> list[Recommended]:
    """Recommended web addresses that nobody looked at since `before` (ISO 8601), the longest unseen first.

    Only reads. Raises ArchiveError's children where there is nothing to read.
    """
    find: Callable[[BaseSettings, str], list[Recommended]] = load_object(settings["ARCHIVE_LINKS_DUE"])
    return find(settings, before)
