"""WordPress export files (WXR, versions 1.x): an RSS feed with everything that a site holds, drafts and comments too.

Entities, DTDs and the network are off; items are read one by one, and comments are not read at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from scraper.dates import parse_instant
from scraper.records import Category

_MARK = b"://wordpress.org/export/"  # of the namespace, whatever the version
_HEAD = 16 * 1024
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")  # XML forbids them, but exports hold them
_PUBLISHED_ON = re.compile(rb"<pubDate>([^<]{1,60})</pubDate>")
_CREATED = re.compile(rb'<!--\s*generator="[^"]{0,80}"\s+created="(\d{4}-\d\d-\d\d \d\d:\d\d)"')
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One item of an export as it is written; a missing element is an empty text."""

    values: dict[str, str]  # by local name: title, link, creator, content, post_id, post_date, status, ...
    categories: tuple[Category, ...]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def reason_left_out(self) -> str | None:
        """What the item is where it is not a published post that everybody may read."""
        if (kind := self["post_type"]) != "post":
            return kind or "item without a type"
        if self["post_password"]:
            return "post with a password"
        return None if self["status"] == "publish" else f"{self['status'] or 'unfinished'} post"


def is_export(body: bytes) -> bool:
    """Whether the bytes are an export, by its namespace."""
    return _MARK in body[:_HEAD] and b"<rss" in body[:_HEAD]


def find_export_time(body: bytes) -> str | None:
    """Find when WordPress wrote the export, by its own statement; UTC."""
    head = body[:_HEAD].partition(b"<item>")[0]
    match = _PUBLISHED_ON.search(head) or _CREATED.search(head)
    return parse_instant(match[1].decode("ascii", "replace")) if match else None


def read_items(body: bytes) -> Iterator[ExportItem]:
    """Read all complete items; an account's login name is replaced by the name that it shows."""
    remaining = body.count(b"</item>")
    accounts: dict[str, str] = {}
    for element in _parse_elements(body):
        name, parent = _get_local_name(element), element.getparent()
        if name == "author" and parent is not None and _get_local_name(parent) == "channel":
            account = {_get_local_name(child): (child.text or "").strip() for child in element}
            accounts[account.get("author_login", "")] = account.get("author_display_name", "")
        elif name == "item" and remaining:
            remaining -= 1
            yield _build_item(element, accounts)
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _parse_elements(body: bytes) -> Iterator[etree._Element]:
    """Parse element by element; broken XML is read as far as it goes."""
    source = BytesIO(body.lstrip().translate(None, _CONTROLS))
    events = etree.iterparse(source, recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        yield from (element for _, element in events)
    except etree.XMLSyntaxError:  # no XML at all
        return


def count_left_out(body: bytes) -> Counter[str]:
    """Count the items that are not published posts, by what they are."""
    return Counter(what for item in read_items(body) if (what := item.reason_left_out))


def is_whole(body: bytes) -> bool:
    """Whether the export is complete up to its last tag."""
    return body.rstrip().endswith(b"</rss>")


def _build_item(element: etree._Element, accounts: dict[str, str]) -> ExportItem:
    values: dict[str, str] = {}
    categories = []
    for child in element:
        name = _get_local_name(child)
        if name == "category" and child.get("domain") == "category":
            categories.append(Category(child.text or "", child.get("nicename") or ""))
        elif name == "encoded":
            if child.tag in (_CONTENT, "content:encoded"):
                values["content"] = child.text or ""
        elif name not in ("comment", "postmeta", "category"):
            values.setdefault(name, (child.text or "").strip())
    login = values.get("creator", "")
    return ExportItem(values | {"creator": accounts.get(login) or login}, tuple(categories))


def _get_local_name(element: etree._Element) -> str:
    """Get the name without its namespace, which a damaged export may write as a prefix."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
