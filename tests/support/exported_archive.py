"""An invented archive with everything in it that an export may meet, and what takes it out."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.exports.export import write_export
from pipelines.exports.request import ExportRequest, ExportResult, Format, Selection
from pipelines.maintenance.withdraw import withdraw_post
from scraper.records import Author, Brief, Capture, Category, Extraction, Link, PhotoCredit, Resource
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_reading,
    make_settings,
    open_archive,
)

FERRY, NOTES, HIDDEN, LOST = "/2021/07/01/ferry/", "/2021/09/01/notes/", "/2021/08/01/hidden/", "/2019/01/01/lost/"
_DRAWER = Capture(b"A text from a drawer.", None, None, "file", None, (), "text/plain", name="drawer.txt")
TEXT = _DRAWER.path  # of a page whose address nobody knows
EMAIL = "ada.fenn@mail.example"
OLDER_MEMENTO = f"https://web.archive.org/web/20210601120000id_/{SITE}{PATH}"  # of other values
MEMENTO = f"https://web.archive.org/web/20220202020202id_/{SITE}{PATH}"
ODD_TITLE = r"50% of {all} ferries & C:\ports_~^ #1 cost $5"
LATER = "2022-02-02T02:02:02Z"
SECRET = "What nobody shall read any more."
ALL = Selection()


def fill_exportable(folder: Path) -> Path:
    """The folder with an archive of five briefs, one of them withdrawn, and of captures that are no brief's."""
    with open_archive(folder) as opened:
        page, extraction = make_page(_pact(title="The River Treaty"))
        ingest_capture(opened, replace(page, memento=OLDER_MEMENTO), extraction)
        page, extraction = _compress_page(*make_page(_pact(), LATER, source="live"))
        ingest_capture(opened, replace(page, memento=MEMENTO), extraction)
        ingest_capture(opened, *make_page(_ferry()))
        feed = (
            make_reading(_notes(), fidelity=2),
            make_reading(make_brief(HIDDEN, body=SECRET, title=SECRET), fidelity=2),
        )
        ingest_capture(
            opened,
            replace(make_capture(SECRET.encode(), path="/feed/"), content_type="application/rss+xml"),
            make_extraction(*feed, path="/feed/", outcome="feed"),
        )
        ingest_capture(opened, *make_page(make_brief(HIDDEN, body=SECRET, title=SECRET)))
        ingest_capture(
            opened, *_without_address(make_brief(TEXT, url=None, title=None, published=None, authors=(), number=9))
        )
        ingest_capture(opened, make_capture(b"A list.", path="/"), make_extraction(path="/", outcome="listing"))
        ingest_capture(
            opened, make_capture(b"No.", path=LOST, status=404), make_extraction(path=LOST, outcome="missing")
        )
        moved = replace(make_capture(b"", path="/old/", status=301), headers=(("Location", SITE + PATH),))
        ingest_capture(opened, moved, replace(make_extraction(path="/old/", outcome="redirect"), location=SITE + PATH))
    withdraw_post(make_settings(folder), HIDDEN, "asked by its author")
    return folder


def run_export(
    folder: Path, name: Format, target: Path | None, selection: Selection = ALL, *, with_contacts: bool = False
) -> ExportResult:
    """What the export says of itself."""
    order = ExportRequest(format=name, selection=selection, target=target, with_contacts=with_contacts)
    return write_export(make_settings(folder), order)


def text_of(
    folder: Path, target: Path, name: Format, selection: Selection = ALL, *, with_contacts: bool = False
) -> str:
    """What stands in the file, line ends as they are."""
    run_export(folder, name, target, selection, with_contacts=with_contacts)
    return target.read_bytes().decode()


def export_briefs(
    folder: Path, target: Path, selection: Selection = ALL, *, with_contacts: bool = False
) -> dict[str, dict[str, Any]]:
    """The briefs of a JSON Lines export by path."""
    text = text_of(folder, target, "jsonl", selection, with_contacts=with_contacts)
    return {brief["path"]: brief for brief in map(json.loads, text.splitlines())}


def _pact(title: str = "The River Pact") -> Brief:
    body = f"The pact was signed. Write to {EMAIL} of it."
    authors = (Author("Ada Fenn", role="Analyst", contact=f"mailto:{EMAIL}"),)
    return make_brief(body=body, authors=authors, modified="2020-03-06T10:00:00Z", dateline="2020-03-04", title=title)


def _ferry() -> Brief:
    return make_brief(
        FERRY,
        kind="opinion",
        label=None,
        number=None,
        domain=None,
        title=ODD_TITLE,
        published="2021-07-01",
        authors=(Author("José de la Cruz Jr."), Author("U.S. Resist News Staff", "collective"), Author("Solon")),
        resources=(
            Resource("Resistance Resources", "River Keepers", "https://www.river.example/", "They keep it.", "All"),
            Resource("Resistance Resources", "=1+1", None, None, "=1+1"),
        ),
        photo_credits=(PhotoCredit("Photo by Io Vale", "Io Vale", "Unsplash", "https://photos.example/io"),),
        links=(Link("the ferry", "https://ferry.example/"),),
        categories=(Category("Ports", "ports"), Category("Opinion", "opinion")),
    )


def _notes() -> Brief:
    return make_brief(NOTES, kind="blog", domain="TBA", number=2, published="2021-09-01", label="Brief #2—TBA")


def _compress_page(page: Capture, extraction: Extraction) -> tuple[Capture, Extraction]:
    """The same page as a server sent it that compresses."""
    headers = (*page.headers, ("Content-Encoding", "gzip"))
    return replace(page, wire=gzip.compress(page.body, mtime=0), headers=headers), extraction


def _without_address(brief: Brief) -> tuple[Capture, Extraction]:
    return _DRAWER, replace(make_extraction(make_reading(brief, fidelity=1), at=None, path=TEXT), url=None)
