"""WordPress export files (WXR, versions 1.x): an RSS feed with everything that a site holds, drafts and comments too.

Items are read one by one, and comments are not read at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.dates import parse_instant
from scraper.discovery.xml_items import XmlItem, find_root, local_name, read_accounts, read_markup, read_xml_items
from scraper.markup.charset import narrow_text, recode_as_utf8
from scraper.records import Category

_MARK = re.compile(rb"://wordpress\.org/export/|<wp:(?:wxr_version|post_type|post_id)>")  # whatever the version
_HEAD = 64 * 1024
_PUBLISHED_ON = re.compile(rb"<pubDate>([^<]{1,60})</pubDate>")
_CREATED = re.compile(rb'<!--\s*generator="[^"]{0,80}"\s+created="(\d{4}-\d\d-\d\d \d\d:\d\d)"')


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One item of an export as it is written; a missing element is an empty text."""

    values: dict[str, str]  # by local name: title, link, creator, content, post_id, post_date, status, ...
    categories: tuple[Category, ...] = ()
    fault: str | None = None  # of its XML

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
    head = narrow_text(body[:_HEAD])
    root = find_root(head)
    return root is not None and root[0] in ("rss", "channel", "item") and bool(_MARK.search(head))


def find_export_time(body: bytes) -> str | None:
    """Find when WordPress wrote the export, by its own statement; UTC."""
    head = narrow_text(body[:_HEAD]).partition(b"<item>")[0]
    match = _PUBLISHED_ON.search(head) or _CREATED.search(head)
    return parse_instant(match[1].decode("ascii", "replace")) if match else None


def read_items(body: bytes) -> Iterator[ExportItem]:
    """Read all complete items; an account's login name is replaced by the name that it shows."""
    text = recode_as_utf8(body, None)
    accounts: dict[str, str] = {}
    for element in read_accounts(text):
        account = {local_name(child): (child.text or "").strip() for child in element}
        if login := account.get("author_login"):
            accounts[login] = account.get("author_display_name", "")
    yield from (_build_item(item, accounts) for item in read_xml_items(text) if item.is_whole)


def count_left_out(body: bytes) -> Counter[str]:
    """Count the items that are not published posts, by what they are."""
    return Counter(what for item in read_items(body) if (what := item.reason_left_out))


def _build_item(item: XmlItem, accounts: dict[str, str]) -> ExportItem:
    values: dict[str, str] = {}
    categories = []
    for child in item.element:
        name = local_name(child)
        if name == "category" and child.get("domain") == "category":
            categories.append(Category(child.text or "", child.get("nicename") or ""))
        elif name == "encoded":
            if "excerpt" not in str(child.tag):
                values["content"] = read_markup(child)
        elif name == "postmeta":
            meta = [read_markup(part).strip() for part in child]
            if meta[:1] == ["_elementor_data"]:
                values["elementor"] = "".join(meta[1:])
        elif name not in ("comment", "category"):
            values.setdefault(name, read_markup(child).strip())
    login = values.get("creator", "")
    return ExportItem(values | {"creator": accounts.get(login) or login}, tuple(categories), item.fault)
