"""The base of a spider of the live site: requests its pages and passes every answer to the pipeline."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from scraper.address import host_of, identity, is_listing, is_part, is_post, split_part
from scraper.archive import CaptureItem
from scraper.crawl.archiving_spider import ArchivingSpider
from scraper.crawl.arguments import Arguments
from scraper.crawl.capture_response import build_answer, build_capture
from scraper.crawl.download_failure import describe_failure
from scraper.crawl.probe import shows_other_post
from scraper.crawl.redirect_chain import RedirectChain
from scraper.crawl.run_stats import PostCounts
from scraper.crawl.site import Site
from scraper.crawl.site_explorer import PARTS_MAX, SiteAnswer
from scraper.crawl.stoppable_download import GivenUpDownload
from scraper.crawl.whats_new import VALIDATORS
from scraper.errors import ArchiveError
from scraper.http_headers import find_header
from scraper.records import Extraction, Problem

NOT_MODIFIED = 304
# Outcomes of a post's page that count as no answer: another run should request it again.
NO_ANSWER = frozenset(("error", "challenge", "maintenance", "parked", "unreadable"))


class FetchingSpider(ArchivingSpider):
    """Visits addresses with their redirects, has every answer processed, counts posts."""

    arguments: Arguments
    site: Site

    def __init__(self) -> None:
        super().__init__()
        self.post_counts = PostCounts()
        self.counts = self.post_counts.outcomes  # of post pages; failed, refused (by robots.txt)
        self.failed_paths: set[str] = set()  # another run should request them again
        self.torn_paths: set[str] = set()  # of posts whose page was cut on its way
        self.listed_paths: set[str] = set()  # of posts that the site's lists name
        self._failures: list[str] = []
        self._requested_paths: set[str] = set()  # of posts; a redirect to one of them need not be followed
        self._requested_parts: set[str] = set()  # later pages of posts
        self._part_count = 0
        self.cut_posts: set[str] = set()  # of which pages are left: each may name a next one without end
        self._unjudged_items: list[CaptureItem] | None = []  # read before the verdict; None after it

    @property
    def is_local(self) -> bool:
        return self.site.is_local

    @property
    def is_judged(self) -> bool:
        """Whether it is a night; --force takes what comes."""
        return self.arguments.nightly and not self.arguments.force and not self.arguments.probe

    def has_gaps(self) -> bool:
        """Whether an address did not answer, a page was cut on its way, or the budget of a night left news."""
        return self.leaves_news or bool(self.counts["failed"] or self.torn_paths)

    def parse(self, response: Response) -> AsyncIterator[CaptureItem | Request]:
        """Process the page of a post."""
        raise NotImplementedError

    def _request_parts(self, extraction: Extraction) -> Iterator[Request]:
        """Request the other pages of a post that is split, whenever one of them was read; they count as no posts."""
        for address in extraction.found:
            path = identity(address.url)
            if not is_part(path) or path in self._requested_parts:
                continue
            self._requested_parts.add(path)
            post, number = split_part(path)
            if number > PARTS_MAX or self._part_count >= self.settings.getint("LINKED_POSTS_MAX"):
                self.cut_posts.add(post)
                continue
            self._part_count += 1
            yield self._build_request(address.url)

    def handle_failure(self, failure: Failure) -> None:
        """Note that the page of a post did not come; Scrapy's errback."""
        self._note_failure(failure.request.url, failure.value or "no answer")  # type: ignore[attr-defined]

    def _may_store(self) -> bool:
        return not self.arguments.probe and self.failure is None

    async def _visit_url(self, url: str, headers: Mapping[str, str] | None = None) -> SiteAnswer | None:
        """Fetch an address of the site and follow its redirects; None, with a problem noted, if there is no answer."""
        try:
            return await self._follow_redirects(url, headers)
        except ArchiveError:
            raise
        except Exception as error:
            self._note_fault(url, error)
            return None

    async def _follow_redirects(self, url: str, headers: Mapping[str, str] | None) -> SiteAnswer | None:
        target, chain = self.site.request_url(url), RedirectChain(url)
        while True:
            try:
                response = await self._download(self._build_request(target, chain, headers))
            except Exception as error:  # of any kind: the next address may have an answer
                self._note_failure(target, error)
                return None
            item, onward = self._build_item(response)
            extraction = await self._process_answer(item, response)
            onward = onward or self._find_refresh(extraction, response)
            if onward is None or not self._leads_onward(onward, chain):
                return build_answer(response, item.capture, extraction)
            if reason := chain.explain_end(onward):
                self._note_failure(url, reason)
                return None
            target = onward

    def _find_refresh(self, extraction: Extraction, response: Response) -> str | None:
        """Find where a page itself sends its readers on the site."""
        is_page = extraction.location is not None and response.status < 300
        return self.site.resolve_redirect(response.url, extraction.location or "") if is_page else None

    def _leads_onward(self, target: str, chain: RedirectChain) -> bool:
        """Whether a redirect of the chain is followed; not to a post that has a request of its own, nor to a list."""
        path = identity(target)
        if is_post(identity(chain.start)) and is_listing(path):
            return False
        return path in chain.paths or path not in self._requested_paths

    def _build_request(
        self, url: str, chain: RedirectChain | None = None, headers: Mapping[str, str] | None = None
    ) -> Request:
        # Every answer is evidence, and redirects are followed here: Scrapy has to pass all of them on.
        chain = chain or RedirectChain(url)
        meta = {"handle_httpstatus_all": True, "chain": chain}
        url = self.site.request_url(url)
        request = Request(url, self.parse, errback=self.handle_failure, meta=meta, headers=headers, dont_filter=True)
        chain.add_request(request)
        return request

    def _build_item(self, response: Response) -> tuple[CaptureItem, str | None]:
        """Build an item of the answer; with it the address to which it redirects on the site."""
        awaits_verdict = self._unjudged_items is not None
        item = CaptureItem(build_capture(response), self.site.hosts, self._may_store(), awaits_verdict)
        if item.capture.truncated and response.status < 300 and is_post(item.capture.path):
            self.torn_paths.add(item.capture.path)
        RedirectChain.of(response).take_cookies(response)
        location = find_header(item.capture.headers, "location")
        if not (300 <= response.status < 400 and location):
            return item, None
        target = self.site.resolve_redirect(response.url, location)
        if target is None:
            message = f"The redirect to {location[:200]} leads off the site: it was not followed."
            item.problems = (Problem("url", "redirect", message),)
        return item, target

    async def _process_answer(self, item: CaptureItem, response: Response) -> Extraction:
        """Have the pipeline process an answer; before the verdict its readings are not stored.

        Raises ArchiveError where the archive cannot keep it, which ends the run.
        """
        asked = response.request.headers if response.request else {}
        is_conditional = any(name in asked for name in VALIDATORS.values())
        if response.status == NOT_MODIFIED and is_conditional:  # it holds no page, and is not kept
            item.store_readings, item.taken = False, "known"
            return await self._process_item(item, quietly=True)
        extraction = await self._process_item(item, response)
        # What REST says of edits before the verdict is compared with their pages, and is no copy beside them.
        if self._unjudged_items is not None and extraction.readings and extraction.outcome != "rest":
            self._unjudged_items.append(item)
        return extraction

    async def _store_unjudged_items(self) -> None:
        """Store what was read before the verdict; of a doubtful site only the captures are kept."""
        items, self._unjudged_items = self._unjudged_items or [], None
        for item in items if self._may_store() else ():
            item.store_readings, item.awaits_verdict = True, False
            await self._process_item(item, quietly=True)

    def _count_requests(self) -> int:
        return int(str(self._read_stat("downloader/request_count") or 0))

    def _count_post(self, extraction: Extraction, url: str | None = None) -> None:
        """Count the last answer to the request for a post; a redirect to a list of posts says that it is missing.

        `url` is what was requested, where redirects may have led elsewhere.
        """
        path = identity(url) if url else extraction.path
        if is_useless(extraction):
            extraction = replace(extraction, outcome="error")
        elif reason := self._explain_absence(extraction, path):
            self._report_absence(path, reason)
            extraction = replace(extraction, outcome="error")
        elif extraction.outcome == "redirect" and is_listing(identity(extraction.location or "/-/")):
            extraction = replace(extraction, outcome="missing")
        if is_part(extraction.path) and extraction.outcome not in NO_ANSWER:
            return
        self.done += 1
        self.post_counts.add_post(extraction)
        if extraction.outcome in NO_ANSWER:
            self.counts["failed"] += 1
            self.failed_paths.add(path)

    def _explain_absence(self, extraction: Extraction, path: str) -> str | None:
        """Say what came in place of a post that the site's lists name; None for any other, and where the post came."""
        if path not in self.listed_paths:
            return None
        if shows_other_post(extraction):  # a cache, or a wrong link in the head, hides it
            self.post_counts.skipped["other_post"] += 1
            return f"another post's page came, which names {extraction.readings[0].brief.path} as its address"
        if self.arguments.nightly:  # which asks again every night, and warns
            return None
        location = extraction.location or ""
        leads_to_post = host_of(location) in self.site.hosts and not is_listing(identity(location))
        if extraction.outcome == "redirect" and not leads_to_post:
            return f"the site's lists name it, and it redirects to {location[:200]}"
        return "the site's lists name it, and no post came" if extraction.outcome in ("listing", "page") else None

    def _report_absence(self, path: str, reason: str) -> None:
        if self.archive and not self.arguments.probe:
            self.archive.add_problem("unreachable", f"{path}: {reason}", field="url")

    def _note_failure(self, url: str, error: BaseException | str) -> None:
        self.failed_paths.add(identity(url))
        if isinstance(error, GivenUpDownload):
            return
        is_refused = isinstance(error, IgnoreRequest) and str(error).startswith("Forbidden by robots.txt")
        reason = error if isinstance(error, str) else describe_failure(error)
        reason = "robots.txt forbids it" if is_refused else reason
        self._failures.append(f"{url}: {reason}")
        self.counts["refused" if is_refused else "failed"] += 1
        self.done += is_post(identity(url))
        if self.archive and not self.arguments.probe:
            try:
                self.archive.add_problem("refused" if is_refused else "unreachable", f"{url}: {reason}", field="url")
                if is_refused:
                    self.archive.add_skipped_address(url, "robots")
            except ArchiveError as archive_error:
                self.failure = self.failure or archive_error

    def _note_server_failure(self, url: str, answer: SiteAnswer | None) -> None:
        if answer is not None:
            self._note_failure(url, f"HTTP {answer.status}")


def is_useless(extraction: Extraction) -> bool:
    """Whether an answer that is no error has nothing of the post: no bytes, no text, a redirect to nowhere."""
    kinds = {problem.kind for problem in extraction.problems}
    is_nothing = not extraction.readings and bool(kinds & {"empty", "format"})
    return is_nothing or (extraction.outcome == "redirect" and not host_of(extraction.location or ""))
