"""The files of a report: JSON, an HTML page without script, font or picture from elsewhere; how they are written."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from scraper.console.html_template import render_template
from scraper.errors import DiskTrouble
from scraper.monitoring import chart, figures
from scraper.monitoring.markdown import render_markdown
from scraper.monitoring.report import GROUPS, MAIN, SHOWN, Report, compute_coverage, compute_usual, report_as_data


def render_json(report: Report) -> str:
    """Render the JSON file of the report."""
    return json.dumps(report_as_data(report), ensure_ascii=False, indent=2) + "\n"


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


def write_report(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write RUN.json, .md and .html, unless there was no run, and the same as latest.*.

    In a job of GitHub Actions the Markdown is added to the job's summary.

    Raises DiskTrouble.
    """
    texts = {"json": render_json(report), "md": render_markdown(report), "html": render_html(report)}
    files = {
        folder / f"{name}.{ending}": texts[ending] for name in {report.run.id or "latest", "latest"} for ending in texts
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            _write_atomically(path, text)
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8", errors="replace") as file:
                file.write(texts["md"] + "\n")
    except OSError as error:
        raise DiskTrouble(f"{error.filename or folder}: {error.strerror}: the report was not written") from error
    return tuple(files)


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)  # a web server may show them
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
