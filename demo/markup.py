"""Listings as the Divi theme prints them, and its page for what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from demo.posts import Post, sample_terms

SITE = "USRESIST NEWS"
_TAGLINE = "Keeping Democracy Alive: A Mission We Take To Heart"
_NOT_FOUND = (
    '<article id="post-0" class="et_pb_post not_found"><div class="entry">'
    '<h1 class="not-found-title">No Results Found</h1><p>The page you requested could not be found. Try refining your '
    "search, or use the navigation above to locate the post.</p></div></article>"
)


def listing(base: str, heading: str, body_class: str, items: str) -> bytes:
    """A page with a blog module around `items` and their pager."""
    module = (
        '<div class="et_pb_module et_pb_posts et_pb_blog_0"><div class="et_pb_ajax_pagination_container">\n'
        f"{items}</div></div> <!-- .et_pb_posts -->"
    )
    return _page(base, heading, body_class, f"<h2>{escape(heading)}</h2>\n{module}")


def items(base: str, posts: Sequence[Post], whole: int) -> str:
    """The module's items; the first `whole` are printed in full, as the old domain pages did."""
    return "".join(_item(base, post, n, n < whole) + "\n" for n, post in enumerate(posts))


def pager(base: str, path: str, number: int, last: int, suffix: str) -> str:
    """Links to older and newer entries; `suffix` follows the page's path, such as `?et_blog`."""
    older = f"{base}{path}page/{number + 1}/{suffix}" if number < last else ""
    newer = f"{base}{path}page/{number - 1}/{suffix}" if number > 2 else f"{base}{path}{suffix}" * (number == 2)
    left = f'<a href="{older}" >&laquo; Older Entries</a>' if older else ""
    right = f'<a href="{newer}" >Next Entries &raquo;</a>' if newer else ""
    sides = f'<div class="alignleft">{left}</div><div class="alignright">{right}</div>'
    return f'<div class="pagination clearfix">{sides}</div>'


def not_found(base: str) -> bytes:
    """What the site says with status 404."""
    return _page(base, "Page not found", "error404", _NOT_FOUND)


def _item(base: str, post: Post, number: int, whole: bool) -> str:
    url, title = base + post.path, escape(post.title)
    classes = " ".join(f"category-{term.slug}" for term in post.categories)
    text = post.content if whole else f"<p>{escape(post.teaser)}</p>"
    more = "" if whole else f' <a href="{url}" class="more-link" >read more</a>'
    return f"""<article id="post-{post.id}" class="et_pb_post clearfix et_pb_blog_item_0_{number} post-{post.id} post \
type-post status-publish format-standard has-post-thumbnail hentry {classes}">
<div class="et_pb_image_container"><a href="{url}" class="entry-featured-image-url"><img \
src="{base}/wp-content/uploads/{post.slug[:20]}-400x250.jpg" alt="{title}" width="400" height="250" /></a></div>
<h2 class="entry-title"><a href="{url}">{title}</a></h2>
<p class="post-meta"> <span class="published">{_long(post.published)}</span> </p>
<div class="post-content">{text}{more}</div>
</article> <!-- .et_pb_post -->"""


def _long(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{parsed:%B} {parsed.day}, {parsed.year}"


def _page(base: str, title: str, body_class: str, main: str) -> bytes:
    menu = "".join(f'<li><a href="{base}/{t.slug}/">{escape(t.name)}</a></li>' for t in sample_terms())
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
<meta charset="UTF-8" />
<title>{escape(title)} - {SITE}</title>
<link rel="alternate" type="application/rss+xml" title="{SITE} &raquo; Feed" href="{base}/feed/" />
<link rel="https://api.w.org/" href="{base}/wp-json/" />
<meta name="viewport" content="width=device-width, initial-scale=1.0" />
</head>
<body class="{body_class} et_pb_button_helper_class et_fixed_nav et_divi_theme et-db">
<div id="page-container">
<header id="main-header"><div class="container"><a href="{base}/">{SITE}</a><nav id="top-menu-nav"><ul id="top-menu">
<li><a href="{base}/">Home</a></li>{menu}<li><a href="{base}/about/">About</a></li></ul></nav></div></header>
<div id="et-main-area"><p>{SITE.replace(" ", "")}{_TAGLINE}</p>
<div id="main-content"><div class="container"><div id="content-area" class="clearfix"><div id="left-area">
{main}
</div></div></div></div>
<footer id="main-footer"><p>Subscribe Below to Our News Service</p></footer>
</div></div>
</body>
</html>
""".encode()
