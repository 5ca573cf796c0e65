"""Citations of a brief or of one version of it: as text, BibTeX and CSL-JSON, each with the copy that it cites."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from pipelines.exports import bibtex, csl
from pipelines.exports.brief_records import BriefRecord, read_brief, to_citable_url
from pipelines.exports.citation_parts import describe_copies, end_sentence, format_day
from reading_room.addresses.public_url import make_url
from reading_room.addresses.short_addresses import make_short_path
from reading_room.pages.versions import read_brief_as_of, read_captures
from reading_room.query import Row, fetch_row, query_archive
from reading_room.redact import EMAIL
from reading_room.server.settings import NAME
from reading_room.showable import SHOWABLE
from scraper.address import host_of, is_loopback

_SHOWABLE_IDS = f"SELECT id FROM captures WHERE id IN (SELECT value FROM json_each(?)) AND {SHOWABLE}"  # noqa: S608
_LAST_CHANGE = "SELECT ifnull(max(seen_at), '') FROM revisions WHERE brief_id = ?"
_BRIEF_ID = "SELECT id FROM briefs WHERE id = ?"
_FORMATS: dict[str, tuple[Callable[[list[BriefRecord]], str], str]] = {
    "txt": (lambda briefs: format_citation(briefs[0]) + "\n", "text/plain; charset=utf-8"),
    "bib": (lambda briefs: "".join(bibtex.format_briefs(briefs)), "application/x-bibtex; charset=utf-8"),
    "json": (lambda briefs: "".join(csl.format_briefs(briefs)), "application/vnd.citationstyles.csl+json"),
}


@dataclass(frozen=True, slots=True)
class RoomUrls:
    """Absolute addresses in this room, under its public URL or its own socket."""

    datasette: Datasette
    request: Request

    def make_brief_url(self, brief_id: int, version: int | None = None) -> str:
        """The page of the brief, or of one version of it."""
        return self._make_url(f"{NAME}/briefs/{brief_id}", version)

    def make_text_url(self, brief_id: int, version: int | None) -> str:
        """The text of the brief and nothing else."""
        return self._make_url(f"{NAME}/briefs/{brief_id}/text", version)

    def make_capture_url(self, capture_id: int) -> str:
        """The page that shows a capture."""
        return self._make_url(f"-/captured/{capture_id}", None)

    def make_citation_url(self, brief_id: int, form: str, version: int | None) -> str:
        """The citation as a file; `form` is txt, bib or json."""
        return self._make_url(f"-/cite/{brief_id}.{form}", version)

    def make_short_url(self, brief: BriefRecord) -> str | None:
        """The short address of the brief; None if it has no number or no domain."""
        path = make_short_path(brief["domain"], brief["number"])
        return self._make_url(path, None) if path else None

    def _make_url(self, path: str, version: int | None) -> str:
        return make_url(self.datasette, self.request, path) + ("" if version is None else f"?version={version}")


@dataclass(frozen=True, slots=True)
class BriefVersion:
    """A brief as it is today or was at one of its captures."""

    brief_id: int
    brief: BriefRecord  # with the fields of exports, and `permalink` and `archived` in this room
    captures: list[Row]  # all that have a reading of the brief
    capture: Row | None  # the one that was asked for


def read_version(db: sqlite3.Connection, urls: RoomUrls, brief_key: str, version: str | None) -> BriefVersion:
    """The brief with this id at a version, else of today; raises NotFound if there is no such brief or version."""
    row = fetch_row(db, _BRIEF_ID, (brief_key,))
    today = read_brief(db, row["id"], EMAIL) if row else None
    if row is None or today is None:
        raise NotFound(f"There is no brief {brief_key} in this archive")
    brief_id, captures = int(row["id"]), read_captures(db, today["path"])
    capture = _find_version(captures, brief_id, version) if version else None
    brief = read_brief_as_of(db, brief_id, today, capture) if capture else today
    brief["permalink"] = urls.make_brief_url(brief_id, capture["id"] if capture else None)
    read, others = (capture, []) if capture else (find_capture(today, captures), captures[::-1])
    brief["archived"] = _find_copy(db, urls, read, others, db.execute(_LAST_CHANGE, (brief_id,)).fetchone()[0])
    return BriefVersion(brief_id, brief, captures, capture)


def _find_version(captures: list[Row], brief_id: int, version: str) -> Row:
    capture = next((row for row in captures if str(row["id"]) == version), None)
    if capture is None:
        raise NotFound(f"Brief {brief_id} has no version {version}: a version is the id of a capture of this brief")
    return capture


def find_capture(brief: BriefRecord, captures: list[Row]) -> Row | None:
    """The capture that today's values are from."""
    keys = ("captured_at", "digest", "url")
    return next((row for row in captures if all(row[name] == brief["capture"][name] for name in keys)), None)


def _find_copy(
    db: sqlite3.Connection, urls: RoomUrls, read: Row | None, others: list[Row], since: str
) -> BriefRecord | None:
    """The copy to cite: `read`, which has the values, or a complete page that shows the same; best in a web archive.

    If readers can see neither, any complete page will do that was captured after the last change (`since`).
    """
    if read is None:
        return None
    whole = [row for row in others if row is not read and not row["truncated"] and row["fidelity"] >= read["fidelity"]]
    alike = [row for row in whole if row["shown"] is not None and row["shown"] == read["shown"]]
    later = [row for row in whole if (row["captured_at"] or "") >= since]
    showable = find_showable(db, [row["id"] for row in (read, *whole)])
    own = [row for row in (read, *alike) if row["id"] in showable]
    places = [(row, to_citable_url(row["memento"])) for row in _select_mementos([read, *alike])]
    places += [(row, urls.make_capture_url(row["id"])) for row in own]
    places += [(row, to_citable_url(row["memento"])) for row in _select_mementos(later)]
    places += [(row, urls.make_capture_url(row["id"])) for row in later if row["id"] in showable]
    if not places:
        return None
    row, url = places[0]
    facts = {name: row[name] for name in ("captured_at", "digest")}
    return facts | {"url": url, "is_read": row is read, "is_alike": row in alike}


def _select_mementos(captures: list[Row]) -> list[Row]:
    return [row for row in captures if row["memento"] and row["outcome"] == "brief"]


def find_showable(db: sqlite3.Connection, ids: list[int]) -> set[int]:
    """The ids of those captures that have a page in this room."""
    return {number for (number,) in db.execute(_SHOWABLE_IDS, (f"{ids}",))}


def format_citation(brief: BriefRecord) -> str:
    """The citation as text, in the form of The Chicago Manual of Style for a page with an archived copy."""
    names = [author["name"] for author in brief["authors"]]
    title = brief["title"] or brief["label"] or brief["path"]
    day = format_day(brief["published"]) if brief["published"] else "n.d."
    parts = [
        end_sentence(_join_names(names)) if names else "",
        f"“{end_sentence(title)}”",
        end_sentence(f"{brief['publisher']}, {day}"),
    ]
    parts += [f"{place}." for place in (brief["url"], *describe_copies(brief)) if place]
    return " ".join(part for part in parts if part)


def _join_names(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def format_citations(brief: BriefRecord) -> dict[str, str]:
    """The citation in each form: txt, bib, json."""
    return {form: write([drop_loopback_urls(brief)]).strip() for form, (write, _) in _FORMATS.items()}


def drop_loopback_urls(brief: BriefRecord) -> BriefRecord:
    """The brief without addresses that lead nowhere from elsewhere; day and digest still identify the copy."""
    archived = brief["archived"]
    if archived and is_loopback(host_of(archived["url"])):
        archived = archived | {"url": None}
    permalink = None if is_loopback(host_of(brief["permalink"])) else brief["permalink"]
    return {**brief, "archived": archived, "permalink": permalink}


async def serve_citation(datasette: Datasette, request: Request) -> Response:
    """The citation as a file; `?version=` is the id of a capture."""
    urls, key = RoomUrls(datasette, request), request.url_vars["brief"]
    version = request.args.get("version")
    brief_version = await query_archive(datasette, lambda db: read_version(db, urls, key, version))
    form = request.url_vars["form"]
    write, content_type = _FORMATS[form]
    name = f"brief-{brief_version.brief_id}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write([drop_loopback_urls(brief_version.brief)]), headers=headers, content_type=content_type)


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"^/-/cite/(?P<brief>[1-9]\d{0,17})\.(?P<form>txt|bib|json)$", serve_citation),
    (rf"^/{NAME}/briefs/(?P<brief>[1-9]\d{{0,17}})\.(?P<form>txt|bib)$", serve_citation),
)
