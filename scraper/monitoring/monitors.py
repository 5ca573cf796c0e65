"""Is a green night really a good one? Pure functions over the runs in `crawls`; names as in Spidermon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from scrapy.settings import BaseSettings

from scraper.archive import Run
from scraper.errors import UNAVAILABLE
from scraper.monitoring import figures
from scraper.monitoring.binomial import poisson_at_most
from scraper.monitoring.findings import LEVELS, Finding, Level
from scraper.monitoring.limits import Limits
from scraper.monitoring.quality_monitors import judge_age, judge_body, judge_fields, judge_looks

_PROBE = "run `briefs probe` to see which ways in are open and what is read"
_NETWORK = "look at this machine's network, then at the site in a browser; the next night asks again"
_WAIT = "look at the site in a browser; if it answers there, it refuses us: go slower, or write to its owners"


def judge(run: Run, history: Sequence[Run], settings: BaseSettings) -> tuple[Finding, ...]:
    """What the monitors say of a run, gravest first; of `history` only good runs of the same spider count.

    Raises BadArgument for a setting MONITOR_* that cannot be read.
    """
    limits = Limits.read(settings)
    if run.outcome is None:
        return (judge_finish(run, limits),)  # its figures were never written down
    if run.exit_code == UNAVAILABLE:  # what else is missing is missing for that reason
        return (judge_site(run), *(judge_answers(run, limits) if figures.group(run, "status") else ()))
    good = figures.good(history, run, limits.finish_reasons)
    findings = [judge_site(run), judge_finish(run, limits), judge_errors(run, limits), *judge_answers(run, limits)]
    if run.outcome in limits.finish_reasons:  # a run that was stopped has few of everything
        findings += [judge_zero(run), *judge_items(run, good, limits), judge_listings(run)]
    if figures.number(run, "coverage/read"):
        findings += judge_fields(run, good, limits)
    if figures.posts(run):
        findings += [*judge_looks(run, good, limits), judge_body(run, good, limits)]
    findings.append(judge_age(run, good, limits))
    return tuple(sorted(findings, key=lambda finding: -LEVELS.index(finding.level)))


def judge_site(run: Run) -> Finding:
    """SiteMonitor: whether the site could be asked for anything at all."""
    name, told = "SiteMonitor", f": {why}" if (why := run.counts.get("unreachable")) else ""
    if run.exit_code != UNAVAILABLE:
        return Finding(name, "ok", "the site answered")
    if figures.group(run, "status"):
        return Finding(name, "alarm", f"the site answered and nothing could be fetched{told}: {_WAIT}")
    return Finding(name, "alarm", f"the site could not be reached{told}: {_NETWORK}")


def judge_zero(run: Run) -> Finding:
    """ZeroItemsMonitor: a night reads its probes at least; none read is never good."""
    name, read, listed = "ZeroItemsMonitor", figures.posts(run), figures.number(run, "listing_items")
    if read:
        return Finding(name, "ok", f"{read} posts read")
    if figures.mode(run) == "crawl" and listed and not _lost(run):
        return Finding(name, "ok", f"no post read, none was due: {listed} addresses listed, all known")
    return Finding(name, "alarm", f"not one post was read, {listed} addresses listed: {_PROBE}")


def judge_items(run: Run, good: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """ItemCountMonitor: posts read and addresses listed, each against the median of the last good runs of that kind."""
    alike = [past for past in good if figures.mode(past) == figures.mode(run)]
    name, read = "ItemCountMonitor", figures.posts(run)
    usual = _usual(list(map(figures.posts, alike)), limits)
    level = _shortfall(read, usual, limits)
    told = f"{read} posts read, {_usually(usual)}"
    if level == "alarm" and figures.mode(run) == "night" and read and not _lost(run):
        yield Finding(name, "warning", f"{told}, though none was lost: was so little due? If in doubt {_PROBE}")
    else:
        yield Finding(name, level, told if level == "ok" else f"{told}: {_PROBE}")
    if figures.number(run, "listing_pages"):
        listed = figures.number(run, "listing_items")
        usual = _usual([figures.number(past, "listing_items") for past in alike if _listed(past)], limits)
        level = _shortfall(listed, usual, limits)
        told = f"{listed} addresses listed, {_usually(usual)}"
        yield Finding(name, level, told if level == "ok" else f"{told}: {_PROBE}")


def judge_listings(run: Run) -> Finding:
    """ListingMonitor: listing pages that list nothing."""
    name, pages = "ListingMonitor", figures.number(run, "listing_pages")
    items = figures.number(run, "listing_items")
    if pages and not items:
        return Finding(name, "alarm", f"{pages} listing pages and no address in them: their look has changed; {_PROBE}")
    return Finding(name, "ok", f"{items} addresses in {pages} listing pages" if pages else "no listing page was due")


def judge_answers(run: Run, limits: Limits) -> Iterator[Finding]:
    """StatusMonitor: refusals and server errors among the answers, false pages among the posts, pages newly missing."""
    name, statuses = "StatusMonitor", figures.group(run, "status")
    bad = {code: count for code, count in statuses.items() if code in ("401", "403", "429") or code.startswith("5")}
    total, worse = sum(statuses.values()), sum(bad.values())
    told = f"{worse} of {total} answers were refusals or errors{_named(bad)}"
    level = _share_level(worse, total, limits)
    yield Finding(name, level, told if level == "ok" else f"{told}: {_WAIT}")
    if false := figures.false_pages(run):
        count, asked = sum(false.values()), sum(false.values()) + figures.posts(run)
        level = _share_level(count, asked, limits)
        yield Finding(name, level, f"{count} of {asked} pages were no posts{_named(false)}; nothing replaced: {_WAIT}")
    missing = figures.number(run, "missing")
    if missing >= 3 and missing >= limits.bad_share * (missing + figures.posts(run)):
        yield Finding(name, "warning", f"{missing} pages are missing that were there: taken down, or have paths moved?")


def judge_finish(run: Run, limits: Limits) -> Finding:
    """FinishReasonMonitor: whether the run came to its own end."""
    name = "FinishReasonMonitor"
    if run.outcome is None:
        return Finding(
            name, "alarm", f"run {run.id} of {run.started_at} has no end: killed, or still running; run again"
        )
    if run.outcome in limits.finish_reasons:
        return Finding(name, "ok", run.outcome)
    level: Level = "warning" if run.outcome == "shutdown" else "alarm"  # somebody asked it to stop
    return Finding(name, level, f"stopped early ({run.outcome}): run it again to go on")


def judge_errors(run: Run, limits: Limits) -> Finding:
    """ErrorCountMonitor: pages without a good answer, and faults of our own in the log."""
    errors, silent = figures.number(run, "errors"), figures.number(run, "outcome/failed")
    requests, bad = figures.number(run, "requests"), errors + silent
    told = f"{silent} pages without a good answer and {errors} errors in {requests} requests"
    level = _share_level(bad, max(requests, bad), limits)
    look = ["the table problems"] if silent else []
    look += [limits.log or "what the run wrote to standard error"] if errors else []
    return Finding("ErrorCountMonitor", level, told if level == "ok" else f"{told}: see {' and '.join(look)}")


def _lost(run: Run) -> int:
    return (
        figures.number(run, "errors") + figures.number(run, "outcome/failed") + sum(figures.false_pages(run).values())
    )


def _listed(run: Run) -> int:
    return figures.number(run, "listing_pages")


def _usual(counts: list[int], limits: Limits) -> float | None:
    """The median of the newest, None while they are too few."""
    return median(counts[: limits.median_of]) if len(counts) >= limits.history_min else None


def _usually(usual: float | None) -> str:
    return "too few runs yet to compare with" if usual is None else f"usually {usual:g}"


def _shortfall(count: int, usual: float | None, limits: Limits) -> Level:
    if usual is None or count >= limits.items_share * usual:
        return "ok"
    chance = poisson_at_most(count, usual)
    return "alarm" if chance < limits.chance else "warning" if chance < limits.doubt else "ok"


def _share_level(bad: int, total: int, limits: Limits) -> Level:
    """One bad answer among others is a warning; two or more, or nothing else, an alarm from a share on."""
    if not bad:
        return "ok"
    return "alarm" if bad >= limits.bad_share * total and (bad > 1 or bad >= total) else "warning"


def _named(counts: dict[str, int]) -> str:
    return f" ({', '.join(f'{name}: {count}' for name, count in counts.items())})" if counts else ""
