"""Builds the report on one run: what it did, what is usual, and what the monitors found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from statistics import median
from typing import Any

from scrapy.settings import BaseSettings

from scraper.archive import Run, Summary
from scraper.errors import OK, PARTLY
from scraper.monitoring import figures
from scraper.monitoring.causes import merge_findings
from scraper.monitoring.findings import LEVELS, Finding, Level, night_exit_code, worst_level
from scraper.monitoring.limits import Limits
from scraper.monitoring.monitors import assess_run

FORMAT = 1  # of the JSON; docs/report.md documents its keys
SHOWN = 30  # runs in the chart and in `history`
# The counts that readers look for first, and their labels.
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
# Counts by kind, and the prefix of their names.
GROUPS = {"Answers": "status", "Looks": "look", "Skipped": "skipped", "Problems": "problems"}


@dataclass(frozen=True, slots=True)
class Report:
    """One run with its findings. `earlier` are the runs before it, newest first; `good` those to compare it with."""

    run: Run
    findings: tuple[Finding, ...]
    exit_code: int
    earlier: tuple[Run, ...] = ()
    good: tuple[Run, ...] = ()
    summary: Summary | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # results of other steps of the night, such as a digest
    pages: Mapping[str, Sequence[str]] = field(default_factory=dict)  # paths by what became of them: new, held, ...

    @property
    def level(self) -> Level:
        """The level of the gravest finding."""
        return worst_level(self.findings)

    @property
    def title(self) -> str:
        """One line that names the run and its outcome."""
        sample = "SAMPLE, invented briefs: " if self.summary and self.summary.sample else ""
        name = f"Run {self.run.id}" if self.run.id else "No run"
        return f"{sample}{name} of {self.run.started_at[:10]}: {self.level}, exit code {self.exit_code}"

    @property
    def serious_findings(self) -> list[Finding]:
        """The findings above `ok`, alarms first."""
        return [finding for finding in self.findings if finding.level != "ok"]


def build_report(
    run: Run,
    history: Sequence[Run],
    settings: BaseSettings,
    *,
    summary: Summary | None = None,
    facts: Mapping[str, str] | None = None,
    pages: Mapping[str, Sequence[str]] | None = None,
) -> Report:
    """Assess a run and build its report; `history` may hold any runs, in any order.

    A run without an exit code has the one that follows from its outcome.
    Raises BadArgument for a setting MONITOR_* that cannot be read.
    """
    limits = Limits.from_settings(settings)
    before = sorted((past for past in history if past.id < run.id and past.spider == run.spider), key=lambda r: -r.id)
    findings = (*merge_findings(run, assess_run(run, history, settings), before), *assess_lost_runs(before))
    findings = tuple(sorted(findings, key=lambda finding: -LEVELS.index(finding.level)))
    by_outcome = OK if run.outcome in limits.finish_reasons else PARTLY
    mode, good_runs = figures.get_mode(run), figures.select_good_runs(before, run, limits.finish_reasons)
    good = [past for past in good_runs if figures.get_mode(past) == mode]
    code = night_exit_code(by_outcome if run.exit_code is None else run.exit_code, findings)
    return Report(
        run, findings, code, tuple(before), tuple(good[: limits.median_of]), summary, facts or {}, pages or {}
    )


def assess_lost_runs(before: Sequence[Run]) -> list[Finding]:
    """LostRunMonitor: the runs just before this one that never ended; `before` has the newest first."""
    lost = list(takewhile(lambda run: run.outcome is None, before))
    if not lost:
        return []
    runs = ", ".join(f"run {run.id} of {run.started_at}" for run in reversed(lost))
    message = f"{runs} never ended: killed, or the machine went down; this run did what it left"
    return [Finding("LostRunMonitor", "warning", message)]


def compute_usual(report: Report, count: str) -> float | None:
    """The median of a count over the good runs before, None if there are none."""
    return median(figures.get_count(past, count) for past in report.good) if report.good else None


def compute_coverage(report: Report) -> dict[str, tuple[int, float | None]]:
    """Map each field to the number of posts that have it, and to the share of posts that usually have it."""
    names = dict.fromkeys(name for run in (report.run, *report.good) for name in figures.count_fields(run))
    found = {name: figures.get_count(report.run, f"coverage/{name}/found") for name in names}
    usually = {name: sum(figures.get_count(past, f"coverage/{name}/found") for past in report.good) for name in names}
    before = {name: sum(figures.count_read(past, name) for past in report.good) for name in names}
    return {name: (found[name], usually[name] / before[name] if before[name] else None) for name in names}


def report_as_data(report: Report) -> dict[str, Any]:
    """The report as data for JSON; docs/report.md documents the keys, which stay."""
    run = report.run
    return {
        "format": FORMAT,
        "title": report.title,
        "level": report.level,
        "exit_code": report.exit_code,
        "run": {
            "id": run.id,
            "spider": run.spider,
            "mode": figures.get_mode(run),
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "seconds": figures.get_seconds(run),
            "outcome": run.outcome,
        },
        "findings": [asdict(finding) for finding in report.findings],
        "pages": {kind: list(paths) for kind, paths in report.pages.items()},
        "posts_read": figures.count_posts(run),
        "main": {name: {"count": figures.get_count(run, name), "usual": compute_usual(report, name)} for name in MAIN},
        "coverage": {
            name: {"found": found, "read": figures.count_read(run, name), "usual_share": share}
            for name, (found, share) in compute_coverage(report).items()
        },
        "status": figures.group_counts(run, "status"),
        "looks": figures.group_counts(run, "look"),
        "skipped": figures.group_counts(run, "skipped"),
        "problems": figures.group_counts(run, "problems"),
        "archive": asdict(report.summary) if report.summary else None,
        "facts": dict(report.facts),
        "history": [_summarise_run(past) for past in report.earlier[:SHOWN]],
        "counts": dict(sorted(run.counts.items())),
    }


def _summarise_run(run: Run) -> dict[str, Any]:
    summary = {"id": run.id, "started_at": run.started_at, "outcome": run.outcome, "exit_code": run.exit_code}
    return summary | {"posts_read": figures.count_posts(run), **{name: figures.get_count(run, name) for name in MAIN}}
