"""The report as one HTML page that needs nothing beside it: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from pathlib import Path

from scraper.console.html_template import rendered
from scraper.monitoring import chart, figures
from scraper.monitoring.report import MAIN, SHOWN, Report, fields_read, usual


def as_html(report: Report) -> str:
    """The page; also well-formed XML, and whatever was scraped is text in it."""
    runs = [*reversed(report.before[: SHOWN - 1]), report.run]
    return rendered(
        Path(__file__).with_name("report.html"),
        report=report,
        run=report.run,
        mode=figures.mode(report.run),
        seconds=figures.seconds(report.run),
        posts=figures.posts(report.run),
        main={word: (figures.number(report.run, name), usual(report, name)) for name, word in MAIN.items()},
        fields=fields_read(report),
        groups={
            "Answers": figures.group(report.run, "status"),
            "Looks": figures.group(report.run, "look"),
            "Skipped": figures.group(report.run, "skipped"),
            "Problems": figures.group(report.run, "problems"),
        },
        shown=len(runs),
        charts=chart.charts(runs),
        chart=chart,
    )
