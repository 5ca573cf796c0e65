"""BibTeX: one @misc a brief, that BibTeX, biber and Zotero read alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, key, split_name, whereabouts

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces even behind a backslash, so they are spelled out.
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


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """Entries in UTF-8: titles and collective names in double braces, so that styles leave them as published."""
    for told in briefs:
        fields = ((name, value) for name, value in _fields(told) if value)
        body = "".join(f"  {name} = {value},\n" for name, value in fields)
        yield f"@misc{{{key(told['path'])},\n{body}}}\n\n"


def _fields(told: Told) -> Iterator[tuple[str, str]]:
    yield "author", _braced(" and ".join(_author(one["name"], one["kind"]) for one in told["authors"]))
    yield "title", _braced(_braced(_escaped(told["title"] or told["label"] or told["path"])))
    shown = f", {told['label']}" if told["label"] and told["title"] else ""
    yield "howpublished", _braced(_escaped(f"{told['publisher']}{shown}"))
    if told["published"]:
        yield "year", _braced(told["published"][:4])
        yield "month", _MONTHS[int(told["published"][5:7]) - 1]
        yield "date", _braced(told["published"])
    yield "url", _braced(_address(told["url"] or ""))
    yield "urldate", _braced((told["capture"]["captured_at"] or "")[:10])
    yield "note", _braced(_note(told))
    yield "language", _braced(LANGUAGE)


def _note(told: Told) -> str:
    return ". ".join(whereabouts(told, lambda url: rf"\url{{{_address(url)}}}"))


def _author(name: str, kind: str) -> str:
    parts = split_name(name) if kind == "person" else None
    if parts is None:
        return _braced(_escaped(name))
    family = f"{parts.particle} {parts.family}".strip()
    return ", ".join(_escaped(part) for part in (family, parts.suffix, parts.given) if part)


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda sign: _SPECIAL[sign[0]], " ".join(text.split()))


def _address(url: str) -> str:
    return _BREAKING.sub(lambda sign: f"%{ord(sign[0]):02X}", url)


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""
