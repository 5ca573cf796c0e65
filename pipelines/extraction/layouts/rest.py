"""Posts as WordPress's REST interface gives them (site-atlas 5.8)."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.dump_post import DumpPost, doubt_blocks, find_number
from pipelines.extraction.layouts.fragments import strip_markup
from pipelines.extraction.layouts.wordpress_markup import render_content, texturize
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from scraper.dates import parse_iso_instant, parse_site_day
from scraper.discovery.json_posts import JsonPost
from scraper.markup.html_page import class_condition
from scraper.records import Category, Problem


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
        body = self.parse_content(self.post.content or "")
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
        yield from self.propose_title(self.post.title)

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
        return read_lines(self.parse_markup(render_content(self.post.content or "")), self.find_address())

    def find_doubts(self) -> Iterator[Problem]:
        yield from super().find_doubts()
        yield from doubt_blocks(self.post.content or "")

    def title(self) -> Iterator[Candidate[str]]:
        yield from self.propose_title(self.post.title, texturize(self.post.title))
