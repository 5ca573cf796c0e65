"""An invented archive with a gap of every kind, for the tests of `scrapy gaps`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.archive import SqliteArchive
from pipelines.maintenance.withdraw import withdraw_post
from scraper.records import Capture, Extraction, FoundAddress, Memento, Outcome, Problem
from tests.support.specimens import (
    NOON,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_settings,
    open_archive,
)

WEB_ARCHIVE = "https://web.archive.org/"
HOSTILE = "/2018/05/05/%3Cscript%3Ealert(1)%3C/"
LATER = "2022-06-01T12:00:00Z"


def make_numbered_page(path: str, domain: str, number: int | None, **values: object) -> tuple[Capture, Extraction]:
    """A page of a brief that carries the number; its date is that of its address."""
    label = None if number is None else f"Brief #{number}—{domain}"
    day = path[1:11].replace("/", "-")
    title = {"title": f"Title of {path}"}
    known: dict[str, Any] = {"label": label, "number": number, "domain": domain if label else None, "published": day}
    return make_page(make_brief(path, **{**title, **known, **values}))


def answer(
    path: str, outcome: Outcome, status: int = 200, *, at: str = NOON, location: str | None = None
) -> tuple[Capture, Extraction]:
    """A page that is no brief."""
    page = make_capture(f"{outcome} {path}".encode(), at, path=path, status=status, source="live")
    return page, Extraction(path, SITE + path, at, outcome, None, "utf-8", location=location)


def make_redirect(path: str, target: str, at: str = NOON) -> tuple[Capture, Extraction]:
    """A permanent redirect."""
    return answer(path, "redirect", at=at, status=301, location=SITE + target)


def note_channel(opened: SqliteArchive, finder: str, *paths: str) -> None:
    opened.add_found(FoundAddress(SITE + path, finder) for path in paths)


def memento(path: str, timestamp: str = "20181115000000", *, archive: str = WEB_ARCHIVE, status: int = 200) -> Memento:
    return Memento(archive, SITE + path, timestamp, "A" * 32, status, "text/html")


def fill_gappy_archive(folder: Path) -> Path:
    """Every kind of gap, and beside each what only looks like one."""
    with open_archive(folder, batch=1000) as opened:
        _numbers(opened)
        _posts(opened)
        _add_waiting_copies(opened)
    withdraw_post(make_settings(folder), "/2020/03/03/secret/", "asked by its author")
    return folder


def _numbers(opened: SqliteArchive) -> None:
    for number, path in ((44, "/2018/10/20/wells/"), (45, "/2018/11/02/dams/"), (47, "/2018/11/20/dunes/")):
        ingest_capture(opened, *make_numbered_page(path, "Environment", number))
    ingest_capture(opened, *make_numbered_page("/2018/12/01/reefs/", "Environment", 50))
    ingest_capture(opened, *make_numbered_page("/2018/12/02/reefs-again/", "Environment", 50))
    ingest_capture(opened, *make_numbered_page("/2018/11/21/reefs-copy/", "Environment", 44))  # of 44, by its redirect
    ingest_capture(opened, *make_redirect("/2018/11/21/reefs-copy/", "/2018/10/20/wells/", LATER))
    ingest_capture(opened, *make_numbered_page("/2019/01/01/tba-a/", "TBA", 3))
    ingest_capture(opened, *make_numbered_page("/2019/02/01/tba-b/", "TBA", 30))
    ingest_capture(opened, *make_numbered_page("/2019/01/05/blog-1/", "US Renew News Blog", 1, kind="blog"))
    ingest_capture(opened, *make_numbered_page("/2019/01/09/blog-3/", "US Renew News Blog", 3, kind="blog"))
    ingest_capture(opened, *make_numbered_page("/2018/11/11/unnumbered/", "Environment", None))
    note_channel(opened, "link", "/2018/11/10/marsh-environment-policy-brief-46/")


def _posts(opened: SqliteArchive) -> None:
    note_channel(
        opened, "sitemap", "/2018/10/20/wells/", "/2018/11/02/dams/", "/2020/02/02/never/", "/about/", "/tag/sea/"
    )
    note_channel(opened, "feed", "/2020/02/02/never/", "/?p=77", "/2018/11/20/dunes/")
    note_channel(opened, "rest", "/?p=78")
    ingest_capture(opened, *make_redirect("/?p=77", "/2018/11/20/dunes/"))
    ingest_capture(opened, *make_numbered_page("/2018/03/03/numbered/", "Education", 1, wp_id=78))
    note_channel(
        opened, "listing", "/2020/02/03/walled/", "/2020/02/04/cut/", "/2020/02/05/gone/", "/2020/02/06/attachment/"
    )
    ingest_capture(opened, *answer("/2020/02/03/walled/", "challenge", status=403))
    ingest_capture(opened, *make_page(make_brief("/2020/02/04/cut/", number=None, label=None), fidelity=0))
    ingest_capture(opened, *answer("/2020/02/05/gone/", "missing", status=404))
    ingest_capture(opened, *answer("/2020/02/06/attachment/", "page"))
    ingest_capture(opened, *answer("/2020/02/07/typing-mistake/", "missing", status=404))
    ingest_capture(opened, *answer("/2020/02/08/homeward/", "redirect", status=301, location=f"{SITE}/"))
    note_channel(opened, "link", "/2020/02/08/homeward/", HOSTILE)
    opened.add_found([FoundAddress("https://other.example/2020/02/09/elsewhere/", "link")])
    ingest_capture(opened, *make_numbered_page("/2020/03/03/secret/", "Immigration", 2))
    ingest_capture(opened, *make_numbered_page("/2020/03/04/secret-too/", "Immigration", 2))
    ingest_capture(opened, *make_numbered_page("/2020/03/01/open/", "Immigration", 1))
    ingest_capture(opened, *make_numbered_page("/2020/03/05/open-too/", "Immigration", 3))


def _add_waiting_copies(opened: SqliteArchive) -> None:
    waiting = memento("/2018/11/02/dams/")
    failed = memento("/2018/11/02/dams/", "20190105000000")
    lacking = memento("/2017/07/07/listed/")
    only_404 = memento("/2017/07/08/never-was/", status=404)
    crawled = memento("/2017/07/09/crawled/", archive="https://index.commoncrawl.org/CC-MAIN-2019-09-index")
    opened.add_mementos([waiting, failed, lacking, only_404], "wayback")
    opened.add_mementos([crawled], "commoncrawl")
    opened.settle_memento(failed, "failed", "the digest is another")
    opened.settle_memento(lacking, "missing")
    opened.settle_memento(only_404, "missing")
    revisit = (f"{SITE}/2018/11/02/dams/", NOON, "warc", "crawl.warc.gz", '["sha1:AAAA"]', "a.warc.gz", 0, 1)
    columns = "url, captured_at, source, name, names, warc_file, warc_offset, warc_length"
    opened.db.execute(f"INSERT INTO revisits ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", revisit)
    refused = Problem(None, "refused", "/2021/01/01/odd/ could not be stored: a rule")
    note_channel(opened, "feed", "/2021/01/01/odd/")
    page = make_capture(b"odd", path="/2021/01/01/odd/")
    ingest_capture(opened, page, make_extraction(path="/2021/01/01/odd/", problems=(refused,)))
