"""The posts of the sample site and older copies of some of them, from posts.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

_TEASER_LENGTH = 270  # characters, as Divi's blog module cuts them


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the site."""

    name: str

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as WordPress stores it."""

    id: int
    path: str
    look: str  # the name of its template
    published: str  # YYYY-MM-DD
    title: str  # including the label that some titles end in
    account: str
    categories: tuple[Category, ...]
    content: str  # HTML
    modified: str | None = None  # YYYY-MM-DDTHH:MM:SS, UTC
    gone: bool = False  # other pages link to it, but it does not exist

    @property
    def day(self) -> date:
        return date.fromisoformat(self.published)

    @property
    def changed_at(self) -> str:
        """When it was last changed, else published, as YYYY-MM-DDTHH:MM:SS in UTC."""
        return self.modified or f"{self.published}T14:00:00"

    @property
    def teaser(self) -> str:
        """The automatic excerpt: the beginning of the text, cut anywhere."""
        text = " ".join(unescape(re.sub(r"<[^<>]+>", " ", self.content)).split())
        return text[:_TEASER_LENGTH].rstrip() + "..."


@dataclass(frozen=True, slots=True)
class OlderCopy:
    """A post as somebody saved it on an earlier day."""

    post: Post
    captured_at: str


@cache
def list_posts() -> tuple[Post, ...]:
    """The posts of the site, newest first."""
    posts = (post for post in _load_posts() if not post.gone)
    return tuple(sorted(posts, key=lambda post: post.published, reverse=True))


@cache
def list_categories() -> tuple[Category, ...]:
    """All categories, by name."""
    categories = {category for post in list_posts() for category in post.categories}
    return tuple(sorted(categories, key=lambda category: category.name))


@cache
def list_older_copies() -> tuple[OlderCopy, ...]:
    """The copies that somebody saved over the years."""
    return tuple(_make_older_copy(**copy) for copy in _load_data()["copy"])


def _make_older_copy(path: str, captured_at: str, words: list[tuple[str, str]]) -> OlderCopy:
    post = next(post for post in _load_posts() if post.path == path)
    title, content = post.title, post.content
    for now, once in words:
        title, content = title.replace(now, once), content.replace(now, once)
    return OlderCopy(replace(post, title=title, content=content, modified=None), captured_at)


@cache
def _load_posts() -> tuple[Post, ...]:
    return tuple(_make_post(**post) for post in _load_data()["post"])


def _make_post(categories: list[str], **fields: Any) -> Post:  # noqa: ANN401 - whatever TOML has
    return Post(categories=tuple(map(Category, categories)), **fields)


@cache
def _load_data() -> dict[str, Any]:
    return tomllib.loads(files("demo").joinpath("posts.toml").read_text("utf-8"))
