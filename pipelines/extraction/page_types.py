"""What an HTML page is: one post, or a listing, a static page, an error in disguise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import identity, is_listing, is_post, permalink_date, split_part
from scraper.markup.html_page import Page, class_condition, collapse_spaces, remember_answer, text_of
from scraper.markup.notice_words import CHALLENGE, CHALLENGE_MARKS, NOT_FOUND, PARKED
from scraper.records import Outcome, Problem

_MAINTENANCE = re.compile(
    r"unavailable for scheduled maintenance|under maintenance|maintenance mode|down for (?:scheduled )?maintenance|"
    r"scheduled maintenance|coming soon|under construction|(?:be|come) (?:right )?back (?:soon|shortly)"
    r"|^maintenance\b",
    re.IGNORECASE,
)
# Error pages of the server, of PHP or of WordPress that are sent with status 200.
_SERVER = re.compile(
    r"error \d{3} [a-z]|error (?:code:? ?)?[15]\d{2,3}\b|guru meditation|there has been a critical error"
    r"|error establishing a database connection|database error\b|could not be satisfied|bandwidth limit exceeded|"
    r"the requested url .{0,300} was not found on this server|"
    r"welcome to (?:nginx|openresty)|(?:apache2?|iis|litespeed)\b.{0,40} default page|"
    r"it works!|default web ?page|internal server error|service (?:is )?(?:temporarily )?unavailable|"
    r"bad gateway|this site can['’]t be reached|err_[a-z_]{6,}|unable to connect|server not found|problem loading page|"
    r"\d{3} (?:moved permanently|found|internal server error|bad gateway|service (?:temporarily )?unavailable"
    r"|forbidden|gone|too many requests)|"
    r"account (?:has been )?suspended|fatal error: |this page isn['’]t working|gateway time-?out|web server is down|"
    r"origin is unreachable|index of /",
    re.IGNORECASE,
)
_WAYBACK_OWN = re.compile(
    r"wayback machine has not archived|got an http \d{3} response at crawl time|excluded from the wayback machine"
    r"|(?:page cannot be (?:crawled or )?displayed|blocked) due to robots\.txt|wayback exception"
    r"|loading https?://\S+ \| \d\d:\d\d"
    r"|the wayback machine is an initiative of the internet archive",
    re.IGNORECASE,
)
_LISTING_CLASSES = frozenset("home blog archive category tag search author date paged search-results".split())
_SINGLE_CLASSES = frozenset(("single", "single-post"))
_POST_CLASS = re.compile(r"postid-\d+")
_ITEMS = (
    "//article[.//h2[" + class_condition("entry-title") + "]//a or .//a[" + class_condition("more-link") + "]"
    " or .//h3[" + class_condition("entry-title") + "]//a]"
)  # fmt: skip
_CONTENT = ("et_pb_post_content", "entry-content", "wp-block-post-content", "amp-wp-article-content", "print-content")
_MARKED_CONTENT = "descendant::*/@id[.='BlogContent']/.. | descendant::*/@itemprop[.='articleBody']/.."
_VISIBLE_TEXT = "//body//text()[not(parent::script or parent::style)]"
_BRIEF_WORDS = re.compile(r"\bBrief #\s?\d|\bPolicy Summary\b", re.IGNORECASE)
_PARTS = frozenset(("Policy Summary", "Analysis"))
_SHORT = 2500  # characters of text; bot walls, notices and parked pages have less


@dataclass(frozen=True, slots=True)
class PageType:
    outcome: Outcome
    reason: str  # what on the page shows it

    def describe(self) -> Problem:
        return Problem(None, self.outcome, f"No page of the site's own: {self.reason}.")


@remember_answer
def _is_single(page: Page) -> bool:
    """Whether the page calls itself a single post, which no wall and no error page does."""
    return bool(page.body_classes & _SINGLE_CLASSES) or any(_POST_CLASS.fullmatch(name) for name in page.body_classes)


@remember_answer
def _has_article(page: Page) -> bool:
    """Whether there is a long text where themes put it, or any text on a page that calls itself a post."""
    least = 0 if _is_single(page) or _has_article_date(page) else 200
    is_marked = False
    for name in _CONTENT:
        for element in page.find_by_class(name):
            if _has_text(element, least):
                return True
            is_marked = True
    elements = [] if is_marked else page.find_all(_MARKED_CONTENT)
    return any(_has_text(element, least) for element in elements)


def _has_text(element: HtmlElement, least: int) -> bool:
    """Whether there are more characters than `least`; looks no further when that is known."""
    length = 0
    for text in element.itertext():
        length += len(collapse_spaces(text))
        if length > least:
            return True
    return len(text_of(element)) > least


def is_proven_post(page: Page, path: str) -> bool:
    """Whether the page itself says that it is a post, rather than something sent in its place."""
    stated = (page.links.get("canonical"), page.links.get("shortlink"), page.meta.get("og:url"))
    addresses = {split_part(identity(address))[0] for address in stated if address}
    is_headline = strip_site_name(page.title) not in ("", page.title)  # as themes print it: `HEADLINE - USRESIST NEWS`
    is_addressed = path in addresses or any(map(is_post, addresses))
    return is_headline or is_addressed or _is_single(page) or _has_article_date(page)


def asks_for_password(page: Page) -> bool:
    """Whether WordPress, or Divi, shows a form for a password in place of the text."""
    return bool(page.find_by_class("post-password-form", "post-password-required", "et_password_protected_form"))


def _match_notice(page: Page) -> PageType | None:
    """Match bot walls, notices and parked domains: short pages without an article that say what they are."""
    if _has_article(page):
        return None
    front = f"{page.title} {text_of(page.find_tag('h1'))}"
    if _MAINTENANCE.search(front):
        return PageType("maintenance", "a maintenance notice")
    if _is_single(page) or _has_article_date(page):
        return None
    if _is_long(page):
        return None
    text = collapse_spaces(" ".join(page.find_all(_VISIBLE_TEXT)))
    is_notice = len(text) < _SHORT and not _BRIEF_WORDS.search(text)
    return _match_short_notice(page, front, text) if is_notice else None


def _is_long(page: Page) -> bool:
    """Whether a page has more visible text than a notice, which its first paragraphs mostly tell."""
    length = 0
    for element in page.body.iterdescendants() if page.body is not None else ():
        shown = element.text if isinstance(element.tag, str) and element.tag not in ("script", "style") else None
        length += len(collapse_spaces(f"{shown or ''} {element.tail or ''}"))
        if length >= _SHORT:
            return True
    return False


def _match_short_notice(page: Page, front: str, text: str) -> PageType | None:
    if CHALLENGE.search(front):
        return PageType("challenge", "a bot wall's words")
    if _WAYBACK_OWN.search(text):
        return PageType("error", "a page of the Wayback Machine itself")
    if match := _SERVER.search(f"{front} {text}"):
        return PageType("error", f"a server's own page: {match[0]!r}")
    if CHALLENGE_MARKS.search(page.text) or CHALLENGE.search(text):
        return PageType("challenge", "a bot wall's words or script")
    if page.find_first("//input[@type='password']") is not None:
        return PageType("challenge", "a form to log in")
    if _MAINTENANCE.search(text[:600]):
        return PageType("maintenance", "a maintenance notice")
    return PageType("parked", "a parked domain's words") if PARKED.search(f"{front} {text}") else None


def _match_not_found(page: Page) -> PageType | None:
    if "error404" in page.body_classes:
        return PageType("soft404", "body class error404")
    if page.find_by_class("not-found-title", "not_found"):
        return PageType("soft404", "the theme's not-found block")
    if _has_article(page):
        return None
    title = strip_site_name(page.title, (page.meta.get("og:site_name"),))
    for text in (title, text_of(page.find_tag("h1"))):
        if text and len(text) < 90 and NOT_FOUND.fullmatch(text):
            return PageType("soft404", f"headline {text!r}")
    return None


def _match_body_class(page: Page) -> PageType | None:
    classes = page.body_classes
    if "attachment" in classes:
        return PageType("page", "body class attachment")
    if _is_single(page):
        return PageType("brief", "body class single")
    if classes & _LISTING_CLASSES:
        return PageType("listing", f"body class {min(classes & _LISTING_CLASSES)}")
    if "page" in classes or any(name.startswith("page-id-") for name in classes):
        return PageType("listing" if page.find_first(_ITEMS) is not None else "page", "body class page")
    return None


def _match_address(page: Page, path: str | None) -> PageType | None:
    """Match the canonical link, then the captured address, which may be `?p=N` or an AMP address."""
    canonical = page.links.get("canonical") or page.meta.get("og:url")
    for address in (split_part(identity(canonical))[0] if canonical else None, path):
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
    if path is None and {text_of(e).rstrip(": ") for e in page.find_all("//body//*[not(*)]")} >= _PARTS:
        return PageType("brief", "the parts of a brief and no address")
    return PageType("page", "nothing says that it is a post")


def _has_article_date(page: Page) -> bool:
    """Whether the metadata has a date of publication, for Yoast calls static pages articles too."""
    return "article:published_time" in page.meta or bool(page.article.get("datePublished"))


def classify_status(status: int | None) -> Outcome | None:
    """Classify an answer by its HTTP status alone; None for one that holds a page."""
    if status is None or 200 <= status < 300:
        return None
    if 300 <= status < 400 and status != 304:  # which sends nobody elsewhere
        return "redirect"
    return "missing" if status in (404, 410) else "error"


def recognise_page(page: Page, path: str | None) -> PageType:
    """Recognise what the page is; `path` is the identity of the captured address where there is one.

    A post's address that shows a listing or a static page is a soft 404: the site sent its front page or a notice.
    """
    page_type = (
        _match_notice(page)
        or _match_not_found(page)
        or _match_body_class(page)
        or _match_address(page, path)
        or _match_content(page, path)
    )
    if page_type.outcome == "listing" and path and permalink_date(path):
        return PageType("soft404", f"a listing at a post's address: {page_type.reason}")
    if page_type.outcome == "page" and path and permalink_date(path) and is_post(path):
        return PageType("soft404", f"a static page at a post's address: {page_type.reason}")
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
        (CHALLENGE, "challenge"),
        (_MAINTENANCE, "maintenance"),
        (_SERVER, "error"),
        (_WAYBACK_OWN, "error"),
        (PARKED, "parked"),
    )
    for pattern, outcome in notices:
        if pattern.search(line) and len(line) < 90:
            return PageType(outcome, f"its first line {line!r}")
    return PageType("soft404", f"its first line {line!r}") if NOT_FOUND.fullmatch(line) else None


def _is_listing_text(lines: list[str]) -> bool:
    heads = any(_LISTING_HEAD.fullmatch(line) for line in lines[:12])
    return heads or sum(line.lower() == "read more" for line in lines) >= 2
