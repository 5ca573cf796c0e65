"""The spider of Common Crawl: reads the index of every crawl, then fetches each record that is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrapy.http import Response

from scraper.address import is_ours
from scraper.archive import CaptureItem
from scraper.errors import BadArgument, SiteUnavailable, WebArchiveBusy
from scraper.records import Memento
from scraper.sources import cdx
from scraper.webarchives import commoncrawl as cc
from scraper.webarchives.base_spider import LATER, PATIENCE, WebArchiveSpider
from scraper.webarchives.commoncrawl import Crawl, IndexMismatch
from scraper.webarchives.dedup import explain_record_omission, identify_version
from scraper.webarchives.selection import CommonCrawlSelection


class CommonCrawlSpider(WebArchiveSpider):
    """Fetches what Common Crawl holds of usresistnews.org and usrenewnews.org, or of the one host `site` names."""

    name = "commoncrawl"
    per_minute = "COMMONCRAWL_PER_MINUTE"
    selection_type = CommonCrawlSelection
    selection: CommonCrawlSelection

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self._refused_mementos: list[Memento] = []  # in a row
        self._taken_versions: set[tuple[str, ...]] = set()

    def describe_run(self) -> Iterator[str]:
        """Say what the run did."""
        counts = self.counts
        left = self.expected - sum(counts[state] for state in ("taken", "same", "missing", "failed"))
        bad = f"; {counts['unreadable']} lines that list none" if counts["unreadable"] else ""
        yield f"Indexes read: {counts['indexes']} of {counts['of']}; {counts['lines']} captures not known before{bad}"
        yield (
            f"Records: {counts['taken']} taken; {counts['same']} more had the same bytes, "
            f"{counts['other']} were no pages, {counts['missing']} missing, "
            f"{counts['failed']} not as the index tells, {counts['unanswered']} without an answer"
        )
        if left or counts["aside"]:
            yield f"Still waiting: {left} for another run, {counts['aside']} that since, until and match left aside"

    async def fetch_all(self) -> None:
        """Read the indexes and fetch what is new in them."""
        crawls = await self._list_crawls()
        queries = [(crawl, host) for crawl in crawls for host in sorted(self.selection.hosts)]
        self.counts["of"] = len(queries)
        for crawl, host in queries:
            self.counts["indexes"] += await self._read_index(crawl, host)
        await self._fetch_records(crawls)

    async def _list_crawls(self) -> list[Crawl]:
        """List the crawls to read, the oldest first, so that the first capture of each version is fetched."""
        url = f"{self.selection.index}collinfo.json"
        response = await self._fetch_response(url)
        if response is None or response.status != 200:
            problem = "it does not answer" if response is None else f"HTTP {response.status}"
            raise SiteUnavailable(f"{url}: {problem}; try later")
        try:
            crawls = cc.parse_crawls(response.text, self.selection.index)
        except (ValueError, AttributeError) as error:
            raise SiteUnavailable(f"{url} lists no crawls: {error}") from error
        chosen = [crawl for crawl in crawls if self.selection.includes_crawl(crawl.id)]
        if not chosen:
            raise BadArgument(f"-a crawls={','.join(self.selection.crawls)}: the server has none; see {url}")
        return [crawl for crawl in chosen if crawl.overlaps(self.selection.since, self.selection.until)]

    async def _read_index(self, crawl: Crawl, host: str) -> bool:
        """Add the lines of a crawl on a host to the archive, from where the last run stopped; whether all came."""
        assert self.archive
        key = f"commoncrawl {crawl.index} {host}"
        pages_read, _, pages = (self.archive.recall(key) or "0/").partition("/")
        total = int(pages) if pages else await self._count_index_pages(crawl, host)
        if total is None:
            return False
        for page in range(int(pages_read), total):
            url = cc.build_index_url(crawl, host, page=page)
            response = await self._fetch_response(url)
            if response is None or not self._is_index(response):
                return False
            if response.status == 200 and not self._keep_lines(response, crawl):
                return False
            self._remember_progress(key, page + 1, total)
        self._remember_progress(key, total, total)
        return True

    def _keep_lines(self, response: Response, crawl: Crawl) -> bool:
        """Add the lines of an answer to the archive; False, with a problem noted, if it is no page of an index."""
        assert self.archive
        try:
            page = cdx.parse_page(response.text, crawl.index)
        except (ValueError, AttributeError) as error:
            self._note_failure(response.url, str(error))
            return False
        for line in page.bad_lines:
            self.counts["unreadable"] += 1
            self.archive.add_problem("index", f"{crawl.index}: a line that lists no capture: {line}")
        self.counts["lines"] += self.archive.add_mementos(page.mementos, self.name)
        return True

    async def _count_index_pages(self, crawl: Crawl, host: str) -> int | None:
        """Ask how many pages the index has on a host; None where it does not say."""
        url = cc.build_index_url(crawl, host, showNumPages="true")
        response = await self._fetch_response(url)
        if response is None or not self._is_index(response):
            return None
        try:
            return cc.parse_page_count(response.text) if response.status == 200 else 0
        except ValueError as error:
            self._note_failure(url, str(error))
            return None

    def _is_index(self, response: Response) -> bool:
        """Whether an index answered, with lines or with none; other answers are noted as failures."""
        if response.status == 403:
            raise WebArchiveBusy(f"{response.url}: HTTP 403, the index asks us to stay away; {LATER}")
        if response.status == 200 or (response.status == 404 and cc.says_no_captures(response.text)):
            return True
        self._note_failure(response.url, f"HTTP {response.status}")
        return False

    def _remember_progress(self, key: str, read: int, total: int) -> None:
        assert self.archive
        self.archive.remember(key, f"{read}/{total}")
        self.archive.commit()

    async def _fetch_records(self, crawls: Iterable[Crawl]) -> None:
        """Fetch the record of every waiting line of a page, unless its bytes were taken from another line."""
        assert self.archive
        waiting: list[Memento] = []
        for crawl in crawls:
            self._taken_versions |= set(map(identify_version, self.archive.list_mementos(crawl.index, "taken")))
            waiting += [memento for memento in self.archive.list_mementos(crawl.index) if self._is_wanted(memento)]
        self.archive.commit()
        self.expected = len(waiting)
        for memento in waiting:
            if identify_version(memento) in self._taken_versions:
                self._settle_memento(memento, "same", "the same bytes as an earlier capture that is taken")
            else:
                await self._attempt(memento, self._fetch_record)
                self.archive.commit()
            self.done += 1

    def _is_wanted(self, memento: Memento) -> bool:
        """Whether a line is for this run; a line of what is never kept is settled."""
        reason = explain_record_omission(memento) if is_ours(memento.url, self.selection.hosts) else "another host"
        if reason:
            self._settle_memento(memento, "other", reason)
            return False
        is_included = self.selection.includes(memento)
        self.counts["aside"] += not is_included
        return is_included

    async def _fetch_record(self, memento: Memento) -> None:
        range_header = cc.build_range_header(memento)
        if range_header is None or (memento.length or 0) > self.settings.getint("DOWNLOAD_MAXSIZE"):
            self._settle_memento(memento, "failed", "the index tells no place of it, or one that is too large")
            return
        url = cc.build_record_url(self.selection.data, memento)
        response = await self._fetch_response(url, {"Range": range_header, "Accept-Encoding": "identity"})
        if response is None:
            return
        if response.status == 403:
            self._note_refusal(memento, url)
            return
        for refused in self._refused_mementos:  # the server answers us, so it refused only those files
            self._settle_memento(refused, "missing", "HTTP 403")
        self.counts["unanswered"] -= len(self._refused_mementos)
        self._refused_mementos.clear()
        await self._judge_record(memento, response)

    async def _judge_record(self, memento: Memento, response: Response) -> None:
        size, content_range = len(response.body), (response.headers.get("Content-Range") or b"").decode("latin-1")
        is_whole_file = response.status == 200 and (memento.offset, memento.length) == (0, size)
        # Nothing is stored on trust: the answer must be the requested bytes, and the record that of the index.
        if response.status in (404, 410):
            self._settle_memento(memento, "missing", f"HTTP {response.status}")
        elif response.status == 200 and not is_whole_file:
            raise SiteUnavailable(f"{response.url}: the server gives whole files and no byte ranges; nothing was taken")
        elif response.status not in (200, 206):
            self._settle_memento(memento, "failed", f"HTTP {response.status}")
        elif not cc.is_requested_range(memento, content_range):
            requested = cc.build_range_header(memento)
            self._settle_memento(memento, "failed", f"asked for {requested} the server gave {content_range}")
        elif size != memento.length:
            self._note_failure(response.url, f"{size} of {memento.length} bytes came ({memento.url})")
        else:
            await self._take_record(memento, response)

    async def _take_record(self, memento: Memento, response: Response) -> None:
        try:
            capture = cc.parse_capture(memento, response.body)
        except IndexMismatch as error:
            self._settle_memento(memento, "failed", str(error))
            return
        await self._process_item(CaptureItem(capture, self.selection.hosts, memento=memento), response)
        self.counts["taken"] += 1
        self._taken_versions.add(identify_version(memento))

    def _note_refusal(self, memento: Memento, url: str) -> None:
        self._refused_mementos.append(memento)
        self.counts["unanswered"] += 1
        if len(self._refused_mementos) >= PATIENCE:
            raise WebArchiveBusy(f"{url}: HTTP 403 again and again; {LATER}")
