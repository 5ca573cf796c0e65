"""The report on one run: what it did beside what is usual, what the monitors say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from scrapy.settings import BaseSettings

from scraper.archive import Run, Summary
from scraper.errors import OK, PARTLY
from scraper.monitoring import figures
from scraper.monitoring.findings import Finding, Level, night_exit, worst
from scraper.monitoring.limits import Limits
from scraper.monitoring.monitors import judge

FORMAT = 1  # of the JSON; docs/report.md tells its keys
SHOWN = 30  # runs in the chart and in `history`
# Counts that people ask for first, and what they are called.
MAIN = {
    "briefs_new": "new posts",
    "briefs_changed": "changed posts",
    "revisions": "changed values",
    "missing": "pages missing",
    "gone": "pages gone",
    "back": "pages back",
    "requests": "requests",
    "requests_saved": "requests saved",
    "errors": "errors",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One run, judged. `before` are the runs before it, newest first; `good` those of them that count as usual."""

    run: Run
    findings: tuple[Finding, ...]
    exit_code: int
    before: tuple[Run, ...] = ()
    good: tuple[Run, ...] = ()
    summary: Summary | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # what other steps of the night add, such as a digest

    @property
    def level(self) -> Level:
        """The gravest finding's."""
        return worst(self.findings)

    @property
    def title(self) -> str:
        """One line that says which run and how it went."""
        sample = "SAMPLE, invented briefs: " if self.summary and self.summary.sample else ""
        return f"{sample}Run {self.run.id} of {self.run.started_at[:10]}: {self.level}, exit code {self.exit_code}"

    @property
    def grave(self) -> list[Finding]:
        """The findings above `ok`, alarms first."""
        return [finding for finding in self.findings if finding.level != "ok"]


def examine(
    run: Run,
    history: Sequence[Run],
    settings: BaseSettings,
    *,
    summary: Summary | None = None,
    crawl_code: int | None = None,
    facts: Mapping[str, str] | None = None,
) -> Report:
    """Judge a run and gather what a report on it tells; `history` may hold any runs, in any order.

    `crawl_code` is the exit code of the crawl itself; without it the run's own, or what its outcome allows.
    Raises BadArgument for a setting MONITOR_* that cannot be read.
    """
    limits = Limits.read(settings)
    findings = judge(run, history, settings)
    if crawl_code is None:
        crawl_code = run.exit_code
    if crawl_code is None:
        crawl_code = OK if run.outcome in limits.finish_reasons else PARTLY
    before = sorted((past for past in history if past.id < run.id and past.spider == run.spider), key=lambda r: -r.id)
    good = [
        past for past in figures.good(before, run, limits.finish_reasons) if figures.mode(past) == figures.mode(run)
    ]
    code = night_exit(crawl_code, findings)
    return Report(run, findings, code, tuple(before), tuple(good[: limits.median_of]), summary, dict(facts or {}))


def usual(report: Report, count: str) -> float | None:
    """The median of a count over the good runs of that kind before, None where there are none."""
    return median(figures.number(past, count) for past in report.good) if report.good else None


def fields_read(report: Report) -> dict[str, tuple[int, float | None]]:
    """For each field, in how many posts it was found, and its usual share of them."""
    before = sum(figures.number(past, "coverage/read") for past in report.good)
    names = dict.fromkeys(name for run in (report.run, *report.good) for name in figures.coverage(run))
    found = {name: figures.number(report.run, f"coverage/{name}/found") for name in names}
    usually = {name: sum(figures.number(past, f"coverage/{name}/found") for past in report.good) for name in names}
    return {name: (found[name], usually[name] / before if before else None) for name in names}


def as_json(report: Report) -> dict[str, Any]:
    """The report as data; docs/report.md tells the keys, which stay."""
    run = report.run
    return {
        "format": FORMAT,
        "title": report.title,
        "level": report.level,
        "exit_code": report.exit_code,
        "run": {
            "id": run.id,
            "spider": run.spider,
            "mode": figures.mode(run),
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "seconds": figures.seconds(run),
            "outcome": run.outcome,
        },
        "findings": [asdict(finding) for finding in report.findings],
        "posts_read": figures.posts(run),
        "main": {name: {"count": figures.number(run, name), "usual": usual(report, name)} for name in MAIN},
        "coverage": {
            name: {"found": found, "read": figures.posts(run), "usual_share": share}
            for name, (found, share) in fields_read(report).items()
        },
        "status": figures.group(run, "status"),
        "looks": figures.group(run, "look"),
        "skipped": figures.group(run, "skipped"),
        "problems": figures.group(run, "problems"),
        "archive": asdict(report.summary) if report.summary else None,
        "facts": dict(report.facts),
        "history": [_past(past) for past in report.before[:SHOWN]],
        "counts": dict(sorted(run.counts.items())),
    }


def _past(run: Run) -> dict[str, Any]:
    told = {"id": run.id, "started_at": run.started_at, "outcome": run.outcome, "exit_code": run.exit_code}
    return told | {"posts_read": figures.posts(run), **{name: figures.number(run, name) for name in MAIN}}
