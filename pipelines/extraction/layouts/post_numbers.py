"""The number that WordPress gave a post, as its page states it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from scraper.markup.html_page import Page

_FORMS = (
    ("body_class", re.compile(r"\bpostid-(\d+)\b")),
    ("shortlink", re.compile(r"[?&]p=(\d+)")),
    ("rest_link", re.compile(r"/posts/(\d+)")),
    ("article_id", re.compile(r"^post-(\d+)$")),
    ("monarch", re.compile(r"^(\d+)$")),
)


def find_post_numbers(page: Page, content: HtmlElement | None, monarch: str | None) -> Iterator[tuple[str, int, str]]:
    """Find where a number stands, the number, and the text around it; `monarch` is what that plugin states."""
    # Related posts are articles with numbers too: only the article around the content is this post's.
    articles = content.iterancestors("article") if content is not None else ()
    texts = (
        " ".join(sorted(page.body_classes)),
        page.links.get("shortlink"),
        page.links.get("json"),
        next(filter(None, (article.get("id") for article in articles)), None),
        monarch,
    )
    for (how, form), text in zip(_FORMS, texts, strict=True):
        match = form.search(text) if text else None
        if text and match and int(match[1]):
            yield how, int(match[1]), text
