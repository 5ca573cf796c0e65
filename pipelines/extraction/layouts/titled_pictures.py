"""Credits in the title of a picture, which browsers show under the pointer."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.credit_leads import says_who
from scraper.markup.html_page import collapse_spaces
from scraper.records import PhotoCredit


def find_titled_credits(content: HtmlElement) -> Iterator[Candidate[PhotoCredit]]:
    """Find the credits of the pictures in the content that say so in front: `Photo by NAME on Unsplash`."""
    for image in content.iter("img"):
        text = collapse_spaces(image.get("title", ""))
        credit = read_credit(Line(text, "caption")) if says_who(text) else None
        if credit and credit.value.name:
            yield credit
