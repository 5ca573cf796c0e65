"""Boilerplate: menus, share bars, sign-up forms, related posts, comments; nothing that the editors wrote."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_SKIPPED = frozenset(
    "script style noscript iframe svg form button nav input select textarea template object embed video audio head "
    "canvas map title".split()
)
_ANCHORED = frozenset("h1 h2 h3 h4 h5 h6 p li span strong em b i a sup".split())
# Menus, share bars, sign-up forms, related posts, comments: class or id words of WordPress, Divi, Monarch and common
# plugins (site-atlas 5.4, 5.5). Matched at the beginning of a word.
_BOILERPLATE = re.compile(
    r"(?:^|\s)(?:et_social_|et_bloom|sharedaddy|sd-|jp-relatedposts|addtoany|a2a_|heateor|ssba|social-share|share-|sharing|"
    r"post-?nav|nav-|navigation|breadcrumb|comments?(?:-|_|$|\s)|commentlist|comment-respond|respond(?:$|\s)|"
    r"et_pb_newsletter|et_pb_signup|et_pb_subscribe|et_pb_promo|et_pb_cta|et_pb_button|et_pb_posts|et_pb_blog|"
    r"et_pb_comments|et_pb_sidebar|et_pb_widget|et_pb_social|et_pb_contact|et_pb_search|et_pb_post_title|et_pb_menu|"
    r"et_pb_portfolio|et_pb_audio|et_pb_video|et_pb_post_nav|et_post_meta_wrapper|post-meta|entry-meta|entry-footer|"
    r"widget|sidebar|related|yarpp|crp_related|mc4wp|mailchimp|ctct|constant-?contact|newsletter|subscribe|signup|sign-up|donat|cookie|"
    r"screen-reader-text|page-links|more-link|toolbar|author-?(?:box|bio|info)|about-author|et_pb_team_member|saboxplugin|wm-ipp|noprint|no-print|popup|modal|"
    r"wp-block-(?:button|latest|query|search|social|comment|post-navigation|post-comment|post-author|post-date|"
    r"post-terms|template-part|site-|navigation|loginout|tag-cloud|categories|archives|rss)|"
    r"tags-links|cat-links|tagcloud|skip-link|site-header|site-footer|advert|ad-|ads-|banner|print-link|amp-wp-meta|"
    r"amp-wp-footer|amp-wp-header|amp-social|amp-sidebar|menu)",
    re.IGNORECASE,
)


def is_boilerplate(element: HtmlElement) -> bool:
    """Whether the element is boilerplate by its tag, class, id or style."""
    if element.tag in _SKIPPED:
        return True
    words = element.get("class")
    if words and _BOILERPLATE.search(words):
        return True
    identity, style = element.get("id"), element.get("style")
    if style and re.search(r"display\s*:\s*none", style):
        return True
    is_text = element.tag in _ANCHORED  # ids of headings and paragraphs are made of their words, such as `related`
    return bool(
        (identity and not is_text and _BOILERPLATE.search(identity))
        or element.get("hidden") is not None
        or element.tag == "aside"
    )
