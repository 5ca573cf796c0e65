"""Posts as WordPress's REST interface gives them (site-atlas 5.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.json_posts import Dump
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.layouts.wordpress_markup import rendered, shortcodes_rendered
from pipelines.extraction.lines import Line, collapse, lines_of
from pipelines.extraction.wording.site_names import without_site
from scraper.address import split_address
from scraper.dates import parse_iso_date, parse_iso_instant
from scraper.html_page import class_condition
from scraper.records import Category

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # lxml takes none of them


def html_of(content: str) -> HtmlElement:
    """Rendered HTML as one element; shortcodes are there where the builder does not run for REST."""
    return fragment(shortcodes_rendered(content) if "[et_pb" in content or "[/" in content else content)


def fragment(markup: str) -> HtmlElement:
    """Any piece of HTML as one element."""
    return fragment_fromstring(f"<div>{_CONTROLS.sub('', markup)}</div>", create_parent="div")


def plain(markup: str) -> str:
    """The text of a rendered title: entities resolved, tags dropped, white space collapsed."""
    return collapse(unescape(re.sub(r"<[^>]+>", "", markup)))


def _rendered(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("rendered") or value.get("raw")
    return value if isinstance(value, str) else ""


def rest_posts(dump: Dump) -> list[RestPost]:
    """The published posts with content among the objects of an answer or a dump."""
    return [_layout(item) for item in dump.items if isinstance(item, dict) and _is_post(item)]


def is_rest(dump: Dump) -> bool:
    """Whether the JSON is an answer of WordPress's REST interface at all, even an empty list or an error."""
    known = {"guid", "link", "code", "routes", "taxonomy", "_links", "namespaces"}
    return dump.listed or any(isinstance(item, dict) and known & item.keys() for item in dump.items)


def _is_post(item: dict[str, Any]) -> bool:
    content = item.get("content")
    kind, status = item.get("type", "post"), item.get("status", "publish")
    if not isinstance(content, dict) or content.get("protected") is True or item.get("password"):
        return False
    return bool({"rendered", "raw"} & content.keys()) and kind == "post" and status == "publish"


def _layout(post: dict[str, Any]) -> RestPost:
    return RestPost(post) if "rendered" in post["content"] else RawPost(post)


class RestPost(Layout):
    """One post object of `/wp-json/wp/v2/posts`."""

    name = "rest"

    def __init__(self, post: dict[str, Any]) -> None:
        self.post = post

    def lines(self) -> list[Line]:
        content = _rendered(self.post.get("content"))
        body = html_of(content)
        entry = body.xpath(".//*[" + class_condition("et_pb_post_content") + "]")
        return lines_of(entry[0] if entry else body, self.address())

    def address(self) -> str | None:
        link = self.post.get("link")
        return link if isinstance(link, str) and link else None

    def url(self) -> Iterator[Candidate[str]]:
        if link := self.address():
            yield self.found(link, "url:link", link)

    def wp_id(self) -> Iterator[Candidate[int]]:
        if isinstance(identifier := self.post.get("id"), int):
            yield self.found(identifier, "wp_id:id", str(identifier))

    def title(self) -> Iterator[Candidate[str]]:
        written = _rendered(self.post.get("title"))
        if bare := without_site(plain(written)):
            yield self.found(bare, "title:title", written)

    def published(self) -> Iterator[Candidate[str]]:
        for name in ("date", "date_gmt"):
            if isinstance(text := self.post.get(name), str) and (date := parse_iso_date(text)):
                yield self.found(date, f"published:{name}", text)
        yield from self.permalink_date()

    def modified(self) -> Iterator[Candidate[str]]:
        text = self.post.get("modified_gmt")
        if isinstance(text, str) and (instant := parse_iso_instant(text)):
            yield self.found(instant, "modified:modified_gmt", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        for author in self._embedded("author"):
            if isinstance(author, dict) and isinstance(name := author.get("name"), str) and name:
                yield self.found(plain(name), "posted_by:author", name)

    def categories(self) -> tuple[Category, ...]:
        terms = [term for group in self._embedded("wp:term") if isinstance(group, list) for term in group]
        return tuple(
            Category(plain(str(term.get("name", ""))), str(term.get("slug") or _last_part(str(term.get("link", "")))))
            for term in terms
            if isinstance(term, dict) and term.get("taxonomy") == "category"
        )

    def _embedded(self, name: str) -> list[Any]:
        embedded = self.post.get("_embedded")
        values = embedded.get(name) if isinstance(embedded, dict) else None
        return values if isinstance(values, list) else []


class RawPost(RestPost):
    """A post of an editor's answer (`context=edit`) that holds only what was typed; read as an export is."""

    fidelity = 2

    def lines(self) -> list[Line]:
        return lines_of(fragment(rendered(str(self.post["content"]["raw"]))), self.address())


def _last_part(link: str) -> str:
    return split_address(link).path.strip("/").rpartition("/")[2]
