"""Posts as WordPress's REST interface gives them (site-atlas 5.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml.html import HtmlElement, HTMLParser, fragment_fromstring

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.dump_post import DumpPost, doubt_blocks, find_number
from pipelines.extraction.layouts.wordpress_markup import render_content, render_shortcodes, texturize
from pipelines.extraction.lines import Line, read_lines
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.cloudflare import may_hide_emails, reveal_emails
from scraper.dates import parse_iso_instant, parse_site_day
from scraper.discovery.json_posts import JsonPost
from scraper.html_page import class_condition, collapse_spaces, text_of
from scraper.records import Category, Problem

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # lxml refuses them

_DOCUMENT = re.compile(r"</?(?:html|body)\b[^>]*>", re.IGNORECASE)  # inside a text they end nothing
_BREAK = re.compile(r"</?(?:br|p|div|h[1-6]|li|hr)\b[^>]*>", re.IGNORECASE)


def parse_content(content: str) -> HtmlElement:
    """Parse rendered HTML as one element; it holds shortcodes where the builder does not run for REST."""
    return parse_fragment(render_shortcodes(content) if "[et_pb" in content or "[/" in content else content)


def parse_fragment(markup: str) -> HtmlElement:
    """Parse any piece of HTML as one element."""
    parser = HTMLParser(huge_tree=True, collect_ids=False)  # by itself it stops at 256 elements in one another
    whole = f"<div>{_DOCUMENT.sub('', _CONTROLS.sub('', markup))}</div>"
    tree: HtmlElement = fragment_fromstring(whole, create_parent="div", parser=parser)
    if may_hide_emails(markup):
        reveal_emails(tree)
    return tree


def strip_markup(markup: str) -> str:
    """Reduce a rendered title to its text: entities resolved, tags dropped, white space collapsed."""
    if may_hide_emails(markup):
        return text_of(parse_fragment(markup))
    return collapse_spaces(unescape(re.sub(r"<[^>]+>", "", _BREAK.sub(" ", markup))))


def build_rest_layout(post: JsonPost, *, is_feed: bool) -> RestPost:
    """Build the layout of one object of an answer, a dump or a JSON Feed."""
    if post.is_raw:
        return RawPost(post)
    return JsonFeedPost(post) if is_feed else RestPost(post)


class RestPost(DumpPost):
    """One post object of `/wp-json/wp/v2/posts`, or of another program that shows the same."""

    name = "rest"

    def __init__(self, post: JsonPost) -> None:
        self.post = post

    def find_source(self) -> tuple[str, str]:
        return self.post.title, self.post.content or ""

    def read_lines(self) -> list[Line]:
        body = parse_content(self.post.content or "")
        entry = body.xpath(".//*[" + class_condition("et_pb_post_content") + "]")
        return read_lines(entry[0] if entry else body, self.find_address())

    def find_address(self) -> str | None:
        return self.post.link or None

    def find_guid(self) -> str | None:
        return self.post.guid or None

    def wp_id(self) -> Iterator[Candidate[int]]:
        if self.post.number:
            yield self.build_candidate(self.post.number, "wp_id:id", str(self.post.number))
        elif number := find_number(self.post.guid):
            yield self.build_candidate(number, "wp_id:guid", self.post.guid)

    def title(self) -> Iterator[Candidate[str]]:
        if bare := strip_site_name(strip_markup(self.post.title)):
            yield self.build_candidate(bare, "title:title", self.post.title)

    def published(self) -> Iterator[Candidate[str]]:
        for name, text in (("date", self.post.date), ("date_gmt", self.post.date_gmt)):
            if day := parse_site_day(text, is_utc=name == "date_gmt"):
                yield self.build_candidate(day, f"published:{name}", text)

    def modified(self) -> Iterator[Candidate[str]]:
        if instant := parse_iso_instant(self.post.modified_gmt):
            yield self.build_candidate(instant, "modified:modified_gmt", self.post.modified_gmt)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if name := self.post.account:
            yield self.build_candidate(strip_markup(name), "posted_by:author", name)

    def categories(self) -> tuple[Category, ...]:
        return tuple(Category(strip_markup(category.name), category.slug) for category in self.post.categories)


class JsonFeedPost(RestPost):
    """One item of a JSON Feed."""

    fidelity = 2


class RawPost(RestPost):
    """A post that holds only what was typed (`context=edit`, a row of the database); read as an export is."""

    fidelity = 2

    def read_lines(self) -> list[Line]:
        return read_lines(parse_fragment(render_content(self.post.content or "")), self.find_address())

    def find_doubts(self) -> Iterator[Problem]:
        yield from super().find_doubts()
        yield from doubt_blocks(self.post.content or "")

    def title(self) -> Iterator[Candidate[str]]:
        if bare := strip_site_name(strip_markup(texturize(self.post.title))):
            yield self.build_candidate(bare, "title:title", self.post.title)
