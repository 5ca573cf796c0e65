"""`briefs probe`: reads a dozen posts over the years and says whether the rules still hold for the site."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table
from scrapy.exceptions import UsageError

from scraper.commands.crawl import run_spider
from scraper.console.command_base import SpiderCommand
from scraper.console.terminal import print_blocks, stdout
from scraper.errors import DOUBTFUL, OK

if TYPE_CHECKING:
    from scraper.crawl.site_explorer import ChannelResult
    from scraper.records import Extraction
    from scraper.spiders.briefs import BriefsSpider

_WORDING = ("label", "authors", "dateline", "resources", "photo_credits")  # rules of these are wordings


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
        from scraper.spiders.briefs import BriefsSpider

        if len(args) > 1:
            raise UsageError("give one URL at most")
        arguments = opts.spargs | {"probe": "1"} | ({"start": args[0]} if args else {})
        crawler = run_spider(self, BriefsSpider.name, arguments)
        spider = crawler.spider if crawler else None
        if not isinstance(spider, BriefsSpider) or not spider.channel_results:
            return
        stdout().print(_build_channel_table(spider.channel_results))
        if spider.sampled_pages:
            _print_pages(spider.sampled_pages)
        if spider.verdict:
            self._print_verdict(spider)

    def _print_verdict(self, spider: BriefsSpider) -> None:
        assert spider.verdict
        for line in spider.verdict.lines:
            stdout().print(line)
        stdout().print("Verdict: the rules hold" if spider.verdict.good else "Verdict: the rules do not hold here")
        # A spider that failed for another reason has set its code already.
        if self.exitcode in (OK, DOUBTFUL):
            self.exitcode = OK if spider.verdict.good else DOUBTFUL


def _build_channel_table(results: Iterable[ChannelResult]) -> Table:
    table = Table("way in", title="Ways in", title_justify="left")
    table.add_column("address", overflow="fold")  # whole, so that it can be copied
    for column in ("state", "addresses", "new"):
        table.add_column(column)
    for result in results:
        table.add_row(result.kind, result.url, result.state, str(result.addresses), str(result.new))
    return table


def _print_pages(pages: Iterable[Extraction]) -> None:
    """Print for each page its layout, the rules of its wording, the fields found and those missing."""
    console = stdout()
    for page in pages:
        console.print(f"\n{page.path}", style="bold", soft_wrap=True)
        print_blocks(((name, text, ()) for name, text in _describe_page(page).items() if text), console)


def _describe_page(page: Extraction) -> dict[str, str]:
    from scraper.crawl.probe import FIELDS, NEEDED, find_fields

    if not page.readings:
        return {"outcome": page.outcome, "missing": ", ".join(NEEDED)}
    reading = page.readings[0]
    rules = {item.field: item.rule for item in reversed(reading.evidence) if item.chosen}
    has_fields = find_fields(reading)
    return {
        "look": page.layout or "none",
        "wording": ", ".join(f"{name}: {rules[name]}" for name in _WORDING if name in rules),
        "found": ", ".join(name for name in FIELDS if has_fields[name]),
        "missing": ", ".join(name for name in FIELDS if not has_fields[name]),
    }
