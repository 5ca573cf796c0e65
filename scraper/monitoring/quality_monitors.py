"""Monitors of what was read in the posts: fields, looks, length of text, age of the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from scraper.archive import Run
from scraper.monitoring import figures
from scraper.monitoring.binomial import binomial_at_most, predicted_at_most
from scraper.monitoring.findings import LEVELS, Finding, Level
from scraper.monitoring.limits import Limits

Judged = tuple[Level, str]
_LOOK = "open two posts in a browser, then run `briefs explain URL`; a new look is a class in extraction/layouts/"
_JEFFREYS = 0.5  # of each kind counted before any history: the prior that claims least
_TRUST = 30  # posts that a share given in the settings weighs as much as; history soon outweighs it


def judge_fields(run: Run, history: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """FieldCoverageMonitor: each field against its floor, if it has one, and against its own history."""
    read, found = figures.number(run, "coverage/read"), figures.coverage(run)
    names = {*found, *limits.field_floors, *(name for past in history for name in figures.coverage(past))}
    judged = [_field(name, found.get(name, 0), read, history, limits) for name in sorted(names)]
    bad = [Finding("FieldCoverageMonitor", *result) for result in judged if result[0] != "ok"]
    yield from bad
    if not bad:
        told = ", ".join(f"{name} {found.get(name, 0)}" for name in limits.field_floors)
        yield Finding("FieldCoverageMonitor", "ok", f"{len(names)} fields as usual in {read} posts: {told}")


def judge_looks(run: Run, history: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """LookMonitor: posts whose look nobody knows, and looks that no earlier run has seen."""
    read, unknown = figures.posts(run), figures.unknown_looks(run)
    before, strange = sum(map(figures.posts, history)), sum(map(figures.unknown_looks, history))
    prior = _TRUST * min(max(limits.known_looks, 0.001), 0.999)
    there, absent = prior + max(before - strange, 0), _TRUST - prior + strange
    level = _level(max(read - unknown, 0), read, there, absent, limits)
    usual = f"usually {strange} of {before}"
    if level == "ok":
        yield Finding("LookMonitor", "ok", f"{unknown} of {read} posts have a look nobody knows, {usual}")
    else:
        yield Finding("LookMonitor", level, f"{unknown} of {read} posts have a look nobody knows, {usual}: {_LOOK}")
    seen = {look for past in history for look, count in figures.group(past, "look").items() if count}
    new = {look for look, count in figures.group(run, "look").items() if count} - seen - set(figures.UNKNOWN_LOOKS)
    if seen and new:
        told = ", ".join(f"{look} ({figures.number(run, f'look/{look}')} posts)" for look in sorted(new))
        yield Finding("LookMonitor", "warning", f"first seen this night: {told}: see whether the site has a new theme")


def judge_body(run: Run, history: Sequence[Run], limits: Limits) -> Finding:
    """BodyLengthMonitor: the median length of the posts' text against a floor and against the usual one."""
    name, length = "BodyLengthMonitor", figures.known(run, "body_median")
    if length is None:
        return Finding(name, "ok", "no text to measure")
    told = f"median text of {length} characters"
    if length < limits.body_min:
        return Finding(name, "alarm", f"{told}, less than {limits.body_min} is no brief: {_LOOK}")
    lengths = [there for past in history if (there := figures.known(past, "body_median")) is not None]
    if len(lengths) < limits.history_min:
        return Finding(name, "ok", told)
    usual = median(lengths)
    told = f"{told}, usually {usual:.0f}"
    if length < limits.body_share * usual:
        level: Level = "alarm" if length < min(lengths) else "warning"
        return Finding(name, level, f"{told}: is the text cut off, or hidden behind something? {_LOOK}")
    return Finding(name, "ok", told)


def judge_age(run: Run, history: Sequence[Run], limits: Limits) -> Finding:
    """StalenessMonitor: days since the newest post against the longest pause that history knows."""
    name = "StalenessMonitor"
    newest, today = figures.day(run.counts.get("newest_published")), figures.day(run.started_at)
    if newest is None or today is None:
        return Finding(name, "warning", "the newest post has no date: see the table problems")
    days = (today - newest).days
    if days < -1:
        return Finding(
            name, "warning", f"the newest post is of {newest}, {-days} days ahead: see `briefs explain` for its date"
        )
    if figures.number(run, "sample"):
        return Finding(name, "ok", f"the newest post is of {newest}: the sample site never has a newer one")
    dates = sorted({there for past in history if (there := figures.day(past.counts.get("newest_published")))})
    pause = max(((after - before).days for before, after in pairwise(dates)), default=0)
    told = f"the newest post is of {newest}, {max(days, 0)} days ago; the longest pause of late was {pause} days"
    if days > max(limits.stale_days, 2 * pause):
        return Finding(name, "alarm", f"{told}: does the site show newer ones? then its lists are read wrongly")
    return Finding(name, "ok", told)


def _field(name: str, found: int, read: int, history: Sequence[Run], limits: Limits) -> Judged:
    there = sum(figures.number(past, f"coverage/{name}/found") for past in history)
    before = sum(figures.number(past, "coverage/read") for past in history)
    level = _level(found, read, _JEFFREYS + there, _JEFFREYS + max(before - there, 0), limits) if before else "ok"
    told = f"{name} in {found} of {read} posts"
    told += f", usually {there / before:.0%}" if before else ""
    if (floor := limits.field_floors.get(name)) is not None:
        level = max(level, _of_chance(binomial_at_most(found, read, floor), read - found, limits), key=LEVELS.index)
        told += f", at least {floor:.0%} expected"
    return level, told if level == "ok" else f"{told}: {_LOOK}"


def _level(found: int, read: int, there: float, absent: float, limits: Limits) -> Level:
    """How grave it is that a thing stands in so few of the posts read, when `there` had it before and `absent` not."""
    if not read:
        return "ok"
    level = _of_chance(predicted_at_most(found, read, there, absent), read - found, limits)
    drop = there / (there + absent) - found / read
    return "warning" if level == "alarm" and drop < limits.drop else level


def _of_chance(chance: float, lacking: int, limits: Limits) -> Level:
    """A single post that lacks it may be an odd post, however unlikely; it takes two to be an alarm."""
    if chance < limits.chance and lacking > 1:
        return "alarm"
    return "warning" if chance < limits.doubt else "ok"
