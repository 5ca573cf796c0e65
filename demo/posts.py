"""The posts of the sample site, and copies of some of them as they once were, out of posts.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

_TEASER = 270  # characters, as Divi's blog module cuts them


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
    look: str  # the template that shows it
    published: str  # YYYY-MM-DD
    title: str  # with the label that some titles end in
    account: str
    categories: tuple[Category, ...]
    content: str  # HTML
    modified: str | None = None  # YYYY-MM-DDTHH:MM:SS, UTC
    gone: bool = False  # other pages link to it, and it is not there

    @property
    def day(self) -> date:
        return date.fromisoformat(self.published)

    @property
    def changed_at(self) -> str:
        """The last change, else the publication, as YYYY-MM-DDTHH:MM:SS in UTC."""
        return self.modified or f"{self.published}T14:00:00"

    @property
    def teaser(self) -> str:
        """The automatic excerpt: the beginning of the text, cut anywhere."""
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", self.content)).split())
        return text[:_TEASER].rstrip() + "..."


@dataclass(frozen=True, slots=True)
class OlderCopy:
    """A post as somebody saved it on an earlier day."""

    post: Post
    captured_at: str


@cache
def sample_posts() -> tuple[Post, ...]:
    """The posts that are there, newest first."""
    return tuple(sorted((post for post in _posts() if not post.gone), key=lambda post: post.published, reverse=True))


@cache
def sample_categories() -> tuple[Category, ...]:
    """All categories in the order of their names."""
    found = {category for post in sample_posts() for category in post.categories}
    return tuple(sorted(found, key=lambda category: category.name))


@cache
def older_copies() -> tuple[OlderCopy, ...]:
    """What an archivist of the sample site has saved over the years."""
    return tuple(_older_copy(**copy) for copy in _data()["copy"])


def _older_copy(path: str, captured_at: str, words: list[tuple[str, str]]) -> OlderCopy:
    post = next(post for post in _posts() if post.path == path)
    title, content = post.title, post.content
    for now, once in words:
        title, content = title.replace(now, once), content.replace(now, once)
    return OlderCopy(replace(post, title=title, content=content, modified=None), captured_at)


@cache
def _posts() -> tuple[Post, ...]:
    return tuple(_post(**post) for post in _data()["post"])


def _post(categories: list[str], **fields: Any) -> Post:  # noqa: ANN401 - whatever TOML has
    return Post(categories=tuple(map(Category, categories)), **fields)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("demo").joinpath("posts.toml").read_text("utf-8"))
