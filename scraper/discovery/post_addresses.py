"""Finds the posts that sitemaps, feeds, REST answers and listings name, and where further ones are listed.

Every function takes bytes as the server sent them, or a tree. From broken or hostile input it returns what it can, and
never raises. `hosts` are the site's, as `scraper.address.host_of` writes them; other addresses are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from lxml import etree, html

from scraper.address import host_of, identity, is_post, is_web, make_absolute, permalink_date
from scraper.discovery.json_posts import find_address
from scraper.discovery.json_values import Dump, parse_dump
from scraper.discovery.xml_items import find_root, local_name, name_item_links, parse_document, read_xml_items
from scraper.markup.charset import narrow_text, recode_as_utf8
from scraper.records import FoundAddress
from scraper.url_reading import split_address

# Domain pages and category archives of both hosts: read where the site has no complete list of its posts.
LISTINGS = (
    "/",
    "/foreign-policy/",
    "/civil-rights/",
    "/immigration/",
    "/environment/",
    "/health-gender/",
    "/health-health-policy/",
    "/education/",
    "/technology/",
    "/social-justice/",
    "/gun-control/",
    "/jobs/",  # since 2022 it lists every post of the site
    "/usrenew-blog/",
    "/opinion-editorial/trump-russia/",
    "/category/economy/",
    "/category/opinion-editorial/",
    "/category/usresist-blog/",
    "/category/resistance-blog/",
    "/category/election-campaign-news/presidential-campaign-news/",
)

_PAGE_NUMBER = re.compile(r"/page/(\d{1,5})/?$")
_CATEGORY = re.compile(r"^/category/[^?]+$")
_ITEM_TAGS = {"article", "h2", "h3"}
_NO_PAGE = re.compile(r"^/(?:wp-(?:admin|login|json|content|includes)|feed/|search/|tag/|author/)|\.\w{1,5}$|/feed/$")


def find_posts_in_sitemap(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[FoundAddress, ...]:
    """Find the posts of a `urlset`, each with its `lastmod` if it has one."""
    entries = ((_child_text(e, "loc"), _child_text(e, "lastmod")) for e in _iter_elements(body, "url"))
    return _collect_posts(((loc, lastmod) for loc, lastmod in entries if loc), "sitemap", url, hosts)


def find_posts_in_feed(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[FoundAddress, ...]:
    """Find the posts of an RSS or Atom feed; `lastmod` is the instant at which an Atom entry was updated."""
    elements = (item.element for item in read_xml_items(recode_as_utf8(body, None)))
    entries = ((link, _child_text(element, "updated")) for element in elements for link in _list_feed_links(element))
    return _collect_posts(entries, "feed", url, hosts)


def find_posts_in_rest(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[FoundAddress, ...]:
    """Find the posts of `/wp-json/wp/v2/posts`, a list or a single one; `lastmod` is their `modified_gmt`."""
    try:
        dump = parse_dump(body)
    except (ValueError, RecursionError):
        return ()
    return find_posts_in_dump(dump, url, hosts)


def find_posts_in_dump(dump: Dump, url: str | None, hosts: Collection[str]) -> tuple[FoundAddress, ...]:
    """Find the same posts in JSON that is parsed already."""
    entries = (address for item in dump.items if isinstance(item, dict) and (address := find_address(item)))
    return _collect_posts(entries, "rest", url, hosts)


def find_posts_in_listing(
    links: Iterable[tuple[html.HtmlElement, str]], url: str | None, hosts: Collection[str]
) -> tuple[FoundAddress, ...]:
    """Find the posts that a page's links lead to, in page order: `listing` for items of a listing, `link` for others.

    `links` are its elements `<a>`, each with its address as written.
    """
    addresses: dict[str, FoundAddress] = {}
    for element, href in links:
        # Most links of a page are menus: leaving them out costs a hundredth of resolving their addresses.
        if not ("/20" in href or "p=" in href or "/index" in href or href[:2] == "20"):
            continue
        if address := _choose_address(href, url, hosts):
            path = identity(address)
            if path not in addresses or addresses[path].finder == "link":
                addresses[path] = FoundAddress(address, "listing" if _is_item(element) else "link")
    return tuple(addresses.values())


def list_links(tree: html.HtmlElement) -> list[tuple[html.HtmlElement, str]]:
    """List the links of a page for `find_posts_in_listing`."""
    return [(element, href) for element in tree.iter("a") if (href := element.get("href"))]


def find_sitemaps_in_robots(body: bytes, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Find the addresses in the `Sitemap:` lines of a robots.txt."""
    lines = body.decode("utf-8", "replace").splitlines()
    values = (line.partition(":")[2].partition("#")[0] for line in lines if line.strip().lower().startswith("sitemap:"))
    return _keep_own_urls(values, url, hosts)


def find_sitemaps_in_index(body: bytes, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Find the sitemaps that a `sitemapindex` names."""
    return _keep_own_urls((_child_text(e, "loc") or "" for e in _iter_elements(body, "sitemap")), url, hosts)


def is_sitemap(body: bytes) -> bool:
    """Whether the body is a sitemap or an index of sitemaps, even an empty one."""
    root = find_root(narrow_text(body))
    return root is not None and root[0] in {"urlset", "sitemapindex"}


def is_feed(body: bytes) -> bool:
    """Whether the body is an RSS or Atom feed, even an empty one."""
    root = find_root(narrow_text(body))
    return root is not None and root[0] in {"rss", "feed", "rdf"}


def is_rest_list(body: bytes) -> bool:
    """Whether the body is a list of REST posts, even an empty one."""
    with suppress(ValueError, RecursionError):
        if isinstance(json.loads(body), list):
            return True
    with suppress(ValueError, RecursionError):
        return any(isinstance(item, dict) and "link" in item for item in parse_dump(body).items)
    return False


def find_further_listings(tree: html.HtmlElement, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Find the pages `/page/N/` of listings and the category archives that a page links to."""
    links = _keep_own_urls((href for _, href in list_links(tree)), url, hosts)
    return tuple(link for link in links if _PAGE_NUMBER.search(_path(link)) or _CATEGORY.match(_path(link)))


def find_menu_pages(tree: html.HtmlElement, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Find the pages in the site's menus: these are the domain pages, even if they were renamed."""
    links = _keep_own_urls((href for element, href in list_links(tree) if _in_menu(element)), url, hosts)
    return tuple(
        link
        for link in links
        if not is_post(identity(link)) and not split_address(link).query and not _NO_PAGE.search(_path(link))
    )


def listing_base(url: str) -> str:
    """The identity of the listing that a page of it belongs to: `/jobs/` for `/jobs/page/19/?et_blog`."""
    return _PAGE_NUMBER.sub("/", identity(url).partition("?")[0])


def _collect_posts(
    entries: Iterable[tuple[str, str | None]], finder: str, url: str | None, hosts: Collection[str]
) -> tuple[FoundAddress, ...]:
    addresses: dict[str, FoundAddress] = {}
    for link, lastmod in entries:
        if address := _choose_address(link, url, hosts):
            addresses.setdefault(identity(address), FoundAddress(address, finder, lastmod))
    return tuple(addresses.values())


def _choose_address(link: str, base: str | None, hosts: Collection[str]) -> str | None:
    """Choose the address to ask for the post that a link leads to; None where it leads to none of the site's."""
    url = _resolve(link, base)
    return _find_permalink(url) if url is not None and host_of(url) in hosts else None


@lru_cache(maxsize=2048)  # the same posts are linked to from all pages of a site
def _find_permalink(url: str) -> str | None:
    """Find the address to ask for a post: `/amp/`, `#respond` and `?replytocom=` lead to the same; None for no post."""
    path = identity(url)
    if not is_post(path):
        return None
    parts = split_address(url)
    return f"{parts.scheme}://{parts.netloc}{path}" if permalink_date(path) else url.partition("#")[0]


def _keep_own_urls(links: Iterable[str | None], base: str, hosts: Collection[str]) -> tuple[str, ...]:
    resolved = (_resolve(link or "", base) for link in links)
    own_urls = (url.partition("#")[0] for url in resolved if url and host_of(url) in hosts)
    return tuple(dict.fromkeys(own_urls))


def _resolve(link: str, base: str | None) -> str | None:
    """Make a link absolute; None if it is not a web address. Whether its host is one of the site's is still open."""
    link = link.strip()
    if not link or len(link) > 2000:
        return None
    try:
        url = make_absolute(link, base)
        return url if is_web(url) else None
    except ValueError:  # such as `http://[`
        return None


def _is_item(element: html.HtmlElement) -> bool:
    """Whether the link is an item of a listing, and not a post that a page merely mentions."""
    return "more-link" in element.get("class", "") or any(e.tag in _ITEM_TAGS for e in element.iterancestors())


def _in_menu(element: html.HtmlElement) -> bool:
    return any(e.tag in {"nav", "header"} or "menu" in e.get("class", "") for e in element.iterancestors())


def _path(url: str) -> str:
    return split_address(url).path


def _iter_elements(body: bytes, name: str) -> Iterator[etree._Element]:
    root = parse_document(recode_as_utf8(body, None))
    if root is not None:
        yield from (e for e in root.iter(etree.Element) if local_name(e).lower() == name)


def _child_text(element: etree._Element, name: str) -> str | None:
    texts = ("".join(map(str, child.itertext())).strip() for child in element if local_name(child).lower() == name)
    return next((text for text in texts if text), None)


def _list_feed_links(item: etree._Element) -> list[str]:
    """List the best address of an item: its link if that is a post's, else what a proxy replaced, else its guid."""
    guids = [text for name in ("guid", "id") if (text := _child_text(item, name))]
    links = [*name_item_links(item).values(), *guids]
    return [link for link in links if is_post(identity(link))][:1] or links[:1]
