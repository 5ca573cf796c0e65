"""An unknown look: what several places of the page agree on is believed, what one says against others is a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import read_shown_text
from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.account_doubts import weigh_accounts
from pipelines.extraction.layouts.elementor import find_elementor
from pipelines.extraction.layouts.html_layout import HtmlLayout
from pipelines.extraction.layouts.page_accounts import AccountReader
from pipelines.extraction.layouts.page_credits import find_credits, read_caption
from pipelines.extraction.layouts.page_dates import FoundDay, find_days, find_path_day
from pipelines.extraction.layouts.prose import Article, find_article
from pipelines.extraction.layouts.shown_accounts import find_shown_accounts
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.head_lines import have_same_words, simplify_words
from pipelines.extraction.wording.page_furniture import drop_furniture
from scraper.address import SITE_HOSTS, host_of, identity
from scraper.dates import count_days
from scraper.markup.html_page import Page
from scraper.records import PhotoCredit, Problem

# The title of a document has these between a headline and the site's name; that may stand in the page's first heading.
_BEFORE_SITE, _BEHIND_SITE = re.compile(r"\s[|:]\s*$"), re.compile(r"\s*»")
_NEAR = 14  # lines among which a byline may stand


class GenericLayout(HtmlLayout):
    """Any single page: its text is where most prose stands."""

    name = "generic"
    fidelity = 2
    headline_confidence = "guessed"

    @classmethod
    def matches(cls, page: Page) -> bool:
        return True

    @cached_property
    def _article(self) -> Article:
        if elementor := find_elementor(self.page):
            return Article(*elementor)
        body = self.page.body
        return find_article(body) if body is not None else Article(None, frozenset())

    def find_content(self) -> HtmlElement | None:
        return self._article.content

    def find_left_out(self) -> frozenset[HtmlElement]:
        return self._article.left_out

    @cached_property
    def _lines(self) -> tuple[list[Line], list[Line]]:
        addresses = (self.page.url, self.page.links.get("canonical"), self.page.meta.get("og:url"))
        hosts = SITE_HOSTS | {host_of(address) for address in addresses if address}
        return drop_furniture(super().read_lines(), [candidate.value for candidate in self._accounts], hosts)

    def read_lines(self) -> list[Line]:
        return self._lines[0]

    def photo_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        content = self.find_content()
        yield from find_credits(content) if content is not None else ()
        for line in self.read_lines():
            if line.kind == "caption" and (credit := read_caption(line.text)):
                yield credit

    def find_headline(self) -> HtmlElement | None:
        heading = next((e for e in self.page.find_by_class("entry-title", "post-title") if e.tag == "h1"), None)
        paths = ("//article//h1", "//main//h1", "//h1")
        return (
            heading if heading is not None else next((e for path in paths for e in self.page.find_all(path)[:1]), None)
        )

    def title(self) -> Iterator[Candidate[str]]:
        yield from _doubt_first(
            weigh_candidates(super().title(), _has_whole_title),
            lambda _, others: not others and self.find_headline() is None and not self.page.meta.get("og:title"),
        )

    @cached_property
    def _accounts(self) -> list[Candidate[str]]:
        if "exporter-version" in self.page.meta:  # Evernote names whoever kept the note
            return []
        shown = find_shown_accounts(self.page, self.find_headline(), self._surroundings)
        reader = AccountReader(self.page, shown)
        return weigh_accounts([self.build_candidate(*account) for account in reader.read_accounts()], reader)

    def posted_by(self) -> Iterator[Candidate[str]]:
        yield from self._accounts

    def published(self) -> Iterator[Candidate[str]]:
        days = find_days(self.page, self.find_content(), list(self._find_permalink_day()))
        candidates = [self.build_candidate(day.day, day.how, day.text, day.confidence) for day in days]
        shown = [day.day for day in days if day.how == "published:visible"]
        yield from _doubt_first(
            weigh_candidates(candidates), lambda day, _: any(count_days(day, other) > 1 for other in shown)
        )

    def find_doubts(self) -> Iterator[Problem]:
        yield from super().find_doubts()
        apart = [read_shown_text(element) for element in self._article.prose_left_out]
        for texts, what in (
            (apart, "an element that is called like boilerplate or stands beside the text"),
            ([line.text for line in self._lines[1]], "a line that looks like the theme's"),
        ):
            if texts:
                message = f"{texts[0][:80]!r} (of {len(texts)} such) is {what}, and is left out."
                yield Problem("body", "doubtful", message)
        if not self._accounts and not any(read_byline(line.text) for line in self.read_lines()[:_NEAR]):
            yield Problem("posted_by", "missing", "No account and no byline was found.")

    def _find_permalink_day(self) -> Iterator[FoundDay]:
        for address in (self.find_address(), self.page.links.get("canonical"), self.page.url):
            if address and (day := find_path_day(identity(address))):
                yield FoundDay(day, "published:permalink", address, "read")
                return


def weigh_candidates(
    candidates: Iterable[Candidate[str]], supports: Callable[[str, str], bool] = have_same_words
) -> list[Candidate[str]]:
    """Weigh what places of a page say: the first is believed where another agrees, a guess where it is alone.

    `supports` says whether another value agrees with the first; one that is weak contradicts none, and stands alone.
    """
    ordered = list(candidates)
    if len(ordered) < 2:
        return ordered
    first, *others = ordered
    if any(supports(other.value, first.value) for other in others):
        confidence = "read" if first.confidence == "guessed" else first.confidence
        return [replace(first, confidence=confidence), *(replace(other, weak=True) for other in others)]
    is_contradicted = first.weak or not all(other.weak for other in others)
    return [replace(first, confidence="guessed") if is_contradicted else first, *others]


def _doubt_first(
    candidates: list[Candidate[str]], is_doubtful: Callable[[str, list[str]], bool]
) -> list[Candidate[str]]:
    """Make a guess of the first value where the others, or its own words, speak against it."""
    if not candidates or not is_doubtful(candidates[0].value, [other.value for other in candidates[1:]]):
        return candidates
    return [replace(candidates[0], confidence="guessed"), *candidates[1:]]


def _has_whole_title(other: str, title: str) -> bool:
    """Whether another title is this one, with nothing else but what a rubric, a column or a site puts at its ends."""
    whole, part = simplify_words(other), simplify_words(title)
    if whole == part or " " not in title:
        return whole == part
    if whole.startswith(part):
        return not _BEHIND_SITE.match(other[len(title) :])
    return whole.endswith(part) and not _BEFORE_SITE.search(other[: len(other) - len(title)])
