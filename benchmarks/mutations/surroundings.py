"""Mutations of what is around and between the text: containers, plugins, readers' comments, other posts, archives."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

from benchmarks.mutations.specimen import Block, Specimen, refuse_if, require

_CONTAINERS = (
    "<div>",
    '<div class="wp-block-group">',
    '<section class="story">',
    '<div class="et_pb_text_inner">',
    '<div id="primary-text">',
    "<main>",
    '<div class="elementor-widget-container">',
)
_HERE = Path(__file__).parent
_PLUGINS = (_HERE / "plugins.html").read_text("utf-8").splitlines()  # a line each; the last three are plain paragraphs
_COMMENTS = (_HERE / "comments.html").read_text("utf-8")
_TEASER = (_HERE / "teaser.html").read_text("utf-8")
_TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'><p>12 captures</p><p>02 Jan 2019</p></div>"
    "<!-- END WAYBACK TOOLBAR INSERT -->"
)


def _list_text_blocks(page: Specimen) -> list[Block]:
    return [] if page.is_bare else page.list_paragraphs()


def wrap_paragraph(page: Specimen, random: Random) -> Specimen | None:
    """A paragraph in a container of its own."""
    blocks = require([block for block in _list_text_blocks(page) if block.tag == "p"])
    block, opening = random.choice(blocks), random.choice(_CONTAINERS)
    name = opening.strip("<>").split()[0]
    return page.put(block, f"{opening}{page.get_source(block)}</{name}>")


def wrap_neighbours(page: Specimen, random: Random) -> Specimen | None:
    """Two neighbours in one container."""
    blocks = [block for block in _list_text_blocks(page) if block.tag == "p"]
    pairs = require([(a, b) for a, b in pairwise(blocks) if not page.markup[a.end : b.start].strip()])
    (first, last), opening = random.choice(pairs), random.choice(_CONTAINERS)
    source, name = page.markup[first.start : last.end], opening.strip("<>").split()[0]
    return page.edit(first.start, last.end, f"{opening}\n{source}\n</{name}>")


def insert_plugin(page: Specimen, random: Random) -> Specimen | None:
    """What a known plugin prints between two paragraphs."""
    at = random.choice(require(_list_text_blocks(page)[:-1])).end
    return page.edit(at, at, random.choice(_PLUGINS))


def append_plugin(page: Specimen, random: Random) -> Specimen | None:
    """The same behind the last paragraph."""
    blocks = require(_list_text_blocks(page))
    return page.edit(blocks[-1].end, blocks[-1].end, random.choice(_PLUGINS[:-3]))


def add_comments(page: Specimen, random: Random) -> Specimen | None:
    """What readers wrote below the article."""
    return page.substitute(r"</article>(?!.*</article>)", lambda match: _COMMENTS + match[0])


def add_teasers(page: Specimen, random: Random) -> Specimen | None:
    """Another post in a column beside this one."""
    return page.substitute(r"(?=<footer\b(?!.*<footer\b))", _TEASER)


def add_menu(page: Specimen, random: Random) -> Specimen | None:
    items = '<li><a href="/">Home</a></li><li><a href="/about/">By Rosa Quillfeather</a></li>'
    menu = f'<nav class="top-menu"><ul>{items}</ul></nav>'
    return page.substitute(r"<body\b[^<>]*>", lambda match: match[0] + menu)


def replay(page: Specimen, random: Random) -> Specimen | None:
    """The page as a Wayback shows it: toolbar, prefix on every link."""
    url = require(page.capture.url)
    refuse_if(page.frame or page.is_bare or "web.archive.org" in page.markup or "/web/" in url)
    prefix = "https://web.archive.org/web/20190102030405/"
    page = page.substitute(r"(href|src)=([\"'])(?=https?://)", rf"\1=\2{prefix}") or page
    page = page.substitute(r"<body\b[^<>]*>", lambda match: match[0] + _TOOLBAR) or page
    return replace(page, capture=replace(page.capture, url=prefix + url))


def shorten_links(page: Specimen, random: Random) -> Specimen | None:
    """Links of the site without scheme, or without host."""
    url = page.capture.url or ""
    refuse_if(not re.match(r"https://www\.usresistnews\.org/", url))
    new = random.choice(("//www.usresistnews.org/", "/"))
    return page.substitute(r"(?<=<a href=\")https://www\.usresistnews\.org/", new)


def turn_host(page: Specimen, random: Random) -> Specimen | None:
    """The page captured from another of the site's hosts, or with a query or fragment: one post, one path."""
    url = page.capture.url or ""
    match = require(re.match(r"https?://[^/]+(?P<path>/.*)", url))
    refuse_if('rel="canonical"' not in page.markup or "?" in url or "/web/" in url)
    host = random.choice(
        (
            "https://usresistnews.org",
            "http://www.usresistnews.org",
            "https://usrenewnews.org",
            "https://www.usresistnews.org",
        )
    )
    behind = random.choice(("", "?utm_source=mail", "#comments", "?fbclid=A1"))
    return replace(page, capture=replace(page.capture, url=host + match["path"] + behind))


def recode(page: Specimen, random: Random) -> Specimen | None:
    """Another encoding, which header and page name."""
    media = (page.capture.content_type or "text/html").partition(";")[0]
    refuse_if(page.frame or page.is_bare or "<meta charset" not in page.markup)
    charset = random.choice(("windows-1252", "iso-8859-1", "iso-8859-15", "us-ascii", "utf-16", "koi8-r"))
    named = page.substitute(r"(?<=<meta charset=\")[^\"]*", charset) or page
    codec = "cp1252" if charset == "iso-8859-1" else charset
    return replace(named, charset=codec, capture=replace(page.capture, content_type=f"{media}; charset={charset}"))


def hide_charset(page: Specimen, random: Random) -> Specimen | None:
    """The header names no encoding, or the page names a wrong one beside the header's."""
    refuse_if(page.frame or page.is_bare or "<meta charset" not in page.markup)
    media = (page.capture.content_type or "text/html").partition(";")[0]
    if random.random() < 0.5:
        return page.substitute(r"(?<=<meta charset=\")[^\"]*", "ISO-8859-1")
    without = page.substitute(r"<meta charset=[^<>]*>", "") if random.random() < 0.5 else page
    return without and replace(without, capture=replace(page.capture, content_type=media))


def add_byte_order_mark(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.frame or page.charset != "utf-8")
    return replace(page, markup="\ufeff" + page.markup)
