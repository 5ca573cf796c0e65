"""Posts of a WordPress export: what the editors typed, before theme and plugins make a page of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.blocks import render_elementor
from pipelines.extraction.layouts.dump_post import DumpPost, doubt_blocks, find_number
from pipelines.extraction.layouts.fragments import strip_markup
from pipelines.extraction.layouts.wordpress_markup import render_content, texturize
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from scraper.address import make_absolute
from scraper.dates import parse_iso_instant, parse_site_day
from scraper.discovery.wordpress_export import ExportItem
from scraper.markup.html_page import collapse_spaces
from scraper.records import Category, Problem


class WxrPost(DumpPost):
    """One published post of an export.

    It comes from the site itself, yet has fidelity 2, less than a page: this program and not the site renders its
    quotes, paragraphs and modules, and a difference in markup between export and page is no change of the post.
    """

    name = "wxr"
    fidelity = 2

    def __init__(self, item: ExportItem) -> None:
        self.item = item
        self.fault = item.fault

    def find_source(self) -> tuple[str, str]:
        return self.item["title"], self.item["content"]

    def read_lines(self) -> list[Line]:
        content = self.item["content"]
        markup = render_content(content) if content.strip() else render_elementor(self.item["elementor"])
        return read_lines(self.parse_markup(markup), self.find_address())

    def find_doubts(self) -> Iterator[Problem]:
        yield from super().find_doubts()
        yield from doubt_blocks(self.item["content"])

    def find_address(self) -> str | None:
        link = self.item["link"]
        return make_absolute(link, None) if link else None

    def find_guid(self) -> str | None:
        return self.item["guid"] or None

    def url(self) -> Iterator[Candidate[str]]:
        if link := self.find_address():
            yield self.build_candidate(link, "url:link", self.item["link"])

    def wp_id(self) -> Iterator[Candidate[int]]:
        number = self.item["post_id"]
        if re.fullmatch(r"[1-9]\d{0,17}", number):
            yield self.build_candidate(int(number), "wp_id:post_id", number)
        elif by_guid := find_number(self.item["guid"]):
            yield self.build_candidate(by_guid, "wp_id:guid", self.item["guid"])

    def title(self) -> Iterator[Candidate[str]]:
        yield from self.propose_title(self.item["title"], texturize(self.item["title"]))

    def published(self) -> Iterator[Candidate[str]]:
        for name in ("post_date", "post_date_gmt"):
            if date := parse_site_day(self.item[name], is_utc=name == "post_date_gmt"):
                yield self.build_candidate(date, f"published:{name}", self.item[name])

    def modified(self) -> Iterator[Candidate[str]]:
        text = self.item["post_modified_gmt"]
        if text and (instant := parse_iso_instant(text)):
            yield self.build_candidate(instant, "modified:post_modified_gmt", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if name := self.item["creator"]:
            yield self.build_candidate(collapse_spaces(name), "posted_by:creator", name)

    def categories(self) -> tuple[Category, ...]:
        return tuple(Category(strip_markup(category.name), category.slug) for category in self.item.categories)
