"""The arguments of the spider `briefs`, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scraper.crawl.argument_values import argument, parse_count, parse_flag, parse_text, read_arguments
from scraper.errors import BadArgument


@dataclass(frozen=True, slots=True)
class Arguments:
    """What `scrapy crawl briefs` can be asked for."""

    start: str | None = argument(
        parse_text, None, "the address whose host is the site, such as a mirror on this machine", "URL"
    )
    max_pages: int | None = argument(parse_count, None, "request N posts at most", "N")
    force: bool = argument(parse_flag, False, "go on although the first posts do not read as the rules expect")
    recheck: bool = argument(parse_flag, False, "request every post again")
    nightly: bool = argument(parse_flag, False)  # ask only for what is new, edited or due (recheck_policy.py)
    full: bool = argument(parse_flag, False)  # of a night: everything again, whatever the budget
    dry_run: bool = argument(parse_flag, False)  # of a night: say what would be asked and why, write nothing
    probe: bool = argument(parse_flag, False)  # look at a dozen posts and store captures alone

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Read the arguments. Raises BadArgument."""
        arguments = read_arguments(cls, words)
        if (arguments.full or arguments.dry_run) and not arguments.nightly:
            raise BadArgument("-a full=1 and -a dry_run=1 go with -a nightly=1; recheck=1 fetches every post again")
        return arguments
