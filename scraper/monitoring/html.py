"""Renders the report as one self-contained HTML page: no script, font or picture from elsewhere."""

from __future__ import annotations

from pathlib import Path

from scraper.console.html_template import render_template
from scraper.monitoring import chart, figures
from scraper.monitoring.report import GROUPS, MAIN, SHOWN, Report, compute_coverage, compute_usual


def render_html(report: Report) -> str:
    """Render the page, which is well-formed XML too; scraped text cannot become markup in it."""
    runs = [*reversed(report.earlier[: SHOWN - 1]), report.run]
    return render_template(
        Path(__file__).with_name("report.html"),
        report=report,
        run=report.run,
        mode=figures.get_mode(report.run),
        seconds=figures.get_seconds(report.run),
        pages=report.pages,
        posts=figures.count_posts(report.run),
        main={word: (figures.get_count(report.run, name), compute_usual(report, name)) for name, word in MAIN.items()},
        fields=compute_coverage(report),
        groups={title: figures.group_counts(report.run, prefix) for title, prefix in GROUPS.items()},
        shown=len(runs),
        charts=chart.build_charts(runs),
        chart=chart,
    )
