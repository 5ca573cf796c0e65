"""Lists of links below a heading in no known wording, which may be the resources."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.extraction.lines import Line, find_pointer
from pipelines.extraction.wording.parts import Parts
from pipelines.extraction.wording.resource_headings import is_source_heading, leads_to_post
from pipelines.extraction.wording.resources import are_links
from scraper.address import SITE_HOSTS, host_of
from scraper.records import Problem

_HEADING = 6  # words of a line that may be a heading though nothing marks it up


def find_unread_lists(parts: Parts) -> Iterator[Problem]:
    """Yield a problem for each heading below which nothing but items with links to other sites stands."""
    heading: str | None = None
    below: list[Line] = []
    for words, _, line in (*parts.text, ("", "", None)):
        if words is None and line is not None and not _may_be_heading(line):
            below.append(line)
            continue
        others = (link.url for item in below for link in item.links)
        is_unknown = heading is not None and not is_source_heading(heading) and are_links(below)
        if heading and is_unknown and all(host_of(url or "") not in SITE_HOSTS for url in others):
            yield Problem("resources", "unread", f"Nothing but links stands below {heading!r}: taken for text.")
        heading, below = words or (line.text if line else None), []


def find_linked_posts(parts: Parts) -> Iterator[Problem]:
    """Yield a problem for lines that are links to other posts of the site, as plugins print them amid a text."""
    posts = [line.text for _, _, line in parts.text if line.spans and _is_linked_post(line)]
    if posts:
        message = f"{posts[0][:80]!r} (of {len(posts)} such) links to another post of the site, and is taken for text."
        yield Problem("body", "doubtful", message)


def _is_linked_post(line: Line) -> bool:
    link = find_pointer(line)
    return link is not None and len(line.links) == 1 and leads_to_post(link.url)


def _may_be_heading(line: Line) -> bool:
    return line.kind == "p" and line.text[-1] not in ".!?,;" and not line.links and len(line.text.split()) <= _HEADING
