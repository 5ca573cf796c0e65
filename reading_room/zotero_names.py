"""What Zotero calls the kinds of posts, and writers' names in the form that it takes apart rightly."""

from __future__ import annotations

from pipelines.exports.citation_parts import split_name

_ITEM_TYPES = {"brief": "report", "blog": "blogPost"}  # all others: webpage


def get_item_type(kind: str) -> str:
    """Zotero's type of item for a kind of post."""
    return _ITEM_TYPES.get(kind, "webpage")


def format_creator(name: str, kind: str) -> str:
    """The name as `family, given`; one that has no such parts ends with a comma, or it would be split."""
    parts = split_name(name) if kind == "person" else None
    if parts is None:
        return name if "," in name or len(name.split()) == 1 else f"{name},"
    return f"{parts.particle} {parts.family}, {parts.given} {parts.suffix}".strip()
