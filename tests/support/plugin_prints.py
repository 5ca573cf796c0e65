"""What plugins of WordPress print into a text; `{prose}`, `{link}` and `{contents}` stand for invented words."""

from __future__ import annotations

PRINTS = {
    "easy toc": (
        '<div id="ez-toc-container" class="ez-toc-v2_0_68 counter-hierarchy">'
        '<div class="ez-toc-title-container"><p class="ez-toc-title">Table of Contents</p></div><nav>'
        '<ul class="ez-toc-list">{contents}</ul></nav></div>'
    ),
    "lwptoc": (
        '<div class="lwptoc lwptoc-autoWidth"><div class="lwptoc_header"><b class="lwptoc_title">'
        'Contents</b></div><div class="lwptoc_items"><a href="#a"><span class="lwptoc_item_label">'
        "Policy Summary and more</span></a></div></div>"
    ),
    "rank math": (
        '<div class="wp-block-rank-math-toc-block" id="rank-math-toc"><h2>In this brief</h2><nav><ul>'
        "{contents}</ul></nav></div>"
    ),
    "rank math noid": (
        '<div class="wp-block-rank-math-toc-block"><h2>In this brief</h2><div><ul>{contents}</ul></div></div>'
    ),
    "yoast toc": (
        '<div class="wp-block-yoast-seo-table-of-contents yoast-table-of-contents"><h2>In this brief</h2>'
        "<ul>{contents}</ul></div>"
    ),
    "aioseo": '<div class="wp-block-aioseo-table-of-contents"><ul>{contents}</ul></div>',
    "toc+": (
        '<div id="toc_container" class="no_bullets"><p class="toc_title">Contents</p>'
        '<ul class="toc_list">{contents}</ul></div>'
    ),
    "jetpack rel": (
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>'
        "Related</em></h3><p>{prose}</p></div>"
    ),
    "yarpp": (
        '<div class="yarpp yarpp-related yarpp-related-website yarpp-template-list"><h3>'
        'Related posts:</h3><ol><li><a href="{link}" rel="bookmark">Harbor Fees Return</a></li></ol>'
        "</div>"
    ),
    "irp new": (
        '<div style="clear:both; margin-top:0em; margin-bottom:1em;">'
        '<a href="{link}" target="_blank" class="u0273c14b50b4a34fdec91c42d49cdc60">'
        '<!-- INLINE RELATED POSTS 1/3 //--><style> .u0273 </style><div style="padding-left:1em">'
        '<span class="ctaText">Read also:</span>&nbsp; <span class="postTitle">Harbor Fees Return</span>'
        "</div></a></div>"
    ),
    "crp": (
        '<div class="crp_related crp_related_block"><h2>Related Posts:</h2><ul><li>'
        '<a href="{link}" class="crp_link"><span class="crp_title">Harbor Fees Return</span></a>'
        '<span class="crp_excerpt">{prose}</span></li></ul></div>'
    ),
    "crp id": '<div id="crp_related"><h3>Related:</h3><ul><li><a href="{link}">Harbor</a></li></ul></div>',
    "rpt": (
        '<div class="relpost-thumb-wrapper"><div class="relpost-thumb-container"><h3>Related posts</h3>'
        '<a class="relpost-block-single" href="{link}"><h2>Harbor Fees</h2></a></div></div>'
    ),
    "kk": (
        '<div class="kk-star-ratings kksr-auto"><div class="kksr-legend">Rate this brief, if you please do.</div></div>'
    ),
    "postratings": (
        '<div id="post-ratings-9" class="post-ratings"><img alt="1 Star"> (<strong>5</strong>'
        ' votes, average: <strong>4.20</strong> out of 5)<br><span class="post-ratings-text"></span>'
        '</div><div id="post-ratings-9-loading" class="post-ratings-loading"><img> Loading...</div>'
    ),
    "rmp": (
        '<div class="rmp-widgets-container rmp-wp-plugin"><p class="rmp-heading">'
        "How useful was this post to you?</p><p>"
        "No votes so far! Be the first to rate this post, it takes but a second of your day.</p></div>"
    ),
    "yasr": (
        '<div class="yasr-auto-insert-visitor"><div>[Total: 3 Average: 4.2 of all the readers who voted]</div></div>'
    ),
    "addtoany": (
        '<div class="addtoany_share_save_container addtoany_content addtoany_content_bottom">'
        '<div class="addtoany_header">Share this with all of your friends today:</div>'
        '<div class="a2a_kit"><a class="a2a_button_facebook" href="https://www.addtoany.com/add_to/facebo'
        'ok?x">Facebook</a></div></div>'
    ),
    "swp": (
        '<div class="swp_social_panel swp_horizontal_panel"><div class="nc_tweetContainer">'
        '<a class="nc_tweet" href="x"><span class="swp_share">Tweet</span></a></div>'
        '<div class="nc_tweetContainer total_shares">0 Shares in all of the time</div></div>'
    ),
    "swp ctt": (
        '<blockquote class="swp_CTT style1"><a class="swp_CTT_link" href="x">'
        '<span class="sw-click-to-tweet"><span class="swp_CTT_text">'
        "The freight will go elsewhere, and the towns will pay for all of it in the end.</span>"
        '<span class="swp_CTT_button">Click To Tweet</span></span></a></blockquote>'
    ),
    "monarch": (
        '<div class="et_social_inline et_social_mobile_on et_social_inline_bottom">'
        '<div class="et_social_networks"><ul class="et_social_icons_container"><li><a href="x">'
        "Facebook</a></li></ul></div></div>"
    ),
    "sassy": (
        '<div class="heateorSssClear"></div>'
        '<div class="heateor_sss_sharing_container heateor_sss_horizontal_sharing">'
        '<div class="heateor_sss_sharing_title" style="font-weight:bold">'
        'Please share this page with all of your friends</div><div class="heateor_sss_sharing_ul">'
        '<a href="x">f</a></div></div>'
    ),
    "spread": "<h3>Spread the love</h3>",
    "adinserter": '<div class="code-block code-block-1" style="margin: 8px 0;"><p>{prose}</p></div>',
    "adinserter2": '<div class="ai-viewport-1 ai-insert-2-1234"><p>{prose}</p></div>',
    "advads": '<div class="usres-content" id="usres-123456"><p>{prose}</p></div>',
    "advads2": '<div class="usren-before-content usren-entity-placement" id="usren-1"><p>{prose}</p></div>',
    "advads3": '<div class="advads-ad" id="advads-777"><p>{prose}</p></div>',
    "quads": '<!-- WP QUADS --><div class="quads-location quads-ad1" id="quads-ad1"><p>{prose}</p></div>',
    "adrotate": '<div class="g g-1"><div class="g-single a-1"><p>{prose}</p></div></div>',
    "molongui": (
        '<div class="molongui-clearfix"></div><div class="m-a-box " data-box-layout="slim"><h5>'
        "About the author</h5><p>{prose}</p></div>"
    ),
    "sab": (
        '<div class="saboxplugin-wrap"><div class="saboxplugin-authorname"><a href="x">desk</a></div>'
        '<div class="saboxplugin-desc"><p>{prose}</p></div></div>'
    ),
    "starbox": ('<div class="abh_box abh_box_down abh_box_business"><h4>Latest posts by desk</h4><p>{prose}</p></div>'),
    "ppma": (
        '<div class="pp-multiple-authors-boxes-wrapper pp-multiple-authors-wrapper box-post-id-9">'
        '<h2 class="widget-title box-header-title">Author</h2><p>{prose}</p></div>'
    ),
    "ppma2": '<div class="pp-author-boxes-wrapper ppma-layout"><p>{prose}</p></div>',
    "wpblockauthor": '<div class="wp-block-post-author"><p class="wp-block-post-author__bio">{prose}</p></div>',
    "rt": (
        '<span class="span-reading-time rt-reading-time" style="display: block;">'
        '<span class="rt-label rt-prefix">Reading Time: </span> <span class="rt-time"> 4</span>'
        ' <span class="rt-label rt-postfix">minutes</span></span>'
    ),
    "rt text": "<p>Reading Time: 4 minutes</p>",
    "rt text2": "<p>Estimated reading time: 3 minutes</p>",
    "rt3": "<p>5 min read</p>",
    "yoast rt": (
        '<p class="yoast-reading-time__wrapper"><span class="yoast-reading-time__icon"></span>'
        '<span class="yoast-reading-time__descriptive-text">Estimated reading time:  </span>'
        '<span class="yoast-reading-time__reading-time">4</span>'
        '<span class="yoast-reading-time__time-unit"> minutes</span></p>'
    ),
    "lmi": (
        '<p class="post-modified-info">'
        'Last Updated on May 3, 2021 by <a href="x" class="post-modified-author">desk</a></p>'
    ),
    "wplmi": (
        '<p class="wplmi-post post-last-modified">'
        'Changed by our desk on <time class="post-last-modified-td">May 3, 2021</time> at noon.</p>'
    ),
    "lm text": "<p>This post was last modified on May 3, 2021 10:20 am</p>",
    "lm text2": "<p>Last updated: 3 May 2021</p>",
    "bctt": (
        '<span class="bctt-click-to-tweet"><span class="bctt-ctt-text"><a href="x">'
        "The freight will go.</a></span></span>"
    ),
    "ctt cs": (
        '<div class="tm-tweet-clear"></div><div class="tm-click-to-tweet"><div class="tm-ctt-text">'
        '<a href="x">The freight</a></div></div>'
    ),
    "mailchimp": '<div id="mc_embed_signup"><form><h2>Subscribe</h2><p>{prose}</p><input></form></div>',
    "mc4wp": (
        '<form id="mc4wp-form-1" class="mc4wp-form"><div class="mc4wp-form-fields"><p>{prose}</p><input></div></form>'
    ),
    "newsletter": '<div class="tnp tnp-subscription"><p>{prose}</p><form><input></form></div>',
    "jetpack sub": (
        '<div class="wp-block-jetpack-subscriptions__supports-newline wp-block-jetpack-subscriptions">'
        '<div class="wp-block-jetpack-subscriptions__container"><form><p>Type your email…</p><input>'
        "</form></div></div>"
    ),
    "jetpack discover": (
        '<div class="wp-block-group"><h3>Discover more from US Renew News</h3><p>'
        "Subscribe to get the latest posts sent to your email.</p></div>"
    ),
    "cookie notice": (
        '<div id="cookie-notice" role="dialog" class="cookie-notice-hidden"><span>{prose}</span>'
        '<a href="x">Ok</a></div>'
    ),
    "cookieyes": '<div class="cky-consent-container"><p>{prose}</p></div>',
    "cmplz": '<div id="cmplz-cookiebanner-container"><p>{prose}</p></div>',
    "give": (
        '<div id="give-form-9-wrap" class="give-form-wrap give-display-onpage">'
        '<h2 class="give-form-title">Give</h2><div class="give-goal-progress">$10 of $20 raised</div><p>'
        "{prose}</p></div>"
    ),
    "give3": '<div class="root-data-givewp-embed" data-src="x"><p>{prose}</p></div>',
    "donorbox": (
        '<script src="https://donorbox.org/widget.js"></script>'
        '<iframe src="https://donorbox.org/embed/x"></iframe>'
        '<a class="dbox-donation-button" href="https://donorbox.org/x">Donate</a>'
    ),
    "powerpress": (
        '<div class="powerpress_player" id="powerpress_player_1"><audio></audio></div>'
        '<p class="powerpress_links powerpress_links_mp3">Podcast: <a href="x.mp3">Play in new window</a>'
        ' | <a href="y">Download</a></p><p class="powerpress_links powerpress_subscribe_links">'
        'Subscribe: <a href="x">RSS</a></p>'
    ),
    "ssp": (
        '<div class="castos-player light-mode"><div class="player__main">'
        'Playing now: the weekly talk of the harbour.</div></div><div class="podcast_meta"><aside><p>'
        'Podcast: <a href="x">Download</a></p></aside></div>'
    ),
    "podlove": '<div class="podlove-web-player">Listen to this episode of the harbour talk.</div>',
    "pf": (
        '<div class="printfriendly pf-button pf-button-content pf-alignleft"><a href="#"><img>'
        " Print or save this page now</a></div>"
    ),
    "wpprint": '<p><a href="/x/print/" title="Print This Post" rel="nofollow">Print This Post</a></p>',
    "dkpdf": (
        '<div class="dkpdf-button-container" style=" text-align:right ">'
        '<a class="dkpdf-button" href="?pdf=9"><span>PDF Button of the site</span></a></div>'
    ),
    "views": (
        '<div class="post-views content-post post-9 entry-meta"><span class="post-views-label">'
        'Post Views:</span> <span class="post-views-count">1,234</span></div>'
    ),
    "tptn": '<div class="tptn_counter" id="tptn_counter_9">(Visited 12 times, 1 visits today)</div>',
    "disqus": (
        '<div id="disqus_thread"><p>Please enable JavaScript to view the comments that others wrote below.</p></div>'
    ),
    "sharethis": '<div class="sharethis-inline-share-buttons">Share it with all of your friends</div>',
    "theme author": '<div class="author-box"><h4>desk</h4><p>{prose}</p></div>',
}
