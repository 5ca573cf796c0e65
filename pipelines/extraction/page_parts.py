"""Posts that are split over several pages: which page of the post this one is, and which others it knows of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.address import identity, make_absolute, split_part
from scraper.markup.html_page import Page, text_of
from scraper.records import FoundAddress

_NUMBERED = re.compile(r"(?:^|/|[?&]page=)\d{1,3}/?(?:index\.html?)?(?:#|$)")
_RELATIVE = re.compile(r"\0(?!http)([^\0]+)")


@dataclass(frozen=True, slots=True)
class PostPart:
    """One page of a post."""

    number: int = 1
    count: int = 1  # of the pages that this one knows of
    others: tuple[FoundAddress, ...] = ()  # without the first


def find_part(page: Page, url: str | None) -> PostPart:
    """Find which page of its post a page is: by its own mark, else by its address, as captured or as it states it."""
    stated = [identity(address) for address in (url, page.links.get("canonical"), page.meta.get("og:url")) if address]
    parts = [split_part(path) for path in stated]
    posts = {path for path, _ in parts} | {
        f"/?p={name[7:]}" for name in page.body_classes if name.startswith("postid-")
    }
    number = _read_current_number(page) or next((number for _, number in parts if number > 1), 1)
    others = _find_other_parts(page, url, posts)
    others.pop(number, None)
    found = tuple(FoundAddress(address, "link") for _, address in sorted(others.items()))
    return PostPart(number, max((number, *others)), found)


def _read_current_number(page: Page) -> int | None:
    """Read the number that WordPress marks as this page's among the links to the pages."""
    for element in page.find_by_class("post-page-numbers"):
        number = re.fullmatch(r"\d{1,3}", text_of(element))
        if number and "current" in element.get("class").split():
            return int(number[0])
    return None


def _find_other_parts(page: Page, url: str | None, posts: set[str]) -> dict[int, str]:
    """Find the links to later pages of one of these posts, by their numbers."""
    numbers: dict[int, str] = {}
    following = "\0".join([*page.relations.get("next", ()), ""])
    joined, lower = page.addresses + following, page.lower_addresses + following.lower()
    names = tuple("p=" if post.startswith("/?") else post.rstrip("/").rpartition("/")[2] for post in posts)
    is_plain = joined.isascii() and all(names)
    links = _select_plain_links(joined, lower, names) if is_plain else _select_links(joined, names)
    numbered = {link for link in links if _NUMBERED.search(link)}
    for link in [link for link in joined.split("\0")[1:-1] if link in numbered] if numbered else ():
        address = make_absolute(link.partition("#")[0], url)
        path, number = split_part(identity(address))
        if number > 1 and path in posts:
            numbers.setdefault(number, address)
    return numbers


def _select_links(joined: str, names: tuple[str, ...]) -> Iterator[str]:
    """Select the links that may lead to a page of a post of such a name: a cheap look before addresses are resolved.

    `joined` are the links with a zero around each.
    """
    for link in joined.split("\0")[1:-1]:
        lower = link.lower()
        # Other characters of a name may be written in several ways, as may those of a relative link.
        is_odd = link[:4] != "http" or not link.isascii() or "%" in link or "/." in link
        if is_odd or any(name in lower for name in names):
            yield link


def _select_plain_links(joined: str, lower: str, names: tuple[str, ...]) -> Iterator[str]:
    """Select the same of links in ASCII, by searches in all of them at once; `lower` are they in small letters."""
    yield from _RELATIVE.findall(joined)
    for part in ("%", "/.", *names):
        at = lower.find(part)
        while at >= 0:
            end = joined.find("\0", at)
            yield joined[joined.rfind("\0", 0, at) + 1 : end]
            at = lower.find(part, end)
