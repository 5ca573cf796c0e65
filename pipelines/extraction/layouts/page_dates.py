"""The day of publication on a page in an unknown look: what its head states, what it marks up, what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from lxml.html import HtmlElement

from scraper.address import permalink_date
from scraper.dates import count_days, find_visible_date, format_site_day, parse_mail_date, parse_site_day
from scraper.markup.html_page import Page, text_of
from scraper.records import Confidence

_METAS = (
    "og:published_time og:article:published_time article:published article.published datepublished date_published "
    "published_time published-date publish-date publish_date publishdate publication_date publication-date pubdate "
    "pub_date parsely-pub-date sailthru.date cxenseparse:recs:publishtime bt:pubdate rnews:datepublished "
    "dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date dc.created citation_date "
    "citation_publication_date article_date_original originalpublicationdate shareaholic:article_published_time date "
    "created creation_date"
).split()
# Far faster than one condition for each element, of which few have such an attribute.
_MARKED = (
    "descendant::*/@itemprop[.='datePublished' or .='dateCreated']/.. | descendant::*/@property[.='datePublished']/.."
    " | descendant::time | descendant::abbr[@title]"
)
_DATED = re.compile(
    r"(?:^|[\s_-])(?:published|publish|publication|pubdate|posted|date|datum|fecha|time|timestamp|dateline|meta|byline"
    r"|post-?(?:meta(?:data)?|info)|(?:entry|article)-?meta|submitted|created|details?)(?:$|[\s_-])|Date(?:$|[\s_A-Z])"
)
_FIRST = re.compile(r"publish|entry-date|posted")
_LATER = re.compile(r"updat|modif|comment|event|expire|copyright|archive|calendar", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:^|[\s_])(?:comments?|commentlist|respond|related|sidebar|widget|footer|recent|recirc|calendar|copyright|archive"
    r"|menu|teaser)(?:$|[\s_-])",
    re.IGNORECASE,
)
_APART = frozenset("aside footer nav".split())
_UNREAD = frozenset("script style noscript option title".split())
_LONGEST = 150  # characters of a line with a date and a byline
_FILED = re.compile(r"post-?metadata")  # `This entry was posted on … and is filed under …`, at any length
_SCRIPTED = re.compile(
    r"(?:date_?published|publish(?:ed)?_?date|post_?date)[\"']?\s*[:=]\s*[\"']"
    r"(?:(\d{4})-?(\d\d)-?(\d\d)|([a-z]{3,9} \d\d?, \d{4}))[\"']",
    re.IGNORECASE,
)
_MINUTE = timedelta(minutes=1)
_FARTHEST = timedelta(hours=14)  # of a local clock from UTC
_SITE_OFFSETS = (timedelta(hours=-5), timedelta(hours=-4))
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PATH = re.compile(rf"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2]|{'|'.join(_MONTHS)})[/-]?([0-3]\d)(?=[/_.-]|$)")
_SHORT_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?=/|$)")
# `03/05/2021` has its month in front in one place and behind in another.
_TWO_DAYS = re.compile(r"\D*(0?[1-9]|1[0-2])/(?!\1/)(?:0?[1-9]|1[0-2])/(?:\d\d){1,2}\b")
_NO_LIMIT = "2100-01-01"  # of htmldate; by itself that is today, and tomorrow the same bytes would be read otherwise
Around = frozenset[HtmlElement]  # the content and the elements that it stands in


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day, how it was found, and the text it stood in."""

    day: str
    how: str
    text: str
    confidence: Confidence


def find_days(page: Page, content: HtmlElement | None, permalink: list[FoundDay]) -> list[FoundDay]:
    """Find the days that the page gives for its publication, best first; none out of its text."""
    around: Around = frozenset(() if content is None else (content, *content.iterancestors()))
    days = [*_find_stated_days(page), *_find_marked_days(page, around), *permalink]
    if all(map(_get_other_day, days)):
        named = [*_find_named_days(page, around)]
        near = [] if named else [*_find_days_near_headline(page, content, around)]
        if not days:
            return [*named, *_find_by_library(page), *near]
        shown = (*named, *near, *_find_script_days(page))
        days += [day for day in shown if day.day == _get_other_day(days[0])]
    return _prefer_permalink(_prefer_local_day(days, page), permalink)


def find_path_day(path: str) -> str | None:
    """Find the day in any part of a path: `/news/2020/01/15/slug`, `/2023/dec/21/slug`, `/20200115-slug`."""
    if (day := permalink_date(path)) or not (match := _PATH.search(path) or _SHORT_PATH.search(path)):
        return day
    month = int(match[2]) if match[2].isdigit() else _MONTHS.index(match[2]) + 1
    return parse_site_day(f"{match[1]}-{month:02}-{int(match[3]):02}")


def _prefer_permalink(days: list[FoundDay], permalink: list[FoundDay]) -> list[FoundDay]:
    """Put the permalink's day first where another clock says the day before or after: the site wrote it itself."""
    for own in permalink if days else ():
        if count_days(own.day, days[0].day) == 1:
            return [own, *(replace(f, day=own.day) if _may_mean(f, own) else f for f in days if f is not own)]
    return days


def _prefer_local_day(days: list[FoundDay], page: Page) -> list[FoundDay]:
    """Put what says on which day the page's own clock was before an instant in UTC.

    That is the same instant by another clock, else a date without a time or one in the address of the other day that
    the instant may be of, else the zone of other times on the page.
    """
    instant = _parse_instant(days[0].text) if days else None
    if instant is None or instant.utcoffset():
        return days
    other = _get_other_day(days[0])
    local = next((found for found in days if _is_local(found.text, instant)), None)
    local = local or next((found for found in days if found.day == other and not _get_other_day(found)), None)
    if local is None and all(map(_get_other_day, days)):
        local = next(_find_zone_day(page, instant), None)
    if local is None:
        return days
    others = [found for found in days if found is not local]
    return [local, *(replace(f, day=local.day) if _may_mean(f, local) else f for f in others)]


def _may_mean(found: FoundDay, local: FoundDay) -> bool:
    """Whether an instant in UTC was of the day that is read, by the clock of some place."""
    instant = _parse_instant(found.text)
    if local.confidence == "guessed" or instant is None or instant.utcoffset():
        return False
    noon = datetime.combine(date.fromisoformat(local.day), time(12), UTC)
    return abs(instant - noon) <= timedelta(hours=12) + _FARTHEST


def _is_local(text: str, instant: datetime) -> bool:
    """Whether a text is the instant by a clock that is not UTC; one without an offset is whole quarters from it."""
    try:
        clock = datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    if clock.tzinfo:
        return bool(clock.utcoffset()) and abs(clock - instant) < _MINUTE
    ahead = abs(clock - instant.replace(tzinfo=None))
    return ":" in text and ahead <= _FARTHEST and (ahead + _MINUTE) % (15 * _MINUTE) < 2 * _MINUTE


def _find_zone_day(page: Page, instant: datetime) -> Iterator[FoundDay]:
    """Find the day that an instant had in the zone of the times that the page marks up, where that is not the site's.

    The site's own offsets change with the season, and its day is known without them.
    """
    for element in page.find_tags("time"):
        text = element.get("datetime") or ""
        clock = _parse_instant(text)
        if clock and (offset := clock.utcoffset()):
            if offset not in _SITE_OFFSETS:
                yield FoundDay((instant + offset).date().isoformat(), "published:zone", text, "guessed")
            return


def _find_script_days(page: Page) -> Iterator[FoundDay]:
    """Find days without a time in what the page tells programs that count its readers."""
    for match in _SCRIPTED.finditer(page.text):
        if day := _parse_day(match[4] or "-".join(match.groups()[:3]), page):
            yield FoundDay(day, "published:script", match[0], "read")


def _get_other_day(found: FoundDay) -> str | None:
    """The day in UTC of an instant in UTC, where that is not the day at the site."""
    instant = _parse_instant(found.text)
    day = instant.date().isoformat() if instant and not instant.utcoffset() else None
    return day if day != found.day else None


def _find_by_library(page: Page) -> Iterator[FoundDay]:
    """Let htmldate look in the places that are left, such as scripts and footers; a day of an update is none."""
    from htmldate import find_date  # noqa: PLC0415  (its import costs a fifth of a second, and few pages need it)

    later = page.meta.get("article:modified_time") or page.meta.get("og:updated_time") or ""
    day = find_date(page.text, extensive_search=False, original_date=True, max_date=_NO_LIMIT)
    if day and not later.startswith(day):
        yield FoundDay(day, "published:htmldate", day, "guessed")


def _parse_instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _parse_day(text: str, page: Page) -> str | None:
    """Parse what programs write, ISO 8601 or a mail date, else what people write."""
    if day := parse_site_day(text.strip()):
        return day
    mail = parse_mail_date(text)
    return format_site_day(mail) if mail else find_visible_date(text, page.language)


def _find_stated_days(page: Page) -> Iterator[FoundDay]:
    nodes = [node for node in (page.article, *page.jsonld) if node.get("datePublished") or node.get("dateCreated")]
    metas = [page.meta[name] for name in _METAS if name in page.meta]
    for how, texts in (
        ("published:article_meta", [page.meta.get("article:published_time")]),
        ("published:jsonld", [node.get("datePublished") or node["dateCreated"] for node in nodes]),
        ("published:meta", metas),
    ):
        for text in texts:
            if isinstance(text, str) and len(text) < _LONGEST and (day := _parse_day(text, page)):
                yield FoundDay(day, how, text, "guessed" if _TWO_DAYS.match(text) else "stated")
                break


def _find_marked_days(page: Page, around: Around) -> Iterator[FoundDay]:
    """Find the first day that the page marks up, a guess where other elements of its kind have other days."""
    elements = [element for element in page.find_all(_MARKED) if not _is_beside(element, around)]
    found: FoundDay | None = None
    for element in sorted(elements, key=_rank_element)[:6]:
        text = element.get("content") or element.get("datetime") or element.get("title") or text_of(element)
        day = _parse_day(text, page) if len(text) < _LONGEST else None
        if found is None and day:
            found, rank = FoundDay(day, "published:visible", text, "read"), _rank_element(element)
        elif found and day and day != found.day and _rank_element(element) == rank:
            found = replace(found, confidence="guessed")
    yield from filter(None, (found,))


def _rank_element(element: HtmlElement) -> int:
    """Rank what says that it is the day of publication before what says nothing, and that before updates."""
    if "date" in (element.get("itemprop") or ""):
        return 0
    words = element.get("class") or ""
    if _LATER.search(words):
        return 2
    return 0 if _FIRST.search(words) or element.get("pubdate") is not None else 1


def _get_names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_beside(element: HtmlElement, around: Around) -> bool:
    """Whether the element stands in something beside the post, such as comments or a list of other posts."""
    return any(
        outer.tag in _APART or _BESIDE.search(_get_names(outer))
        for outer in (element, *element.iterancestors())
        if outer not in around
    )


def _find_named_days(page: Page, around: Around) -> Iterator[FoundDay]:
    """Find the first date in an element that is called so."""
    for element in page.find_all("//body//*[@class or @id]"):
        names = _get_names(element)
        if element.tag in _UNREAD or not _DATED.search(names) or _LATER.search(names):
            continue
        text = text_of(element)
        if _FILED.search(names):
            text = text[:_LONGEST]
        if (
            len(text) <= _LONGEST
            and (day := find_visible_date(text, page.language))
            and not _is_beside(element, around)
        ):
            yield FoundDay(day, "published:shown", text, "guessed")
            return


def _find_days_near_headline(page: Page, content: HtmlElement | None, around: Around) -> Iterator[FoundDay]:
    """Find the first short line with a date below the headline, else the first above it, outside of the text."""
    above: FoundDay | None = None
    is_below = False
    for element, text in _iterate_texts(page.tree, content):
        is_below = is_below or element.tag == "h1"
        day = find_visible_date(text, page.language) if len(text) <= _LONGEST else None
        if day and not _is_beside(element, around):
            above = above or FoundDay(day, "published:near_headline", text, "guessed")
            if is_below:
                yield FoundDay(day, "published:near_headline", text, "guessed")
                return
    if above:
        yield above


def _iterate_texts(tree: HtmlElement, content: HtmlElement | None) -> Iterator[tuple[HtmlElement, str]]:
    """Iterate over the texts outside of paragraphs of the content, each with the element that it belongs to."""
    for element in tree.iter():
        is_text = isinstance(element.tag, str) and element.tag not in _UNREAD
        if not (is_text and element.tag == "p" and element.getparent() is content):
            owner = element if is_text else element.getparent()
            yield owner, f"{element.text or ''} {element.tail or ''}" if is_text else element.tail or ""
