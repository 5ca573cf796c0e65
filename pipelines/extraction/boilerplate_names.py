"""Names of boilerplate in class or id, as WordPress, Divi and known plugins print them (site-atlas 5.4, 5.5)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

NameKind = Literal["", "vague", "known"]

# Whoever sees one of these at the beginning of a name knows the program: no editor calls a paragraph so.
_BEGINNINGS = (
    # Divi, Monarch and Bloom
    r"et_social_|ns-(?:buttons|inline|share)|et_bloom|et_pb_(?:newsletter|signup|subscribe|button|posts|blog|comments|sidebar|widget|social|contact"
    r"|search|post_title|menu|portfolio|audio|video|post_nav|team_member|post_slider|fullwidth_(?:menu|post|portfolio))|et_post_meta_wrapper",
    # WordPress, its blocks, Jetpack, AMP
    r"widget_|wp-block-(?:button|latest|query|search|social|comment|post-navigation|post-comment|post-author|post-date"
    r"|post-terms|template-part|site-|navigation|loginout|tag-cloud|categories|archives|rss|cap-coauthor"
    r"|publishpress|jetpack-(?:subscri|contact|donat|rating|like|related|mailchimp|sharing|podcast|send-a-message))"
    r"|amp-(?:wp-meta|wp-(?:article-)?(?:footer|header)|social|sidebar|ad)|sharedaddy|wpcnt|wordads|jetpack[-_](?:likes"
    r"|subscri|related|sharing)|jp-(?:relatedposts|post-flair)|sd-(?:sharing|content|social|block|title|like|rating)",
    # tables of contents; not `ez-toc-section`, which stands in the headings
    r"ez-toc-(?!section)|lwptoc|toc_container|simpletoc|joli-toc|wpj-jtoc|rank-math-toc|wp-toc|kb-table-of-content"
    r"|ht_toc|toc_widget|wp-block-[\w-]*toc(?:-|\b)|(?:wp-block-)?[\w-]*table-of-contents",
    # related posts
    r"crp_related|yarpp|irp-|rp4wp|rpwe|rpbt_|relpost|wp_rp|zem_rp|contextual-related|outbrain|taboola|nrelate|pt-cv-|wpsp-|display-posts-listing|wp-show-posts|ultp-|tptn_posts"
    r"|(?:ctaText|postTitle)(?![\w-])",
    # share and follow buttons, quotations to share
    r"addtoany|a2a_|addthis|at-(?:above|below)-post|heateor|the_?champ|ssbap?-|simplesocial|sfsi|wp_social_ninja|swp_"
    r"|swp-|sw-(?:click-to-)?tweet|nc_(?:social|wrapper)|dpsp-|mashsb|essb_|shareaholic|juiz_sps|scriptless|wpusb"
    r"|ultimate-social|shared-counts|sharethis-|st_sharethis|kiwi-article|synved-social|wpsr-|social-?warfare"
    r"|fb-like|fb_iframe|fb-comments|twitter-share-button|bctt-|tm-(?:click-to-tweet|tweet|ctt)|click-to-tweet"
    r"|tweet-?this|inline-?tweet|pinterest-pin|printfriendly|pf-button|dkpdf-|pdfprnt-|printomatic|wp-print-",
    # advertisements; Advanced Ads begins its names with five letters of the site's host
    r"adsbygoogle|google-auto-placed|code-block-\d|ai-(?:viewport|insert|rotate|attributes|close|widget)|ai_widget"
    r"|advads-(?:ad|\d|layer|sticky|group|grid|slider|close|edit)|advanced-ads|(?:usres|usren)-(?:\d|[\w-]*content|entity)|[\w-]+-entity-placement|quads-(?:location|ad)|adrotate|g-single"
    r"|ezoic|mv-ad-box|adthrive|ad-inserter",
    # stars, votes, views, reading time, last changes
    r"kk-star|kksr-|post-ratings|pvc_|rmp-|yasr-|gdrts|wp-polls|wpulike|thumbs-rating|likebtn|pd-rating|pds-box|post-views|dem-(?:poll|screen|vote)|poll-maker|wp-polls|forminator-poll|totalpoll"
    r"|tptn_counter|(?:span-|rt-|bsf-rt-|yoast-)?reading-time(?:_|(?![\w-]))|(?:rt|bsf-rt)-(?:label|time|display)"
    r"|(?:post|page)-(?:last-)?modified(?:-|(?![\w-]))|wplmi",
    # boxes on the author
    r"m-a-box|molongui|saboxplugin|abh_|starbox|ppma|pp-multiple-authors|multiple-authors|ts-fab|awpa-|sexy-author"
    r"|(?:wp-|pp-|post-)?author[-_]?(?:box|bio|info|description)(?:[-_](?:box|wrap|container))?(?![\w-])"
    r"|about-(?:the-)?author(?![\w-])",
    # forms, subscriptions, gifts, consent, comments, windows, players
    r"mc4wp|mailchimp|mailpoet|mc_embed|ctct|constant-?contact|tnp-|tnp(?![\w-])|sib[-_]form|sib_|wpforms|wpcf7|gform"
    r"|nf-form|formkit|convertkit|hbspt|hs-form|klaviyo|optinforms|optin-?monster|om-(?:holder|monster|slide)|hustle-(?:ui|popup|modal|slidein|embedded|layout)"
    r"|pum(?![\w-])|pum-|give-(?:form|embed|goal|card|wrap|btn|donor)|givewp|root-data-givewp|dbox-|charitable-(?:donat|campaign|form|donor|notice)"
    r"|cookie-(?:law|notice)|cky-|cli-bar|cmplz|moove_gdpr|onetrust|CybotCookie|BorlabsCookie|cc-window|iubenda"
    r"|wpdiscuz|dsq-|disqus|wm-ipp|powerpress_|podcast_(?:player|meta)|castos-|podlove|buzzsprout|mejs-|wp-playlist"
    r"|wp-audio|responsivevoice|playht|beyondwords|amazon-(?:polly|ai-player)|gspeech|gtranslate|google_translate|trinity-(?:audio|player|tts)|trinityAudio|ttsplayer|speechify|audiomack|vocalize",
)
# Whole names that WordPress's own templates and those of its themes have.
_WHOLE = (
    r"post-?nav(?:igation)?|nav-links|nav-previous|nav-next"
    r"|comments-(?:area|title|number|link)|commentlist|comment-(?:respond|list|form|body|author|meta(?:data)?|content"
    r"|reply(?:-link|-title)?|navigation)|post-meta|entry-meta|entry-footer|page-links|more-link"
    r"|tags-links|(?:post|entry|article|single)[-_](?:tags|cats|categories)|post__tags|tag-links|wp_print|print-link|wp_email|yoast-breadcrumbs?|rank-math-breadcrumb|aioseo-breadcrumbs?|cat-links|tagcloud|skip-link|site-header|site-footer|related[-_]?posts?|g-\d+"
    # words for screen readers, and those that a pointer shows
    r"|(?:screen-?reader(?:-text|-only|s)?|sr-(?:only|text)|sronly|(?:u-|is-)?visually-?hidden(?:-focusable)?|show-for-sr|a11y-(?:hidden|text)"
    r"|element-invisible|text-hide|assistive-text|off-?screen|tooltip[-_]?(?:text|content|box))"
    r"|headerlink|anchor-?js-link|post-edit-link|edit-link|mw-editsection|elementor-screen-only"
)
# Words that such things bear in many themes, and the editors' own elements too: they are believed where no text is.
_VAGUE = (
    r"social|share|sharing|follow|nav-|navigation|breadcrumb|comments?(?:-|_|(?![\w-]))|respond(?![\w-])|et_pb_promo"
    r"|et_pb_cta|cta-|widget|sidebar|related|newsletter|subscri|signup|sign-up|donat|cookie|consent|gdpr|toolbar"
    r"|no-?print|popup|modal|advert|sponsor|promo|ad-|ads-|ad_|banner|print-|menu|author-|about-author|reading-time"
    r"|toc-|toc_|toc(?![\w-])|democracy(?![\w-])|rating|vote|podcast|player|post-meta|code-block|printfriendly|tweet"
)

_KNOWN_NAME = re.compile(rf"(?:^|\s)(?:{'|'.join(_BEGINNINGS)}|(?:{_WHOLE})(?![\w-]))", re.IGNORECASE)
_VAGUE_NAME = re.compile(rf"(?:^|\s)(?:{_VAGUE})", re.IGNORECASE)


def has_known_name(names: str) -> bool:
    """Whether a class or id attribute holds a name that only boilerplate has."""
    return classify_names(names) == "known"


@lru_cache(maxsize=8192)  # the same few stand on all pages of a site
def classify_names(names: str) -> NameKind:
    """Classify a class or id attribute: a `known` one holds a name that only boilerplate has, a `vague` one may."""
    if not names:
        return ""
    return "known" if _KNOWN_NAME.search(names) else "vague" if _VAGUE_NAME.search(names) else ""
