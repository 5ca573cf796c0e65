"""A brief as bare text: the output of a text extractor, or a text that somebody pasted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.layout import Layout
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.boilerplate_phrases import doubt_cut, is_sentence, split_boilerplate
from pipelines.extraction.wording.page_text import cut_out_post
from pipelines.extraction.wording.printed_pages import drop_print_marks
from pipelines.extraction.wording.site_name import strip_site_name
from pipelines.extraction.wording.text_headline import find_title_below, find_title_line
from scraper.address import identity, parse_address_line
from scraper.records import Problem


class TextPost(Layout):
    """Plain text: the first line is the headline unless it reads as something else."""

    name = "text"
    fidelity = 1

    def __init__(self, lines: list[Line], url: str | None) -> None:
        self._url = url
        lines = drop_print_marks(lines)
        if lines and parse_address_line(lines[0].text):
            lines = [replace(line, kind="p") for line in lines[1:2]] + lines[2:]  # the headline is a line like others
        self._post = cut_out_post(lines, identity(url) if url else None)
        self._lines, self._cut = split_boilerplate(self._post.lines)
        self._cut += [line for line in self._post.below if is_sentence(line.text)]
        self._title = find_title_line(self._lines) or find_title_below(self._lines)

    def read_lines(self) -> list[Line]:
        return self._lines

    def find_doubts(self) -> Iterator[Problem]:
        yield from doubt_cut(self._cut)
        if menu := self._post.menu:
            message = (
                f"{menu[0].text[:80]!r} (of {len(menu)} lines) stands above the headline, and is taken for a menu."
            )
            yield Problem("body", "doubtful", message)

    def find_address(self) -> str | None:
        return self._url

    def url(self) -> Iterator[Candidate[str]]:
        if self._url:
            yield self.build_candidate(self._url, "url:captured", self._url)

    def posted_by(self) -> Iterator[Candidate[str]]:
        if self._post.account:
            yield self.build_candidate(self._post.account, "posted_by:theme", self._post.account, "read")

    def title(self) -> Iterator[Candidate[str]]:
        if self._title is None:
            return
        line, has_head = self._title
        if bare := strip_site_name(line.text):
            yield self.build_candidate(bare, "title:first_line", line.text, "read" if has_head else "guessed")
