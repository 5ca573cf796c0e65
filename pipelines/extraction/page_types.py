"""What an HTML page is: one post, or a listing, a static page, an error in disguise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import identity, is_listing, is_post, permalink_date
from scraper.html_page import Page, class_condition, text_of
from scraper.records import Outcome

_CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|please wait\b|security check|are you (?:a )?(?:human|robot)|"
    r"verif(?:y|ying) (?:that )?you are|human verification|ddos-guard|one moment,? please|checking your browser|"
    r"website firewall|your access to this (?:site|service) has been limited|403 forbidden|(?:you have"
    r"|access) been (?:blocked|limited)|robot check|captcha|"
    r"enable javascript and cookies to continue|checking if the site connection is secure"
    r"|request unsuccessful\. incapsula",
    re.IGNORECASE,
)
_CHALLENGE_MARKS = re.compile(
    r"_cf_chl_opt|cf-browser-verification|cf-challenge|id=\"challenge-form|_Incapsula_Resource|sucuri_cloudproxy|"
    r"sgcaptcha|g-recaptcha|h-captcha|cf-turnstile",
    re.IGNORECASE,
)
_MAINTENANCE = re.compile(
    r"unavailable for scheduled maintenance|under maintenance|maintenance mode|down for (?:scheduled )?maintenance|"
    r"scheduled maintenance|coming soon|under construction|(?:be|come) (?:right )?back (?:soon|shortly)"
    r"|^maintenance\b",
    re.IGNORECASE,
)
# Error pages of the server, of PHP or of WordPress that are sent with status 200.
_SERVER = re.compile(
    r"error \d{3} [a-z]|guru meditation|there has been a critical error|error establishing a database connection|"
    r"\d{3} (?:moved permanently|found|internal server error|bad gateway|service (?:temporarily )?unavailable"
    r"|forbidden|gone|too many requests)|"
    r"account (?:has been )?suspended|fatal error: |this page isn['’]t working|gateway time-?out|web server is down|"
    r"origin is unreachable|index of /",
    re.IGNORECASE,
)
_WAYBACK_OWN = re.compile(r"wayback machine has not archived|got an http \d{3} response at crawl time", re.IGNORECASE)
_PARKED = re.compile(
    r"domain (?:name )?(?:[\w-]+\.[\w.]+ )?(?:is|may be|has been|has|could be) (?:for sale|available|expired"
    r"|parked|registered)|buy this domain|"
    r"domain for sale|parked (?:free|domain|by)|is parked|hugedomains|sedo(?:parking)?\b|domain expired|"
    r"this domain (?:is|was|has)|make an offer on this domain|get this domain",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"(?:error )?404(?:\W.{0,40})?|(?:sorry,? )?(?:the |this |that )?page (?:you .{0,40} )?(?:was |is |could "
    r"|can(?:no|['’])?t )?"
    r"(?:not |be |not be |could not be )?found.{0,20}|not found|nothing (?:was )?found(?: here)?|no results found|"
    r"oops.{0,60}(?:found|404).{0,10}|.{0,30}page not found.{0,10}",
    re.IGNORECASE,
)
_LISTING_CLASSES = frozenset("home blog archive category tag search author date paged search-results".split())
_SINGLE_CLASSES = frozenset(("single", "single-post"))
_ITEMS = (
    "//article[.//h2[" + class_condition("entry-title") + "]//a or .//a[" + class_condition("more-link") + "]"
    " or .//h3[" + class_condition("entry-title") + "]//a]"
)  # fmt: skip
_CONTENT = ("et_pb_post_content", "entry-content", "wp-block-post-content", "amp-wp-article-content", "print-content")
_SHORT = 2500  # characters of text; bot walls, notices and parked pages have less


@dataclass(frozen=True, slots=True)
class PageType:
    outcome: Outcome
    reason: str  # what on the page shows it


def _has_article(page: Page) -> bool:
    bodies = [element for name in _CONTENT for element in page.find_by_class(name)]
    return any(
        len(text_of(element)) > 200
        for element in bodies or page.find_all("//*[@id='BlogContent' or @itemprop='articleBody']")
    )


def _match_notice(page: Page) -> PageType | None:
    """Match bot walls, notices and parked domains: short pages without an article that say what they are."""
    if _has_article(page):
        return None
    front = f"{page.title} {text_of(page.find_tag('h1'))}"
    text = text_of(page.tree.find("body"))
    short = len(text) < _SHORT
    if short and _WAYBACK_OWN.search(text):
        return PageType("other", "a page of the Wayback Machine itself")
    if short and (match := _SERVER.search(f"{front} {text}")):
        return PageType("error", f"a server's own page: {match[0]!r}")
    if _CHALLENGE.search(front) or (short and (_CHALLENGE_MARKS.search(page.text) or _CHALLENGE.search(text))):
        return PageType("challenge", "a bot wall's words or script")
    if _MAINTENANCE.search(front) or (short and _MAINTENANCE.search(text[:600])):
        return PageType("maintenance", "a maintenance notice")
    if short and _PARKED.search(f"{front} {text}"):
        return PageType("parked", "a parked domain's words")
    return None


def _match_password_form(page: Page) -> PageType | None:
    if page.find_by_class("post-password-form", "post-password-required"):
        return PageType("challenge", "a post that asks for a password")
    return None


def _match_not_found(page: Page) -> PageType | None:
    if "error404" in page.body_classes:
        return PageType("soft404", "body class error404")
    if page.find_by_class("not-found-title", "not_found"):
        return PageType("soft404", "the theme's not-found block")
    title = strip_site_name(page.title, (page.meta.get("og:site_name"),))
    for text in (title, text_of(page.find_tag("h1"))):
        if text and len(text) < 90 and _NOT_FOUND.fullmatch(text) and not _has_article(page):
            return PageType("soft404", f"headline {text!r}")
    return None


def _match_body_class(page: Page) -> PageType | None:
    classes = page.body_classes
    if "attachment" in classes:
        return PageType("page", "body class attachment")
    if classes & _SINGLE_CLASSES or any(re.fullmatch(r"postid-\d+", name) for name in classes):
        return PageType("brief", "body class single")
    if classes & _LISTING_CLASSES:
        return PageType("listing", f"body class {min(classes & _LISTING_CLASSES)}")
    if "page" in classes or any(name.startswith("page-id-") for name in classes):
        return PageType("listing" if page.find_first(_ITEMS) is not None else "page", "body class page")
    return None


def _match_address(page: Page, path: str | None) -> PageType | None:
    """Match the canonical link, then the captured address, which may be `?p=N` or an AMP address."""
    canonical = page.links.get("canonical") or page.meta.get("og:url")
    for address in (identity(canonical) if canonical else None, path):
        if address and is_post(address):
            return PageType("brief", "address of a post")
        if address and is_listing(address):
            return PageType("listing", "address of a listing")
    return None


def _match_content(page: Page, path: str | None) -> PageType:
    if len(page.find_all(_ITEMS)) >= 2:
        return PageType("listing", "several post items")
    if page.find_node("CollectionPage", "SearchResultsPage"):
        return PageType("listing", "JSON-LD of a collection")
    targets = {identity(link.get("href", "")) for link in page.find_all("//h2//a[@href] | //h3//a[@href]")}
    if sum(map(is_post, targets)) >= 3 and not _has_article(page):
        return PageType("listing", "headings that lead to posts")
    has_metadata = page.article or "article:published_time" in page.meta or page.meta.get("og:type") == "article"
    if has_metadata and _has_article_date(page):
        return PageType("brief", "metadata of an article")
    if path is None and _has_article(page):
        return PageType("brief", "an article and no address")
    return PageType("page", "nothing says that it is a post")


def _has_article_date(page: Page) -> bool:
    """Whether the metadata has a date of publication, for Yoast calls static pages articles too."""
    return "article:published_time" in page.meta or bool(page.article.get("datePublished"))


def recognise_page(page: Page, path: str | None) -> PageType:
    """Recognise what the page is; `path` is the identity of the captured address where there is one.

    A post's address that shows a listing is a soft 404: the site sent its front page instead.
    """
    page_type = (
        _match_notice(page)
        or _match_password_form(page)
        or _match_not_found(page)
        or _match_body_class(page)
        or _match_address(page, path)
        or _match_content(page, path)
    )
    if page_type.outcome == "listing" and path and permalink_date(path):
        return PageType("soft404", f"a listing at a post's address: {page_type.reason}")
    return page_type


_LISTING_HEAD = re.compile(
    r"[A-Z &]+ POLICIES, ANALYSIS,? AND RESOURCES|Latest [\w &]+ (?:Posts|and Analysis)|Search Results"
    r"|Recent [\w &]+ Posts|"
    r"The [\w &]+ Domain tracks and reports on .*"
)


def recognise_text(lines: list[str], path: str | None) -> PageType:
    """Recognise what a bare text is: by its address where it is known, else by the words of listings and notices."""
    if path is not None and not is_post(path):
        has_items = is_listing(path) or _is_listing_text(lines)
        return PageType("listing" if has_items else "page", "address of no post")
    if lines and sum(map(len, lines)) < _SHORT and (notice := _match_first_line(lines[0])):
        return notice
    return PageType("listing", "the words of a listing") if _is_listing_text(lines) else PageType("brief", "a text")


def _match_first_line(line: str) -> PageType | None:
    notices: tuple[tuple[re.Pattern[str], Outcome], ...] = (
        (_CHALLENGE, "challenge"),
        (_MAINTENANCE, "maintenance"),
        (_PARKED, "parked"),
    )
    for pattern, outcome in notices:
        if pattern.search(line) and len(line) < 90:
            return PageType(outcome, f"its first line {line!r}")
    return PageType("soft404", f"its first line {line!r}") if _NOT_FOUND.fullmatch(line) else None


def _is_listing_text(lines: list[str]) -> bool:
    heads = any(_LISTING_HEAD.fullmatch(line) for line in lines[:12])
    return heads or sum(line.lower() == "read more" for line in lines) >= 2
