"""Dublin Core as the metadata.csv of an Archivematica transfer."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, format_day, get_rights, get_site_url, make_citation_key
from pipelines.exports.csv_tables import format_row

# Archivematica reads one value a cell, so a column is repeated as often as the brief with most values needs it.
_WIDTHS = """SELECT max((SELECT count(*) FROM brief_authors WHERE brief_id = chosen.id)),
    max((SELECT count(*) FROM brief_categories WHERE brief_id = chosen.id)) FROM chosen"""
_ELEMENTS = (
    *("dc.title", "dc.creator", "dc.subject", "dc.description", "dc.publisher", "dc.date", "dc.type", "dc.format"),
    *("dc.identifier", "dc.source", "dc.language", "dc.relation", "dc.rights"),
)
_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/json": "json",
    **dict.fromkeys(("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"), "xml"),
}


def format_briefs(
    db: sqlite3.Connection, briefs: Iterable[BriefRecord], withheld_paths: Collection[str] = ()
) -> Iterator[str]:
    """Yield one row for each brief: `filename`, then the elements; dc.date is only ever the day of publication.

    `withheld_paths` holds the paths of briefs whose page is kept from readers.
    """
    authors, categories = db.execute(_WIDTHS).fetchone()
    widths = dict.fromkeys(_ELEMENTS, 1) | {"dc.creator": authors, "dc.subject": categories + 1}
    widths |= {"dc.description": 2, "dc.identifier": 2}
    yield format_row(("filename", *(name for name, width in widths.items() for _ in range(width))), "\n")
    for brief in briefs:
        values = _list_values(brief, withheld_paths)
        cells = ([*values[name], *[""] * width][:width] for name, width in widths.items())
        yield format_row(
            (f"objects/{get_object_name(brief, withheld_paths)}", *(cell for group in cells for cell in group)), "\n"
        )


def get_object_name(brief: BriefRecord, withheld_paths: Collection[str]) -> str:
    """Name the file of the brief below `objects/` (`data/objects/` in a bag)."""
    ending = _ENDINGS.get(_get_object_type(brief, withheld_paths) or "", "bin")
    return f"briefs/{make_citation_key(brief['path']).replace(':', '-')}.{ending}"


def is_page(brief: BriefRecord, withheld_paths: Collection[str]) -> bool:
    """Whether that file is the page, and not JSON of the values: feeds and REST answers hold other posts too."""
    return brief["capture"]["outcome"] == "brief" and brief["path"] not in withheld_paths


def _get_object_type(brief: BriefRecord, withheld_paths: Collection[str]) -> str | None:
    media_type: str | None = brief["capture"]["media_type"]
    return media_type if is_page(brief, withheld_paths) else "application/json"


def _list_values(brief: BriefRecord, withheld_paths: Collection[str]) -> dict[str, list[str]]:
    archived = brief["archived"]
    subjects = dict.fromkeys((brief["domain"], *(category["name"] for category in brief["categories"])))
    columns: dict[str, tuple[str | None, ...]] = {
        "dc.title": (brief["title"] or brief["label"],),
        "dc.creator": tuple(author["name"] for author in brief["authors"]),
        "dc.subject": tuple(subjects),
        "dc.description": (brief["label"], _describe_capture(brief)),
        "dc.publisher": (brief["publisher"],),
        "dc.date": (brief["published"],),
        "dc.type": ("Text",),
        "dc.format": (_get_object_type(brief, withheld_paths),),
        "dc.identifier": (brief["url"], brief["path"]),
        "dc.source": (get_site_url(brief["publisher"]),),
        "dc.language": (LANGUAGE,),
        "dc.relation": (archived["url"] if archived else None,),
        "dc.rights": (get_rights(brief["publisher"]),),
    }
    return {name: [value for value in values if value] for name, values in columns.items()}


def _describe_capture(brief: BriefRecord) -> str:
    captured_at = brief["capture"]["captured_at"]
    return f"Captured {format_day(captured_at)}" if captured_at else "Captured at an unknown time"
