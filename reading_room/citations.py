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
from pipelines.exports.citing import PUBLISHER, in_words, whereabouts
from reading_room.addresses import ADDRESS
from reading_room.asking import Row, ask, one
from reading_room.captured import SHOWABLE
from reading_room.settings import NAME
from reading_room.versions import as_of, captures

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
    copies = [asked] if asked else _by_closeness(taken, today["capture"])
    told["archived"] = _archived(db, here, copies, "" if asked else db.execute(_CHANGED, (brief_id,)).fetchone()[0])
    return Standing(brief_id, told, taken, asked)


def _version(taken: list[Row], brief_id: int, version: str) -> Row:
    found = next((row for row in taken if str(row["id"]) == version), None)
    if found is None:
        raise NotFound(f"Brief {brief_id} has no version {version}: a version is the number of a capture of this brief")
    return found


def _by_closeness(taken: list[Row], capture: Row) -> list[Row]:
    """The capture that today's values are from, then the newest first."""
    same = ("captured_at", "digest", "url")
    newest_first = taken[::-1]
    return sorted(newest_first, key=lambda row: [row[name] for name in same] != [capture[name] for name in same])


def _archived(db: sqlite3.Connection, here: Here, taken: list[Row], since: str) -> Told | None:
    """The copy to cite: one that shows the brief as it is told, in a web archive if possible, else in this room."""
    best_read = max((row["fidelity"] for row in taken), default=0)
    whole = [row for row in taken if not row["truncated"] and row["fidelity"] == best_read] or taken
    public = [row for row in whole if row["memento"] and row["outcome"] == "brief"]
    alike = [row for row in public if (row["captured_at"] or "") >= since]
    ids = shown(db, [row["id"] for row in taken])
    own = [row for row in (*whole, *taken) if row["id"] in ids]
    if alike or (public and not own):
        best = (alike or public)[0]
        return {**_copy(best), "url": citable(best["memento"])}
    return {**_copy(own[0]), "url": here.captured(own[0]["id"])} if own else None


def _copy(capture: Row) -> Told:
    return {"captured_at": capture["captured_at"], "digest": capture["digest"]}


def shown(db: sqlite3.Connection, ids: list[int]) -> set[int]:
    """Those of the captures that this room shows as captured."""
    return {number for (number,) in db.execute(_SHOWN, (f"{ids}",))}


def sentence(told: Told) -> str:
    """The citation in words, as The Chicago Manual of Style has it for a page and an archived copy of it."""
    names = [author["name"] for author in told["authors"]]
    title = told["title"] or told["label"] or told["path"]
    day = in_words(told["published"]) if told["published"] else "n.d."
    parts = [_listed(names), f"“{_ended(title)}”", f"{PUBLISHER}, {day}", told["url"]]
    parts += [f"{words} {address}{known}" for words, address, known in whereabouts(told)]
    return " ".join(part if part.endswith("”") else _ended(part) for part in parts if part)


def _listed(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def citations(told: Told) -> dict[str, str]:
    """The citation in each form: txt, bib, json."""
    return {form: write([told]).strip() for form, (write, _) in _FORMS.items()}


async def cite(datasette: Datasette, request: Request) -> Response:
    """The citation as a file; `?version=` is the number of a capture."""
    here, key = Here(datasette, request), request.url_vars["brief"]
    version = request.args.get("version")
    found = await ask(datasette, lambda db: standing(db, here, key, version))
    form = request.url_vars["form"]
    write, content_type = _FORMS[form]
    name = f"brief-{found.brief_id}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write([found.told]), headers=headers, content_type=content_type)


ROUTES: tuple[tuple[str, Any], ...] = ((r"^/-/cite/(?P<brief>\d{1,18})\.(?P<form>txt|bib|json)$", cite),)
