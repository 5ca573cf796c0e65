"""What a layout is: one look of one post."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, TypeVar

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.account import read_account_name
from scraper.records import Category, Confidence, PhotoCredit, Problem

T = TypeVar("T")


class Layout:
    """One look of one post. Methods named after a field yield candidates for it, best first."""

    name: ClassVar[str]
    fidelity: ClassVar[int] = 3  # see records.Reading
    is_cut: bool = False  # the parser gave up in its text
    bare_slugs: frozenset[str] = frozenset()  # of the categories whose names the page does not show

    def build_candidate(self, value: T, how: str, snippet: str, confidence: Confidence = "stated") -> Candidate[T]:
        """Build a candidate of this layout; `how` names the field and the place it was found at."""
        return Candidate(value, f"{self.name}.{how}", snippet[:SNIPPET], confidence)

    def read_lines(self) -> list[Line]:
        """Read what the editors wrote, in reading order."""
        raise NotImplementedError

    def find_address(self) -> str | None:
        """Find the best address that the page gives, without checking it."""
        return None

    def find_guid(self) -> str | None:
        """Find what the site knows the post by, which may be an address of it and may be none."""
        return None

    def url(self) -> Iterator[Candidate[str]]:
        if link := self.find_address():
            yield self.build_candidate(link, "url:link", link)

    def wp_id(self) -> Iterator[Candidate[int]]:
        yield from ()

    def title(self) -> Iterator[Candidate[str]]:
        yield from ()

    def published(self) -> Iterator[Candidate[str]]:
        yield from ()

    def modified(self) -> Iterator[Candidate[str]]:
        yield from ()

    def posted_by(self) -> Iterator[Candidate[str]]:
        yield from ()

    @cached_property
    def accounts(self) -> list[Candidate[str]]:
        """The bare names of the accounts that are shown, best first."""
        named = [(candidate, read_account_name(candidate.value)) for candidate in self.posted_by()]
        return [candidate.put_value(name) for candidate, name in named if name]

    def categories(self) -> tuple[Category, ...]:
        return ()

    def photo_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        """Yield credits that stand outside of the lines, beside the pictures."""
        yield from ()

    def machine_credits(self) -> Iterator[Candidate[PhotoCredit]]:
        """Yield credits that are stated for machines alone; they count where the page shows none."""
        yield from ()

    def read_front_lines(self) -> list[Line]:
        """Read the lines that a template has above the text, which may hold label and byline; most have none."""
        return []

    def find_doubts(self) -> Iterator[Problem]:
        """Find what the look leaves in doubt about the text."""
        yield from ()

    def find_teaser_end(self) -> str | None:
        """Find the words with which a teaser ends, in front of the link to its text; None without such a link."""
        return None
