"""What names a withdrawn brief is not shown as captured and goes out in no export: it may show its beginning."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.errors import OK
from scraper.records import Capture
from tests.support.room import SEEN, answers
from tests.support.saved_posts import list_saved_posts
from tests.support.scrapy_running import scrapy
from tests.support.specimens import SITE, ingest_capture, open_archive, read_rows

_SECRET, _OTHER, _THIRD = list_saved_posts()[:3]
_BEGINNING = "How the secret post begins"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three posts: the second names the first as related, with its beginning."""
    made = tmp_path_factory.mktemp("withheld")
    related = f'<aside class="related"><a href="{SITE}{_SECRET.path}">{_BEGINNING}</a></aside></body>'.encode()
    with open_archive(made) as there:
        for post in (_SECRET, replace(_OTHER, page=_OTHER.page.replace(b"</body>", related)), _THIRD):
            headers = (("Content-Type", post.content_type),)
            page = Capture(post.page, SITE + post.path, SEEN, "live", 200, headers, post.content_type)
            ingest_capture(there, page)
    return made


def test_it_is_shown_before_and_not_after(folder: Path) -> None:
    numbers = {path: number for number, path in read_rows(folder, "SELECT id, path FROM captures")}
    frames = [f"/-/captured/{numbers[post.path]}/page" for post in (_OTHER, _THIRD)]
    before, _ = answers(folder / "archive.db", *frames, warcs=folder / "warcs")
    assert _BEGINNING in before.text
    assert scrapy(folder, "withdraw", _SECRET.path, "--reason", "asked").returncode == OK
    named, third = answers(folder / "archive.db", *frames, warcs=folder / "warcs")
    assert (named.status_code, third.status_code) == (404, 200)
    assert "withdrawn" in named.text
    (around,) = answers(folder / "archive.db", frames[0].removesuffix("/page"), warcs=folder / "warcs")
    assert "withdrawn" in around.text
    assert _BEGINNING not in named.text + around.text
    assert scrapy(folder, "export", "warc", "-o", folder / "out.warc").returncode == OK
    exported = gzip.decompress((folder / "out.warc").read_bytes())
    assert _BEGINNING.encode() not in exported
    assert SITE.encode() + _THIRD.path.encode() in exported
