"""Renders the report as Markdown (job summary, mail, terminal) and as a few plain lines (chat, ping)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from scraper.monitoring import figures
from scraper.monitoring.report import GROUPS, MAIN, Report, compute_coverage, compute_usual

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&]|(?<![a-zA-Z0-9])_|_(?![a-zA-Z0-9])|:(?=//)|(?<=www)\.)")


def render_markdown(report: Report) -> str:
    """Render the whole report; scraped text cannot become markup in it."""
    parts = (_render_head, _render_findings, _render_figures, _render_groups, _render_archive)
    return "\n".join(line for render in parts for line in render(report))


def render_text(report: Report) -> str:
    """Render title, findings above `ok` and the main figures, a line each and without markup."""
    run = report.run
    findings = (f"{finding.level}: {finding.monitor}: {finding.message}" for finding in report.serious_findings)
    counts = (f"{run.counts.get(name, 0)} {MAIN[name]}" for name in ("briefs_new", "requests"))
    pages = (f"{kind}: {_shorten_list(paths, 5)}" for kind, paths in report.pages.items())
    lines = [report.title, *findings, *pages, ", ".join([f"{figures.count_posts(run)} posts read", *counts])]
    return "\n".join(map(_join_line, lines))


def _render_head(report: Report) -> Iterator[str]:
    run, took = report.run, figures.get_seconds(report.run)
    yield f"# {_escape(report.title)}"
    yield ""
    ended = f"{run.outcome}, {took} s" if took is not None else "no end"
    yield f"{_escape(run.spider)} ({figures.get_mode(run)}), begun {_escape(run.started_at)}, {_escape(ended)}."
    for finding in report.serious_findings:
        yield f"\n**{finding.level}** {finding.monitor}: {_escape(finding.message)}"


def _render_findings(report: Report) -> Iterator[str]:
    rows = [(kind, _escape(_shorten_list(paths, 50))) for kind, paths in report.pages.items()]
    yield from _render_table("Pages", ("what", "which"), rows)
    rows = [(finding.monitor, _escape(finding.message)) for finding in report.findings if finding.level == "ok"]
    yield from _render_table("Monitors without a warning", ("monitor", "found"), rows)


def _shorten_list(paths: Sequence[str], most: int) -> str:
    more = [f"and {len(paths) - most} more"] if len(paths) > most else []
    return " ".join([*paths[:most], *more])


def _render_figures(report: Report) -> Iterator[str]:
    counts = [
        (word, figures.get_count(report.run, name), _format_usual(compute_usual(report, name)))
        for name, word in MAIN.items()
    ]
    rows = [("posts read", figures.count_posts(report.run), ""), *counts]
    yield from _render_table(f"Figures (usual: median of {len(report.good)} good runs)", ("what", "now", "usual"), rows)
    fields = [
        (_escape(name), f"{found} of {figures.count_read(report.run, name)}", "" if share is None else f"{share:.0%}")
        for name, (found, share) in compute_coverage(report).items()
    ]
    yield from _render_table("Fields found", ("field", "posts", "usual"), fields)


def _render_groups(report: Report) -> Iterator[str]:
    for title, prefix in GROUPS.items():
        rows = [(_escape(name), count) for name, count in figures.group_counts(report.run, prefix).items()]
        yield from _render_table(title, ("what", "number"), rows)


def _render_archive(report: Report) -> Iterator[str]:
    facts = [(_escape(name), _escape(fact)) for name, fact in report.facts.items()]
    yield from _render_table("Other steps", ("what", "says"), facts)
    if summary := report.summary:
        yield "\n## In the archive\n"
        yield f"{_escape(str(summary))}, {summary.waiting} addresses waiting."
    yield ""


def _render_table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Render a heading and a table, nothing if there are no rows. The cells must be escaped."""
    rows = list(rows)
    if rows:
        yield f"\n## {title}\n"
        for cells in (heads, ("---",) * len(heads), *rows):
            yield f"| {' | '.join(map(str, cells))} |"


def _format_usual(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _escape(text: str) -> str:
    """Escape text so that Markdown, GitHub's too, shows it as it is: no markup, no links, one line."""
    return _SPECIAL.sub(r"\\\1", _join_line(text))


def _join_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
