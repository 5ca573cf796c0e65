"""Invented captures and readings for the tests of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.settings import Settings

from pipelines.archive import SqliteArchive
from pipelines.ingest import run_steps
from pipelines.keep import check_instant
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem, Taken
from scraper.records import (
    Author,
    Brief,
    Capture,
    Evidence,
    Extraction,
    FoundAddress,
    Memento,
    Outcome,
    Problem,
    Reading,
    Resource,
    Section,
    Source,
)

SITE = "https://www.usresistnews.org"
PATH = "/2020/03/05/river-pact/"
NOON = "2021-06-01T12:00:00Z"
LATER = "2022-06-01T12:00:00Z"


def make_settings(folder: Path, **others: object) -> Settings:
    """The settings of an archive in the folder."""
    settings = copy(_read_defaults())  # to read them takes as long as to take a page in
    # Scrapy sets a value in the object of its name, so each copy has objects of its own.
    settings.attributes = {name: copy(attribute) for name, attribute in settings.attributes.items()}
    places = {
        "ARCHIVE_DB": "archive.db",
        "WARCS_DIR": "warcs",
        "SNAPSHOT": "public/archive.db",
        "REPORTS_DIR": "reports",
    }
    own = {name: str(folder / place) for name, place in places.items()} | others
    settings.setdict(own, priority="cmdline")
    return settings


@cache
def _read_defaults() -> Settings:
    defaults = Settings()
    defaults.setmodule("scraper.settings")
    return defaults


@contextmanager
def open_new_archive(folder: Path, *, batch: int = 1) -> Iterator[SqliteArchive]:
    """The archive in the folder, made by the program itself if it is not there."""
    with closing(SqliteArchive.open(make_settings(folder), batch=batch)) as opened:
        yield opened


@contextmanager
def open_archive(folder: Path, *, batch: int = 1) -> Iterator[SqliteArchive]:
    """The same; one that is not there begins as a copy of an empty one."""
    database = folder / "archive.db"
    if not database.exists():
        database.write_bytes(_read_empty_archive())
    with open_new_archive(folder, batch=batch) as opened:
        yield opened


@cache
def _read_empty_archive() -> bytes:
    # The steps to today's schema take longer than what most tests write, and thousands of archives begin with them.
    with TemporaryDirectory() as name:
        with open_new_archive(Path(name)):
            pass
        return (Path(name) / "archive.db").read_bytes()


def read_rows(folder: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a reader sees who opens the file beside the writer."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return db.execute(sql, values).fetchall()


def read_all(folder: Path, *queries: str) -> list[list[tuple[Any, ...]]]:
    """The rows of several queries, which cost less than the opening of the file."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return [db.execute(sql).fetchall() for sql in queries]


def make_brief(path: str = PATH, **values: object) -> Brief:
    sections = (Section(None, "The pact was signed."), Section("Analysis", "It may hold."))
    known: dict[str, Any] = {
        "url": SITE + path,
        "kind": "brief",
        "label": "Brief #7—Environment",
        "number": 7,
        "domain": "Environment",
        "title": "The River Pact",
        "published": "2020-03-05",
        "body": "The pact was signed.\n\nAnalysis\n\nIt may hold.",
        "sections": sections,
        "authors": (Author("Ada Fenn"),),
        "resources": (make_resource("River Keepers"),),
    }
    return Brief(path=path, **{**known, **values})


def make_resource(name: str, url: str | None = "https://www.river.example/", text: str | None = None) -> Resource:
    return Resource("Resistance Resources", name, url, None, text or name)


def make_reading(brief: Brief, *, fidelity: int = 3) -> Reading:
    evidence = tuple(
        Evidence(name, str(getattr(brief, name)), f"specimen.{name}", "there", "read", chosen=True)
        for name in ("title", "label", "number", "domain", "published")
        if getattr(brief, name) is not None
    )
    return Reading(brief, evidence, (), fidelity)


def make_capture(
    body: bytes, at: str | None = NOON, *, path: str = PATH, source: Source = "wayback", status: int = 200
) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(body, SITE + path, at, source, status, headers, "text/html; charset=utf-8")


def make_extraction(
    *readings: Reading,
    at: str | None = NOON,
    path: str = PATH,
    outcome: Outcome = "brief",
    problems: tuple[Problem, ...] = (),
    found: tuple[FoundAddress, ...] = (),
) -> Extraction:
    return Extraction(path, SITE + path, at, outcome, "specimen", "utf-8", readings, problems, found)


def ingest_capture(
    archive: SqliteArchive,
    page: Capture,
    read: Extraction | None = None,
    *,
    store_readings: bool = True,
    memento: Memento | None = None,
) -> Taken:
    """Take a capture in by the steps that every capture goes; `read` stands for what the rules would read in it."""
    page, problems = check_instant(page)
    if read is not None:
        read = replace(read, captured_at=page.captured_at, problems=(*read.problems, *problems))
    item = CaptureItem(page, SITE_HOSTS, store_readings, memento=memento, problems=problems, extraction=read)
    run_steps(archive, item)
    assert item.taken
    return item.taken


def make_page(
    brief: Brief, at: str | None = NOON, *, fidelity: int = 3, source: Source = "wayback"
) -> tuple[Capture, Extraction]:
    """A page that shows exactly this brief: its bytes differ when the brief does."""
    shown = f"<body class='single-post'><h1>{escape(brief.title or '')}</h1><p>{escape(repr((brief, fidelity)))}</p>"
    page = make_capture(shown.encode(errors="backslashreplace"), at, path=brief.path, source=source)
    return page, make_extraction(make_reading(brief, fidelity=fidelity), at=at, path=brief.path)
