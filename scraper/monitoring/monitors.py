"""Monitors that assess whether a night that ended well is really good; pure functions, named as in Spidermon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from scrapy.settings import BaseSettings

from scraper.archive import Run
from scraper.errors import UNAVAILABLE
from scraper.monitoring import figures
from scraper.monitoring.distributions import poisson_cdf
from scraper.monitoring.findings import LEVELS, OPEN_SITE, Finding, Level, make_finding
from scraper.monitoring.limits import Limits
from scraper.monitoring.quality_monitors import assess_age, assess_body, assess_fields, assess_looks

_READING = ("FieldCoverageMonitor", "LookMonitor", "BodyLengthMonitor", "TextMonitor")
_PROBE = "run `briefs probe` to see which lists of posts answer and what is read"
_NETWORK = "check this machine's network, then open the site in a browser; the next night tries again"
_OPEN = "open them in a browser"
_MAY_BE_GONE = ("missing-check", "unlisted")  # reasons to ask for posts that need not be there


def assess_run(run: Run, history: Sequence[Run], settings: BaseSettings) -> tuple[Finding, ...]:
    """Run the monitors, gravest findings first; of `history` only good runs of the same spider count.

    Raises BadArgument for a setting MONITOR_* that cannot be read.
    """
    limits = Limits.from_settings(settings)
    if run.outcome is None:
        return (assess_finish(run, limits),)  # a killed run has no figures
    if run.exit_code == UNAVAILABLE:  # everything else is missing for this one reason: one alarm is enough
        return (assess_site(run), *(assess_answers(run, limits) if figures.group_counts(run, "status") else ()))
    good = figures.select_good_runs(history, run, limits.finish_reasons)
    findings = [assess_site(run), assess_finish(run, limits), assess_errors(run, limits), *assess_answers(run, limits)]
    if run.outcome in limits.finish_reasons:  # a run that was stopped has few of everything
        findings += [assess_zero(run), *assess_items(run, good, limits), assess_listings(run)]
    if figures.get_count(run, "coverage/read"):
        findings += assess_fields(run, good, limits)
    if figures.count_posts(run):
        findings += [*assess_looks(run, good, limits), assess_body(run, good, limits)]
    findings += [assess_age(run, good, limits), *assess_channels(run), *assess_doubts(run)]
    return tuple(sorted(findings, key=lambda finding: -LEVELS.index(finding.level)))


def find_doubts(run: Run, history: Sequence[Run], settings: BaseSettings) -> list[Finding]:
    """The alarms about what the run read in the posts: as long as they stand, nobody should see its values."""
    findings = assess_run(run, history, settings)
    return [finding for finding in findings if finding.level == "alarm" and finding.monitor in _READING]


def assess_site(run: Run) -> Finding:
    """SiteMonitor: whether the site could be reached."""
    name, reason = "SiteMonitor", f": {why}" if (why := run.counts.get("unreachable")) else ""
    if run.exit_code != UNAVAILABLE:
        return Finding(name, "ok", "the site answered")
    if figures.group_counts(run, "status"):
        return Finding(name, "alarm", f"the site answered and nothing could be fetched{reason}: {OPEN_SITE}")
    return Finding(name, "alarm", f"the site could not be reached{reason}: {_NETWORK}")


def assess_channels(run: Run) -> Iterator[Finding]:
    """ChannelMonitor: ways in to the site that answered before and do not any more."""
    unseen = run.counts.get("edits_unseen_since")
    for name in sorted(run.counts):
        if name.startswith("shut/"):
            _, host, channel = name.split("/", 2)
            edits = "; edits since then cannot be seen" if unseen and channel == "rest" else ""
            message = f"{channel} of {host} gives no good answer; the last one was of {run.counts[name]}{edits}"
            yield make_finding("ChannelMonitor", "warning", message, _PROBE)


def assess_doubts(run: Run) -> Iterator[Finding]:
    """VerdictMonitor: the first posts were not read as they should be; TextMonitor: texts changed as by no editor."""
    if doubt := run.counts.get("doubt"):
        yield Finding("VerdictMonitor", "alarm", str(doubt))
    if doubts := run.counts.get("text_doubts"):
        yield Finding("TextMonitor", "alarm", f"{doubts}: {_OPEN}; if the site means it, `briefs accept {run.id}`")
    elif unexplained := run.counts.get("unexplained"):
        number, _, paths = str(unexplained).partition(": ")
        message = f"{number} posts changed though no list announced an edit, and are held: {paths}"
        yield Finding("TextMonitor", "warning", f"{message}: {_OPEN}; what later nights read again comes in by itself")


def assess_zero(run: Run) -> Finding:
    """ZeroItemsMonitor: a night reads at least its probes, so no post read is never good."""
    name, read, listed = "ZeroItemsMonitor", figures.count_posts(run), figures.get_count(run, "listing_items")
    if read:
        return Finding(name, "ok", f"{read} posts read")
    if figures.get_mode(run) == "crawl" and listed and not _count_lost_pages(run):
        return Finding(name, "ok", f"no post read, none was due: {listed} addresses listed, all known")
    return Finding(name, "alarm", f"no post was read, {listed} addresses listed: {_PROBE}")


def assess_items(run: Run, good: Sequence[Run], limits: Limits) -> Iterator[Finding]:
    """ItemCountMonitor: posts read and addresses listed, each against the median of good runs of the same kind."""
    same_mode = [past for past in good if figures.get_mode(past) == figures.get_mode(run)]
    name, read = "ItemCountMonitor", figures.count_posts(run)
    usual = _compute_usual(list(map(figures.count_posts, same_mode)), limits)
    level = _rate_shortfall(read, usual, limits)
    message = f"{read} posts read, {_describe_usual(usual)}"
    asked = figures.group_counts(run, "asked")
    due = sum(number for reason, number in asked.items() if reason not in _MAY_BE_GONE)
    if level != "ok" and figures.get_mode(run) == "night" and 0 < due <= read and not _count_lost_pages(run):
        yield Finding(name, "ok", f"{message}: no more were due")
    elif level == "alarm" and figures.get_mode(run) == "night" and read and not _count_lost_pages(run):
        yield Finding(name, "warning", f"{message}, though none failed: were so few due? If in doubt {_PROBE}")
    else:
        yield make_finding(name, level, message, _PROBE)
    if figures.get_count(run, "listing_pages"):
        listed = figures.get_count(run, "listing_items")
        with_listings = (past for past in same_mode if figures.get_count(past, "listing_pages"))
        usual = _compute_usual([figures.get_count(past, "listing_items") for past in with_listings], limits)
        level = _rate_lists(_rate_shortfall(listed, usual, limits), run)
        yield make_finding(name, level, f"{listed} addresses listed, {_describe_usual(usual)}", _PROBE)


def assess_listings(run: Run) -> Finding:
    """ListingMonitor: listing pages that list nothing."""
    name, pages = "ListingMonitor", figures.get_count(run, "listing_pages")
    items = figures.get_count(run, "listing_items")
    if pages and not items:
        message = f"{pages} listing pages and no address in them: their look has changed; {_PROBE}"
        return Finding(name, _rate_lists("alarm", run), message)
    return Finding(name, "ok", f"{items} addresses in {pages} listing pages" if pages else "no listing page was due")


def assess_answers(run: Run, limits: Limits) -> Iterator[Finding]:
    """StatusMonitor: refusals and server errors among the answers, false pages among the posts, pages newly missing.

    A list that is closed to everybody is nothing new: that one was open before is for ChannelMonitor.
    """
    name, statuses = "StatusMonitor", figures.group_counts(run, "status")
    closed = figures.group_counts(run, "closed") if figures.count_posts(run) else {}
    asked = {code: count - closed.get(code, 0) for code, count in statuses.items()}
    bad = {code: n for code, n in asked.items() if n > 0 and (code in ("401", "403", "429") or code.startswith("5"))}
    total, bad_count = sum(statuses.values()), sum(bad.values())
    message = f"{bad_count} of {total} answers were refusals or errors{_format_counts(bad)}"
    yield make_finding(name, _rate_share(bad_count, total, limits), message, OPEN_SITE)
    if false_pages := figures.count_false_pages(run):
        count, pages = sum(false_pages.values()), sum(false_pages.values()) + figures.count_posts(run)
        level = _rate_share(count, pages, limits)
        message = f"{count} of {pages} pages were no posts{_format_counts(false_pages)}; nothing was replaced"
        yield Finding(name, level, f"{message}: {OPEN_SITE}")
    if unfound := figures.get_count(run, "unfound"):
        level = _rate_share(unfound, unfound + figures.count_posts(run), limits)
        yield Finding(name, level, f"{unfound} posts that the site's lists name were not found: {_OPEN}")
    missing = figures.get_count(run, "missing")
    if missing >= 3 and missing >= limits.bad_share * (missing + figures.count_posts(run)):
        yield Finding(name, "warning", f"{missing} pages are missing that were there: taken down, or have paths moved?")


def assess_finish(run: Run, limits: Limits) -> Finding:
    """FinishReasonMonitor: whether the run finished by itself."""
    name = "FinishReasonMonitor"
    if run.outcome is None:
        message = f"run {run.id} of {run.started_at} has no end: killed, or still running; run again"
        return Finding(name, "alarm", message)
    if run.outcome in limits.finish_reasons:
        return Finding(name, "ok", run.outcome)
    level: Level = "warning" if run.outcome == "shutdown" else "alarm"  # a user stopped it
    return Finding(name, level, f"stopped early ({run.outcome}): run it again to go on")


def assess_errors(run: Run, limits: Limits) -> Finding:
    """ErrorCountMonitor: pages without a good answer, and errors of this program in the log."""
    errors, unanswered = figures.get_count(run, "errors"), figures.get_count(run, "outcome/failed")
    requests, bad = figures.get_count(run, "requests"), errors + unanswered
    message = f"{unanswered} pages without a good answer and {errors} errors in {requests} requests"
    level = _rate_share(bad, max(requests, bad), limits)
    places = ["the table problems"] if unanswered else []
    places += [limits.log or "what the run wrote to standard error"] if errors else []
    return make_finding("ErrorCountMonitor", level, message, f"see {' and '.join(places)}")


def _count_lost_pages(run: Run) -> int:
    failed = figures.get_count(run, "errors") + figures.get_count(run, "outcome/failed")
    return failed + sum(figures.count_false_pages(run).values())


def _compute_usual(counts: list[int], limits: Limits) -> float | None:
    """The median of the newest counts, None while there are too few."""
    return median(counts[: limits.median_of]) if len(counts) >= limits.history_min else None


def _describe_usual(usual: float | None) -> str:
    return "too few runs yet to compare with" if usual is None else f"usually {usual:g}"


def _rate_shortfall(count: int, usual: float | None, limits: Limits) -> Level:
    if usual is None or count >= limits.items_share * usual:
        return "ok"
    chance = poisson_cdf(count, usual)
    return "alarm" if chance < limits.chance else "warning" if chance < limits.doubt else "ok"


def _rate_lists(level: Level, run: Run) -> Level:
    """Rate what feeds and listings lack: no news is missed where REST names all of it."""
    return "warning" if level == "alarm" and figures.get_count(run, "edits_listed") else level


def _rate_share(bad: int, total: int, limits: Limits) -> Level:
    """Rate bad answers: a single one among others is a warning; more, or nothing but bad ones, may be an alarm."""
    if not bad:
        return "ok"
    return "alarm" if bad >= limits.bad_share * total and (bad > 1 or bad >= total) else "warning"


def _format_counts(counts: dict[str, int]) -> str:
    return f" ({', '.join(f'{name}: {count}' for name, count in counts.items())})" if counts else ""
