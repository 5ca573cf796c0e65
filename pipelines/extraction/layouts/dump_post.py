"""What the posts of files that hold many have in common: an identity where no address of the site names them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from pipelines.extraction.layouts.base import Layout

_NUMBER = re.compile(r"[?&]p=(\d{1,18})\b")


class DumpPost(Layout):
    """One of several posts in a file."""

    fault: str | None = None  # what was wrong with its markup where a part of it may be lost by that

    def find_source(self) -> tuple[str, str]:
        """Find title and text as the file writes them."""
        raise NotImplementedError

    def list_own_paths(self) -> Iterator[str]:
        """List what the post can be known by, best first: its number, its guid, its words."""
        yield from (f"/?p={candidate.value}" for candidate in self.wp_id())
        if guid := self.find_guid():
            yield _make_urn(guid)
        yield _make_urn(*self.find_source())


def find_number(guid: str) -> int | None:
    """Find the number of a post in the guid that WordPress makes, on whichever host."""
    match = _NUMBER.search(guid)
    return int(match[1]) if match and int(match[1]) else None


def _make_urn(*texts: str) -> str:
    return "urn:sha256:" + hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()
