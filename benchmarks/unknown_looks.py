"""How well a look nobody knows is read: every fixture page of one post read by the generic look, beside trafilatura.

`python -m benchmarks.unknown_looks`, after `make bench` has installed the peers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from statistics import mean
from typing import Any

import trafilatura

from pipelines.extraction.layouts import GenericLayout
from pipelines.extraction.post import read_post
from scraper.address import SITE_HOSTS, identity
from scraper.html_page import Page
from scraper.records import Brief, Capture
from tests.support.expected import capture_of, saved_pages


def _pages() -> Iterator[tuple[Capture, dict[str, Any]]]:
    for page in saved_pages():
        expected = json.loads(page.expectation.read_text("utf-8"))
        if page.page.suffix == ".html" and expected["outcome"] == "brief":
            yield capture_of(page), expected["briefs"][0]


def _by_generic(capture: Capture) -> Brief:
    layout = GenericLayout(Page(capture.body, capture.content_type, capture.url))
    path = identity(capture.url or "https://example.org/")
    return read_post(layout, capture.url, path, SITE_HOSTS, truncated=False).brief


def _f1(expected: str, got: str) -> float:
    """The share of words that both texts have in the same order."""
    ours, theirs = re.findall(r"\w+", expected), re.findall(r"\w+", got)
    same = sum(block.size for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks())
    return 2 * same / (len(ours) + len(theirs)) if ours or theirs else 1.0


def main() -> None:
    """Print both scores."""
    generic, peer, exact = [], [], 0
    for capture, truth in _pages():
        text = " ".join([truth.get("body") or "", *(item["text"] for item in truth.get("resources", ()))])
        brief = _by_generic(capture)
        generic.append(_f1(text, " ".join([brief.body or "", *(item.text for item in brief.resources)])))
        peer.append(_f1(text, trafilatura.extract(capture.body, include_comments=False, favor_recall=True) or ""))
        exact += brief.body == truth.get("body")
    print(f"{len(generic)} pages, words of body and resources: generic look F1 {mean(generic):.3f}, ", end="")
    print(f"trafilatura {mean(peer):.3f}; body exactly right by the generic look: {exact}")


if __name__ == "__main__":
    main()
