"""Copies of one invented post as captures, good ones and others, and what the archive made of them."""

from __future__ import annotations

from pathlib import Path

from pipelines.ingest import run_steps
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.records import Capture
from tests.support.specimens import open_archive

SITE = "https://www.usresistnews.org"
PATH = "/2021/02/09/two-lamps/"
URL = SITE + PATH
TEXT = """<p>Brief #31—Education<br>By Ada Wren</p><p><strong>Policy Summary</strong></p>
<p>The harbour school of Aldmouth has asked the council for a second lamp, and for the money to keep it lit through
the winter. The council has read the letter twice and answered it once.</p><p><strong>Analysis</strong></p>
<p>A lamp that is lit for half of the night is of no use to those who come home in the other half of it.</p>"""
FRENCH = """<p>Note n° 31 — Éducation<br>Par Ada Wren</p><p><strong>Résumé</strong></p>
<p>L’école du port d’Aldmouth a demandé au conseil une seconde lampe, et de quoi la garder allumée pendant l’hiver. Le
conseil a lu la lettre deux fois et y a répondu une fois, sans dire qui paiera ni quand.</p>"""


def make_page(
    content: str = TEXT,
    *,
    root: str = 'lang="en-US"',
    title: str = "Two Lamps for Aldmouth",
    head: str = "",
    menu: str = "",
    behind: str = "",
    canonical: str = URL,
) -> bytes:
    """A post of Divi's classic template; everything around its content may be another program's."""
    return f"""<!DOCTYPE html><html {root}><head><meta charset="utf-8"><title>{title} - USRESIST NEWS</title>
<link rel="canonical" href="{canonical}"><meta property="og:url" content="{canonical}">
<meta property="article:published_time" content="2021-02-09T14:00:00+00:00">{head}</head>
<body class="post-template-default single single-post postid-31 et_divi_theme"><nav>{menu}</nav>
<div id="main-content"><div id="left-area"><article id="post-31" class="et_pb_post post-31 post type-post hentry">
<div class="et_post_meta_wrapper"><h1 class="entry-title">{title}</h1></div>
<div class="entry-content">{content}</div></article></div></div>{behind}</body></html>""".encode()


def make_copy(body: bytes, year: int = 2022, url: str | None = URL, status: int | None = None) -> Capture:
    """A page saved on the first day of a year, without a status unless one is given."""
    return Capture(body, url, f"{year}-01-01T00:00:00Z", "file", status, (), "text/html; charset=utf-8")


def take_copies(folder: Path, *captures: Capture) -> None:
    """Take the captures in, in their order."""
    with open_archive(folder) as archive:
        for capture in captures:
            run_steps(archive, CaptureItem(capture, SITE_HOSTS))
