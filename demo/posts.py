"""The posts of the sample site: those saved pages of tests/pages that a live site could have served."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement, tostring

from scraper.address import identity, is_post
from scraper.page import Page, first, has_class, text_of

_PAGES = Path(__file__).parent.parent / "tests" / "pages"
_LIVE_LOOKS = {None, "divi_classic", "divi_builder", "theme_builder", "gutenberg"}
_CONTENT = ("et_pb_post_content", "entry-content")
_TEASER = 270  # characters, as Divi's blog module cuts them


@dataclass(frozen=True, slots=True)
class Term:
    """A category of the site."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post as WordPress keeps it, and the whole page it serves for it."""

    id: int
    path: str
    published: str  # YYYY-MM-DD
    modified: str  # YYYY-MM-DDTHH:MM:SS, UTC
    title: str  # with the label that some titles end in
    account: str
    categories: tuple[Term, ...]
    content: str  # HTML
    page: bytes
    content_type: str

    @property
    def slug(self) -> str:
        return self.path.split("/")[-2]

    @property
    def teaser(self) -> str:
        """The automatic excerpt: the text's beginning, cut anywhere."""
        text = " ".join(re.sub(r"<[^>]+>", " ", self.content).split())
        return text[:_TEASER].rstrip() + "..."


@cache
def sample_posts() -> tuple[Post, ...]:
    """All posts, newest first."""
    found = [post for path in sorted(_PAGES.glob("*.html")) if (post := _post(path))]
    return tuple(sorted(found, key=lambda post: (post.published, post.path), reverse=True))


@cache
def sample_terms() -> tuple[Term, ...]:
    """All categories in the order of their names."""
    return tuple(sorted({term for post in sample_posts() for term in post.categories}, key=lambda term: term.name))


def about_page() -> bytes:
    """The site's only static page."""
    return (_PAGES / "non-about.html").read_bytes()


def _post(path: Path) -> Post | None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    sidecar = path.with_suffix(".meta.json")
    told = json.loads(sidecar.read_text("utf-8")) if sidecar.exists() else {}
    if not _served_live(expected, told):
        return None
    return _from_page(path.read_bytes(), told["content_type"], expected["briefs"][0])


def _served_live(expected: dict[str, Any], told: dict[str, Any]) -> bool:
    if expected["outcome"] != "brief" or "problems" in expected or expected.get("layout") not in _LIVE_LOOKS:
        return False
    address = told.get("url", "")
    path = expected["briefs"][0]["path"]
    return is_post(path) and "?" not in path and urlsplit(address).path.rstrip("/") == path.rstrip("/")


def _from_page(body: bytes, content_type: str, brief: dict[str, Any]) -> Post:
    page = Page(body, content_type, brief["url"])
    heads = (text_of(element) for element in page.tree.iter("h1"))
    return Post(
        id=brief["wp_id"],
        path=identity(brief["url"]),
        published=brief["published"],
        modified=brief.get("modified", f"{brief['published']}T14:00:00Z").removesuffix("Z"),
        title=next(heads, ""),
        account=brief.get("posted_by", "admin"),
        categories=tuple(Term(_term_id(c["slug"]), c["name"], c["slug"]) for c in brief["categories"]),
        content=_content(page),
        page=body,
        content_type=content_type,
    )


def _content(page: Page) -> str:
    for name in _CONTENT:
        element = page.one(f"//*[{has_class(name)}][not(ancestor::*[{has_class('et_pb_posts')}])]")
        if element is not None:
            return _inner(_without_share_bars(element)).strip()
    return ""


def _without_share_bars(element: HtmlElement) -> HtmlElement:
    """Share bars are added when a page is shown; WordPress does not keep them."""
    while (bar := first(element, ".//div[contains(@class,'et_social_inline')]")) is not None:
        bar.drop_tree()
    return element


def _inner(element: HtmlElement) -> str:
    return escape(element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)


def _term_id(slug: str) -> int:
    return 5 + sum(slug.encode()) % 900
