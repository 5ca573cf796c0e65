"""The report as one HTML page that needs nothing beside it: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scraper.watch import chart, figures
from scraper.watch.report import MAIN, SHOWN, Report, fields_read, usual

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no escape makes these legal


def as_html(report: Report) -> str:
    """The page; also well-formed XML, and whatever was scraped is text in it."""
    runs = [*reversed(report.before[: SHOWN - 1]), report.run]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_legal,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
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


def _legal(value: object) -> object:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) and not isinstance(value, Markup) else value
