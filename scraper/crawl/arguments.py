"""The arguments of the spider `briefs`, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from scraper.crawl.argument_values import check_names, parse_count, parse_flag
from scraper.errors import BadArgument

_FLAGS = ("force", "recheck", "nightly", "full", "dry_run", "probe")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What `scrapy crawl briefs` can be asked for."""

    start: str | None = None  # the host of this address is the site
    force: bool = False  # go on although the probe doubts
    max_pages: int | None = None  # posts
    recheck: bool = False  # ask for every post again
    nightly: bool = False  # ask only for what is new, edited or due (scraper/crawl/recheck_policy.py)
    full: bool = False  # of a night: everything again, whatever the budget
    dry_run: bool = False  # of a night: say what would be asked and why, write nothing
    probe: bool = False  # look at a dozen posts and store captures alone

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Read the arguments. Raises BadArgument for a name nobody knows or a value that does not fit."""
        check_names(words, (field.name for field in fields(cls)))
        arguments = cls(
            start=words.get("start") or None,
            max_pages=parse_count("max_pages", words),
            **{name: parse_flag(name, words) for name in _FLAGS},
        )
        if (arguments.full or arguments.dry_run) and not arguments.nightly:
            raise BadArgument("-a full=1 and -a dry_run=1 go with -a nightly=1; recheck=1 fetches every post again")
        return arguments
