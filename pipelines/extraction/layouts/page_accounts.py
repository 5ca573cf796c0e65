"""The account that posted a page in an unknown look: its name alone, from the head, from links and from bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from pipelines.extraction.wording.account import strip_lead
from pipelines.extraction.wording.byline import is_name, read_names
from pipelines.extraction.wording.name_marks import split_date
from pipelines.extraction.wording.roles import HOUSE
from scraper.html_page import Page, collapse_spaces, text_of
from scraper.records import Confidence

_METAS = (
    "author article:author article:author_name og:author parsely-author sailthru.author dc.creator dcterms.creator "
    "byl citation_author cxenseparse:author creator"
).split()
_SHOWN = (
    "//*[@itemprop='author' or @rel='author' or @property='author']",
    "//a[contains(@href, '/author/') or contains(@href, '/authors/') or contains(@rel, 'author')]",
    "//*[contains(@class, 'byline') or contains(@class, 'author') or contains(@id, 'author')]",
)
_LEAD = re.compile(r"^(?:von|por|author|autor)\b\s*:?\s*|^[|•·,–—-]\s*", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|@|[<>{}\[\]]|^\W*$|^\d+\b|\b(?:admin|administrator|editor|webmaster|user|guest)\d*$"
    r"|^(?:by|more|see more|share)$|\b(?:archive|bio|profile|posts|page|on (?:facebook|twitter|x))$",
    re.IGNORECASE,
)
# Words of papers, agencies and offices, which stand beside writers or in place of them.
_HOUSE = re.compile(
    r"\b(?:staff|press|news|newsroom|channel|media|teams?|report|reporters?|officer|desk|wire|agency|advance|tribune|post|journal"
    r"|magazine|radio|network|institute|university|college|school|center|centre|contributors?|editorial|editors?|inc|ltd)\b"
    r"|\.(?:com|org|net|edu)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?[,;|/•·]\s*|(?<!\s)\s+(?:and|&|und|y|[–—-])\s+")
_DASHED = re.compile(r"[^\s,;|/•·]+ [–—-] ")
_POSTED = re.compile(
    r"\b(?:posted|published|written) by:?\s(?P<name>[^|•·,/]{2,60}?)(?=\s?[|•·,/]|\s(?:on|in|at)\s|$)", re.IGNORECASE
)
_LONGEST = 80  # characters; whole cards are longer


def find_accounts(page: Page) -> Iterator[tuple[str, str, str, Confidence]]:
    """Find the names of the account, best first, each with how it was found and the text it stood in."""
    houses = _find_houses(page)
    found = [(name, *rest) for rest in _find_texts(page) if (name := read_account(rest[1]))]
    yield from sorted(found, key=lambda account: account[0] in houses)  # a house counts where nobody else is named


def _find_houses(page: Page) -> set[object]:
    publisher = page.article.get("publisher")
    return {page.meta.get("og:site_name"), publisher.get("name") if isinstance(publisher, dict) else None}


def is_person(name: str, page: Page) -> bool:
    """Whether an account has the name of a person: it is no house, no handle, no word of a link."""
    return name not in _find_houses(page) and any(" " in part and is_name(part) for part in name.split(", "))


def are_writers(name: str, page: Page) -> bool:
    """Whether each part of an account can be a writer: a person's name, and no paper, agency, office or address.

    A handle can be anybody's, and the house of the archive signs its own posts.
    """
    if HOUSE.fullmatch(name) or (" " not in name and not _HOUSE.search(name)):
        return True
    return name not in _find_houses(page) and all(map(_may_be_writer, name.split(", ")))


def adds_writer(name: str, other: str) -> bool:
    """Whether another place of the page names the same people and one more."""
    more = set(other.split(", ")) - set(name.split(", "))
    return other.startswith(name) and bool(more) and all(map(_may_be_writer, more))


def _may_be_writer(part: str) -> bool:
    return " " in part and is_name(part) and not _HOUSE.search(part)


def _find_texts(page: Page) -> Iterator[tuple[str, str, Confidence]]:
    yield "posted_by:jsonld", ", ".join(_read_people(page)), "stated"
    for name in _METAS:
        yield "posted_by:meta", unescape(page.meta.get(name, "")), "stated"
    if page.meta.get("twitter:label1", "").lower() == "written by":
        yield "posted_by:twitter", unescape(page.meta.get("twitter:data1", "")), "stated"
    for path in _SHOWN:
        for element in page.find_all(path)[:6]:
            text = element.get("content") or text_of(next(element.iter("a"), element))
            if len(text) <= _LONGEST and read_account(text):
                yield "posted_by:theme", text, "read"
                break
    for element in page.find_all("//*[contains(@class, 'meta') or contains(@class, 'posted')]")[:6]:
        if posted := _POSTED.search(text_of(element)):
            yield "posted_by:meta_line", posted["name"], "read"
            return


def _read_people(page: Page) -> Iterator[str]:
    """Read the names of the JSON-LD article's authors, which may stand in nodes of their own."""
    by_id = {node["@id"]: node.get("name") for node in page.jsonld if isinstance(node.get("@id"), str)}
    article = page.article or next((node for node in page.jsonld if node.get("author")), {})
    authors = article.get("author")
    for author in authors if isinstance(authors, list) else [authors]:
        name = (author.get("name") or by_id.get(str(author.get("@id")))) if isinstance(author, dict) else author
        for each in name if isinstance(name, list) else [name]:
            if isinstance(each, str):
                yield unescape(each)


def read_account(text: str) -> str | None:
    """Read the name in a byline: `Posted by NAME on May 3, 2021`; several names are joined by commas."""
    text = strip_lead(collapse_spaces(text))
    while match := _LEAD.match(text):
        text = strip_lead(text[match.end() :])
    text = split_date(text)[0].strip(" |,•·–—-:")
    if len(text) > _LONGEST or _NO_NAME.search(text):
        return None
    if authors := read_names(text):
        return ", ".join(dict.fromkeys(author.name for author in authors))
    parts = _SEPARATOR.split(text)
    people = [part for part in parts if " " in part and is_name(part)]
    is_one_name = parts[0] not in people and _DASHED.match(text)  # `Nickname - First Last`
    return text if is_one_name else ", ".join(dict.fromkeys(people)) or text
