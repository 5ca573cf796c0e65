"""`briefs probe`: does the site still look as the rules expect? A dozen posts over the years are read and judged."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from rich.table import Table
from scrapy.exceptions import UsageError

from scraper.commands.crawl import run_spider
from scraper.console.command_base import SpiderCommand
from scraper.errors import DOUBTFUL, OK
from scraper.probe import FIELDS, NEEDED, fields_found, shapes
from scraper.records import Extraction
from scraper.spiders.briefs import BriefsSpider
from scraper.terminal import out
from scraper.ways import Way

_WORDING = ("label", "authors", "dateline", "resources", "photo_credits")  # whose rule is a shape of the editors'


class Command(SpiderCommand):
    usage = "[options] [URL]"
    about = """
        Finds the site's ways in (robots.txt, sitemaps, REST, feeds, listings), reads a dozen posts spread over its
        years, and prints for each the look, the wording and the fields that were found, then a verdict. Nothing is
        stored but the captures. Without URL it asks both real hosts.
        """
    examples = (
        ("BRIEFS_CONTACT=you@your-domain.org briefs probe", "with your own address"),
        ("briefs probe http://127.0.0.1:8642/", "another server as the site"),
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError("give one URL at most")
        arguments = opts.spargs | {"probe": "1"} | ({"start": args[0]} if args else {})
        crawler = run_spider(self, BriefsSpider.name, arguments)
        spider = crawler.spider if crawler else None
        if not isinstance(spider, BriefsSpider) or not spider.ways:
            return
        out().print(_ways_table(spider.ways))
        if spider.sampled:
            out().print(_pages_table(spider.sampled))
        if spider.verdict:
            self._conclude(spider)

    def _conclude(self, spider: BriefsSpider) -> None:
        assert spider.verdict
        for line in spider.verdict.lines:
            out().print(line)
        out().print("Verdict: the rules hold" if spider.verdict.good else "Verdict: the rules do not hold here")
        if self.exitcode in (OK, DOUBTFUL):
            self.exitcode = OK if spider.verdict.good else DOUBTFUL


def _ways_table(ways: Iterable[Way]) -> Table:
    table = Table("way in", "address", "state", "addresses", "new", title="Ways in", title_justify="left")
    for way in ways:
        table.add_row(way.kind, way.url, way.state, str(way.addresses), str(way.new))
    return table


def _pages_table(pages: Iterable[Extraction]) -> Table:
    """One row a page: its look, the shapes of its wording, the fields found and those missing."""
    table = Table("page", "look", "wording", "found", "missing", title="Pages", title_justify="left")
    for page in pages:
        if not page.readings:
            table.add_row(page.path, page.outcome, "", "", ", ".join(NEEDED))
            continue
        reading = page.readings[0]
        rules, there = shapes(reading), fields_found(reading)
        wording = ", ".join(f"{name}: {rules[name]}" for name in _WORDING if name in rules)
        found = ", ".join(name for name in FIELDS if there[name])
        missing = ", ".join(name for name in FIELDS if not there[name])
        table.add_row(page.path, page.layout or "none", wording, found, missing)
    return table
