"""Copies that are not the post: translated, emptied, kept for members; walls and errors saved without their status."""
# ruff: noqa: E501 - a saved page in one line is read more easily

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.extract import extract
from scraper.address import SITE_HOSTS, identity, is_ours
from tests.support.post_copies import FRENCH, PATH, SITE, TEXT, URL, make_copy, make_page, take_copies
from tests.support.specimens import read_rows

_VALUES = "SELECT path, kind, label, number, title, body, published FROM briefs"
_FONT = '<font style="vertical-align: inherit;"><font style="vertical-align: inherit;">{}</font></font>'
GOOGLE = "_x_tr_sl=en&_x_tr_tl=fr&_x_tr_hl=fr"

# Each as the page and the address that it was saved from.
TRANSLATED = {
    "chrome": (make_page(FRENCH, root='lang="fr" class="translated-ltr"'), URL),
    "chrome to arabic": (make_page(FRENCH, root='lang="ar" dir="rtl" class="js translated-rtl"'), URL),
    "half of the page": (make_page(TEXT, root='lang="fr" class="translated-ltr"'), URL),
    "chrome without its class": (make_page(FRENCH, title=_FONT.format("Deux lampes")), URL),
    "edge": (make_page(FRENCH.replace("<p>", '<p _msttexthash="3241" _msthash="12">')), URL),
    "firefox": (make_page(FRENCH.replace("<p>", "<p x-bergamot-translated>")), URL),
    "firefox, by its language": (make_page(FRENCH, root='lang="fr"'), URL),
    "yandex": (make_page(FRENCH.replace("<p>", '<p><ya-tr-span data-index="1-0" data-translated="true">', 1)), URL),
    "immersive": (make_page(TEXT + '<p><font class="notranslate immersive-translate-target-wrapper">Une</font></p>'), URL),
    "google's proxy": (make_page(FRENCH), f"https://www-usresistnews-org.translate.goog{PATH}?{GOOGLE}"),
    "google's page": (make_page(FRENCH), f"https://translate.google.com/translate?sl=en&tl=fr&u={URL}"),
    "bing": (make_page(FRENCH), f"https://www.translatetheweb.com/?from=en&to=fr&a={URL.replace('/', '%2F')}"),
    "turbopages": (make_page(FRENCH), f"https://translated.turbopages.org/proxy_u/en-fr.fr.0a/https/{URL[8:]}"),
    "a folder": (make_page(FRENCH, root='lang="fr-FR"', canonical=f"{SITE}/fr{PATH}"), f"{SITE}/fr{PATH}"),
    "a folder of a region": (make_page(FRENCH), f"{SITE}/pt-br{PATH}"),
    "a host": (make_page(FRENCH), f"https://fr.usresistnews.org{PATH}"),
    "a query": (make_page(FRENCH), f"{URL}?lang=fr"),
    "a copy of a proxy": (make_page(FRENCH), f"https://web.archive.org/web/20220101000000/https://www-usresistnews-org.translate.goog{PATH}"),
}  # fmt: skip


@pytest.mark.parametrize("way", TRANSLATED)
def test_a_translated_copy_gives_no_values_and_is_told(tmp_path: Path, way: str) -> None:
    body, url = TRANSLATED[way]
    take_copies(tmp_path, make_copy(make_page()))
    before = read_rows(tmp_path, _VALUES)
    assert is_ours(url, SITE_HOSTS) or "web.archive" in url
    take_copies(tmp_path, make_copy(body, 2023, url))
    assert read_rows(tmp_path, _VALUES) == before
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []
    assert read_rows(tmp_path, "SELECT capture_id, kind FROM problems") == [(2, "translation")]
    assert read_rows(tmp_path, "SELECT DISTINCT outcome FROM captures WHERE id = 2") == [("unreadable",)]
    assert read_rows(tmp_path, "SELECT url FROM pages WHERE path = ?", PATH) == [(URL,)]


@pytest.mark.parametrize("way", TRANSLATED)
def test_a_translated_copy_alone_is_no_brief(tmp_path: Path, way: str) -> None:
    body, url = TRANSLATED[way]
    take_copies(tmp_path, make_copy(body, 2023, url))
    assert read_rows(tmp_path, "SELECT path FROM briefs") == []
    assert identity(url).endswith(PATH)


def test_translations_in_a_feed_and_in_rest_give_no_values(tmp_path: Path) -> None:
    content = {"content": {"rendered": FRENCH}, "title": {"rendered": "Deux lampes"}, "date": "2021-02-09T14:00:00"}
    rest = json.dumps([{"id": 31, "slug": "two-lamps", "link": f"{SITE}/fr{PATH}", **content}]).encode()
    item = f"<item><title>Deux lampes</title><link>{SITE}/fr{PATH}</link><content:encoded><![CDATA[{FRENCH}]]></content:encoded></item>"
    feed = (
        f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{item}</channel></rss>'
    )
    listed = make_copy(rest, 2023, f"{SITE}/wp-json/wp/v2/posts?lang=fr")
    take_copies(
        tmp_path,
        replace(listed, content_type="application/json"),
        replace(make_copy(feed.encode(), 2023, f"{SITE}/fr/feed/"), content_type="application/rss+xml"),
    )
    assert read_rows(tmp_path, "SELECT path FROM briefs") == []
    assert read_rows(tmp_path, "SELECT capture_id, kind FROM problems WHERE kind = 'translation'") == [
        (1, "translation"),
        (2, "translation"),
    ]


SWITCHER = """<ul class="trp-language-switcher wpml-ls weglot_switcher gtranslate_wrapper"><li lang="fr"><a
href="https://www.usresistnews.org/fr/2021/02/09/two-lamps/" hreflang="fr" lang="fr">Français</a></li></ul>
<div id="google_translate_element" class="skiptranslate"></div>"""
ORIGINALS = {
    "a switcher": (make_page(menu=SWITCHER, head=f'<link rel="alternate" hreflang="fr" href="{SITE}/fr{PATH}">'), URL),
    "a script": (make_page(behind='<script src="https://translate.google.com/translate_a/element.js"></script>'), URL),
    "a pasted word": (make_page(TEXT.replace("winter", _FONT.format("winter"))), URL),
    "a wrong language": (make_page(root='lang="de-DE"'), URL),
    "in English": (make_page(root='lang="en-GB"'), f"{URL}?lang=en"),
    "asked for and not had": (make_page(), f"{URL}?lang=fr"),
    "a quotation": (make_page(TEXT + '<blockquote lang="fr"><p>Une lampe ne suffit pas.</p></blockquote>'), URL),
    "about it": (make_page(TEXT + "<p>The site translate.google.com put translated-ltr there.</p>"), URL),
}


@pytest.mark.parametrize("way", ORIGINALS)
def test_an_english_page_that_offers_translations_is_the_post(way: str) -> None:
    body, url = ORIGINALS[way]
    extraction = extract(make_copy(body, 2022, url))
    assert extraction.outcome == "brief"
    assert extraction.readings[0].brief.label == "Brief #31—Education"
    assert extraction.readings[0].fidelity == 3


def test_a_text_in_another_language_without_a_mark_replaces_nothing(tmp_path: Path) -> None:
    take_copies(tmp_path, make_copy(make_page()))
    before = read_rows(tmp_path, _VALUES)
    take_copies(tmp_path, make_copy(make_page(FRENCH), 2023))
    assert read_rows(tmp_path, _VALUES) == before
    assert ("body", "language") in read_rows(tmp_path, "SELECT field, kind FROM problems")


FORM = "<form><label>Username <input name=u></label><label>Password <input type=password></label></form>"
TEXTLESS = {
    "nothing": "",
    "spaces": "<p>&nbsp;</p>\n<div></div>",
    "a loader": '<div class="loader"><p>Loading…</p></div>',
    "no script": "<p>Please enable JavaScript to view this page.</p>",
    "wordpress": '<form class="post-password-form"><p>This content is password protected.</p></form>',
    "divi": '<div class="et_password_protected_form"><h1>Password Protected</h1>'
    f"<p>To view this protected post, enter the password below:</p>{FORM}</div>",
    "memberpress": '<div class="mp_wrapper"><div class="mepr-unauthorized-message"><p>You are unauthorized to view this '
    f'page.</p></div><div class="mepr-login-form-wrap">{FORM}<a href="/lost/">Forgot Password?</a></div></div>',
    "restrict content": '<div class="rcp-restricted-content-message"><p>This content is restricted to subscribers</p></div>',
    "paid memberships": '<div class="pmpro_content_message"><h2>Membership Required</h2><p>You must be a member to access '
    "this content.</p><p><a>View Membership Levels</a></p><p>Already a member? <a>Log in here</a></p></div>",
    "members only": "<p>This content is for members only.</p>",
    "patreon": "<p>To view this content, you must be a member of Ada's Patreon at $5 or more</p><p>Unlock with Patreon</p>",
    "woocommerce": "<div><p>To access this post, you must purchase <a>Premium Membership</a>.</p></div>",
    "a login": f"<p>Please log in to view this content.</p><p>Log In</p>{FORM}<p>Lost your password?</p>",
    "ghost": "<aside><h2>This post is for subscribers only</h2><a>Subscribe now</a><p>Already have an account? Sign in</p></aside>",
    "an app": '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
    "an e-mail": "<p>Enter your email address to continue reading this article.</p><form></form>",
    "taken off": "<p>Sorry, this article has been removed.</p>",
}


WORDLESS = {"a label and headings": "<p>Brief #31—Education</p><h3>Policy Summary</h3><h3>Analysis</h3>", "other posts": "<h3>Related</h3><p><a href='/2020/01/01/levee/'>A Levee for Oxley</a></p>"}  # fmt: skip


@pytest.mark.parametrize("way", TEXTLESS | WORDLESS)
def test_a_copy_without_the_text_changes_no_value_and_is_told(tmp_path: Path, way: str) -> None:
    title = "Protected: Two Lamps for Aldmouth" if way == "wordpress" else "Two Lamps"
    emptied = make_page((TEXTLESS | WORDLESS)[way], title=title)
    take_copies(tmp_path, make_copy(make_page()))
    before = read_rows(tmp_path, _VALUES)
    take_copies(tmp_path, make_copy(emptied, 2023))
    assert read_rows(tmp_path, _VALUES) == before
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []
    assert read_rows(tmp_path, "SELECT DISTINCT capture_id FROM problems") == [(2,)]


@pytest.mark.parametrize("way", TEXTLESS)
def test_as_the_only_copy_its_label_makes_it_a_brief_without_a_text(tmp_path: Path, way: str) -> None:
    title = "Protected: Two Lamps (Education Policy Brief #31)"
    take_copies(tmp_path, make_copy(make_page(TEXTLESS[way], title=title)))
    assert read_rows(tmp_path, "SELECT kind, number, domain, body FROM briefs") == [("brief", 31, "Education", None)]
    assert ("body",) in read_rows(tmp_path, "SELECT field FROM problems")


FIRST = "The harbour school of Aldmouth has asked the council for a second lamp, and the council has answered in"
LONG = "".join(f"<p>{FIRST} the year {year}, when nobody had yet asked for one.</p>" for year in range(1900, 1912))
FRONT = TEXT.partition("<p><strong>Analysis")[0]
STUBS = {
    "a teaser": FRONT + "<p>Subscribe to continue reading</p><p>Already a subscriber? Sign in</p>",
    "a teaser and a plugin's wall": FRONT + '<div class="wp-block-jetpack-paywall"><p>Members, this way.</p></div>',
    "a teaser and a lock": FRONT + '<div class="um-locked-content"><p>Nur für Mitglieder.</p></div>',
    "its first letters": f"<p>{FIRST} two long pages of w...</p>",
    "its first words and dots": f"<p>Brief #31—Education By Ada Wren Policy Summary {FIRST}. In May . . .</p>",
    "a link to the rest": f'<p>{FIRST}, and … <a href="#">Read More »</a></p>',
    "a link to read on": f'<p>{FIRST}. <a href="{URL}">Continue reading <span>Two Lamps</span></a></p>',
    "what stands above the fold": f'{LONG}<p><a class="more-link" href="{URL}#more-7">(more)</a></p><p>Share This</p>',
    "the fold of another theme": f'{LONG[:-4]} <a class="more-link button" href="{URL}">Weiterlesen</a></p>',
    "an excerpt": "<p>The harbour school of Aldmouth has asked the council […]</p>",
    "its first words": "<p>The harbour school of Aldmouth has asked the council for a second lamp.</p>",
    "an age": "<p>You must be 18 or older to view this page of the harbour.</p>",
    "another language": "<p>Dieser Inhalt ist nur für Mitglieder.</p>",
    "soon": "<p>Coming soon</p>",
}


@pytest.mark.parametrize("way", STUBS)
def test_what_is_left_of_a_text_replaces_no_whole_one(tmp_path: Path, way: str) -> None:
    take_copies(tmp_path, make_copy(make_page()))
    before = read_rows(tmp_path, _VALUES)
    take_copies(tmp_path, make_copy(make_page(STUBS[way]), 2023))
    assert read_rows(tmp_path, _VALUES) == before
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []
    assert ("body",) in read_rows(tmp_path, "SELECT field FROM problems WHERE capture_id = 2")


WHOLE = {
    "a long text that ends in dots": f"{LONG}<p>And so the lamp was lit, and went out, and was lit again...</p>",
    "a short text with its resources": f"<p>Brief #31—Education</p><p>{FIRST} time…</p><p><strong>Resistance Resources"
    "</strong></p><ul><li>Lamp Trust: it pays for oil.</li></ul>",
    "a reader": f"{LONG}<p>Nobody had told the keeper why he should continue reading the log of the harbour.</p>",
    "a link to a source": f'{LONG[:-4]} <a href="https://paper.example.org/">Read more</a></p>',
    "a link amid the text": f'<p>{FIRST} <a class="more-link" href="#more-7">(more)</a></p>{LONG}',
}


@pytest.mark.parametrize("way", WHOLE)
def test_a_whole_text_is_no_teaser(way: str) -> None:
    (reading,) = extract(make_copy(make_page(WHOLE[way]))).readings
    assert (reading.fidelity, reading.problems) == (3, ())


WORDS_OF_MEMBERS = (
    "<p>You must be logged in to view this content, said the clerk to the school, and the school was not.</p>"
    "<p>That was the whole of the answer, and nobody on the quay thought that it was much of one. The clerk has since "
    "been asked for another, and the mayor has promised that it will come before the ice does, or not long after it.</p>"
)


def test_such_words_in_the_midst_of_a_text_are_the_editors(tmp_path: Path) -> None:
    take_copies(tmp_path, make_copy(make_page(TEXT + WORDS_OF_MEMBERS)))
    ((body,),) = read_rows(tmp_path, "SELECT body FROM briefs")
    assert "said the clerk to the school" in body
    assert read_rows(tmp_path, "SELECT * FROM problems") == []


def wall(title: str, body: str, root: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body{root}>{body}</body></html>".encode()


WALLS = {
    "cloudflare 1015": wall("Rate Limited | www.usresistnews.org | Cloudflare", "<h1><span>Error</span><span>1015</span></h1>"),
    "cloudflare 1020": wall("Access denied", "<h1>Access denied</h1><p>Error code 1020. You do not have access to it.</p>"),
    "cloudflare 522": wall("usresistnews.org | 522: Connection timed out", "<h1>Connection timed out Error code 522</h1>"),
    "cloudflare's check": wall("Just a moment...", f"<script>{'x' * 4000}</script><p>www.usresistnews.org</p>"),
    "sucuri": wall("Sucuri WebSite Firewall - Access Denied", "<p>Block ID: EXP12. usresistnews.org</p>"),
    "imperva": wall("", '<iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. Incapsula incident ID: 1</iframe>'),
    "ddos-guard": wall("DDoS-Guard", "<h1>Checking your browser before accessing usresistnews.org.</h1>"),
    "wordfence": wall("Your access to this site has been limited", "<p>Generated by Wordfence at usresistnews.org</p>"),
    "aws": wall("Human Verification", "<script>window.gokuProps = {};</script><p>usresistnews.org</p>"),
    "cloudfront": wall("ERROR: The request could not be satisfied", "<h1>403 ERROR</h1><p>Generated by cloudfront</p>"),
    "akamai": wall("Access Denied", f'<h1>Access Denied</h1>You don\'t have permission to access "{URL}" on this server.'),
    "database": wall("Database Error", "<h1>Error establishing a database connection</h1>"),
    "critical": wall("USRESIST NEWS › Error", "<p>There has been a critical error on this website.</p>", ' id="error-page"'),
    "nginx": wall("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.18.0</center>"),
    "apache": wall("404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>"),
    "apache's own": wall("Apache2 Debian Default Page: It works", "<p>This is the default welcome page.</p>"),
    "wayback": wall("Internet Archive Wayback Machine", f"<p>The Wayback Machine has not archived that URL. {URL}</p>"),
    "wayback, excluded": wall("Wayback Machine", "<p>This URL has been excluded from the Wayback Machine.</p>"),
    "parked": wall("usresistnews.org", "<p>usresistnews.org is parked free, courtesy of GoDaddy.com. Buy this domain.</p>"),
    "a captcha": wall("www.usresistnews.org", '<form><div class="h-captcha"></div><button>Continue</button></form>'),
    "a login": wall("Log In ‹ USRESIST NEWS — WordPress", FORM, ' class="login login-action-login wp-core-ui"'),
    "a browser's": wall("usresistnews.org", "<h1>This site can’t be reached</h1><p>usresistnews.org took too long.</p>"),
    "one nobody knows": wall("Halt", "<p>The gatekeeper of usresistnews.org asks you to come back by another road.</p>"),
    "one with a table": wall("usresistnews.org", "<table><tr><td>Ray</td><td>77ab</td></tr></table><p>Traffic is filtered.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("status", [None, 200])
@pytest.mark.parametrize("way", WALLS)
def test_a_wall_without_its_status_is_no_brief(tmp_path: Path, way: str, status: int | None) -> None:
    take_copies(tmp_path, make_copy(WALLS[way], status=status))
    assert read_rows(tmp_path, "SELECT path FROM briefs") == []
    ((outcome,),) = read_rows(tmp_path, "SELECT outcome FROM captures")
    assert outcome not in ("brief", "listing", "page")
    assert read_rows(tmp_path, "SELECT count(*) > 0 FROM problems") == [(1,)]


SHORT = "<p>Brief #31—Education</p><p>The lamp is lit.</p>"
POSTS = {
    "a comment form": make_page(SHORT, behind='<div id="respond"><form><div class="g-recaptcha"></div></form></div>'),
    "a captcha's script": make_page(SHORT, behind='<script src="https://www.google.com/recaptcha/api.js"></script>'),
    "a login in the side bar": make_page(SHORT, behind=f'<aside class="widget_login">{FORM}</aside>'),
    "about cloudflare": make_page(SHORT + "<p>Error 1020, said the screen, and: Checking your browser.</p>"),
    "about paywalls": make_page(
        SHORT + "<p>The paper asks its readers to subscribe. Half of them log in to read it.</p>"
    ),
    "so called": make_page(SHORT, title="Access Denied: the Ferry Men and the Captcha"),
    "of another theme": """<html lang="en"><head><title>A Lamp - USRESIST NEWS</title>
<meta property="article:published_time" content="2021-02-09T14:00:00+00:00"></head><body><main><h1>A Lamp</h1>
<p>Brief #31—Education</p><p>The captcha of the harbour office was too hard for the harbour.</p></main></body></html>""".encode(),
    "a bare copy": """<html><head><title>A Lamp</title></head><body><h1>A Lamp</h1><p>Brief #31—Education</p>
<p>By Ada Wren</p><p>There has been a critical error in the lamp, usresistnews.org has learnt.</p></body></html>""".encode(),
}


@pytest.mark.parametrize("way", POSTS)
def test_a_short_post_is_no_wall(way: str) -> None:
    extraction = extract(make_copy(POSTS[way]))
    assert extraction.outcome == "brief"
    assert extraction.readings[0].brief.label == "Brief #31—Education"
    assert extraction.readings[0].brief.body
    assert extraction.readings[0].fidelity >= 2


def test_a_listing_with_a_protected_post_is_a_listing() -> None:
    item = f'<article class="post-password-required"><h2 class="entry-title"><a href="{URL}">Protected: X</a></h2></article>'
    page = wall("USRESIST NEWS", item * 2, ' class="home blog"')
    assert extract(replace(make_copy(page), url=f"{SITE}/")).outcome == "listing"
