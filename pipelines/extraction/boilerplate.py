"""Boilerplate: menus, share bars, sign-up forms, related posts, comments; nothing that the editors wrote."""

from __future__ import annotations

import re
from typing import Literal

from lxml.html import HtmlElement

Standing = Literal["text", "doubtful", "boilerplate"]

_SKIPPED = frozenset(
    "script style noscript iframe svg form button nav input select textarea template object embed video audio head "
    "canvas map title".split()
)
_ANCHORED = frozenset("h1 h2 h3 h4 h5 h6 p li span strong em b i a sup".split())
_CONTROLS = "form input button select textarea".split()
# Class or id words that only WordPress, Divi, Monarch and known plugins print (site-atlas 5.4, 5.5); a word begins so.
_KNOWN = re.compile(
    r"(?:^|\s)(?:"
    # Divi and Monarch
    r"et_social_|et_bloom|et_pb_(?:newsletter|signup|subscribe|button|posts|blog|comments|sidebar|widget|social|contact"
    r"|search|post_title|menu|portfolio|audio|video|post_nav|team_member)|et_post_meta_wrapper"
    # WordPress and its themes
    r"|post-?nav|nav-links|nav-previous|nav-next|breadcrumb|comments-(?:area|title|number|link)|commentlist|comment-"
    r"|post-meta|entry-meta|entry-footer|screen-reader-text|page-links|more-link|tags-links|cat-links|tagcloud|skip-link"
    r"|site-header|site-footer|widget_|amp-(?:wp-meta|wp-(?:article-)?(?:footer|header)|social|sidebar|ad)|sharedaddy|sd-|jp-|wpcnt"
    r"|wp-block-(?:button|latest|query|search|social|comment|post-navigation|post-comment|post-author|post-date"
    r"|post-terms|template-part|site-|navigation|loginout|tag-cloud|categories|archives|rss|table-of-contents"
    r"|yoast-seo-related|jetpack-(?:subscri|contact|donat|rating|like|related|mailchimp))"
    # share bars, follow buttons, quotations to share
    r"|addtoany|a2a_|addthis|at-(?:above|below)-post|heateor|ssba|ssb-|simplesocial|sfsi|wp_social_ninja|swp_|nc_social"
    r"|dpsp-|mashsb|essb_|shareaholic|juiz_sps|scriptless|wpusb|ultimate-social|fb-like|fb_iframe|twitter-share-button"
    r"|bctt-|tm-click-to-tweet|tm-tweet|click-to-tweet|ctt-|pinterest-pin|printfriendly|pf-button"
    # tables of contents, related posts
    r"|ez-toc|lwptoc|toc_container|simpletoc|joli-toc|rank-math-toc|wp-toc|kb-table-of-content|crp_related|yarpp|irp-|rp4wp"
    r"|rpwe|wp_rp|zem_rp|related_post|contextual-related|outbrain|taboola|nrelate|jp-relatedposts"
    # advertisements
    r"|wordads|adsbygoogle|google-auto-placed|code-block(?:-\d+)?(?:$|\s)|ai-viewport|ai_widget|advads|quads-|adrotate|ezoic"
    # stars, votes, last changes
    r"|kk-star|kksr-|post-ratings|rmp-|yasr-|gdrts|wp-polls|post-modified-|lmt-|wplmi"
    # boxes on the author
    r"|m-a-box|molongui|saboxplugin|abh_|author-?(?:box|bio|info)|about-author|wp-author-box|pp-author-box|starbox|ppma"
    # forms, subscriptions, gifts, consent, windows
    r"|mc4wp|mailchimp|mailpoet|mc_embed|ctct|constant-?contact|tnp-|tnp(?:$|\s)|sib_|wpforms|wpcf7|gform|nf-form|formkit"
    r"|convertkit|optin-|om-|hustle|pum-|give-form|charitable-|cookie-law|cmplz|moove_gdpr|wpdiscuz|dsq-|wm-ipp"
    r")",
    re.IGNORECASE,
)
# Words that such things bear in many themes, and the editors' own elements too: they are believed where no prose is.
_VAGUE = re.compile(
    r"(?:^|\s)(?:social-share|share-|sharing|nav-|navigation|comments?(?:-|_|$|\s)|respond(?:$|\s)|et_pb_promo|et_pb_cta"
    r"|widget|sidebar|related|newsletter|subscribe|signup|sign-up|donat|cookie|toolbar|noprint|no-print|popup|modal"
    r"|advert|ad-|ads-|banner|print-link|menu)",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"_tb_(?:body|header|footer)\b")
_PROSE = 60  # characters outside of links; share bars and menus have no sentence that long
_SENTENCE = re.compile(r"[a-z]{2}[”\"’)]*[.!?…](?:[”\"’)]*)(?:\s|$)")


def is_of_template(element: HtmlElement) -> bool:
    """Whether the element is a module of a template of Divi's Theme Builder, which marks them."""
    return bool(_TEMPLATE.search(element.get("class") or ""))


def find_standing(element: HtmlElement, whole: int) -> Standing:
    """Find whether an element of the content is boilerplate; `doubtful` where its name says so and its text does not.

    An element that holds half of the `whole` content (`count_characters`) is the text, whatever it is called.
    """
    standing = _find_by_name(element)
    if standing != "text" and 0 < whole <= 2 * count_characters(element):
        return "text"
    return standing


def is_boilerplate(element: HtmlElement) -> bool:
    """Whether the element is boilerplate by its tag, class, id or style, and by its text where they are no proof."""
    return _find_by_name(element) == "boilerplate"


def _find_by_name(element: HtmlElement) -> Standing:
    if element.tag in _SKIPPED or element.get("hidden") is not None:
        return "boilerplate"
    words, identity, style = element.get("class") or "", element.get("id") or "", element.get("style")
    if element.tag in _ANCHORED:
        identity = ""  # ids of headings and paragraphs are made of their words, such as `related`
    if _KNOWN.search(words) or _KNOWN.search(identity) or (style and re.search(r"display\s*:\s*none", style)):
        return "boilerplate"
    if element.tag == "aside" or _VAGUE.search(words) or _VAGUE.search(identity):
        return "doubtful" if _holds_prose(element) else "boilerplate"
    return "text"


def _holds_prose(element: HtmlElement) -> bool:
    """Whether there is a sentence, or a heading of words, that is no link and stands in no form."""
    if next(element.iter(*_CONTROLS), None) is not None:
        return False
    text = " ".join(element.text_content().split())
    linked = sum(len(" ".join(link.text_content().split())) for link in element.iter("a"))
    if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return bool(text) and not linked
    return has_sentence(text, linked)


def has_sentence(text: str, linked: int = 0) -> bool:
    """Whether a text that is not mostly links (`linked` characters) has a sentence."""
    return len(text) - linked >= _PROSE and bool(_SENTENCE.search(text))


def count_characters(element: HtmlElement) -> int:
    """Count the characters of the paragraphs, or of all text where there are none."""
    paragraphs = [len(paragraph.text_content()) for paragraph in element.iter("p")]
    return sum(paragraphs) if paragraphs else len(element.text_content())
