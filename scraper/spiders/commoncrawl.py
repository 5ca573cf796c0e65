"""The spider of Common Crawl: reads the index of every crawl, then fetches each record that is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrapy.http import Response

from scraper.address import is_ours
from scraper.archive import CaptureItem
from scraper.errors import BadArgument, SiteUnavailable, WebArchiveBusy
from scraper.records import Memento
from scraper.sources import cdx
from scraper.sources.content_coding import GZIP
from scraper.webarchives import commoncrawl as cc
from scraper.webarchives.base_spider import LATER, OddAnswer, WebArchiveSpider
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
        self._taken_versions: set[tuple[str, ...]] = set()

    def describe_run(self) -> Iterator[str]:
        counts = self.counts
        left = self.expected - sum(counts[state] for state in ("taken", "same", "missing", "failed"))
        bad = f"; {counts['unreadable']} lines that list none" if counts["unreadable"] else ""
        yield f"Indexes read: {counts['indexes']} of {counts['of']}; {counts['lines']} captures not known before{bad}"
        yield (
            f"Records: {counts['taken']} taken; {counts['same']} more had the same bytes, "
            f"{counts['other']} were no pages, {counts['missing']} missing, "
            f"{counts['failed']} not as the index says, {counts['unanswered']} without an answer"
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
            if self._has_many_odd_answers():  # perhaps of these indexes alone: the records are asked for all the same
                break
        await self._fetch_records(crawls)
        if not self.has_good_answer:
            self.stop_for_odd_answers()

    async def _list_crawls(self) -> list[Crawl]:
        """List the crawls to read, the oldest first, so that the first capture of each version is fetched."""
        url = f"{self.selection.index}collinfo.json"
        response = await self._fetch_response(url)
        if response is None or response.status != 200:
            problem = "it does not answer" if response is None else f"HTTP {response.status}"
            raise SiteUnavailable(f"{url}: {problem}; try later")
        try:
            crawls, bad_entries = cc.parse_crawls(_decode_body(response), self.selection.index)
        except (ValueError, RecursionError) as error:
            raise SiteUnavailable(f"{url} lists no crawls: {error}") from error
        self.counts["unanswered"] += len(bad_entries)
        for entry in bad_entries:
            self.archive.add_problem("index", f"{url}: an entry that names no crawl, so its index is not read: {entry}")
        chosen = [crawl for crawl in crawls if crawl.id.startswith(self.selection.crawls or "")]
        if not chosen:
            raise BadArgument(f"-a crawls={','.join(self.selection.crawls)}: the server has none; see {url}")
        return [crawl for crawl in chosen if crawl.overlaps(self.selection.since, self.selection.until)]

    async def _read_index(self, crawl: Crawl, host: str) -> bool:
        """Add the lines of a crawl on a host to the archive, from where the last run stopped; whether all came."""
        key = f"commoncrawl {crawl.index} {host}"
        known = None if self.selection.recheck else self.archive.recall(key)
        pages_read, _, pages = (known or "0/").partition("/")
        total = int(pages) if pages else await self._count_index_pages(crawl, host)
        page = int(pages_read)
        while total is not None and page < total:
            response = await self._fetch_response(cc.build_index_url(crawl, host, page=page))
            if response is None:
                return False
            if pages and cc.says_page_is_none(response.status, _decode_body(response)):
                pages, page = "", 0  # the index is another one than it was
                total = await self._count_index_pages(crawl, host)
            elif response.status == 404 and 0 < page < total - 1:  # there are lines before it and behind it
                return self._note_odd_index(response, "none where its index has named pages")
            elif self._is_index(response) and self._keep_lines(response, crawl):
                page += 1
                self._remember_progress(key, page, total)
            else:
                return False
        if total is None:
            return False
        self._remember_progress(key, total, total)
        return True

    def _keep_lines(self, response: Response, crawl: Crawl) -> bool:
        """Add the lines of an answer to the archive; False, with a problem noted, if it is no whole page."""
        if response.status == 404:  # its word that it has none
            return True
        try:
            page = cdx.parse_page(_decode_body(response), crawl.index)
        except ValueError as error:
            return self._note_odd_index(response, str(error))
        for line in page.bad_lines:
            self.counts["unreadable"] += 1
            self.archive.add_problem("index", f"{crawl.index}: a line that lists no capture: {line}")
        self.counts["lines"] += self.archive.add_mementos(page.mementos, self.name)
        if not (page.mementos and page.is_whole):
            return self._note_odd_index(response, "a line cannot be parsed" if page.mementos else "an empty page")
        self.note_good_answer()
        return True

    async def _count_index_pages(self, crawl: Crawl, host: str) -> int | None:
        """Ask how many pages the index has on a host; None where it does not say."""
        response = await self._fetch_response(cc.build_index_url(crawl, host, showNumPages="true"))
        if response is None or not self._is_index(response):
            return None
        try:
            return cc.parse_page_count(_decode_body(response)) if response.status == 200 else 0
        except (ValueError, RecursionError) as error:
            self._note_odd_index(response, str(error))
            return None

    def _is_index(self, response: Response) -> bool:
        """Whether an index answered, with lines or with none; other answers are noted as failures."""
        if response.status == 403:
            raise WebArchiveBusy(f"{response.url}: HTTP 403, the index asks us to stay away; {LATER}")
        if response.status == 404 and cc.says_no_captures(_decode_body(response)):
            self.note_good_answer()
            return True
        return response.status == 200 or self._note_odd_index(response, f"HTTP {response.status}")

    def _note_odd_index(self, response: Response, reason: str) -> bool:
        """Note an answer that is no whole page of an index; False."""
        self._note_odd(response, f"{response.url}: {reason}")
        return False

    def _note_odd(self, response: Response, reason: str) -> bool:
        """Note an odd answer; whether there were several in a row."""
        self.counts["unanswered"] += 1
        self.archive.add_problem("unreachable", reason, field="url")
        return self.note_odd_answer(OddAnswer(response.status, reason))

    def _remember_progress(self, key: str, read: int, total: int) -> None:
        self.archive.remember(key, f"{read}/{total}")
        self.archive.commit()

    async def _fetch_records(self, crawls: Iterable[Crawl]) -> None:
        """Fetch the record of every waiting line of a page, unless its bytes were taken from another line."""
        waiting: list[Memento] = []
        for crawl in crawls:
            if self.selection.recheck:
                self.reopen_mementos(crawl.index)
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
        if cc.build_range_header(memento) is None or (memento.length or 0) > self.settings.getint("DOWNLOAD_MAXSIZE"):
            self._settle_memento(memento, "failed", "the index names no place of it, or one that is too large")
            return
        if response := await self._request_record(memento):
            await self._judge_record(memento, response)

    async def _request_record(self, memento: Memento) -> Response | None:
        headers = {"Range": cc.build_range_header(memento) or "", "Accept-Encoding": "identity"}
        return await self._fetch_response(cc.build_record_url(self.selection.data, memento), headers)

    async def _judge_record(self, memento: Memento, response: Response) -> None:
        """Take the record, or settle its line; whatever does not speak of that record leaves its line waiting."""
        status, size = response.status, len(response.body)
        content_range = (response.headers.get("Content-Range") or b"").decode("latin-1")
        is_whole_file = status == 200 and (memento.offset, memento.length) == (0, size)
        # Nothing is stored on trust: the answer must be the requested bytes, and the record that of the index.
        if cc.says_no_file(status, _decode_body(response)):
            self._settle_memento(memento, "missing", f"HTTP {status}")
            self.note_good_answer()
        elif status == 200 and not is_whole_file and response.body.startswith(GZIP):
            raise SiteUnavailable(f"{response.url}: the server gives whole files and no byte ranges; nothing was taken")
        elif not (is_whole_file or status == 206) or not cc.is_requested_range(memento, content_range):
            self._leave_record(memento, response, f"HTTP {status} {content_range}".strip())
        elif size != memento.length or not (content_range or response.body.startswith(GZIP)):
            self._leave_record(memento, response, f"{size} of {memento.length} bytes came, or other bytes")
        else:
            await self._take_record(memento, response)

    def _leave_record(self, memento: Memento, response: Response, reason: str) -> None:
        """Leave a record that did not come for another run. Raises WebArchiveBusy, SiteUnavailable."""
        if self._note_odd(response, f"{response.url}: {reason} ({memento.url})"):
            self.stop_for_odd_answers()

    async def _take_record(self, memento: Memento, response: Response) -> None:
        try:
            capture = cc.parse_capture(memento, response.body)
        except IndexMismatch as error:
            again = await self._request_record(memento)
            if again is None or again.body != response.body:  # they were damaged on their way
                self._leave_record(memento, response, str(error))
                return
            self._settle_memento(memento, "failed", str(error))
            self.note_good_answer()
            return
        self.note_good_answer()
        await self._process_item(CaptureItem(capture, self.selection.hosts, memento=memento), response)
        self.counts["taken"] += 1
        self._taken_versions.add(identify_version(memento))


def _decode_body(response: Response) -> str:
    """The text of an answer, whatever its headers call it."""
    return response.body.decode("utf-8", "replace")
