"""The second step: what one capture says. Pure: no network, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.extraction.cpu_budget import PAGE_SECONDS, Overrun, limit_cpu
from pipelines.extraction.documents import split_documents
from pipelines.extraction.dumps import collect_export_posts, collect_feed_posts, collect_json_posts
from pipelines.extraction.foreign_texts import (
    FOREIGN_JSON,
    NO_TEXT,
    UNMARKED,
    describe_form,
    doubt_text,
    find_foreign_form,
)
from pipelines.extraction.layouts import GenericLayout, HtmlLayout, find_layouts
from pipelines.extraction.layouts.text import TextPost
from pipelines.extraction.lost_text import report_wall
from pipelines.extraction.media_kind import detect_media_kind
from pipelines.extraction.page_parts import find_part
from pipelines.extraction.page_refresh import describe_lost_redirect, find_refresh
from pipelines.extraction.page_types import classify_status, recognise_page, recognise_text
from pipelines.extraction.post import read_post
from pipelines.extraction.stand_ins import doubt_denial, drop_translations, recognise_stand_in, report_other_answer
from pipelines.extraction.text_lines import read_text_lines
from pipelines.extraction.text_posts import lift_title, make_path, split_texts
from pipelines.faults import note_fault
from scraper.address import SAMPLE_HOST, SITE_HOSTS, is_post, split_part, strip_part
from scraper.archive import CaptureItem
from scraper.discovery.json_posts import holds_foreign_texts, is_rest_answer
from scraper.discovery.json_values import parse_dump
from scraper.discovery.post_addresses import (
    find_posts_in_dump,
    find_posts_in_feed,
    find_posts_in_listing,
    find_posts_in_sitemap,
)
from scraper.markup.charset import decode_text, recode_as_utf8
from scraper.markup.html_page import Page
from scraper.records import Capture, Extraction, FoundAddress, Outcome, Problem, Reading
from scraper.sample_site import is_sample_page
from scraper.sources.content_coding import GZIP, decode_payload

_NO_PAGES = frozenset(("soft404", "challenge", "maintenance", "parked", "error"))


@dataclass(frozen=True, slots=True)
class _Subject:
    """The capture to extract, and the address it belongs to."""

    capture: Capture
    url: str | None
    path: str
    hosts: frozenset[str]

    def make_extraction(
        self,
        outcome: Outcome,
        layout: str | None = None,
        charset: str | None = None,
        readings: tuple[Reading, ...] = (),
        problems: tuple[Problem, ...] = (),
        found: tuple[FoundAddress, ...] = (),
    ) -> Extraction:
        """The extraction of this capture."""
        at = self.capture.captured_at
        if at is None and self.capture.source == "file":
            problems += (
                Problem("captured_at", "missing", "Nothing says when it was saved; a file's own time may lie."),
            )
        return Extraction(self.path, self.url, at, outcome, layout, charset, readings, problems, found)


def extract(capture: Capture, hosts: frozenset[str] = SITE_HOSTS, seconds: float = PAGE_SECONDS) -> Extraction:
    """The outcome of the capture, and the posts it holds with evidence and problems.

    `hosts` are the site's own, without www. Raises nothing: what cannot be read, or not within so many seconds of
    CPU time, becomes a problem.
    """
    hosts |= {SAMPLE_HOST} if is_sample_page(capture) else frozenset()
    subject = _Subject(capture, capture.address, capture.path, hosts)
    try:
        with limit_cpu(seconds):
            return doubt_denial(capture, drop_translations(_extract_capture(subject)))
    except Overrun:
        message = f"Reading it takes more than {seconds:g} seconds: its bytes are kept, and none of it is read."
        return subject.make_extraction("unreadable", problems=(Problem(None, "budget", message),))
    except Exception as error:  # one page must not end the run: its bytes are kept, and the error becomes a problem
        return subject.make_extraction(
            "unreadable", problems=(note_fault("A rule failed on this page", capture, error),)
        )


def _extract_capture(subject: _Subject) -> Extraction:
    capture = subject.capture
    by_status = classify_status(capture.status)
    if by_status == "redirect":
        is_lost = not capture.location and is_post(subject.path)
        problems = (describe_lost_redirect(capture.status),) if is_lost else ()
        return replace(subject.make_extraction("redirect", problems=problems), location=capture.location)
    if is_post(subject.path) and capture.body.startswith(GZIP):  # a file of its own, by its type; for a post it is none
        body = decode_payload(capture.body, ())
        capture = replace(capture, body=body.body, truncated=capture.truncated or not body.whole)
        subject = replace(subject, capture=capture)
    extraction = _extract_answer(subject, by_status)
    return report_other_answer(extraction, capture.status, by_status) if is_post(subject.path) else extraction


def _extract_answer(subject: _Subject, by_status: Outcome | None) -> Extraction:
    capture = subject.capture
    if not capture.body or capture.body.isspace():
        empty = Problem(None, "empty", "The capture has no bytes to read.")
        return subject.make_extraction(by_status or "unreadable", problems=() if by_status else (empty,))
    kind = detect_media_kind(capture)
    if kind in ("other", "robots"):
        problems = (NO_TEXT,) if kind == "other" and not by_status and is_post(subject.path) else ()
        return subject.make_extraction(by_status or ("robots" if kind == "robots" else "other"), problems=problems)
    if kind in ("table", "xml"):
        return subject.make_extraction("unreadable", problems=(describe_form(kind, capture.body),))
    if kind == "html":
        return _extract_html(subject, by_status)
    if by_status:
        return subject.make_extraction(by_status)
    return _extract_text(subject) if kind == "text" else _extract_machine_format(subject, kind)


def _extract_html(subject: _Subject, by_status: Outcome | None) -> Extraction:
    page = Page(subject.capture.body, subject.capture.content_type, subject.url)
    documents = split_documents(subject.capture.body, page)
    if len(documents) > 1 and (several := _extract_documents(subject, documents, by_status)):
        return several
    if not by_status and subject.url and (location := find_refresh(page.text, subject.url)):
        return replace(subject.make_extraction("redirect", charset=page.charset), location=location)
    recognised = recognise_page(page, split_part(subject.path)[0] if subject.url else None)
    problems = _doubt_charset(page.text) + tuple(Problem(None, "capped", message) for message in page.caps)
    outcome = recognised.outcome
    if by_status and outcome not in ("challenge", "maintenance", "parked"):
        outcome = by_status
    if outcome == "brief":
        return _extract_post_page(subject, page, problems)
    if outcome == recognised.outcome and outcome in _NO_PAGES:
        problems += (recognised.describe(),)
    url = subject.url if outcome in ("listing", "page") else None
    found = find_posts_in_listing(page.anchors, url, subject.hosts) if url else ()
    return subject.make_extraction(outcome, None, page.charset, (), problems, found)


def _extract_documents(subject: _Subject, documents: list[bytes], by_status: Outcome | None) -> Extraction | None:
    """The posts of a file that holds several pages; None where they are not pages of two posts at least."""
    captures = [replace(subject.capture, url=None, body=document) for document in documents]
    pages = [_extract_html(replace(subject, capture=c, url=None, path=c.path), by_status) for c in captures]
    readings = {reading.brief.path: reading for page in pages for reading in page.readings}
    if len(readings) < 2:
        return None
    problems = tuple({problem for page in pages for problem in page.problems if problem.field != "captured_at"})
    found = tuple(address for page in pages for address in page.found)
    outcome: Outcome = "brief" if subject.path in readings else "feed"
    return subject.make_extraction(
        outcome, pages[0].layout, pages[0].charset, tuple(readings.values()), problems, found
    )


def _doubt_charset(text: str) -> tuple[Problem, ...]:
    return (Problem(None, "charset", "Some bytes stand for no character."),) if "\ufffd" in text else ()


def _extract_post_page(subject: _Subject, page: Page, problems: tuple[Problem, ...]) -> Extraction:
    """A page of one post, unless its look is unknown and nothing in it is the site's."""
    layout, page, doubts = _choose_layout(page)
    problems += doubts
    truncated = subject.capture.truncated or page.is_truncated
    if truncated:
        problems += (Problem("body", "truncated", "The page is cut off: what follows is not in the capture."),)
    part = find_part(page, subject.url)
    url, path = (subject.url and strip_part(subject.url)), split_part(subject.path)[0]
    reading = read_post(layout, url, path, subject.hosts, truncated=truncated)
    reading = report_wall(reading, layout.find_content(), page)
    if part.count > 1:
        reading = replace(reading, part=part.number, parts=part.count)
    if stand_in := recognise_stand_in(page, subject.url, layout.name, reading):
        outcome, problem = stand_in
        return subject.make_extraction(outcome, None, page.charset, (), (*problems, problem))
    found = find_posts_in_listing(page.anchors, subject.url, subject.hosts) + part.others if subject.url else ()
    return subject.make_extraction("brief", layout.name, page.charset, (reading,), problems, found)


def _choose_layout(page: Page) -> tuple[HtmlLayout, Page, tuple[Problem, ...]]:
    """The layout of a post's page; if none or two fit, that is a problem, and the page is read all the same."""
    layouts = find_layouts(page)
    if not layouts and _has_lost_article(page):
        page = page.reparse_leniently()
        layouts = find_layouts(page)
    if not layouts:
        return GenericLayout(page), page, (Problem(None, "look", "No known look fits: the generic one read it."),)
    names = " and ".join(layout.name for layout in layouts)
    doubts = (Problem(None, "look", f"Two looks fit: {names}; the first read it."),) if len(layouts) > 1 else ()
    return layouts[0](page), page, doubts


def _has_lost_article(page: Page) -> bool:
    """Whether the bytes name an article's container that the parsed tree does not hold."""
    names = ("entry-content", "et_pb_post_content")
    return any(name in page.text for name in names) and not page.find_by_class(*names)


def _extract_text(subject: _Subject) -> Extraction:
    capture, url = subject.capture, subject.url
    text, charset = decode_text(capture.body, capture.content_type)
    text = lift_title(text)
    lines = read_text_lines(text)
    words = [line.text for line in lines]
    if foreign := find_foreign_form(text, words, url):
        return subject.make_extraction("unreadable", None, charset, problems=(foreign,))
    recognised = recognise_text(words, subject.path if url else None)
    if recognised.outcome != "brief":
        false_page = (recognised.describe(),) if recognised.outcome in _NO_PAGES else ()
        return subject.make_extraction(recognised.outcome, None, charset, (), false_page)
    layout = TextPost(lines, url)
    if not layout.read_lines():
        problem = Problem(None, "unreadable", "The text has no line that editors wrote.")
        return subject.make_extraction("unreadable", "text", charset, problems=(problem,))
    problems = _doubt_charset(text)
    problems += (Problem("body", "truncated", "The text is known to be cut off."),) if capture.truncated else ()
    briefs = split_texts(text)
    if len(briefs) > 1 and url is None:
        return subject.make_extraction("feed", "text", charset, _read_texts(briefs, subject), problems)
    if len(briefs) > 1:
        problems += (Problem("body", "doubtful", "Another text stands below this one and is left out."),)
        layout = TextPost(read_text_lines(briefs[0]), url)
    reading = read_post(layout, url, subject.path, subject.hosts, truncated=capture.truncated)
    if (doubt := doubt_text(reading.brief) if url is None else None) == UNMARKED:
        return subject.make_extraction("unreadable", "text", charset, problems=(doubt,))
    problems += (doubt,) if doubt else ()
    return subject.make_extraction("brief", "text", charset, (reading,), problems)


def _read_texts(texts: list[str], subject: _Subject) -> tuple[Reading, ...]:
    """The reading of each text of a file without an address."""
    by_path = {make_path(text): TextPost(read_text_lines(text), None) for text in texts}
    cut = subject.capture.truncated
    return tuple(read_post(layout, None, path, subject.hosts, truncated=cut) for path, layout in by_path.items())


def _extract_machine_format(subject: _Subject, kind: str) -> Extraction:
    """Sitemaps, feeds, exports and REST answers: addresses, and posts whose text is complete."""
    capture, url, hosts = subject.capture, subject.url, subject.hosts
    if kind == "sitemap":
        return subject.make_extraction("sitemap", found=find_posts_in_sitemap(capture.body, url, hosts))
    if kind == "rest":
        return _extract_json(subject)
    body = recode_as_utf8(capture.body, capture.content_type)
    if kind == "export":
        posts = collect_export_posts(body, hosts, truncated=capture.truncated)
        found: tuple[FoundAddress, ...] = ()
    else:
        posts = collect_feed_posts(body, hosts, truncated=capture.truncated)
        found = find_posts_in_feed(body, url, hosts)
    problems = (*_doubt_charset(body.decode("utf-8", "replace")), *posts.problems)
    layout = "wxr" if kind == "export" else "feed"
    return subject.make_extraction("feed", layout, None, posts.readings, problems, found)


def _extract_json(subject: _Subject) -> Extraction:
    url, hosts = subject.url, subject.hosts
    try:
        dump = parse_dump(subject.capture.body)
    except (ValueError, RecursionError) as error:
        problem = Problem(None, "unreadable", f"Not the JSON that REST answers with: {error}.")
        return subject.make_extraction("unreadable", problems=(problem,))
    found, posts = find_posts_in_dump(dump, url, hosts), collect_json_posts(dump, url, hosts)
    if url is None and not posts.readings and not posts.problems and holds_foreign_texts(dump):
        return subject.make_extraction("unreadable", problems=(FOREIGN_JSON,), found=found)
    if not posts.readings and not found and not is_rest_answer(dump):
        return subject.make_extraction("other", problems=tuple(posts.problems))
    outcome: Outcome = "feed" if dump.is_feed else "rest"
    return subject.make_extraction(outcome, "rest", None, posts.readings, tuple(posts.problems), found)


def extract_item(item: CaptureItem, ready: Extraction | None = None) -> None:
    """Extract the capture, unless the item has its extraction; `ready` is one that a worker made of it."""
    if item.extraction is not None:
        return
    item.extraction = extraction = ready or extract(item.capture, item.hosts)
    if not item.problems:
        return
    noticed_fields = {problem.field for problem in item.problems} & {"captured_at"}  # it says more than "missing"
    problems = [problem for problem in extraction.problems if problem.field not in noticed_fields]
    item.extraction = replace(extraction, problems=(*problems, *item.problems))


class ExtractPipeline:
    """Extracts each capture by the rules of pipelines.extraction."""

    def process_item(self, item: object) -> object:
        """The item with its extraction."""
        if isinstance(item, CaptureItem):
            extract_item(item)
        return item
