"""XML files that hold many items: feeds, sitemaps and exports of WordPress, well-formed or not, as UTF-8.

Each item is parsed by itself, so damage in one item stays there. Entities, DTDs and the network are off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import escape, unescape

from lxml import etree
from lxml.html.defs import tags

from scraper.address import is_web, make_absolute
from scraper.discovery.xml_repair import balance_tags, find_entities, repair_characters

_HEAD = 64 * 1024  # bytes in which the first tag must stand
_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
# What is left where the first tag is damaged, or a file was cut in pieces.
_PIECES = frozenset(("channel", "item", "entry"))
_PIECE = re.compile(rb"<(channel|item|entry)>")
_PAGE = re.compile(rb"<(?:html|head|body|svg)\b|<!doctype\s+html", re.IGNORECASE)
_FRONT = 2048  # bytes in which a page begins
_ERROR = 16 * 1024  # bytes that a page of an error has at most
_NEXT = re.compile(rb"</html>\s*<")
_VIEWER = b"webkit-xml-viewer-source-xml"  # browsers show XML in a page of their own, which some programs save
_TAG = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_PROLOG = ((b"<?", b"?>"), (b"<!--", b"-->"))
_ITEM = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?!content:)(?:[\w-]+:)?(?:item|entry)(?=[\s/>])")
_ACCOUNT = re.compile(rb"<!\[CDATA\[|<!--|<(/?)[\w-]+:author(?=[\s>/])")
_ENDINGS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_END = re.compile(rb"</(?:[\w-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_END_OF_LIST = re.compile(rb"</(?:[\w-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_NAMESPACE = re.compile(rb"\bxmlns(:[\w.-]+)?\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_BASE = re.compile(rb"\bxml:base\s*=\s*[\"'](https?://[^\"'<>&\s]{1,2000})[\"']", re.IGNORECASE)
_LINK = re.compile(
    rb"<(?:atom:)?link\b(?:[^>]{0,500}?\bhref\s*=\s*[\"']|[^>]{0,80}>\s{0,20})(https?://[^\"'<>&\s]{1,2000})"
)
_WITHOUT_HOST = re.compile(r"(?:[/?]|\.{1,2}/|\d{4}/)(?!/)\S*$")
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
}
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DECLARATION = re.compile(r"\sxmlns(?::[\w.-]+)?=\"[^\"]*\"")
_PREFIX = re.compile(rb"</?([A-Za-z_][\w.-]*):")
_C1 = re.compile(rb"&#(?:0{0,5}1(?:2[89]|[345]\d)|[xX]0{0,4}[89][\da-fA-F]);")  # as HTML reads them, which XML does not
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")  # XML forbids them, but files hold them


@dataclass(frozen=True, slots=True)
class XmlItem:
    """One item; `fault` says what was wrong with its XML where a part of it may be lost by that."""

    element: etree._Element
    is_whole: bool = True  # False: the file breaks off in it
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    """What stands in front of the first item and counts for all of them."""

    namespaces: dict[bytes, bytes]
    entities: dict[bytes, str]
    base: bytes | None = None  # of addresses that are written without a host

    def wrap(self, item: bytes, *, prefixes: frozenset[bytes] = frozenset()) -> bytes:
        """The item inside an element that declares its namespaces."""
        known = {b":" + prefix: b'"' + prefix + b'"' for prefix in prefixes} | self.namespaces
        stated = b"".join(b" xmlns" + prefix + b"=" + address for prefix, address in known.items())
        stated += b' xml:base="' + self.base + b'"' if self.base else b""
        return b"<items" + stated + b">" + item + b"</items>"


def find_root(body: bytes) -> tuple[str, int] | None:
    """Find the name and the place of the first tag, also behind what a server printed in front of it.

    None where the bytes are no feed, sitemap or export. A name in lower case without its prefix: rss, feed, rdf, ...
    """
    head = body[:_HEAD]
    stop = _find_page(head)
    match = _ROOT.search(head, 0, stop)
    if match is None and stop == len(head) and (b"</item>" in head or b"</entry>" in head):
        match = _PIECE.search(head)
    if match is None:
        return None
    declaration = head.find(b"<?xml", 0, match.start())
    found = match[1].decode().lower(), match.start()
    if _skip_prolog(head, max(declaration, 0)) == match.start():
        return found
    is_line = head[: match.start()].rstrip(b" \t")[-1:] in (b"\n", b"\r", b">")
    return found if is_line and (declaration < 0 or found[0] in _PIECES) else None


def find_foreign_root(body: bytes) -> str | None:
    """Find the name of the first tag of an XML file that is no page, feed, sitemap or export; None for others."""
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<?xml") or find_root(head):
        return None
    match = _TAG.match(head, _skip_prolog(head, 0))
    name = match[1].decode() if match else None
    return None if name is None or name.lower() in tags else name


def _find_page(head: bytes) -> int:
    """Find where a page begins that goes on, and is none of an error in front or of a viewer: no feed is in it."""
    page = _PAGE.search(head, 0, _FRONT)
    if page is None:
        return len(head)
    front = head[:_ERROR]
    end = front.find(b"</html>")
    is_front = _VIEWER in front or (end >= 0 and _NEXT.match(head, end))
    return len(head) if is_front else page.start()


def _skip_prolog(head: bytes, at: int) -> int:
    """Skip declaration, comments and document type; what follows them is the first tag."""
    while True:
        at += len(head[at:]) - len(head[at:].removeprefix(b"\xef\xbb\xbf").lstrip())
        ending = next((ending for begin, ending in _PROLOG if head.startswith(begin, at)), None)
        if ending is None and head[at : at + 9].upper() == b"<!DOCTYPE":
            subset = head.find(b"[", at, head.find(b">", at) + 1)
            ending = b"]" if subset >= 0 else b">"
        stop = head.find(ending, at) if ending else -1
        if ending is None or stop < 0:
            return at
        at = stop + len(ending)
        at = head.find(b">", at) + 1 if ending == b"]" else at


def parse_document(body: bytes) -> etree._Element | None:
    """Parse a whole document, a broken one as far as it goes; None where it is no feed, sitemap or export."""
    root = find_root(body)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(body[root[1] :], parser) if root else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_xml_items(body: bytes) -> Iterator[XmlItem]:
    """Read every item or entry of a feed or an export."""
    document: _Document | None = None
    for begin, end, is_whole in _find_elements(body, _ITEM):
        document = document or _read_head(body[:begin])
        yield _parse_item(body[begin:end].translate(None, _CONTROLS), document, is_whole=is_whole)


def read_accounts(body: bytes) -> Iterator[etree._Element]:
    """Read the accounts that an export names in front of its first item."""
    head = body[: next((begin for begin, _, _ in _find_elements(body, _ITEM)), len(body))]
    document = _read_head(head)
    for begin, end, _ in _find_elements(head, _ACCOUNT):
        yield _parse_item(head[begin:end].translate(None, _CONTROLS), document, is_whole=True).element


def count_lost_beginnings(body: bytes, items: int) -> int:
    """Count the items whose first tag is not in the file."""
    return max(0, sum(bool(match[1]) for match in _find_tags(body, _ITEM)) - items)


def is_whole_document(body: bytes) -> bool:
    """Whether a feed or an export is complete up to its last tag."""
    return bool(_END.search(body[-4096:]))


def local_name(element: etree._Element) -> str:
    """The name without its namespace, which a damaged file may write as a prefix."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def index_item(item: etree._Element) -> dict[str, list[etree._Element]]:
    """Index the children of an item by name; those of other vocabularies with a prefix: `dc:creator`, `media:title`."""
    own = item.tag.rpartition("}")[0] if isinstance(item.tag, str) else ""
    parts: dict[str, list[etree._Element]] = {}
    for child in item.iterchildren(etree.Element):
        namespace = str(child.tag).rpartition("}")[0]
        prefix = "" if namespace == own else _PREFIXES.get(namespace.removeprefix("{"), child.prefix or "")
        parts.setdefault(f"{prefix}:{local_name(child)}" if prefix else local_name(child), []).append(child)
    return parts


def name_item_links(item: etree._Element) -> dict[str, str]:
    """Name the addresses that an item gives itself: link, origin where FeedBurner replaced that, about in RSS 1.0."""
    parts = index_item(item)
    links = [_read_link(link) for link in parts.get("link", ()) if link.get("rel", "alternate") == "alternate"]
    origins = [(link.text or "").strip() for link in parts.get("feedburner:origLink", ())]
    about = find_about(item)
    named = {"link": links[:1], "origin": origins[:1], "about": [about] if is_web(about) and about not in links else []}
    return {name: addresses[0] for name, addresses in named.items() if addresses and addresses[0]}


def find_about(item: etree._Element) -> str:
    """Find the identity that RSS 1.0 gives an item as an attribute; empty without."""
    return (item.get(_ABOUT) or "").strip()


def _read_link(link: etree._Element) -> str:
    """Read a link; one without a host counts from the feed's own address."""
    address: str = link.get("href") or (link.text or "").strip()
    return make_absolute(address, link.base) if link.base and _WITHOUT_HOST.match(address) else address


def read_markup(element: etree._Element) -> str:
    """Read what an element holds as markup: its text, or the elements in it where they were not escaped."""
    if not len(element):
        return element.text or ""
    children = "".join(etree.tostring(_strip_namespaces(child), encoding="unicode", method="html") for child in element)
    return escape(element.text or "", quote=False) + _DECLARATION.sub("", children)


def _strip_namespaces(element: etree._Element) -> etree._Element:
    for each in element.iter(etree.Element):
        with suppress(ValueError):  # behind its prefix a damaged one may be no name
            each.tag = local_name(each)
    return element


def _find_elements(body: bytes, mark: re.Pattern[bytes]) -> Iterator[tuple[int, int, bool]]:
    """Find where each element begins and ends, and whether the file holds all of it."""
    begin: int | None = None
    for match in _find_tags(body, mark):
        if begin is not None:
            end = (body.find(b">", match.end()) + 1 or len(body)) if match[1] else match.start()
            yield begin, end, True
        begin = None if match[1] else match.start()
    if begin is not None:
        yield begin, len(body), bool(_END_OF_LIST.search(body, max(begin, len(body) - 4096)))


def _find_tags(body: bytes, mark: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Find the tags, none inside a comment or CDATA."""
    stops: dict[bytes, int] = {}
    at = 0
    while match := mark.search(body, at):
        at = match.end()
        if ending := _ENDINGS.get(match[0]):
            if stops.get(ending, 0) < at:
                stop = body.find(ending, at)
                stops[ending] = stop if stop >= 0 else len(body)
            # A second beginning before the ending: the first has lost its own.
            is_closed = stops[ending] < len(body) and body.find(match[0], at, stops[ending]) < 0
            at = stops[ending] if is_closed else at
        else:
            yield match


def _read_head(head: bytes) -> _Document:
    namespaces: dict[bytes, bytes] = {}
    for match in _NAMESPACE.finditer(head):
        namespaces.setdefault(match[1] or b"", match[2])
    base = _BASE.search(head[:_HEAD]) or _LINK.search(head[:_HEAD])
    return _Document(namespaces, find_entities(head[:_HEAD]), base[1] if base else None)


def _parse_item(raw: bytes, document: _Document, *, is_whole: bool) -> XmlItem:
    raw = _C1.sub(lambda match: unescape(match[0].decode()).encode(), raw)
    try:
        return XmlItem(_parse(document.wrap(raw)), is_whole)
    except etree.XMLSyntaxError:
        prefixes = frozenset(_PREFIX.findall(raw)) - {b"xml"}
    text = repair_characters(raw, document.entities)
    try:
        return XmlItem(_parse(document.wrap(text, prefixes=prefixes)), is_whole)
    except etree.XMLSyntaxError as error:
        fault = (error.msg or "not well-formed").partition(", line")[0]
    element = _parse(document.wrap(balance_tags(text), prefixes=prefixes), recover=True)
    return XmlItem(element, is_whole, fault)


def _parse(text: bytes, *, recover: bool = False) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=recover, remove_comments=True
    )
    root = etree.fromstring(text, parser)
    return root[0] if root is not None and len(root) else etree.Element("item")
