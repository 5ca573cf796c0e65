"""XML that is not well-formed, made readable: entities that XML does not know, bare ampersands, tags left open.

What stands around a fault stays as it is. Nothing is loaded, and an entity is expanded only where it is plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape, unescape
from html.entities import html5

_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_TOKEN = re.compile(rb"<!\[CDATA\[|<!--|</?[A-Za-z_][^<>]*>?")
_ENDINGS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_REFERENCE = re.compile(rb"&(?:(#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][\w.-]{0,40});)?")
_TAG_NAME = re.compile(rb"</?([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"\s([A-Za-z_][\w:.-]*)\s*=\s*(\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+)")
_NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF
_VOID = frozenset(b"br hr img wbr input col embed source".split())  # of HTML: they have no closing tag
# Elements that hold a text and no element of this list: where one begins, the one before it has ended.
_LEAF = re.compile(
    rb"title|link|guid|pubDate|description|category|comments|id|updated|published|content"
    rb"|(?:dc|content|excerpt|slash|wfw):\w+|wp:(?!comment$|postmeta$|author$)\w+"
)
_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+([\"'])((?:[^\"'&%<]|&#\w{1,8};){0,1000})\2\s*>")


def find_entities(document_type: bytes) -> dict[bytes, str]:
    """Find the entities that a document declares as plain text; those made of other entities or files are none."""
    return {match[1]: unescape(match[3].decode("utf-8", "replace")) for match in _ENTITY.finditer(document_type)}


def repair_characters(xml: bytes, entities: Mapping[bytes, str]) -> bytes:
    """Resolve the entities of HTML and of the document, and escape marks that stand for themselves."""
    return b"".join(
        piece if kind == "verbatim" else _repair_piece(piece, kind, entities) for kind, piece in _split_markup(xml)
    )


def balance_tags(xml: bytes) -> bytes:
    """Close what was left open, at the latest where the next text field begins; drop closing tags of nothing."""
    pieces: list[bytes] = []
    names: list[bytes] = []
    count: Counter[bytes] = Counter()

    def close_up_to(name: bytes) -> None:
        last = b""
        while last != name:
            last = names.pop()
            count[last] -= 1
            pieces.append(b"</" + last + b">")

    for kind, piece in _split_markup(xml):
        name = match[1] if kind == "tag" and (match := _TAG_NAME.match(piece)) else b""
        if piece.startswith(b"</") and name:
            if count[name]:
                close_up_to(name)
            continue
        if _LEAF.fullmatch(name) and (leaf := next(filter(_LEAF.fullmatch, names[-4:]), b"")):
            close_up_to(leaf)
        is_empty = name in _VOID or piece.endswith(b"/>")
        pieces.append(_quote_attributes(name, piece, is_empty=is_empty) if name else piece)
        if name and not is_empty:
            names.append(name)
            count[name] += 1
    return b"".join(pieces) + b"".join(b"</" + name + b">" for name in reversed(names))


def _quote_attributes(name: bytes, tag: bytes, *, is_empty: bool) -> bytes:
    """Write an opening tag with each of its attributes once and in quotes."""
    attributes: dict[bytes, bytes] = {}
    for match in _ATTRIBUTE.finditer(tag, len(name) + 1):
        attributes.setdefault(match[1], match[2] if match[2][:1] in b"\"'" else b'"' + match[2].rstrip(b"/") + b'"')
    stated = b"".join(b" " + key + b"=" + value for key, value in attributes.items())
    return b"<" + name + stated + (b"/>" if is_empty else b">")


def _split_markup(xml: bytes) -> Iterator[tuple[str, bytes]]:
    """Split into tags, texts, and what is verbatim: comments and CDATA; one without an end ends with its element."""
    at, element = 0, b""
    while match := _TOKEN.search(xml, at):
        if match.start() > at:
            yield "text", xml[at : match.start()]
        at = match.end()
        if ending := _ENDINGS.get(match[0]):
            piece, at = _take_verbatim(xml, match, ending, element)
            yield "verbatim", piece
        else:
            name = _TAG_NAME.match(match[0])
            element = name[1] if name else b""
            yield "tag", match[0] if match[0].endswith(b">") else match[0] + b">"
    if at < len(xml):
        yield "text", xml[at:]


def _take_verbatim(xml: bytes, begin: re.Match[bytes], ending: bytes, element: bytes) -> tuple[bytes, int]:
    """Take a comment or CDATA section with its ending, and the place behind it."""
    stop = xml.find(ending, begin.end())
    if stop >= 0 and xml.find(begin[0], begin.end(), stop) < 0:
        return xml[begin.start() : stop + len(ending)], stop + len(ending)
    stop = xml.find(b"</" + element, begin.end()) if element else -1
    stop = len(xml) if stop < 0 else stop
    return begin[0] + xml[begin.end() : stop].replace(ending, b"") + ending, stop


def _repair_piece(piece: bytes, kind: str, entities: Mapping[bytes, str]) -> bytes:
    if kind == "text":
        piece = piece.replace(b"<", b"&lt;").replace(b"]]>", b"]]&gt;")
    return _NO_CHARACTERS.sub(b"", _REFERENCE.sub(lambda match: _resolve_reference(match, entities), piece))


def _resolve_reference(match: re.Match[bytes], entities: Mapping[bytes, str]) -> bytes:
    name: bytes | None = match[1]
    if name is None:
        return b"&amp;"
    if name in _OWN:
        return match[0]
    is_number = name.startswith(b"#")
    text = unescape(match[0].decode()) if is_number else entities.get(name) or html5.get(name.decode() + ";")
    return b"&amp;" + match[0][1:] if text is None else escape(text).encode("utf-8", "replace")
