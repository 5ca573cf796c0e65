"""WordPress export files (WXR, versions 1.x): an RSS feed with everything a site holds, drafts and comments too.

Entities, DTDs and the network stay off; items are read one by one, and of comments nothing is read at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from scraper.records import Category
from scraper.sources.instants import parse_instant

_MARK = b"://wordpress.org/export/"  # of the namespace, whatever the version
_HEAD = 16 * 1024
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")  # no XML may hold them, and exports do
_PUBLISHED_ON = re.compile(rb"<pubDate>([^<]{1,60})</pubDate>")
_CREATED = re.compile(rb'<!--\s*generator="[^"]{0,80}"\s+created="(\d{4}-\d\d-\d\d \d\d:\d\d)"')
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an export, as written; empty where it has no such element."""

    values: dict[str, str]  # by local name: title, link, creator, content, post_id, post_date, status, ...
    categories: tuple[Category, ...]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def left_out(self) -> str | None:
        """What it is where it is no published post that everybody may read."""
        if (kind := self["post_type"]) != "post":
            return kind or "item without a type"
        if self["post_password"]:
            return "post with a password"
        return None if self["status"] == "publish" else f"{self['status'] or 'unfinished'} post"


def is_export(body: bytes) -> bool:
    """Whether the bytes are those of an export, by its namespace."""
    return _MARK in body[:_HEAD] and b"<rss" in body[:_HEAD]


def exported_at(body: bytes) -> str | None:
    """When WordPress wrote the export, as it says itself; UTC."""
    head = body[:_HEAD].partition(b"<item>")[0]
    found = _PUBLISHED_ON.search(head) or _CREATED.search(head)
    return parse_instant(found[1].decode("ascii", "replace")) if found else None


def items(body: bytes) -> Iterator[Item]:
    """All items that are there whole; an account's login name is replaced by the name that it shows."""
    whole = body.count(b"</item>")
    accounts: dict[str, str] = {}
    for element in _elements(body):
        name, parent = _local(element), element.getparent()
        if name == "author" and parent is not None and _local(parent) == "channel":
            account = {_local(child): (child.text or "").strip() for child in element}
            accounts[account.get("author_login", "")] = account.get("author_display_name", "")
        elif name == "item" and whole:
            whole -= 1
            yield _item(element, accounts)
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _elements(body: bytes) -> Iterator[etree._Element]:
    """Every element at its end; broken XML is read as far as it goes."""
    source = BytesIO(body.lstrip().translate(None, _CONTROLS))
    events = etree.iterparse(source, recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        yield from (element for _, element in events)
    except etree.XMLSyntaxError:  # no XML at all
        return


def left_out(body: bytes) -> Counter[str]:
    """How many items are no published posts, by what they are."""
    return Counter(what for item in items(body) if (what := item.left_out))


def is_whole(body: bytes) -> bool:
    """Whether the export reaches its end."""
    return body.rstrip().endswith(b"</rss>")


def _item(element: etree._Element, accounts: dict[str, str]) -> Item:
    values: dict[str, str] = {}
    categories = []
    for child in element:
        name = _local(child)
        if name == "category" and child.get("domain") == "category":
            categories.append(Category(child.text or "", child.get("nicename") or ""))
        elif name == "encoded":
            if child.tag in (_CONTENT, "content:encoded"):
                values["content"] = child.text or ""
        elif name not in ("comment", "postmeta", "category"):
            values.setdefault(name, (child.text or "").strip())
    login = values.get("creator", "")
    return Item(values | {"creator": accounts.get(login) or login}, tuple(categories))


def _local(element: etree._Element) -> str:
    """The name without its namespace; in a damaged export prefixes may stand in for namespaces."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
