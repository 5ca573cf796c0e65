"""The report as Markdown (for a job's summary, a mail, a terminal) and as a few plain lines (for a chat, a ping)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from scraper.monitoring import figures
from scraper.monitoring.report import MAIN, Report, fields_read, usual

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&]|(?<![a-zA-Z0-9])_|_(?![a-zA-Z0-9])|:(?=//)|(?<=www)\.)")


def as_markdown(report: Report) -> str:
    """The whole report; what was scraped cannot become markup in it."""
    return "\n".join([*_head(report), *_monitors(report), *_figures(report), *_groups(report), *_archive(report)])


def as_text(report: Report) -> str:
    """Title, findings above `ok` and the main figures: a line each, no markup."""
    run = report.run
    lines = [report.title, *(f"{finding.level}: {finding.monitor}: {finding.message}" for finding in report.grave)]
    lines.append(f"{figures.posts(run)} posts read, " + ", ".join(_told(run.counts, ("briefs_new", "requests"))))
    return "\n".join(map(_line, lines))


def _told(counts: Mapping[str, object], names: Iterable[str]) -> list[str]:
    return [f"{counts.get(name, 0)} {MAIN[name]}" for name in names]


def _head(report: Report) -> Iterator[str]:
    run, took = report.run, figures.seconds(report.run)
    yield f"# {_text(report.title)}"
    yield ""
    ended = f"{run.outcome}, {took} s" if took is not None else "no end"
    yield f"{_text(run.spider)} ({figures.mode(run)}), begun {_text(run.started_at)}, {_text(ended)}."
    for finding in report.grave:
        yield f"\n**{finding.level}** {finding.monitor}: {_text(finding.message)}"


def _monitors(report: Report) -> Iterator[str]:
    rows = [(found.monitor, _text(found.message)) for found in report.findings if found.level == "ok"]
    yield from _table("Monitors with nothing to tell", ("monitor", "saw"), rows)


def _figures(report: Report) -> Iterator[str]:
    counts = [(word, figures.number(report.run, name), _usual(usual(report, name))) for name, word in MAIN.items()]
    rows = [("posts read", figures.posts(report.run), ""), *counts]
    yield from _table(f"Figures (usual: median of {len(report.good)} good runs)", ("what", "now", "usual"), rows)
    read = figures.posts(report.run)
    fields = [
        (_text(name), f"{found} of {read}", "" if share is None else f"{share:.0%}")
        for name, (found, share) in fields_read(report).items()
    ]
    yield from _table("Fields found", ("field", "posts", "usual"), fields)


def _groups(report: Report) -> Iterator[str]:
    for title, prefix in {"Answers": "status", "Looks": "look", "Skipped": "skipped", "Problems": "problems"}.items():
        rows = [(_text(name), count) for name, count in figures.group(report.run, prefix).items()]
        yield from _table(title, ("what", "number"), rows)


def _archive(report: Report) -> Iterator[str]:
    yield from _table("Other steps", ("what", "says"), [(_text(n), _text(fact)) for n, fact in report.facts.items()])
    if kept := report.summary:
        span = f" of {_text(kept.first or '')} to {_text(kept.last or '')}" if kept.first else ""
        yield "\n## In the archive\n"
        yield (
            f"{kept.briefs} posts{span}, {kept.authors} authors, {kept.resources} resources, {kept.captures} captures, "
            f"{kept.problems} problems noted, {kept.waiting} addresses waiting."
        )
    yield ""


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """A heading and a table, nothing where there are no rows; cells are escaped already."""
    rows = list(rows)
    if rows:
        yield f"\n## {title}\n"
        for cells in (heads, ("---",) * len(heads), *rows):
            yield f"| {' | '.join(map(str, cells))} |"


def _usual(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _text(text: str) -> str:
    """Text that reads the same when Markdown, GitHub's too, is rendered: no markup, no links, one line."""
    return _SPECIAL.sub(r"\\\1", _line(text))


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
