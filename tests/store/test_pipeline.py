"""The item pipeline in a real crawl: the archive is opened, filled and closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.specimens import open_archive, read_rows
from tests.support.waiting import LIMIT

_CRAWL = """
import sys
from pathlib import Path
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scraper.crawl.archiving_spider import ArchivingSpider
from scraper.archive import CaptureItem
from scraper.address import SITE_HOSTS
from scraper.settings import ITEM_PIPELINES
from tests.support.specimens import make_brief, make_page

if sys.argv[2:] == ["fault"]:
    from pipelines.captures import capture_rows

    def fail(db, capture, *rest, **known):
        if "/2020/01/02/" in capture.path:
            raise LookupError("nobody foresaw this")
        return add(db, capture, *rest, **known)

    add, capture_rows.add_capture = capture_rows.add_capture, fail

class Invented(ArchivingSpider):
    name = "invented"
    is_local = True

    def list_arguments(self):
        return {}

    def fill_figures(self, reason):
        pass

    async def start(self):
        self._begin_run()
        if sys.argv[2:] == ["full"]:
            pages = self.archive.db.execute("PRAGMA page_count").fetchone()[0]
            self.archive.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        for number in range(1, 4):
            yield Request(f"data:,{number}", cb_kwargs={"number": number})

    def parse(self, response, number):
        told = make_brief(f"/2020/01/0{number}/post/", body="word " * 9000, sections=())
        page, read = make_page(told, source="live")
        yield CaptureItem(page, SITE_HOSTS, number != 3, extraction=read)
        yield {"not": "ours"}

folder = Path(sys.argv[1])
chosen = Settings({"ARCHIVE_DB": str(folder / "archive.db"), "WARCS_DIR": str(folder / "warcs"),
    "CONTACT": "", "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False, "ITEM_PIPELINES": ITEM_PIPELINES,
    "EXTENSIONS": {"pipelines.crawl_run.CrawlRun": 0}})
process = AsyncCrawlerProcess(chosen)
crawler = process.create_crawler(Invented)
process.crawl(crawler)
process.start()
for name in ("archive/new", "archive/error", "archive/exit_code", "finish_reason"):
    print(name, crawler.stats.get_value(name))
if sys.argv[2:] == ["fault"]:
    print(crawler.spider.find_exit_code("finished"))
"""


def _crawl(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", _CRAWL, str(folder), *words]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=LIMIT)


def test_a_crawl_fills_the_archive_and_ends_its_row(tmp_path: Path) -> None:
    result = _crawl(tmp_path)
    assert result.stdout.splitlines() == [
        "archive/new 3",
        "archive/error None",
        "archive/exit_code None",
        "finish_reason finished",
    ], result.stderr
    assert read_rows(tmp_path, "SELECT spider, outcome, new, briefs FROM crawls") == [("invented", "finished", 3, 2)]
    assert read_rows(tmp_path, "SELECT read FROM captures ORDER BY path") == [(1,), (1,), (0,)]
    with open_archive(tmp_path) as opened:  # it was let go
        assert opened.read_summary().briefs == 2


def test_a_full_disk_ends_the_crawl_with_one_line(tmp_path: Path) -> None:
    result = _crawl(tmp_path, "full")
    lines = dict(line.split(" ", 1) for line in result.stdout.splitlines())
    assert lines["finish_reason"] == "archive_error"
    assert "the disk is full" in lines["archive/error"]
    assert lines["archive/exit_code"] == "74"
    assert "Traceback" not in result.stderr
    assert read_rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_a_fault_on_one_page_costs_that_page_and_the_exit_code_says_so(tmp_path: Path) -> None:
    result = _crawl(tmp_path, "fault")
    assert result.stdout.splitlines() == [
        "archive/new 2",
        "archive/error None",
        "archive/exit_code None",
        "finish_reason finished",
        "4",
    ], result.stderr
    assert "Traceback" not in result.stderr
    assert read_rows(tmp_path, "SELECT outcome, exit_code, new FROM crawls") == [("finished", 4, 2)]
    ((message,),) = read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'fault'")
    assert "/2020/01/02/post/" in message
