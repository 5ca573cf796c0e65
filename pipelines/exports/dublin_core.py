"""Dublin Core as the metadata.csv of an Archivematica transfer."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from io import StringIO

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, in_words, key, rights_of, site_of

# A column stands as often as the brief with most values needs it: one value a cell.
_WIDTHS = """SELECT max((SELECT count(*) FROM brief_authors WHERE brief_id = chosen.id)),
    max((SELECT count(*) FROM brief_categories WHERE brief_id = chosen.id)) FROM chosen"""
_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/json": "json",
    **dict.fromkeys(("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"), "xml"),
}


def lines(db: sqlite3.Connection, briefs: Iterable[Told], withheld: Collection[str] = ()) -> Iterator[str]:
    """A row a brief: `filename` first, then the elements; dc.date is the day of publication and nothing else.

    `withheld` are the paths of briefs whose page readers do not get.
    """
    authors, categories = db.execute(_WIDTHS).fetchone()
    widths = {
        "dc.title": 1,
        "dc.creator": authors,
        "dc.subject": categories + 1,
        "dc.description": 2,
        "dc.publisher": 1,
        "dc.date": 1,
        "dc.type": 1,
        "dc.format": 1,
        "dc.identifier": 2,
        "dc.source": 1,
        "dc.language": 1,
        "dc.relation": 1,
        "dc.rights": 1,
    }
    yield _line(("filename", *(name for name, width in widths.items() for _ in range(width))))
    for told in briefs:
        values = _values(told, withheld)
        cells = ([*values[name], *[""] * width][:width] for name, width in widths.items())
        yield _line((f"objects/{object_name(told, withheld)}", *(cell for group in cells for cell in group)))


def object_name(told: Told, withheld: Collection[str]) -> str:
    """The file that a bag has of the brief, under `objects/` (`data/objects/` in the bag)."""
    return f"briefs/{key(told['path']).replace(':', '-')}.{_ENDINGS.get(_object_type(told, withheld) or '', 'bin')}"


def is_page(told: Told, withheld: Collection[str]) -> bool:
    """Whether that file is the page itself, not what was read in a feed or REST answer, which tells of others too."""
    return told["capture"]["outcome"] == "brief" and told["path"] not in withheld


def _object_type(told: Told, withheld: Collection[str]) -> str | None:
    stated: str | None = told["capture"]["media_type"]
    return stated if is_page(told, withheld) else "application/json"


def _values(told: Told, withheld: Collection[str]) -> dict[str, list[str]]:
    archived = told["archived"]
    subjects = dict.fromkeys((told["domain"], *(category["name"] for category in told["categories"])))
    known: dict[str, tuple[str | None, ...]] = {
        "dc.title": (told["title"] or told["label"],),
        "dc.creator": tuple(author["name"] for author in told["authors"]),
        "dc.subject": tuple(subjects),
        "dc.description": (told["label"], _capture_note(told)),
        "dc.publisher": (told["publisher"],),
        "dc.date": (told["published"],),
        "dc.type": ("Text",),
        "dc.format": (_object_type(told, withheld),),
        "dc.identifier": (told["url"], told["path"]),
        "dc.source": (site_of(told["publisher"]),),
        "dc.language": (LANGUAGE,),
        "dc.relation": (archived["url"] if archived else None,),
        "dc.rights": (rights_of(told["publisher"]),),
    }
    return {name: [value for value in values if value] for name, values in known.items()}


def _capture_note(told: Told) -> str:
    captured_at = told["capture"]["captured_at"]
    return f"Captured {in_words(captured_at)}" if captured_at else "Captured at an unknown time"


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
