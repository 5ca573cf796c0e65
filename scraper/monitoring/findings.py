"""The findings of monitors, and what they mean for the exit code of a night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scraper.errors import DOUBTFUL, OK, PARTLY

Level = Literal["ok", "warning", "alarm"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "alarm")  # mildest first
# What several of them advise.
OPEN_SITE = "open the site in a browser; if it answers there, it refuses the crawler: go slower, or write to its owners"
OPEN_POSTS = "open two posts in a browser, then run `briefs explain URL`; a new look is a class in extraction/layouts/"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one monitor."""

    monitor: str
    level: Level
    message: str  # one line with the numbers; above `ok` it says what to do


def make_finding(monitor: str, level: Level, message: str, advice: str) -> Finding:
    """Make a finding, with the advice where something is wrong."""
    return Finding(monitor, level, message if level == "ok" else f"{message}: {advice}")


def worst_level(findings: Iterable[Finding]) -> Level:
    """The worst level among the findings; `ok` if there are none."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="ok")


def night_exit_code(crawl_code: int, findings: Iterable[Finding]) -> int:
    """The exit code of a night: an alarm makes a crawl that ended well, or partly, doubtful.

    Any other code of the crawl stays: it names the cause (site unreachable, disk full), an alarm only an effect.
    """
    return DOUBTFUL if crawl_code in (OK, PARTLY) and worst_level(findings) == "alarm" else crawl_code
