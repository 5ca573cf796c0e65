"""Dublin Core as the metadata.csv of an Archivematica transfer."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from io import StringIO

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, PUBLISHER, RIGHTS, SITE, in_words, key

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


def lines(db: sqlite3.Connection, briefs: Iterable[Told]) -> Iterator[str]:
    """A row a brief: `filename` first, then the elements; dc.date is the day of publication and nothing else."""
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
        values = _values(told)
        cells = ([*values[name], *[""] * width][:width] for name, width in widths.items())
        yield _line((f"objects/{object_name(told)}", *(cell for group in cells for cell in group)))


def object_name(told: Told) -> str:
    """The file that a bag has of the brief, under `objects/` (`data/objects/` in the bag)."""
    return f"briefs/{key(told['path']).replace(':', '-')}.{_ENDINGS.get(object_type(told) or '', 'bin')}"


def object_type(told: Told) -> str | None:
    """The media type of that file: the page, or what was read in a feed or REST answer, which tells of others too."""
    capture = told["capture"]
    stated: str | None = capture["media_type"]
    return stated if capture["outcome"] == "brief" else "application/json"


def _values(told: Told) -> dict[str, list[str]]:
    archived = told["archived"]
    subjects = dict.fromkeys((told["domain"], *(category["name"] for category in told["categories"])))
    known: dict[str, tuple[str | None, ...]] = {
        "dc.title": (told["title"] or told["label"],),
        "dc.creator": tuple(author["name"] for author in told["authors"]),
        "dc.subject": tuple(subjects),
        "dc.description": (told["label"], _capture_note(told)),
        "dc.publisher": (PUBLISHER,),
        "dc.date": (told["published"],),
        "dc.type": ("Text",),
        "dc.format": (object_type(told),),
        "dc.identifier": (told["url"], told["path"]),
        "dc.source": (SITE,),
        "dc.language": (LANGUAGE,),
        "dc.relation": (archived["url"] if archived else None,),
        "dc.rights": (RIGHTS,),
    }
    return {name: [value for value in values if value] for name, values in known.items()}


def _capture_note(told: Told) -> str:
    captured_at = told["capture"]["captured_at"]
    return f"Captured {in_words(captured_at)}" if captured_at else "Captured at an unknown time"


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
