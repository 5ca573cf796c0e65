"""Credits that a page states only for machines: of its post's picture, in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.wording.credit_parts import read_credit_parts
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import identity, is_post, is_web
from scraper.markup.html_page import Page, collapse_spaces
from scraper.records import PhotoCredit

_PICTURE = "ImageObject"
_PAGES = ("WebPage", "ItemPage")
_LEADS = ("Photo by ", "Photo: ", "Photograph: ", "Image: ", "Credit: ", "Photo credit: ")
_LONGEST = 110  # characters


def find_jsonld_credits(page: Page, others: frozenset[str]) -> Iterator[Candidate[PhotoCredit]]:
    """Find who took or lends the pictures of the post; `others` are the account and the site itself, who are none."""
    seen: set[str] = set()
    for picture in _find_pictures(page):
        creator = next(iter(_as_list(picture.get("creator"))), None)
        name = creator.get("name") if isinstance(creator, dict) else creator
        address = creator.get("url") if isinstance(creator, dict) else None
        for field, stated in (("creditText", picture.get("creditText")), ("creator", name)):
            text = collapse_spaces(unescape(stated)) if isinstance(stated, str) else ""
            if not 2 <= len(text) <= _LONGEST or text.casefold() in others or not strip_site_name(text):
                continue
            if text not in seen:
                seen.add(text)
                url = address if isinstance(address, str) and is_web(address) else None
                yield _build_credit(text, url, f"{field}: {text}"[:SNIPPET])
            break


def _build_credit(text: str, url: str | None, snippet: str) -> Candidate[PhotoCredit]:
    lead = next((lead for lead in _LEADS if text.lower().startswith(lead.lower())), "")
    parts = read_credit_parts(text[len(lead) :])
    return Candidate(PhotoCredit(text, parts.name, parts.source, url), "credit.jsonld", snippet, "stated")


def _find_pictures(page: Page) -> Iterator[dict[str, Any]]:
    """Find the nodes of the pictures that the article, or the page, calls its own."""
    article, whole = page.article, page.find_node(*_PAGES)
    if not _is_of_page(article or whole, page):
        return
    named = [*_as_list(article.get("image")), *_as_list(whole.get("primaryImageOfPage"))]
    keys = {key for item in named for key in (_list_keys(item) if isinstance(item, dict) else [item])}
    for node in (*(item for item in named if isinstance(item, dict)), *page.jsonld):
        kinds = _as_list(node.get("@type"))
        if _PICTURE in kinds and (node in named or keys.intersection(_list_keys(node))):
            yield node


def _list_keys(node: dict[str, Any]) -> list[str]:
    """List by what other nodes refer to this one: its id and its addresses."""
    return [key for name in ("@id", "url", "contentUrl") if isinstance(key := node.get(name), str)]


def _is_of_page(node: dict[str, Any], page: Page) -> bool:
    """Whether the node tells of the page's own post, or does not say of which."""
    subject = node.get("mainEntityOfPage")
    stated = node.get("url") or (subject.get("@id") if isinstance(subject, dict) else subject) or node.get("@id")
    own = {identity(address) for address in (page.links.get("canonical"), page.url) if address}
    return not (isinstance(stated, str) and is_web(stated) and is_post(identity(stated))) or (
        not own or identity(stated) in own
    )


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
