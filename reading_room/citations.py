"""How to cite a brief, or one version of it: in words, as BibTeX, as CSL-JSON; each names the copy it goes by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from pipelines.exports import bibtex, csl
from pipelines.exports.briefs import Told, citable, one_brief
from pipelines.exports.citing import ended, in_words, whereabouts
from reading_room.capture_page import SHOWABLE
from reading_room.query import Row, ask, one
from reading_room.redact import ADDRESS
from reading_room.settings import NAME
from reading_room.versions import as_of, captures
from scraper.address import host_of, is_loopback

_SHOWN = f"SELECT id FROM captures WHERE id IN (SELECT value FROM json_each(?)) AND {SHOWABLE}"  # noqa: S608
_CHANGED = "SELECT ifnull(max(seen_at), '') FROM revisions WHERE brief_id = ?"
_KNOWN = "SELECT id FROM briefs WHERE id = ?"
_FORMS: dict[str, tuple[Callable[[list[Told]], str], str]] = {
    "txt": (lambda told: sentence(told[0]) + "\n", "text/plain; charset=utf-8"),
    "bib": (lambda told: "".join(bibtex.lines(told)), "application/x-bibtex; charset=utf-8"),
    "json": (lambda told: "".join(csl.lines(told)), "application/vnd.citationstyles.csl+json"),
}


@dataclass(frozen=True, slots=True)
class Here:
    """The absolute addresses of this reading room, as the reader called it."""

    datasette: Datasette
    request: Request

    def brief(self, brief_id: int, version: int | None = None) -> str:
        """Where the brief is read, or one version of it."""
        return self._absolute(self.datasette.urls.row(NAME, "briefs", str(brief_id)), version)

    def captured(self, capture_id: int) -> str:
        """Where a capture is shown."""
        return self._absolute(self.datasette.urls.path(f"-/captured/{capture_id}"), None)

    def cite(self, brief_id: int, form: str, version: int | None) -> str:
        """Where a citation can be fetched; `form` is txt, bib or json."""
        return self._absolute(self.datasette.urls.path(f"-/cite/{brief_id}.{form}"), version)

    def _absolute(self, path: str, version: int | None) -> str:
        asked = "" if version is None else f"?version={version}"
        return str(self.datasette.absolute_url(self.request, path)) + asked


@dataclass(frozen=True, slots=True)
class Standing:
    """A brief as it stands today or stood at a version, with the captures that tell of it."""

    brief_id: int
    told: Told  # as exports know it, with `permalink` and `archived` of this room
    captures: list[Row]
    version: Row | None  # the capture of the version that was asked for


def standing(db: sqlite3.Connection, here: Here, brief_key: str, version: str | None) -> Standing:
    """The brief of this number; raises NotFound for those that are not here and for versions that are not its own."""
    known = one(db, _KNOWN, (brief_key,))
    today = one_brief(db, known["id"], ADDRESS) if known else None
    if known is None or today is None:
        raise NotFound(f"There is no brief {brief_key} in this archive")
    brief_id, taken = int(known["id"]), captures(db, today["path"])
    asked = _version(taken, brief_id, version) if version else None
    told = as_of(db, brief_id, today, asked) if asked else today
    told["permalink"] = here.brief(brief_id, asked["id"] if asked else None)
    read, others = (asked, []) if asked else (capture_of(today, taken), taken[::-1])
    told["archived"] = _archived(db, here, read, others, db.execute(_CHANGED, (brief_id,)).fetchone()[0])
    return Standing(brief_id, told, taken, asked)


def _version(taken: list[Row], brief_id: int, version: str) -> Row:
    found = next((row for row in taken if str(row["id"]) == version), None)
    if found is None:
        raise NotFound(f"Brief {brief_id} has no version {version}: a version is the number of a capture of this brief")
    return found


def capture_of(told: Told, taken: list[Row]) -> Row | None:
    """That one of the captures that today's values are from."""
    same = ("captured_at", "digest", "url")
    return next((row for row in taken if all(row[name] == told["capture"][name] for name in same)), None)


def _archived(db: sqlite3.Connection, here: Here, read: Row | None, others: list[Row], since: str) -> Told | None:
    """The copy to cite: of `read`, which the values are from, or whole and shows the same; best in a web archive.

    Where `read` can be shown to nobody, any whole page does that was captured since the last change was seen.
    """
    if read is None:
        return None
    whole = [row for row in others if row is not read and not row["truncated"] and row["fidelity"] >= read["fidelity"]]
    alike = [row for row in whole if row["shown"] is not None and row["shown"] == read["shown"]]
    later = [row for row in whole if (row["captured_at"] or "") >= since]
    room = shown(db, [row["id"] for row in (read, *whole)])
    own = [row for row in (read, *alike) if row["id"] in room]
    places = [(row, citable(row["memento"])) for row in _public([read, *alike])]
    places += [(row, here.captured(row["id"])) for row in own]
    places += [(row, citable(row["memento"])) for row in _public(later)]
    places += [(row, here.captured(row["id"])) for row in later if row["id"] in room]
    if not places:
        return None
    row, url = places[0]
    known = {name: row[name] for name in ("captured_at", "digest")}
    return known | {"url": url, "is_read": row is read, "is_alike": row in alike}


def _public(taken: list[Row]) -> list[Row]:
    return [row for row in taken if row["memento"] and row["outcome"] == "brief"]


def shown(db: sqlite3.Connection, ids: list[int]) -> set[int]:
    """Those of the captures that this room shows as captured."""
    return {number for (number,) in db.execute(_SHOWN, (f"{ids}",))}


def sentence(told: Told) -> str:
    """The citation in words, as The Chicago Manual of Style has it for a page and an archived copy of it."""
    names = [author["name"] for author in told["authors"]]
    title = told["title"] or told["label"] or told["path"]
    day = in_words(told["published"]) if told["published"] else "n.d."
    parts = [ended(_listed(names)) if names else "", f"“{ended(title)}”", ended(f"{told['publisher']}, {day}")]
    parts += [f"{place}." for place in (told["url"], *whereabouts(told)) if place]
    return " ".join(part for part in parts if part)


def _listed(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def citations(told: Told) -> dict[str, str]:
    """The citation in each form: txt, bib, json."""
    return {form: write([_for_print(told)]).strip() for form, (write, _) in _FORMS.items()}


def _for_print(told: Told) -> Told:
    """Without addresses that only this machine knows: the day and the digest of the copy say which it is."""
    archived = told["archived"]
    if archived and is_loopback(host_of(archived["url"])):
        archived = archived | {"url": None}
    known = None if is_loopback(host_of(told["permalink"])) else told["permalink"]
    return {**told, "archived": archived, "permalink": known}


async def cite(datasette: Datasette, request: Request) -> Response:
    """The citation as a file; `?version=` is the number of a capture."""
    here, key = Here(datasette, request), request.url_vars["brief"]
    version = request.args.get("version")
    found = await ask(datasette, lambda db: standing(db, here, key, version))
    form = request.url_vars["form"]
    write, content_type = _FORMS[form]
    name = f"brief-{found.brief_id}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write([_for_print(found.told)]), headers=headers, content_type=content_type)


ROUTES: tuple[tuple[str, Any], ...] = ((r"^/-/cite/(?P<brief>\d{1,18})\.(?P<form>txt|bib|json)$", cite),)
