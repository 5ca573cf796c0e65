"""The site's ways in, read from bytes or a tree: which posts they name, and where to look next.

Every function takes what came over the wire as it is; what is broken or hostile gives what it can, and nothing raises.
`hosts` are the site's, as `scraper.address.host_of` writes them; addresses on other hosts are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from pipelines.extraction.json_posts import parse_dump
from scraper.address import absolute, host_of, identity, is_post, is_web, permalink_date
from scraper.records import Found

# Domain pages and category archives of both hosts: where to look when the site names no list of its posts.
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

_PAGED = re.compile(r"/page/(\d{1,5})/?$")
_CATEGORY = re.compile(r"^/category/[^?]+$")
_ITEM_TAGS = {"article", "h2", "h3"}
_NO_PAGE = re.compile(r"^/(?:wp-(?:admin|login|json|content|includes)|feed/|search/|tag/|author/)|\.\w{1,5}$|/feed/$")


def found_in_sitemap(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[Found, ...]:
    """The posts of a `urlset`, each with its `lastmod` where one is given."""
    entries = ((_child(e, "loc"), _child(e, "lastmod")) for e in _elements(body, "url"))
    return _posts(((loc, lastmod) for loc, lastmod in entries if loc), "sitemap", url, hosts)


def found_in_feed(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[Found, ...]:
    """The posts of an RSS or Atom feed; `lastmod` where an Atom entry tells when it was updated."""
    entries = ((_feed_link(e), _child(e, "updated")) for e in _elements(body, "item", "entry"))
    return _posts(((link, updated) for link, updated in entries if link), "feed", url, hosts)


def found_in_rest(body: bytes, url: str | None, hosts: Collection[str]) -> tuple[Found, ...]:
    """The posts of `/wp-json/wp/v2/posts`, a list or a single one; `lastmod` is their `modified_gmt`."""
    return _posts(_rest_posts(body), "rest", url, hosts)


def found_in_listing(tree: html.HtmlElement, url: str | None, hosts: Collection[str]) -> tuple[Found, ...]:
    """The posts a page links to: `listing` for the items of a listing, `link` for the rest, in page order."""
    items: dict[str, Found] = {}
    for element in _post_links(tree):
        if found := _post(element.get("href"), "link", url, hosts):
            path = identity(found.url)
            if path not in items or items[path].finder == "link":
                items[path] = replace(found, finder="listing") if _is_item(element) else found
    return tuple(items.values())


def sitemaps_in_robots(body: bytes, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """The addresses of the `Sitemap:` lines of a robots.txt."""
    lines = body.decode("utf-8", "replace").splitlines()
    named = (line.partition(":")[2].partition("#")[0] for line in lines if line.strip().lower().startswith("sitemap:"))
    return _on_site(named, url, hosts)


def sitemaps_in(body: bytes, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """The sitemaps that a `sitemapindex` names."""
    return _on_site((_child(e, "loc") or "" for e in _elements(body, "sitemap")), url, hosts)


def is_sitemap(body: bytes) -> bool:
    """Whether the body is a sitemap or an index of sitemaps, even an empty one."""
    root = _root(body)
    return root is not None and _name(root) in {"urlset", "sitemapindex"}


def is_feed(body: bytes) -> bool:
    """Whether the body is an RSS or Atom feed, even an empty one."""
    root = _root(body)
    return root is not None and _name(root) in {"rss", "feed", "rdf"}


def is_rest_list(body: bytes) -> bool:
    """Whether the body is a list of REST posts, even an empty one."""
    return isinstance(_json(body), list)


def further_listings(tree: html.HtmlElement, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Pages `/page/N/` of listings, and category archives, that a page links to."""
    links = _on_site((element.get("href") for element in _links(tree)), url, hosts)
    return tuple(link for link in links if _PAGED.search(_path(link)) or _CATEGORY.match(_path(link)))


def menu_pages(tree: html.HtmlElement, url: str, hosts: Collection[str]) -> tuple[str, ...]:
    """Pages of the site's menus: the domain pages, whatever they are called by now."""
    links = _on_site((element.get("href") for element in _links(tree) if _in_menu(element)), url, hosts)
    return tuple(
        k for k in links if not is_post(identity(k)) and not urlsplit(k).query and not _NO_PAGE.search(_path(k))
    )


def listing_base(url: str) -> str:
    """The identity of the listing that a page of it belongs to: `/jobs/` for `/jobs/page/19/?et_blog`."""
    return _PAGED.sub("/", identity(url).partition("?")[0])


def _posts(
    entries: Iterable[tuple[str, str | None]], finder: str, url: str | None, hosts: Collection[str]
) -> tuple[Found, ...]:
    found: dict[str, Found] = {}
    for link, lastmod in entries:
        if post := _post(link, finder, url, hosts, lastmod):
            found.setdefault(identity(post.url), post)
    return tuple(found.values())


def _post(
    link: str | None, finder: str, base: str | None, hosts: Collection[str], lastmod: str | None = None
) -> Found | None:
    url = _resolve(link or "", base)
    if url is None or host_of(url) not in hosts:
        return None
    path = identity(url)
    if not is_post(path):
        return None
    parts = urlsplit(url)
    # `/amp/`, `#respond` and `?replytocom=` are other doors of one house; the permalink is asked for.
    address = f"{parts.scheme}://{parts.netloc}{path}" if permalink_date(path) else url.partition("#")[0]
    return Found(address, finder, lastmod)


def _on_site(links: Iterable[str | None], base: str, hosts: Collection[str]) -> tuple[str, ...]:
    resolved = (_resolve(link or "", base) for link in links)
    kept = (url.partition("#")[0] for url in resolved if url and host_of(url) in hosts)
    return tuple(dict.fromkeys(kept))


def _resolve(link: str, base: str | None) -> str | None:
    """The absolute address, None for anything that is no web address at all."""
    link = link.strip()
    if not link or len(link) > 2000:
        return None
    try:
        url = absolute(link, base)
        return url if is_web(url) and urlsplit(url).hostname and urljoin(url, "/") else None
    except ValueError:  # such as `http://[`
        return None


def _links(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield from (element for element in tree.iter("a") if element.get("href"))


def _post_links(tree: html.HtmlElement) -> list[html.HtmlElement]:
    # Most links of a page are menus: libxml2 leaves them out at a hundredth of what resolving their addresses costs.
    found: list[html.HtmlElement] = tree.xpath(
        "//a[contains(@href, '/20') or starts-with(@href, '20') or contains(@href, '/index') or contains(@href, 'p=')]"
    )
    return found


def _is_item(element: html.HtmlElement) -> bool:
    """Whether the link is one of a listing's own items, as against a post that a page merely mentions."""
    return "more-link" in element.get("class", "") or any(e.tag in _ITEM_TAGS for e in element.iterancestors())


def _in_menu(element: html.HtmlElement) -> bool:
    return any(e.tag in {"nav", "header"} or "menu" in e.get("class", "") for e in element.iterancestors())


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _path(url: str) -> str:
    return urlsplit(url).path


def _root(body: bytes) -> etree._Element | None:
    # Entities, DTDs and the network stay off: a sitemap is data from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _elements(body: bytes, *names: str) -> Iterator[etree._Element]:
    root = _root(body)
    if root is not None:
        yield from (e for e in root.iter(etree.Element) if _name(e) in names)


def _name(element: etree._Element) -> str:
    """The local name in lower case; hand-written sitemaps forget the namespace or invent one."""
    # Recovered XML can hold names that no QName would take, such as `dc:creator` of a feed cut in two.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _child(element: etree._Element, name: str) -> str | None:
    texts = (_text(child).strip() for child in element if _name(child) == name)
    return next((text for text in texts if text), None)


def _feed_link(entry: etree._Element) -> str | None:
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            return child.get("href") or _text(child).strip() or None
    return None


def _json(body: bytes) -> object:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def _objects(body: bytes) -> tuple[object, ...]:
    try:
        return parse_dump(body).items
    except (ValueError, RecursionError):
        return ()


def _rest_posts(body: bytes) -> Iterator[tuple[str, str | None]]:
    for post in _objects(body):
        if isinstance(post, dict) and isinstance(post.get("link"), str):
            modified = post.get("modified_gmt")  # UTC, but without a zone
            yield post["link"], f"{modified}Z" if isinstance(modified, str) and modified else None
