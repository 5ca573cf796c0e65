"""What the posts of files that hold many have in common: an identity where no address of the site names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.blocks import name_doubtful_blocks
from pipelines.extraction.layouts.fragments import Fragment, parse_fragment, strip_markup
from pipelines.extraction.layouts.layout import Layout
from pipelines.extraction.layouts.titled_pictures import find_titled_credits
from pipelines.extraction.layouts.wordpress_markup import render_shortcodes
from pipelines.extraction.teaser import find_teaser_end
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import identity, is_listing, make_urn
from scraper.records import PhotoCredit, Problem

_FAULTY_TAG = re.compile(r"mismatch: (?:\w+:)?(\w+)")
_FIELDS = {"title": "title", "link": "url", "pubDate": "published", "category": "categories", "creator": "posted_by"}
_UNIQUE = re.compile(r":.{4}|.{16}")  # a guid that no other program makes by chance
_NUMBER = re.compile(r"[?&]p=(\d{1,18})\b")


class DumpPost(Layout):
    """One of several posts in a file."""

    fault: str | None = None  # what was wrong with its markup where a part of it may be lost by that
    _fragment: Fragment | None = None

    def parse_content(self, content: str) -> HtmlElement:
        """Parse rendered HTML; it holds shortcodes where the builder does not run for REST."""
        return self.parse_markup(render_shortcodes(content) if "[et_pb" in content or "[/" in content else content)

    def parse_markup(self, markup: str) -> HtmlElement:
        """Parse the HTML of the text."""
        self._fragment = parse_fragment(markup)
        self.is_cut = self._fragment.is_cut
        return self._fragment.tree

    def find_source(self) -> tuple[str, str]:
        """Find title and text as the file writes them."""
        raise NotImplementedError

    def list_own_paths(self) -> Iterator[str]:
        """List what the post can be known by, best first: its number, its guid, its words."""
        stated = next((candidate.value for candidate in self.wp_id()), None)
        if number := stated or find_number(self.find_address() or ""):
            yield f"/?p={number}"
        guid = self.find_guid() or ""
        if _UNIQUE.search(guid) and not is_listing(identity(guid)):
            yield _make_urn(guid)
        yield _make_urn(*self.find_source())

    def propose_title(self, markup: str, printed: str | None = None) -> Iterator[Candidate[str]]:
        """Propose the title as `markup` has it, or as the page would print it."""
        if bare := strip_site_name(strip_markup(markup if printed is None else printed)):
            yield self.build_candidate(bare, "title:title", markup)

    def find_doubts(self) -> Iterator[Problem]:
        if self.fault:
            tag = _FAULTY_TAG.search(self.fault)
            field = _FIELDS.get(tag[1] if tag else "", "body")
            yield Problem(field, "malformed", f"Its XML is not well-formed: {self.fault}.")
        if self._fragment:
            yield from self._fragment.find_doubts()

    def machine_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        yield from find_titled_credits(self._fragment.tree) if self._fragment else ()

    def find_teaser_end(self) -> str | None:
        return find_teaser_end(self._fragment.tree) if self._fragment else None


def doubt_blocks(content: str) -> Iterator[Problem]:
    """Doubt the text of blocks whose maker is not known."""
    if names := name_doubtful_blocks(content):
        message = f"The text of the block {names[0]} (of {len(names)} such) is taken from its attributes."
        yield Problem("body", "doubtful", message)


def find_number(guid: str) -> int | None:
    """Find the number of a post in the guid that WordPress makes, on whichever host."""
    match = _NUMBER.search(guid)
    return int(match[1]) if match and int(match[1]) else None


def _make_urn(*texts: str) -> str:
    return make_urn("\n".join(texts).encode("utf-8", "replace"))
