"""`briefs links`: checks whether recommended resources still answer, and finds copies of those that do not."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from scrapy.exceptions import UsageError

from scraper.address import is_web
from scraper.console.command_base import SpiderCommand
from scraper.console.terminal import print_error, stdout
from scraper.dates import format_utc
from scraper.errors import BadArgument
from scraper.webarchives.wayback_api import WAYBACK

if TYPE_CHECKING:
    from scraper.linkrot.link_check import RecommendedLink

DAYS = 30


class Command(SpiderCommand):
    # The process installs the resolver by its own settings, not by those of a spider.
    default_settings: ClassVar[dict[str, object]] = {
        "TWISTED_DNS_RESOLVER": "scraper.linkrot.public_addresses.PublicResolver"
    }
    about = f"""
        Asks for the address of every resource that a brief recommends and that nobody checked for {DAYS} days: one
        request a host at a time, robots.txt obeyed, and of a page no more than its beginning is read, for many say only
        there that they are gone, for sale or behind a wall. What does not answer well is looked up in a web archive, as
        it was when the first brief recommended it. Each check is a row of the table link_checks. A run that is stopped
        goes on when it is started again.
        """
    examples = (
        ("briefs links --dry-run", "which addresses would be asked for"),
        ("briefs links --older-than 7 --limit 100", ""),
        ("briefs links --archive http://127.0.0.1:8080/briefs/", "with a pywb on this machine"),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        days = f"check addresses whose last check is more than N days ago ({DAYS}); 0: all"
        parser.add_argument("--older-than", type=int, default=DAYS, metavar="N", help=days)
        parser.add_argument(
            "--limit", type=int, metavar="N", help="check N addresses at most, the longest unchecked first"
        )
        where = f"the web archive in which copies are looked up ({WAYBACK}); 'none': no look-up"
        parser.add_argument("--archive", default=WAYBACK, metavar="URL", help=where)
        parser.add_argument("--all-copies", action="store_true", help="look up copies of addresses that answer, too")
        parser.add_argument("--dry-run", action="store_true", help="list the due addresses; request and write nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.pages.link_checks import find_due_links

        if args or opts.older_than < 0 or (opts.limit is not None and opts.limit < 1):
            raise UsageError("links takes no argument; --limit a number from 1, --older-than one from 0")
        with self.report_errors():
            if opts.archive != "none" and not is_web(opts.archive):
                raise BadArgument(f"--archive {opts.archive}: give the address of a web archive, or none")
            before = datetime.now(UTC) - timedelta(days=opts.older_than)
            due = find_due_links(self.settings, format_utc(before))[: opts.limit]
            if opts.dry_run:
                for link in due:
                    stdout().print(link.url, soft_wrap=True)
                stdout().print(f"{len(due)} addresses would be asked for; nothing was written")
            elif due:
                self._check_links(due, None if opts.archive == "none" else opts.archive, opts.all_copies)
            else:
                stdout().print(f"no address is due: all were checked within {opts.older_than} days")

    def _check_links(self, due: list[RecommendedLink], archive: str | None, all_copies: bool) -> None:
        from scraper.crawl.archiving_spider import read_stats
        from scraper.linkrot.link_check import summarise_checks
        from scraper.linkrot.links_spider import LinksSpider

        assert self.crawler_process
        # Not by `run_spider`: its arguments are words, and these are objects.
        crawler = self.crawler_process.create_crawler(LinksSpider)
        self.crawler_process.crawl(crawler, due=due, archive_url=archive, all_copies=all_copies)
        self.crawler_process.start()
        spider, reason = crawler.spider, str(read_stats(crawler).get("finish_reason"))
        if self.crawler_process.bootstrap_failed or not isinstance(spider, LinksSpider):
            self.exitcode = 1
            return
        self.exitcode = spider.find_exit_code(reason)
        if spider.checks or not spider.failure:
            stdout().print(summarise_checks(spider.checks), soft_wrap=True)
        if spider.failure:
            left = f"; {spider.left} addresses wait for it" if spider.left else ""
            print_error("links", f"{spider.failure}{left}")
        elif reason != "finished":
            print_error("links", "stopped early: run it again to go on")
        elif spider.left:
            print_error(
                "links", f"{spider.left} addresses wait for the web archive, which gave no index: run it again later"
            )
