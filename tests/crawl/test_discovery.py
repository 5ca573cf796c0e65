"""The site's ways in: what each names, what is left out, and that nothing hostile raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from scraper.address import SITE_HOSTS, host_of, identity, is_post
from scraper.discovery.post_addresses import (
    find_further_listings,
    find_menu_pages,
    find_posts_in_feed,
    find_posts_in_listing,
    find_posts_in_rest,
    find_posts_in_sitemap,
    find_sitemaps_in_index,
    find_sitemaps_in_robots,
    is_feed,
    is_rest_list,
    is_sitemap,
    list_links,
    listing_base,
)
from scraper.records import FoundAddress

HOME = "https://www.usresistnews.org/"
POST = HOME + "2019/03/10/harbour/"
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="{HOME}feed/1"/>
<link rel="alternate" href="{POST}"/><updated>2019-04-01T00:00:00Z</updated></entry></feed>""".encode()
RSS = f"""<?xml version="1.0"?><rss><channel><link>{HOME}</link><item><title>x</title><link>
{POST}?utm_source=rss</link><guid isPermaLink="false">{HOME}?p=7</guid></item></channel></rss>""".encode()


def urlset(*entries: str, namespace: str = "http://www.sitemaps.org/schemas/sitemap/0.9") -> bytes:
    return f'<?xml version="1.0"?>\n<urlset xmlns="{namespace}">{"".join(entries)}</urlset>'.encode()


def loc(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def list_posts(page: str, url: str = HOME) -> list[tuple[str, str]]:
    return [
        (found.url, found.finder) for found in find_posts_in_listing(list_links(html.fromstring(page)), url, SITE_HOSTS)
    ]


def test_sitemap_names_posts_with_lastmod() -> None:
    body = urlset(loc(POST, "<lastmod>2019-04-01T10:00:00+00:00</lastmod>"), loc(HOME + "about/"), loc(POST))
    assert find_posts_in_sitemap(body, None, SITE_HOSTS) == (
        FoundAddress(POST, "sitemap", "2019-04-01T10:00:00+00:00"),
    )


def test_image_addresses_in_a_sitemap_are_no_posts() -> None:
    image = f'<i:image xmlns:i="urn:x"><i:loc>{HOME}2018/01/01/photo/</i:loc></i:image>'
    assert [f.url for f in find_posts_in_sitemap(urlset(image and loc(POST, image)), None, SITE_HOSTS)] == [POST]


@pytest.mark.parametrize("namespace", ["", "http://www.google.com/schemas/sitemap/0.84", "urn:whatever"])
def test_namespaces_do_not_matter(namespace: str) -> None:
    assert len(find_posts_in_sitemap(urlset(loc(POST), namespace=namespace), None, SITE_HOSTS)) == 1


def test_a_broken_sitemap_gives_what_it_can() -> None:
    body = urlset(loc(POST), loc(HOME + "2019/03/11/second/"))
    assert len(find_posts_in_sitemap(body[:-40], None, SITE_HOSTS)) >= 1


def test_entities_are_not_resolved_and_files_not_read() -> None:
    bomb = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
    <urlset><url><loc>https://www.usresistnews.org/2019/03/10/&f;&b;/</loc></url></urlset>"""
    assert all("root" not in found.url for found in find_posts_in_sitemap(bomb, None, SITE_HOSTS))


def test_other_hosts_and_schemes_are_left_out() -> None:
    strange = [
        "http://127.0.0.1/2019/03/10/x/",
        "file:///2019/03/10/x/",
        "javascript:alert(1)",
        "//evil.test/2019/03/10/x/",
    ]
    strange += [
        "https://www.usresistnews.org.evil.test/2019/03/10/x/",
        "https://usresistnews.org@evil.test/2019/03/10/x/",
    ]
    links = "".join(f'<article><a href="{address}">x</a></article>' for address in strange)
    assert find_posts_in_sitemap(urlset(*map(loc, strange)), HOME, SITE_HOSTS) == ()
    assert list_posts(f"<div>{links}</div>") == []


def test_a_feed_names_its_posts() -> None:
    assert find_posts_in_feed(RSS, None, SITE_HOSTS) == (FoundAddress(POST, "feed"),)
    assert find_posts_in_feed(ATOM, None, SITE_HOSTS) == (FoundAddress(POST, "feed", "2019-04-01T00:00:00Z"),)


def test_rest_names_posts_and_when_they_changed() -> None:
    posts = [{"link": POST, "modified_gmt": "2019-04-01T10:00:00"}, {"id": 3}, None, {"link": 5}, {"link": POST}]
    assert find_posts_in_rest(json.dumps(posts).encode(), None, SITE_HOSTS) == (
        FoundAddress(POST, "rest", "2019-04-01T10:00:00Z"),
    )


def test_a_listing_s_items_are_told_from_links() -> None:
    page = f"""<body><div id="sidebar"><a href="/2018/01/02/old/">old</a></div>
    <article><a href="/2019/03/10/harbour/"><img></a><h2 class="entry-title"><a href="{POST}">t</a></h2>
    <a class="more-link" href="{POST}#more">read more</a></article><a href="?p=23040">short</a></body>"""
    assert list_posts(page) == [(HOME + "2018/01/02/old/", "link"), (POST, "listing"), (HOME + "?p=23040", "link")]


def test_other_doors_of_one_post_are_its_permalink() -> None:
    page = "".join(f"<article><a href='{POST}{tail}'>x</a></article>" for tail in ("amp/", "?replytocom=4", "#respond"))
    assert list_posts(f"<div>{page}</div>") == [(POST, "listing")]


def test_wayback_prefixes_do_not_count() -> None:
    page = f"<div><article><a href='/web/20190401000000/{POST}'>x</a></article></div>"
    assert list_posts(page, f"https://web.archive.org/web/20190401000000/{HOME}") == [(POST, "listing")]


def test_pagers_of_all_kinds_lead_on() -> None:
    page = """<body><div class="alignleft"><a href="/jobs/page/2/?et_blog">Older</a></div>
    <div class="wp-pagenavi"><a href="/jobs/page/3/">3</a></div><a href="/category/economy/">Economy</a>
    <a href="https://example.org/page/2/">off</a><a href="/wp-admin/">admin</a></body>"""
    paths = [url.removeprefix(HOME) for url in find_further_listings(html.fromstring(page), HOME + "jobs/", SITE_HOSTS)]
    assert paths == ["jobs/page/2/?et_blog", "jobs/page/3/", "category/economy/"]
    assert {listing_base(HOME + path) for path in paths[:2]} == {"/jobs/"}


def test_menus_name_the_domain_pages() -> None:
    menu = "<nav><a href='/harbours/'>Harbours</a><a href='/wp-login.php'>in</a><a href='/?s=x'>find</a></nav>"
    tree = html.fromstring(f"<body>{menu}<p><a href='/elsewhere/'>x</a></p></body>")
    assert find_menu_pages(tree, HOME, SITE_HOSTS) == (HOME + "harbours/",)


def test_robots_and_indexes_name_sitemaps() -> None:
    text = "User-agent: *\r\nSITEMAP:https://www.usresistnews.org/a.xml\n Sitemap: /b.xml # x\nSitemap: https://evil.test/c.xml"
    assert find_sitemaps_in_robots(text.encode(), HOME + "robots.txt", SITE_HOSTS) == (HOME + "a.xml", HOME + "b.xml")
    index = f"<sitemapindex><sitemap><loc>{HOME}post-sitemap.xml</loc></sitemap></sitemapindex>".encode()
    assert find_sitemaps_in_index(index, HOME, SITE_HOSTS) == (HOME + "post-sitemap.xml",)


def test_kinds_are_told_by_their_bytes() -> None:
    assert is_sitemap(urlset()) and not is_sitemap(RSS) and not is_sitemap(b"<html></html>") and not is_sitemap(b"")
    assert is_feed(RSS) and is_feed(ATOM) and not is_feed(urlset())
    assert is_rest_list(b"[]") and not is_rest_list(b'{"code":"rest_no_route"}') and not is_rest_list(b"[" * 100_000)


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda t: urlset(loc(t)) + t.encode()))
def test_no_bytes_raise(body: bytes) -> None:
    for read in (find_posts_in_sitemap, find_posts_in_feed, find_posts_in_rest):
        assert all(is_post(identity(found.url)) for found in read(body, HOME, SITE_HOSTS))
    find_sitemaps_in_index(body, HOME, SITE_HOSTS)
    find_sitemaps_in_robots(body, HOME, SITE_HOSTS)


@given(st.text(alphabet="/:?#[]@.%htps2019-usreinw.orgx \t\\", max_size=60))
def test_no_link_raises_or_leaves_the_site(link: str) -> None:
    tree = html.Element("body")
    tree.append(html.Element("a", href=link))
    for found in find_posts_in_listing(list_links(tree), HOME, SITE_HOSTS):
        assert host_of(found.url) in SITE_HOSTS
    find_further_listings(tree, HOME, SITE_HOSTS)
