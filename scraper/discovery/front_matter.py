"""Reads the fields that programs put above a text: front matter of Markdown, the head of a copy from a reader view."""

from __future__ import annotations

import re

from scraper.address import identity, is_post, is_web

_BLOCK = re.compile(r"\s*(---|\+\+\+)[ \t]*\r?\n((?:[^\n]*\n){1,80}?)\1[ \t]*(?:\r?\n|$)")
_HEAD = re.compile(
    r"\s*((?:(?:title|(?:source |original )?url(?: source)?|source|link|author|date|published(?: time)?|"
    r"markdown content):[^\n]*\n\s*){2,})",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^[\"']?(\w[\w -]{0,30}?)[\"']?[ \t]{0,9}[:=]([^\r\n]*)", re.MULTILINE)
_QUOTES = " \t\"'<>,"


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split a text into the fields above it, their names in lower case, and the text itself."""
    if block := _BLOCK.match(text):
        return _read_fields(block[2]), text[block.end() :]
    head = _HEAD.match(text)
    fields = _read_fields(head[1]) if head else {}
    if head is None or "title" not in fields or find_stated_address(fields) is None:
        return {}, text
    return fields, text[head.end() :]


def _read_fields(head: str) -> dict[str, str]:
    return {name.lower(): value.strip(_QUOTES) for name, value in _FIELD.findall(head)}


def find_stated_address(fields: dict[str, str]) -> str | None:
    """Find the address of the post that one of the fields states."""
    return next((value for value in fields.values() if is_web(value) and is_post(identity(value))), None)
