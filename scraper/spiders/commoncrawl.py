"""Common Crawl's copies of the site: every crawl's index is read, then each record that is new is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrapy.http import Response

from scraper.address import is_ours
from scraper.archive import CaptureItem
from scraper.errors import BadArgument, SiteUnavailable, WebArchiveBusy
from scraper.records import Memento
from scraper.sources import cdx
from scraper.webarchives import commoncrawl as cc
from scraper.webarchives.base_spider import LATER, PATIENCE, AskingSpider
from scraper.webarchives.commoncrawl import Crawl, NotAsTold
from scraper.webarchives.dedup import explain_record_omission, version_of
from scraper.webarchives.selection import CommonCrawlSelection


class CommonCrawlSpider(AskingSpider):
    """Fetches what Common Crawl holds of usresistnews.org and usrenewnews.org, or of the one host `site` names."""

    name = "commoncrawl"
    per_minute = "COMMONCRAWL_PER_MINUTE"
    selection_type = CommonCrawlSelection
    selection: CommonCrawlSelection

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self._forbidden: list[Memento] = []  # in a row
        self._have: set[tuple[str, ...]] = set()

    def closing_lines(self) -> Iterator[str]:
        """What the run did, for people."""
        counts = self.counts
        left = self.expected - sum(counts[state] for state in ("taken", "same", "missing", "failed"))
        bad = f"; {counts['unreadable']} lines that tell of none" if counts["unreadable"] else ""
        yield f"Indexes read: {counts['indexes']} of {counts['of']}; {counts['lines']} captures not known before{bad}"
        told = f"{counts['same']} more had the same bytes, {counts['other']} were no pages, {counts['missing']} missing"
        wrong = f"{counts['failed']} not as the index tells, {counts['unanswered']} without an answer"
        yield f"Records: {counts['taken']} taken; {told}, {wrong}"
        if left or counts["aside"]:
            yield f"Still waiting: {left} for another run, {counts['aside']} that since, until and match left aside"

    async def work(self) -> None:
        """Read the indexes, fetch what is new in them."""
        crawls = await self._crawls()
        queries = [(crawl, host) for crawl in crawls for host in sorted(self.selection.hosts)]
        self.counts["of"] = len(queries)
        for crawl, host in queries:
            self.counts["indexes"] += await self._read_index(crawl, host)
        await self._fetch_all(crawls)

    async def _crawls(self) -> list[Crawl]:
        """The crawls to ask, the oldest first, so that each version is fetched as it was first seen."""
        url = f"{self.selection.index}collinfo.json"
        response = await self._ask(url)
        if response is None or response.status != 200:
            told = "it does not answer" if response is None else f"HTTP {response.status}"
            raise SiteUnavailable(f"{url}: {told}; try later")
        try:
            listed = cc.crawls(response.text, self.selection.index)
        except (ValueError, AttributeError) as error:
            raise SiteUnavailable(f"{url} lists no crawls: {error}") from error
        named = [crawl for crawl in listed if self.selection.includes_crawl(crawl.id)]
        if not named:
            raise BadArgument(f"-a crawls={','.join(self.selection.crawls)}: the server has none; see {url}")
        return [crawl for crawl in named if crawl.meets(self.selection.since, self.selection.until)]

    async def _read_index(self, crawl: Crawl, host: str) -> bool:
        """Have what a crawl holds of a host in the ledger; whether all of it is. What was read before is not asked."""
        assert self.archive
        key = f"commoncrawl {crawl.index} {host}"
        read, _, pages = (self.archive.recall(key) or "0/").partition("/")
        total = int(pages) if pages else await self._pages(crawl, host)
        if total is None:
            return False
        for page in range(int(read), total):
            url = cc.index_query(crawl, host, page=page)
            response = await self._ask(url)
            if response is None or not self._is_index(response):
                return False
            if response.status == 200 and not self._keep(response, crawl):
                return False
            self._remember(key, page + 1, total)
        self._remember(key, total, total)
        return True

    def _keep(self, response: Response, crawl: Crawl) -> bool:
        """Have an answer's lines in the ledger; False, and a problem, if it is none of an index."""
        assert self.archive
        try:
            told = cdx.parse_page(response.text, crawl.index)
        except (ValueError, AttributeError) as error:
            self._unanswered(response.url, str(error))
            return False
        for line in told.bad_lines:
            self.counts["unreadable"] += 1
            self.archive.note("index", f"{crawl.index}: a line that tells of no capture: {line}")
        self.counts["lines"] += self.archive.add_mementos(told.mementos, self.name)
        return True

    async def _pages(self, crawl: Crawl, host: str) -> int | None:
        """How many pages its index has of a host; None where it does not say."""
        url = cc.index_query(crawl, host, showNumPages="true")
        response = await self._ask(url)
        if response is None or not self._is_index(response):
            return None
        try:
            return cc.page_count(response.text) if response.status == 200 else 0
        except ValueError as error:
            self._unanswered(url, str(error))
            return None

    def _is_index(self, response: Response) -> bool:
        """Whether an answer is an index's: lines, or that there are none; others are told."""
        if response.status == 403:
            raise WebArchiveBusy(f"{response.url}: HTTP 403, the index asks us to stay away; {LATER}")
        if response.status == 200 or (response.status == 404 and cc.says_none(response.text)):
            return True
        self._unanswered(response.url, f"HTTP {response.status}")
        return False

    def _remember(self, key: str, read: int, total: int) -> None:
        assert self.archive
        self.archive.remember(key, f"{read}/{total}")
        self.archive.commit()

    async def _fetch_all(self, crawls: Iterable[Crawl]) -> None:
        """Every line that waits and is of a page, unless its bytes were taken from another line."""
        assert self.archive
        todo: list[Memento] = []
        for crawl in crawls:
            self._have |= {version_of(memento) for memento in self.archive.mementos(crawl.index, "taken")}
            todo += [memento for memento in self.archive.mementos(crawl.index) if self._is_wanted(memento)]
        self.archive.commit()
        self.expected = len(todo)
        for memento in todo:
            if version_of(memento) in self._have:
                self._settle(memento, "same", "the same bytes as an earlier capture that is taken")
            else:
                await self._fetch(memento)
                self.archive.commit()
            self.done += 1

    def _is_wanted(self, memento: Memento) -> bool:
        """Whether a line is for this run; lines of what is never kept are settled."""
        reason = explain_record_omission(memento) if is_ours(memento.url, self.selection.hosts) else "another host"
        if reason:
            self._settle(memento, "other", reason)
            return False
        taken = self.selection.includes(memento)
        self.counts["aside"] += not taken
        return taken

    async def _fetch(self, memento: Memento) -> None:
        wanted = cc.byte_range(memento)
        if wanted is None or (memento.length or 0) > self.settings.getint("DOWNLOAD_MAXSIZE"):
            self._settle(memento, "failed", "the index tells no place of it, or one that is too large")
            return
        url = cc.record_address(self.selection.data, memento)
        response = await self._ask(url, {"Range": wanted, "Accept-Encoding": "identity"})
        if response is None:
            return
        if response.status == 403:
            self._refused(memento, url)
            return
        for one in self._forbidden:  # the server answers, so it was those files and not us
            self._settle(one, "missing", "HTTP 403")
        self.counts["unanswered"] -= len(self._forbidden)
        self._forbidden.clear()
        await self._judge(memento, response)

    async def _judge(self, memento: Memento, response: Response) -> None:
        size, given = len(response.body), (response.headers.get("Content-Range") or b"").decode("latin-1")
        whole = response.status == 200 and (memento.offset, memento.length) == (0, size)
        if response.status in (404, 410):
            self._settle(memento, "missing", f"HTTP {response.status}")
        elif response.status == 200 and not whole:
            raise SiteUnavailable(f"{response.url}: the server gives whole files and no byte ranges; nothing was taken")
        elif response.status not in (200, 206):
            self._settle(memento, "failed", f"HTTP {response.status}")
        elif not cc.is_that_range(memento, given):
            self._settle(memento, "failed", f"asked for {cc.byte_range(memento)} the server gave {given}")
        elif size != memento.length:
            self._unanswered(response.url, f"{size} of {memento.length} bytes came ({memento.url})")
        else:
            await self._take(memento, response)

    async def _take(self, memento: Memento, response: Response) -> None:
        try:
            capture = cc.capture_of(memento, response.body)
        except NotAsTold as error:
            self._settle(memento, "failed", str(error))
            return
        await self._process_item(CaptureItem(capture, self.selection.hosts, memento=memento), response)
        self.counts["taken"] += 1
        self._have.add(version_of(memento))

    def _refused(self, memento: Memento, url: str) -> None:
        self._forbidden.append(memento)
        self.counts["unanswered"] += 1
        if len(self._forbidden) >= PATIENCE:
            raise WebArchiveBusy(f"{url}: HTTP 403 again and again; {LATER}")
