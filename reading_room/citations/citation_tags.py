"""What reference managers are told of a brief, by its page's meta tags, and of a list of briefs, by COinS.

Zotero takes `citation_…` and `dc.…` by its translator, any field of its own by `z:` and the field's name, and of an
OpenURL context object the fields that `OpenURL.parseContextObject` knows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from urllib.parse import quote

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, describe_copies, get_rights, split_name
from reading_room.citations.brief_citations import RoomUrls, drop_loopback_urls
from reading_room.query import Row, query_cached
from reading_room.redact import redact_emails
from scraper.address import host_of

_NO_BREAK = "\u00a0"
_UNDATED = "n.d."


def list_citation_tags(brief: BriefRecord) -> list[tuple[str, str]]:
    """The names and contents of the meta tags; `brief` has `permalink` and `archived` of this room."""
    tags = [
        ("z:itemType", get_item_type(brief["kind"])),
        ("citation_title", brief["title"] or brief["label"] or brief["path"]),
        ("citation_public_url", brief["url"] or brief["permalink"]),
        ("citation_fulltext_html_url", brief["permalink"]),
        ("citation_language", LANGUAGE),
        *_list_publication_tags(brief),
        *(
            ("citation_author", _bind_family(format_creator(author["name"], author["kind"])))
            for author in brief["authors"]
        ),
        # Without a date Zotero takes the first time on the page, that of a capture.
        ("citation_publication_date", brief["published"]) if brief["published"] else ("z:date", _UNDATED),
        ("citation_keywords", brief["domain"]),
        ("dc.rights", get_rights(brief["publisher"])),
        *_list_copy_tags(drop_loopback_urls(brief)),
    ]
    return [(name, str(value)) for name, value in tags if value not in (None, "")]


def _bind_family(creator: str) -> str:
    """The creator without spaces before the comma: Zotero takes two words on both sides of it for two writers."""
    family, _, given = creator.partition(", ")
    return f"{family.replace(' ', _NO_BREAK)}, {given}" if " " in given else creator


def _list_publication_tags(brief: BriefRecord) -> list[tuple[str, object]]:
    label = brief["label"] if brief["title"] not in (None, "", brief["label"]) else None
    if get_item_type(brief["kind"]) == "report":
        return [
            ("citation_technical_report_institution", brief["publisher"]),
            ("citation_technical_report_number", brief["number"]),
            ("z:reportType", label),
        ]
    # Zotero would name the archive as the site otherwise.
    return [
        ("citation_publisher", brief["publisher"]),
        ("z:publicationTitle", brief["publisher"]),
        ("z:websiteType", label),
    ]


def _list_copy_tags(brief: BriefRecord) -> list[tuple[str, object]]:
    url = (brief["archived"] or {}).get("url")
    places = [("z:archive", host_of(url)), ("z:archiveLocation", url)] if url else []
    return [*places, ("z:extra", ". ".join(describe_copies(brief)))]


_COLLECTIVES = "SELECT name FROM authors WHERE kind = 'collective'"


def read_collectives(db: sqlite3.Connection) -> frozenset[str]:
    """The bylines that are no person's name, to be cached until the archive changes."""
    return frozenset(name for (name,) in db.execute(_COLLECTIVES))


def format_context_object(row: Row, address: str, publisher: str, collectives: Collection[str]) -> str:
    """The context object of a brief, which has the address; its authors stand in one text, with semicolons."""
    item_type = get_item_type(row["kind"])
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", item_type),
        ("rft.title", row["title"] or row["label"] or row["url"] or address),
        ("rft.identifier", row["url"] or address),
        ("rft.date", row["published"]),
        ("rft.publisher", publisher),
        ("rft.source", None if item_type == "report" else publisher),
        ("rft.rights", get_rights(publisher)),
        ("rft.subject", row["domain"]),
        ("rft.language", LANGUAGE),
        *(
            ("rft.aucorp", name) if name in collectives else ("rft.au", format_creator(name, "person"))
            for name in (row["authors"] or "").split("; ")
        ),
    ]  # fmt: skip
    return "&".join(f"{name}={quote(redact_emails(value), safe='')}" for name, value in fields if value)


async def list_context_objects(datasette: Datasette, request: Request, rows: Iterable[Row]) -> dict[int, str]:
    """The context object of each brief by its id."""
    collectives = await query_cached(datasette, read_collectives)
    urls, publisher = RoomUrls(datasette, request), str(datasette.metadata("source") or "")
    return {
        row["id"]: format_context_object(row, urls.make_brief_url(row["id"]), publisher, collectives) for row in rows
    }


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
