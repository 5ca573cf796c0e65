"""Addresses that are written out in a text, with the marks that editors put around them."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:]", re.IGNORECASE)
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|us|info|int|mil)(?:/\S*)?", re.IGNORECASE)
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_QUOTES = "“”\"‘’'<>"
_BEHIND = ".,;:!?" + _QUOTES
_BRACKETS = {")": "(", "]": "["}
_LONGEST = 2000  # characters


def unwrap_address(text: str) -> str:
    """Strip quotes and brackets around an address and marks behind it, but no bracket that belongs to it."""
    bare = text.strip(_QUOTES)
    if bare[:1] in "([":
        bare = bare[1:]
    while bare and (bare[-1] in _BEHIND or bare.count(bare[-1]) > bare.count(_BRACKETS.get(bare[-1], bare[-1]))):
        bare = bare[:-1]
    return bare


def is_address(text: str) -> bool:
    """Whether the text is nothing but the address of a page, with or without marks around it."""
    return _may_be_address(text) and bool(ADDRESS.fullmatch(unwrap_address(text)))


def read_address(text: str) -> str | None:
    """Read the address that the text is: of a page or of a mailbox."""
    if not _may_be_address(text):
        return None
    bare = unwrap_address(text)
    if _MAILBOX.fullmatch(bare):
        return f"mailto:{bare}"
    if not ADDRESS.fullmatch(bare) and not HOST.fullmatch(bare):
        return None
    return bare if "://" in bare else f"http://{bare}"


def _may_be_address(text: str) -> bool:
    """A cheap look before the careful one."""
    return " " not in text and "." in text and len(text) <= _LONGEST
