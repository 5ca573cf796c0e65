"""`briefs crawl`: crawls the live site; and what the spider commands share, running one and its exit code."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from scraper.console.command_base import SpiderCommand
from scraper.console.terminal import print_error, stdout
from scraper.crawl.argument_values import list_options
from scraper.crawl.arguments import Arguments
from scraper.errors import USAGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Command(SpiderCommand):
    about = """
        Crawls usresistnews.org and usrenewnews.org, or the host that --start names, into the archive. robots.txt is
        obeyed, one request is made every two seconds, and a run that was stopped goes on when it is started again. A
        dozen posts are read first: if the rules do not hold for them, it stops and says so. The real site is only
        crawled with a contact: set contact in briefs.toml, or BRIEFS_CONTACT.
        """
    examples = (
        ("BRIEFS_CONTACT=you@your-domain.org briefs crawl", "with your own address"),
        ("briefs crawl --max-pages 50", "fifty posts, to try it"),
        ("briefs crawl --start http://127.0.0.1:8642/ --db try.db --warcs try-warcs", "another server as the site"),
    )
    arguments = list_options(Arguments)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from scraper.spiders.briefs import BriefsSpider

        if len(args) > 1:
            raise UsageError("crawl takes no argument, or the name of one spider")
        run_to_end(self, args[0] if args else BriefsSpider.name, opts.spargs)


def run_to_end(command: SpiderCommand, name: str, arguments: Mapping[str, str]) -> None:
    """Run the spider and print its last lines; sets the command's exit code."""
    from scraper.console.run_summary import closing_lines

    if crawler := run_spider(command, name, arguments):
        for line in closing_lines(crawler):
            stdout().print(line)


def run_spider(command: SpiderCommand, name: str, arguments: Mapping[str, str]) -> Crawler | None:
    """Run the spider, print in one line why it failed, set the command's exit code; None if it never ran."""
    from scraper.console.run_summary import exit_code, explain_failure

    assert command.crawler_process
    try:
        crawler = command._create_crawler(name)
    except KeyError:
        print_error(command.verb, f"no spider is called {name!r}: it is briefs, wayback or commoncrawl")
        command.exitcode = USAGE
        return None
    command.crawler_process.crawl(crawler, **arguments)
    command.crawler_process.start()
    command.exitcode = 1 if command.crawler_process.bootstrap_failed else exit_code(crawler)
    if line := explain_failure(crawler):
        print_error(command.verb, line)
    return None if command.crawler_process.bootstrap_failed else crawler
