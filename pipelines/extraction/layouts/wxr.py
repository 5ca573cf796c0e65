"""Posts as an export of WordPress holds them: what the editors typed, before theme and plugins made a page of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.layouts.rest import fragment, plain
from pipelines.extraction.layouts.wordpress_markup import rendered, texturized
from pipelines.extraction.lines import Line, collapse, lines_of
from pipelines.extraction.wording.site_names import without_site
from pipelines.extraction.wxr import Item
from scraper.address import make_absolute
from scraper.dates import parse_iso_date, parse_iso_instant
from scraper.records import Category


class WxrPost(Layout):
    """One published post of an export.

    It is the site's own word, and yet of fidelity 2, below a page: quotes, paragraphs and modules are rendered by this
    program and not by the site, and a difference of dress between an export and a page is no change of the post.
    """

    name = "wxr"
    fidelity = 2

    def __init__(self, item: Item) -> None:
        self.item = item

    def lines(self) -> list[Line]:
        return lines_of(fragment(rendered(self.item["content"])), self.address())

    def address(self) -> str | None:
        link = self.item["link"]
        return make_absolute(link, None) if link else None

    def url(self) -> Iterator[Candidate[str]]:
        if link := self.address():
            yield self.found(link, "url:link", self.item["link"])

    def wp_id(self) -> Iterator[Candidate[int]]:
        number = self.item["post_id"]
        if re.fullmatch(r"[1-9]\d{0,17}", number):
            yield self.found(int(number), "wp_id:post_id", number)

    def title(self) -> Iterator[Candidate[str]]:
        written = self.item["title"]
        if bare := without_site(plain(texturized(written))):
            yield self.found(bare, "title:title", written)

    def published(self) -> Iterator[Candidate[str]]:
        for name in ("post_date", "post_date_gmt"):
            if date := parse_iso_date(self.item[name]):
                yield self.found(date, f"published:{name}", self.item[name])
        yield from self.permalink_date()

    def modified(self) -> Iterator[Candidate[str]]:
        text = self.item["post_modified_gmt"]
        if text and (instant := parse_iso_instant(text)):
            yield self.found(instant, "modified:post_modified_gmt", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if name := self.item["creator"]:
            yield self.found(collapse(name), "posted_by:creator", name)

    def categories(self) -> tuple[Category, ...]:
        return tuple(Category(plain(one.name), one.slug) for one in self.item.categories)
