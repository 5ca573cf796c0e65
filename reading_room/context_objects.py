"""COinS: a list of briefs for Zotero and other reference managers, one OpenURL context object each.

The fields are those that Zotero's own reader of context objects knows (`OpenURL.parseContextObject`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from urllib.parse import quote

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from pipelines.exports.citation_parts import LANGUAGE, get_rights
from reading_room.citations import RoomUrls
from reading_room.query import Row, query_cached
from reading_room.redact import redact_emails
from reading_room.zotero_names import format_creator, get_item_type

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
