"""A brief as bare text: a text extractor's output, or what somebody pasted."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.lines import Line, lines_of_text
from pipelines.extraction.wording.head import title_line
from pipelines.extraction.wording.page_phrases import without_chrome
from pipelines.extraction.wording.site_names import without_site
from scraper.address import parse_address_line


class TextPost(Layout):
    """Plain text: the first line is the headline unless it is something else."""

    name = "text"
    fidelity = 1

    def __init__(self, text: str, url: str | None) -> None:
        self._url = url
        written = lines_of_text(text)
        self._lines = without_chrome(written[1:] if written and parse_address_line(written[0].text) else written)
        self._title = title_line(self._lines)

    def lines(self) -> list[Line]:
        return self._lines

    def address(self) -> str | None:
        return self._url

    def url(self) -> Iterator[Candidate[str]]:
        if self._url:
            yield self.found(self._url, "url:captured", self._url)

    def title(self) -> Iterator[Candidate[str]]:
        if self._title is None:
            return
        line, followed = self._title
        if bare := without_site(line.text):
            yield self.found(bare, "title:first_line", line.text, "read" if followed else "guessed")

    def published(self) -> Iterator[Candidate[str]]:
        yield from self.permalink_date()
