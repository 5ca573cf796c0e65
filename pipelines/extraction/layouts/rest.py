"""Posts as WordPress's REST interface gives them (site-atlas 5.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.layouts.wordpress_markup import render_content, render_shortcodes
from pipelines.extraction.lines import Line, read_lines
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import split_address
from scraper.cloudflare import may_hide_emails, reveal_emails
from scraper.dates import parse_iso_instant, parse_site_day
from scraper.discovery.json_posts import Dump
from scraper.html_page import class_condition, collapse_spaces, text_of
from scraper.records import Category

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # lxml refuses them


def parse_content(content: str) -> HtmlElement:
    """Parse rendered HTML as one element; it holds shortcodes where the builder does not run for REST."""
    return parse_fragment(render_shortcodes(content) if "[et_pb" in content or "[/" in content else content)


def parse_fragment(markup: str) -> HtmlElement:
    """Parse any piece of HTML as one element."""
    tree: HtmlElement = fragment_fromstring(f"<div>{_CONTROLS.sub('', markup)}</div>", create_parent="div")
    if may_hide_emails(markup):
        reveal_emails(tree)
    return tree


def strip_markup(markup: str) -> str:
    """Reduce a rendered title to its text: entities resolved, tags dropped, white space collapsed."""
    if may_hide_emails(markup):
        return text_of(parse_fragment(markup))
    return collapse_spaces(unescape(re.sub(r"<[^>]+>", "", markup)))


def _get_rendered(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("rendered") or value.get("raw")
    return value if isinstance(value, str) else ""


def read_rest_posts(dump: Dump) -> list[RestPost]:
    """Read the published posts with content among the objects of an answer or a dump."""
    return [_build_layout(item) for item in dump.items if isinstance(item, dict) and _is_post(item)]


def is_rest_answer(dump: Dump) -> bool:
    """Whether the JSON is an answer of WordPress's REST interface at all, even an empty list or an error."""
    keys = {"guid", "link", "code", "routes", "taxonomy", "_links", "namespaces"}
    return dump.is_list or any(isinstance(item, dict) and keys & item.keys() for item in dump.items)


def _is_post(item: dict[str, Any]) -> bool:
    content = item.get("content")
    kind, status = item.get("type", "post"), item.get("status", "publish")
    if not isinstance(content, dict) or content.get("protected") is True or item.get("password"):
        return False
    return bool({"rendered", "raw"} & content.keys()) and kind == "post" and status == "publish"


def _build_layout(post: dict[str, Any]) -> RestPost:
    return RestPost(post) if "rendered" in post["content"] else RawPost(post)


class RestPost(Layout):
    """One post object of `/wp-json/wp/v2/posts`."""

    name = "rest"

    def __init__(self, post: dict[str, Any]) -> None:
        self.post = post

    def read_lines(self) -> list[Line]:
        content = _get_rendered(self.post.get("content"))
        body = parse_content(content)
        entry = body.xpath(".//*[" + class_condition("et_pb_post_content") + "]")
        return read_lines(entry[0] if entry else body, self.find_address())

    def find_address(self) -> str | None:
        link = self.post.get("link")
        return link if isinstance(link, str) and link else None

    def wp_id(self) -> Iterator[Candidate[int]]:
        if isinstance(identifier := self.post.get("id"), int):
            yield self.build_candidate(identifier, "wp_id:id", str(identifier))

    def title(self) -> Iterator[Candidate[str]]:
        markup = _get_rendered(self.post.get("title"))
        if bare := strip_site_name(strip_markup(markup)):
            yield self.build_candidate(bare, "title:title", markup)

    def published(self) -> Iterator[Candidate[str]]:
        for name in ("date", "date_gmt"):
            text = self.post.get(name)
            if isinstance(text, str) and (day := parse_site_day(text, is_utc=name == "date_gmt")):
                yield self.build_candidate(day, f"published:{name}", text)
        yield from self.propose_permalink_date()

    def modified(self) -> Iterator[Candidate[str]]:
        text = self.post.get("modified_gmt")
        if isinstance(text, str) and (instant := parse_iso_instant(text)):
            yield self.build_candidate(instant, "modified:modified_gmt", text)

    def posted_by(self) -> Iterator[Candidate[str]]:
        for author in self._get_embedded("author"):
            if isinstance(author, dict) and isinstance(name := author.get("name"), str) and name:
                yield self.build_candidate(strip_markup(name), "posted_by:author", name)

    def categories(self) -> tuple[Category, ...]:
        terms = [term for group in self._get_embedded("wp:term") if isinstance(group, list) for term in group]
        return tuple(
            Category(strip_markup(str(term.get("name", ""))), _get_slug(term))
            for term in terms
            if isinstance(term, dict) and term.get("taxonomy") == "category"
        )

    def _get_embedded(self, name: str) -> list[Any]:
        parts = self.post.get("_embedded")
        values = parts.get(name) if isinstance(parts, dict) else None
        return values if isinstance(values, list) else []


class RawPost(RestPost):
    """A post of an editor's answer (`context=edit`) that holds only what was typed; read as an export is."""

    fidelity = 2

    def read_lines(self) -> list[Line]:
        return read_lines(parse_fragment(render_content(str(self.post["content"]["raw"]))), self.find_address())


def _get_slug(term: dict[str, Any]) -> str:
    in_address = split_address(str(term.get("link", ""))).path.strip("/").rpartition("/")[2]
    return str(term.get("slug") or in_address)
