"""Monitors of what was read in the posts: fields, looks, length of the text, age of the newest post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from scraper.archive import Run
from scraper.crawl.probe import BRIEF_FIELDS
from scraper.monitoring import figures
from scraper.monitoring.distributions import beta_binomial_cdf, binomial_cdf
from scraper.monitoring.findings import LEVELS, OPEN_POSTS, Finding, Level, make_finding
from scraper.monitoring.limits import Limits

_JEFFREYS = 0.5  # added to both counts: Jeffreys' prior, which assumes the least
_PRIOR_POSTS = 30  # a share in the settings weighs as much as so many posts, so history soon outweighs it


def assess_fields(run: Run, history: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """FieldCoverageMonitor: each field against its floor, if it has one, and against its own history."""
    read, found = figures.get_count(run, "coverage/read"), figures.count_fields(run)
    names = {*found, *limits.field_floors, *(name for past in history for name in figures.count_fields(past))}
    findings = (
        _assess_field(name, found.get(name, 0), figures.count_judged(run, name), history, limits)
        for name in sorted(names)
    )
    bad = [finding for finding in findings if finding.level != "ok"]
    yield from bad
    if not bad:
        floors = ", ".join(f"{name} {found.get(name, 0)}" for name in limits.field_floors)
        yield Finding("FieldCoverageMonitor", "ok", f"{len(names)} fields as usual in {read} posts: {floors}")


def assess_looks(run: Run, history: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """LookMonitor: posts of unknown looks, and looks that are new."""
    read, unknown = figures.count_posts(run), figures.count_unknown_looks(run)
    before, unknown_before = sum(map(figures.count_posts, history)), sum(map(figures.count_unknown_looks, history))
    prior = _PRIOR_POSTS * min(max(limits.known_looks, 0.001), 0.999)
    with_look, without_look = prior + max(before - unknown_before, 0), _PRIOR_POSTS - prior + unknown_before
    level = _rate_coverage(max(read - unknown, 0), read, with_look, without_look, limits)
    message = f"{unknown} of {read} posts have an unknown look, usually {unknown_before} of {before}"
    yield make_finding("LookMonitor", level, message, OPEN_POSTS)
    known_looks = {look for past in history for look, count in figures.group_counts(past, "look").items() if count}
    looks = {look for look, count in figures.group_counts(run, "look").items() if count}
    if known_looks and (new_looks := looks - known_looks - set(figures.UNKNOWN_LOOKS)):
        names = ", ".join(f"{look} ({figures.get_count(run, f'look/{look}')} posts)" for look in sorted(new_looks))
        yield Finding("LookMonitor", "warning", f"new this night: {names}: see whether the site has a new theme")


def assess_body(run: Run, history: Sequence[Run], limits: Limits) -> Finding:
    """BodyLengthMonitor: the median length of the posts' text against a floor and against the usual one."""
    name, length = "BodyLengthMonitor", figures.find_count(run, "body_median")
    if length is None:
        return Finding(name, "ok", "no text to measure")
    message = f"median text of {length} characters"
    if length < limits.body_min:
        return Finding(name, "alarm", f"{message}, less than {limits.body_min} is no brief: {OPEN_POSTS}")
    lengths = [past_length for past in history if (past_length := figures.find_count(past, "body_median")) is not None]
    if len(lengths) < limits.history_min:
        return Finding(name, "ok", message)
    usual = median(lengths)
    message = f"{message}, usually {usual:.0f}"
    if length < limits.body_share * usual:
        level: Level = "alarm" if length < min(lengths) else "warning"
        return Finding(name, level, f"{message}: is the text cut off, or hidden behind something? {OPEN_POSTS}")
    return Finding(name, "ok", message)


def assess_age(run: Run, history: Sequence[Run], limits: Limits) -> Finding:
    """StalenessMonitor: days since the newest post against the longest pause in the history."""
    name = "StalenessMonitor"
    newest, today = figures.parse_day(run.counts.get("newest_published")), figures.parse_day(run.started_at)
    if newest is None or today is None:
        return Finding(name, "warning", "the newest post has no date: see the table problems")
    days = (today - newest).days
    if days < -1:
        message = f"the newest post is of {newest}, {-days} days ahead: see `briefs explain` for its date"
        return Finding(name, "warning", message)
    if figures.get_count(run, "sample"):
        return Finding(name, "ok", f"the newest post is of {newest}: the sample site never has a newer one")
    days_before = (figures.parse_day(past.counts.get("newest_published")) for past in history)
    dates = sorted({day for day in days_before if day})
    pause = max(((after - before).days for before, after in pairwise(dates)), default=0)
    message = f"the newest post is of {newest}, {max(days, 0)} days ago; the longest recent pause was {pause} days"
    if days > max(limits.stale_days, 2 * pause):
        return Finding(name, "alarm", f"{message}: if the site shows newer ones, its lists are read wrongly")
    return Finding(name, "ok", message)


def _assess_field(name: str, found: int, read: int, history: Sequence[Run], limits: Limits) -> Finding:
    found_before = sum(figures.get_count(past, f"coverage/{name}/found") for past in history)
    read_before = sum(figures.count_read(past, name) for past in history if figures.find_count(past, "coverage/read"))
    level: Level = "ok"
    message = f"{name} in {found} of {read} posts"
    if read_before:
        not_found_before = max(read_before - found_before, 0)
        level = _rate_coverage(found, read, _JEFFREYS + found_before, _JEFFREYS + not_found_before, limits)
        message += f", usually {found_before / read_before:.0%}"
    if (floor := limits.field_floors.get(name)) is not None:
        level = max(level, _rate_chance(binomial_cdf(found, read, floor), read - found, limits), key=LEVELS.index)
        message += f", at least {floor:.0%} expected"
    if name in BRIEF_FIELDS and read - found == 1:
        level = "ok"  # a notice in a brief's form without a label, or a brief without a credit, is nothing rare
    return make_finding("FieldCoverageMonitor", level, message, OPEN_POSTS)


def _rate_coverage(found: int, read: int, with_it: float, without_it: float, limits: Limits) -> Level:
    """Rate that so few of the posts read have something, where `with_it` had it before and `without_it` did not."""
    if not read:
        return "ok"
    level = _rate_chance(beta_binomial_cdf(found, read, with_it, without_it), read - found, limits)
    drop = with_it / (with_it + without_it) - found / read
    return "warning" if level == "alarm" and drop < limits.drop else level


def _rate_chance(chance: float, missing: int, limits: Limits) -> Level:
    """Rate a probability. A single post without the field may just be odd: only two or more are an alarm."""
    if chance < limits.chance and missing > 1:
        return "alarm"
    return "warning" if chance < limits.doubt else "ok"
