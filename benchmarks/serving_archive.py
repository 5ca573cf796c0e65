"""An archive of as many invented briefs as one likes, in the real schema, for measuring the reading room."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.briefs import codec
from pipelines.database.opening import update_statistics
from pipelines.extraction.version import EXTRACTOR
from pipelines.extraction.wording.domains import CANONICAL
from scraper.records import Author, Brief, Evidence, PhotoCredit, Reading, Resource, Section
from tests.support.specimens import SITE, open_archive

# Words by the share of the briefs that have them in their text.
MARKED = (("policy", 0.9), ("levy", 0.3), ("harbor board", 0.01), ("quagga", 0.0005))
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
_PARAGRAPHS, _AUTHORS, _RESOURCES = 4000, 2000, 20_000
_FIRST, _DAYS = date(2018, 1, 1), 8 * 365
_BATCH = 1000
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tell_%'"
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What briefs are made of: each is put together at random out of the same."""

    chance: random.Random
    paragraphs: list[str]
    authors: list[Author]
    resources: list[Resource]


def build_archive(folder: Path, briefs: int) -> Path:
    """The archive of so many briefs in the folder, built if it is not there; it takes about a minute for 30,000."""
    database = folder / f"briefs-{briefs}" / "archive.db"
    ready = database.with_name("ready")
    if ready.exists():
        with open_archive(database.parent):  # brings it to today's schema
            return database
    database.parent.mkdir(parents=True, exist_ok=True)
    for old in database.parent.glob("archive.db*"):
        old.unlink()
    with open_archive(database.parent):
        pass
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        _fill(db, briefs)
    ready.touch()
    return database


def _fill(db: sqlite3.Connection, briefs: int) -> None:
    db.execute("PRAGMA synchronous = OFF")
    triggers = db.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:  # what is invented need not be told to warcs/
        db.execute(f"DROP TRIGGER {name}")
    stock = _make_stock()
    db.execute("BEGIN")
    _add_rows(db, _list_shared_rows(stock))
    db.execute("COMMIT")
    numbers = iter(range(1, briefs + 1))
    while some := list(islice(numbers, _BATCH)):
        rows: Rows = {}
        for number in some:
            for table, row in _list_rows(number, _make_brief(number, stock), stock):
                rows.setdefault(table, []).append(row)
        db.execute("BEGIN")
        _add_rows(db, rows)
        db.execute("COMMIT")
    db.execute("INSERT INTO briefs_fts (briefs_fts) VALUES ('rebuild')")
    for _, sql in triggers:
        db.execute(sql)
    db.execute("DELETE FROM unwritten")
    update_statistics(db)
    db.execute("ANALYZE")  # as `measure` does after nights in which all tables were read
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _add_rows(db: sqlite3.Connection, rows: Rows) -> None:
    for table, some in rows.items():
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))][: len(some[0])]
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        db.executemany(sql, some)


def _make_stock() -> Stock:
    chance = random.Random(5)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    paragraphs = [" ".join(chance.choices(words, weights, k=215)).capitalize() + "." for _ in range(_PARAGRAPHS)]
    names = [f"{chance.choice(words).capitalize()} {chance.choice(words).capitalize()} {n}" for n in range(_AUTHORS)]
    resources = [
        Resource(None, f"{chance.choice(words).capitalize()} Keepers {n}", f"https://r{n}.example/", None, "")
        for n in range(_RESOURCES)
    ]
    return Stock(chance, paragraphs, [Author(name, role="Analyst") for name in names], resources)


def _list_shared_rows(stock: Stock) -> Rows:
    return {
        "crawls": [(1, "nightly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "finished", "{}")],
        "authors": [(number, author.name, "person") for number, author in enumerate(stock.authors, 1)],
        "resources": [(number, each.name, each.url, each.url) for number, each in enumerate(stock.resources, 1)],
    }


def _choose_places(stock: Stock, of: list[Any], share: float) -> list[int]:
    """Which ones a brief names, about so many: few of them often, most of them seldom."""
    many = int(share) + (stock.chance.random() < share % 1)
    return list({int(len(of) * stock.chance.random() ** 3) for _ in range(many)})


def _make_brief(number: int, stock: Stock) -> Brief:
    chance, day = stock.chance, _FIRST + timedelta(days=stock.chance.randrange(_DAYS))
    domain = CANONICAL[int(len(CANONICAL) * chance.random() ** 1.5)]
    marked = " ".join(word for word, share in MARKED if chance.random() < share)
    texts = ["\n\n".join(chance.sample(stock.paragraphs, 2)) for _ in range(3)]
    sections = tuple(
        Section(heading, text)
        for heading, text in zip((None, "Analysis", "Outlook"), (f"{marked} {texts[0]}", *texts[1:]), strict=True)
    )
    resources = [stock.resources[at] for at in _choose_places(stock, stock.resources, 4)]
    return Brief(
        path=f"/{day:%Y/%m/%d}/brief-{number}/",
        url=f"{SITE}/{day:%Y/%m/%d}/brief-{number}/",
        kind=chance.choices(("brief", "blog", "opinion"), (92, 5, 3))[0],
        label=f"Brief #{number}—{domain}",
        number=number // len(CANONICAL),
        domain=domain,
        title=chance.choice(stock.paragraphs)[: chance.randint(30, 80)],
        published=day.isoformat(),
        body="\n\n".join(part for section in sections for part in (section.heading, section.text) if part),
        body_html="".join(f"<h2>{part.heading or ''}</h2><p>{part.text}</p>" for part in sections),
        sections=sections,
        authors=tuple(stock.authors[at] for at in _choose_places(stock, stock.authors, 1.3)),
        resources=tuple(resources),
        photo_credits=(PhotoCredit(f"Photo {number}", None, chance.choice(("Unsplash", "Pexels")), None),),
    )


def _list_rows(number: int, brief: Brief, stock: Stock) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of a brief, which has the number of its one capture; each with as many values as it needs."""
    at, values = f"{brief.published}T12:00:00Z", [(name, str(getattr(brief, name))) for name in Brief.__slots__[:9]]
    evidence = tuple(Evidence(name, value, f"invented.{name}", value[:80], "read", True) for name, value in values)
    text = codec.dump_reading(reading := Reading(brief, evidence, (), 3))
    digest, record = codec.pack_text(text)
    yield "pages", (brief.path, brief.url, "live", at, at, None, None, '["sitemap"]', at)
    page = (number, brief.path, brief.url, at, "live", 200, "text/html", "utf-8", len(text), 0)
    kept = f"sha256:{digest.hex()}", "brief", "divi", EXTRACTOR, 1, None, 1, "live-1.warc.gz", number * 9000, 9000
    yield "captures", (*page, *kept)
    yield "records", (number, digest, record)
    fingerprint = (brief.title, brief.published, codec.digest_published_values(reading))
    yield "readings", (number, brief.path, brief.path, 3, None, number, *fingerprint)
    dress = (brief.kind, brief.label, brief.number, brief.domain, brief.title, brief.published)
    yield "briefs", (number, brief.path, brief.url, None, *dress, None, None, None, number, brief.body, brief.body_html)
    for place, author in enumerate(brief.authors):
        key = stock.authors.index(author) + 1
        yield "brief_authors", (number, place, key, author.name, author.role, None)
    for place, resource in enumerate(brief.resources):
        key = int((resource.url or "")[9:].partition(".")[0]) + 1
        name = resource.name
        yield "brief_resources", (number, place, key, "Resistance Resources", name, None, name, resource.url)
    yield "photo_credits", (number, 0, f"Photo {number}", None, brief.photo_credits[0].source, None)
    for place, section in enumerate(brief.sections):
        yield "sections", (number, place, section.heading, section.text)
    for place, found in enumerate(evidence):
        what = (found.field, found.value, found.rule, found.snippet, found.confidence, 1)
        yield "evidence", (number, place, number, *what)
