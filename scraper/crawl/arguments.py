"""The spider's arguments, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from scraper.errors import BadArgument

_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no", ""}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What `scrapy crawl briefs` can be told."""

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
        """Raises BadArgument for a name nobody knows or a value that does not fit."""
        known = [field.name for field in fields(cls)]
        for name in words:
            if name not in known:
                raise BadArgument(f"-a {name}: the spider knows {', '.join(known[:-1])}")
        return cls(
            start=words.get("start") or None,
            force=_flag("force", words),
            max_pages=_count("max_pages", words),
            recheck=_flag("recheck", words),
            nightly=_flag("nightly", words),
            full=_flag("full", words),
            dry_run=_flag("dry_run", words),
            probe=_flag("probe", words),
        )._checked()

    def _checked(self) -> Self:
        if (self.full or self.dry_run) and not self.nightly:
            raise BadArgument("-a full=1 and -a dry_run=1 go with -a nightly=1; recheck=1 fetches every post again")
        return self

    def given(self) -> dict[str, str]:
        """Those that differ from their defaults, as words."""
        values = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return {name: str(value) for name, value, default in values if value != default}


def _flag(name: str, words: Mapping[str, str]) -> bool:
    word = words.get(name, "").lower()
    if word not in _YES | _NO:
        raise BadArgument(f"-a {name}={word}: give 1 or 0")
    return word in _YES


def _count(name: str, words: Mapping[str, str]) -> int | None:
    word = words.get(name, "")
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and int(word[:9]) > 0):
        raise BadArgument(f"-a {name}={word}: give a number from 1")
    return int(word[:9])
