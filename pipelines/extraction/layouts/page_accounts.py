"""The account that posted a page in an unknown look: the names in its head, beside those that its theme shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import unescape
from typing import cast

from lxml import etree

from pipelines.extraction.layouts.shown_accounts import ShownAccount
from pipelines.extraction.wording.account_names import HELP, is_house, may_be_writer, read_account, split_names
from scraper.address import host_of
from scraper.markup.html_page import Page, collapse_spaces
from scraper.records import Confidence

_METAS = (
    "author article:author article:author_name og:author parsely-author sailthru.author dc.creator dcterms.creator "
    "byl citation_author cxenseparse:author creator"
).split()
_SCHOLARLY = ("dc.creator", "dcterms.creator", "citation_author")  # the last name stands first in them
_REVERSED = re.compile(r"^([^\s,]+), ([^,]+)$")
_SHOWN_TEXT = etree.XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template)]", smart_strings=False
)


class AccountReader:
    """Reads the accounts that a page names; `shown` are those in its theme."""

    def __init__(self, page: Page, shown: Iterable[ShownAccount]) -> None:
        self._page = page
        self._shown = list(shown)

    def read_accounts(self) -> Iterator[tuple[str, str, str, Confidence]]:
        """Read the names, best first, each with how it was found and the text it stood in."""
        texts = [*self._find_stated(), *((f"posted_by:{each.how}", each.text, "read") for each in self._shown)]
        found = [
            (self._drop_houses(n), how, text, confidence)
            for how, text, confidence in texts
            if (n := read_account(text))
        ]
        # A house counts where nobody else is named.
        yield from sorted(found, key=lambda account: is_house(account[0], self.houses))

    def _drop_houses(self, names: str) -> str:
        """Drop the page's own house beside a writer and behind one: `Ann Lee, Harbour View`, `Ann Lee Harbour View`."""
        ends = tuple(f" {house}".casefold() for house in self.houses)
        people = [name for name in names.split(", ") if not is_house(name, self.houses)]
        people = [next((n[: -len(end)] for end in ends if n.casefold().endswith(end)), n) for n in people]
        return ", ".join(people) if people and all(map(may_be_writer, people)) else names

    @cached_property
    def houses(self) -> frozenset[str]:
        """The names of the site, its publisher and the organisations that its head gives as authors."""
        publisher = self._page.article.get("publisher")
        authors = [a for a in self._list_authors() if isinstance(a, dict) and a.get("@type") == "Organization"]
        nodes = [publisher, *authors] if isinstance(publisher, dict) else authors
        names = [self._page.meta.get("og:site_name"), *(node.get("name") for node in nodes)]
        addresses = (self._page.links.get("canonical"), self._page.meta.get("og:url"), self._page.url)
        hosts = [host_of(address) for address in addresses if address]
        names += [re.sub(r"\W", "", name) for host in hosts for name in (host, host.rpartition(".")[0])]
        return frozenset(name for name in names if isinstance(name, str))

    @cached_property
    def visible_text(self) -> str:
        """All words that the page shows, in lower case."""
        return collapse_spaces(" ".join(cast("list[str]", _SHOWN_TEXT(self._page.tree)))).casefold()

    def _find_stated(self) -> Iterator[tuple[str, str, Confidence]]:
        yield "posted_by:jsonld", self._join_writers(self._read_people()), "stated"
        contents: dict[str, list[str]] = {name: [] for name in _METAS}
        for element in self._page.find_tags("meta"):
            key = (element.get("property") or element.get("name") or "").lower()
            if key in contents:
                content = unescape(collapse_spaces(element.get("content") or ""))
                contents[key].append(_REVERSED.sub(r"\2 \1", content) if key in _SCHOLARLY else content)
        for texts in contents.values():
            yield "posted_by:meta", self._join_writers(texts), "stated"
        if self._page.meta.get("twitter:label1", "").lower() == "written by":
            yield "posted_by:twitter", unescape(self._page.meta.get("twitter:data1", "")), "stated"

    def _join_writers(self, texts: Iterable[str]) -> str:
        """Join the names that the head states, without those whom the page shows as photographer or editor only."""
        names = [name for text in texts for name in split_names(text)]
        writers = [name for name in names if len(names) < 2 or not self._is_helper(name)]
        return ", ".join(writers or names)

    def _is_helper(self, name: str) -> bool:
        """Whether the page says `Edited by` of a person, and its byline names others."""
        if not self._shown or any(name in (read_account(each.text) or "") for each in self._shown):
            return False
        return bool(re.search(rf"(?:{HELP.pattern})\W+{re.escape(name.casefold())}", self.visible_text))

    def _list_authors(self) -> list[object]:
        nodes = self._page.jsonld
        article = self._page.article or next((node for node in nodes if node.get("author")), {})
        authors = article.get("author")
        return authors if isinstance(authors, list) else [authors]

    def _read_people(self) -> Iterator[str]:
        """Read the names of the JSON-LD article's authors, which may stand in nodes of their own."""
        by_id = {node["@id"]: node.get("name") for node in self._page.jsonld if isinstance(node.get("@id"), str)}
        for author in self._list_authors():
            name = (author.get("name") or by_id.get(str(author.get("@id")))) if isinstance(author, dict) else author
            for each in name if isinstance(name, list) else [name]:
                if isinstance(each, str):
                    yield unescape(each)
