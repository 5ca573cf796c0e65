"""Posts as JSON in the shapes of several programs: WordPress's REST interface, WordPress.com, wp-cli, JSON Feed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scraper.discovery.json_values import Dump
from scraper.records import Category

_Object = dict[str, Any]
_LINKS = ("link", "URL", "url", "permalink")
# What PowerShell's ConvertTo-Json makes of objects that lie deeper than its -Depth.
_POWERSHELL = re.compile(r"@\{rendered=(.*?)(?:; protected=(?:True|False))?\}", re.DOTALL)
_WORDS = 40  # of a text that is more than a summary
_DEEPEST = 5  # levels of objects in which a text is looked for
_OWN = frozenset(("guid", "code", "routes", "taxonomy", "_links", "namespaces"))  # of WordPress's answers
_MODIFIED = ("modified_gmt", "modifiedGmt", "post_modified_gmt")


@dataclass(frozen=True, slots=True)
class JsonPost:
    """One post as an object states it; a missing value is an empty text."""

    title: str  # HTML, as all texts of these interfaces
    content: str | None  # None where the object has no text at all
    is_raw: bool = False  # as it was typed, not as the site shows it
    link: str = ""
    guid: str = ""
    number: int | None = None
    date: str = ""
    date_gmt: str = ""
    modified_gmt: str = ""
    account: str = ""
    categories: tuple[Category, ...] = ()
    reason_left_out: str | None = None  # what the object is where it is no published post that everybody may read


def read_posts(dump: Dump) -> list[JsonPost]:
    """Read the posts among the objects of a file, those without a text or not for everybody too."""
    return [_build_post(item) for item in dump.items if isinstance(item, dict) and _is_post(item)]


def find_address(item: _Object) -> tuple[str, str | None] | None:
    """Find the address of an object, and the instant at which it was modified; UTC."""
    link, modified = _find_text(item, *_LINKS), _find_text(item, *_MODIFIED)
    return (link, f"{modified.rstrip('Z')}Z" if modified else None) if link else None


def is_rest_answer(dump: Dump) -> bool:
    """Whether the JSON is an answer of WordPress's REST interface at all, even an empty list or an error."""
    return dump.is_list or any(isinstance(item, dict) and {*_OWN, "link"} & item.keys() for item in dump.items)


def holds_foreign_texts(dump: Dump) -> bool:
    """Whether the JSON holds texts that are in no shape of WordPress's."""
    return any(isinstance(item, dict) and not _OWN & item.keys() and _has_long_text(item, 0) for item in dump.items)


def _has_long_text(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return len(value.split(None, _WORDS)) > _WORDS
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < _DEEPEST and any(_has_long_text(part, depth + 1) for part in parts)


def _is_post(item: _Object) -> bool:
    """Whether an object is a post, an attachment or the like: it has a title, and a text or an excerpt or a date."""
    has_title = any(name in item for name in ("title", "post_title"))
    parts = ("content", "content_html", "content_text", "post_content", "excerpt", "summary", "post_date", "date")
    return has_title and any(name in item for name in parts)


def _build_post(item: _Object) -> JsonPost:
    content, is_raw = _find_content(item)
    identifier = _find_first(item, "id", "ID", "databaseId", "post_id")
    modified = _find_first(item, "modified", "date_modified")
    return JsonPost(
        title=_get_rendered(_find_first(item, "title", "post_title")),
        content=content,
        is_raw=is_raw,
        link=_find_text(item, *_LINKS),
        guid=_get_rendered(item.get("guid")) or ("" if _read_number(identifier) else _get_rendered(identifier)),
        number=_read_number(identifier),
        date=_find_text(item, "date", "date_published", "post_date"),
        date_gmt=_find_text(item, "date_gmt", "dateGmt", "post_date_gmt"),
        modified_gmt=_find_text(item, *_MODIFIED)
        or (modified if isinstance(modified, str) and re.search(r"(?:Z|[+-]\d\d:?\d\d)$", modified) else ""),
        account=_find_account(item),
        categories=tuple(_read_categories(item)),
        reason_left_out=_find_reason_left_out(item),
    )


def _find_first(item: _Object, *names: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return next((value for name in names if (value := item.get(name)) not in (None, "")), None)


def _find_text(item: _Object, *names: str) -> str:
    return next((value for name in names if isinstance(value := item.get(name), str) and value), "")


def _find_content(item: _Object) -> tuple[str | None, bool]:
    """Find the text and whether it is as typed; an object with both gives what the site shows."""
    content = item.get("content")
    if isinstance(content, dict):
        shown = content.get("rendered")
        raw = content.get("raw")
        is_unrendered = isinstance(raw, str) and not content.get("protected")  # by a builder that was not at work
        if isinstance(shown, str) and (shown.strip() or not is_unrendered):
            return shown, "<!-- wp:" in shown  # WordPress takes the marks of blocks off where it renders them
        return (raw if isinstance(raw, str) else None), True
    for name in ("content", "content_html", "content_text"):
        if isinstance(text := item.get(name), str):
            return _get_rendered(text), False
    text = item.get("post_content")
    return (text, True) if isinstance(text, str) else (None, False)


def _get_rendered(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("rendered") or value.get("raw")
    if not isinstance(value, str):
        return ""
    inner = _POWERSHELL.fullmatch(value)
    return inner[1] if inner else value


def _read_number(value: object) -> int | None:
    """Read WordPress's number of a post, which the database and wp-cli write as a text."""
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,17}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _find_reason_left_out(item: _Object) -> str | None:
    kind = _find_first(item, "type", "post_type") or "post"
    status = _find_first(item, "status", "post_status") or "publish"
    content = item.get("content")
    if kind != "post":
        return str(kind)
    if (isinstance(content, dict) and content.get("protected") is True) or _find_first(
        item, "password", "post_password"
    ):
        return "post with a password"
    return None if status == "publish" else f"{status} post"


def _find_account(item: _Object) -> str:
    """Find the name that the account shows; its number or login name is none."""
    embedded = _get_embedded(item, "author")
    authors = embedded or item.get("authors") or item.get("author")
    for author in authors if isinstance(authors, list) else [authors]:
        node = author.get("node", author) if isinstance(author, dict) else None
        if isinstance(node, dict) and isinstance(name := node.get("name"), str) and name:
            return name
    return ""


def _get_embedded(item: _Object, name: str) -> list[Any]:
    parts = item.get("_embedded")
    values = parts.get(name) if isinstance(parts, dict) else None
    return values if isinstance(values, list) else []


def _read_categories(item: _Object) -> list[Category]:
    terms = [term for group in _get_embedded(item, "wp:term") if isinstance(group, list) for term in group]
    terms = [term for term in terms if isinstance(term, dict) and term.get("taxonomy") == "category"]
    others = item.get("categories")
    if isinstance(others, dict):  # WordPress.com: by their names
        others = list(others.values())
    terms += [term for term in others or () if isinstance(term, dict)] if isinstance(others, list) else []
    named = [Category(str(term.get("name") or term.get("title") or ""), _get_slug(term)) for term in terms]
    tags = item.get("tags") if "content_html" in item else None  # JSON Feed has no other word for them
    named += [Category(tag, make_slug(tag)) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return [category for category in named if category.name]


def make_slug(name: str) -> str:
    """Make the slug that WordPress makes of a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _get_slug(term: _Object) -> str:
    in_address = str(term.get("link") or "").rstrip("/").rpartition("/")[2]
    return str(term.get("slug") or in_address or make_slug(str(term.get("name") or "")))
