"""BibTeX: one @misc for each brief, which BibTeX, biber and Zotero read alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, describe_copies, make_citation_key, split_name

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces even after a backslash, so they are spelled out.
_SPECIAL = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}
_TO_ESCAPE = re.compile("|".join(map(re.escape, _SPECIAL)))
_BREAKING = re.compile(r"[\s{}\\]")  # in an address


def format_briefs(briefs: Iterable[BriefRecord]) -> Iterator[str]:
    """Yield entries in UTF-8; titles and collective names get double braces, so that styles leave them as published."""
    for brief in briefs:
        fields = ((name, value) for name, value in _list_fields(brief) if value)
        body = "".join(f"  {name} = {value},\n" for name, value in fields)
        yield f"@misc{{{make_citation_key(brief['path'])},\n{body}}}\n\n"


def _list_fields(brief: BriefRecord) -> Iterator[tuple[str, str]]:
    yield "author", _brace(" and ".join(_format_author(author["name"], author["kind"]) for author in brief["authors"]))
    yield "title", _brace(_brace(escape_text(brief["title"] or brief["label"] or brief["path"])))
    label = f", {brief['label']}" if brief["label"] and brief["title"] else ""
    yield "howpublished", _brace(escape_text(f"{brief['publisher']}{label}"))
    if brief["published"]:
        yield "year", _brace(brief["published"][:4])
        yield "month", _MONTHS[int(brief["published"][5:7]) - 1]
        yield "date", _brace(brief["published"])
    yield "url", _brace(escape_url(brief["url"] or ""))
    yield "urldate", _brace((brief["capture"]["captured_at"] or "")[:10])
    yield "note", _brace(". ".join(describe_copies(brief, lambda url: rf"\url{{{escape_url(url)}}}")))
    yield "language", _brace(LANGUAGE)


def _format_author(name: str, kind: str) -> str:
    parts = split_name(name) if kind == "person" else None
    if parts is None:
        return _brace(escape_text(name))
    family = f"{parts.particle} {parts.family}".strip()
    return ", ".join(escape_text(part) for part in (family, parts.suffix, parts.given) if part)


def escape_text(text: str) -> str:
    """Escape what BibTeX and LaTeX take for commands."""
    return _TO_ESCAPE.sub(lambda sign: _SPECIAL[sign[0]], " ".join(text.split()))


def escape_url(url: str) -> str:
    """Escape the signs that would end an address in BibTeX."""
    return _BREAKING.sub(lambda sign: f"%{ord(sign[0]):02X}", url)


def _brace(text: str) -> str:
    return f"{{{text}}}" if text else ""
