"""Saved pages and folders: what each file is taken for, what its sidecar says, and what is refused."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scraper.records import Capture
from scraper.sources.events import Omission, Unreadable
from scraper.sources.paths import SourceReader
from scraper.sources.sidecar import make_sidecar
from tests.support.warc_writing import address, html, read, three

PAGE = address(1)


def write(path: Path, body: bytes | str = html(1), **sidecar: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    if sidecar:
        path.with_name(path.name + ".meta.json").write_text(json.dumps(sidecar))
    return path


def capture(path: Path) -> Capture:
    (result,) = read(path)
    assert isinstance(result, Capture), result
    return result


def read_refusal(path: Path) -> Unreadable:
    (result,) = read(path)
    assert isinstance(result, Unreadable), result
    return result


KINDS = [
    ("page.html", html(1), "text/html"),
    ("page.txt", "Brief #1—Harbours\n\nThe ferry sails.", "text/plain"),
    ("page.txt", html(1), "text/html"),
    ("page.txt", "{never} closed", "text/plain"),
    ("page", html(1), "text/html"),
    ("page", "The ferry sails.", "text/plain"),
    ("index.html?p=12", b"\xef\xbb\xbf\n<!-- hello --><html>", "text/html"),
    ("page.html", "<html>".encode("utf-16"), "text/html"),
    ("post.json", '{"id": 1}', "application/json"),
    ("posts", '[{"id": 1}]', "application/json"),
    ("feed.xml", '<?xml version="1.0"?><rss>', "application/xml"),
    ("feed.rss", "<rss>", "application/xml"),
    ("sitemap", "<urlset>", "application/xml"),
    ("page.html", '<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">', "text/html"),
    ("page.html.gz", gzip.compress(html(1), mtime=0), "text/html"),
]


@pytest.mark.parametrize(("name", "body", "media"), KINDS)
def test_what_a_file_is(tmp_path: Path, name: str, body: bytes | str, media: str) -> None:
    found = capture(write(tmp_path / name, body))
    assert found.content_type == media
    assert (found.source, found.url, found.captured_at, found.status) == ("file", None, None, None)


def test_a_page_saved_still_compressed_is_unpacked(tmp_path: Path) -> None:
    assert capture(write(tmp_path / "page.html", gzip.compress(html(1)))).body == html(1)
    assert capture(write(tmp_path / "cut.html", gzip.compress(html(1))[:-30])).truncated


def test_a_sidecar_says_address_instant_type_and_status(tmp_path: Path) -> None:
    cp1252 = "text/html; charset=cp1252"
    path = write(tmp_path / "page.html", url=PAGE, captured_at="2019-04-01", content_type=cp1252, status=404)
    found = capture(path)
    assert (found.url, found.captured_at) == (PAGE, "2019-04-01T00:00:00Z")
    assert (found.content_type, found.status) == (cp1252, 404)


def test_the_short_name_of_a_sidecar_serves_too(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html")
    (tmp_path / "page.meta.json").write_text(json.dumps({"url": PAGE}))
    assert capture(path).url == PAGE


def test_a_wayback_address_gives_the_instant_the_sidecar_does_not(tmp_path: Path) -> None:
    url = f"https://web.archive.org/web/20190401000000id_/{PAGE}"
    each = capture(write(tmp_path / "one.html", url=url))
    assert (each.url, each.captured_at, each.source) == (PAGE, "2019-04-01T00:00:00Z", "wayback")
    assert capture(write(tmp_path / "two.html", url=url, captured_at=20180203040506)).captured_at == (
        "2018-02-03T04:05:06Z"
    )


def test_a_page_speaks_where_its_sidecar_is_silent(tmp_path: Path) -> None:
    body = f"<!-- saved from url=(0044){PAGE} -->".encode() + html(1)
    found = capture(write(tmp_path / "page.html", body, captured_at="2019-04-01"))
    assert (found.url, found.captured_at) == (PAGE, "2019-04-01T00:00:00Z")


def test_options_go_before_the_sidecar(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", url=address(9), captured_at="2018-01-01")
    (found,) = SourceReader(None).read(path, make_sidecar(PAGE, "20190401000000"))
    assert isinstance(found, Capture)
    assert (found.url, found.captured_at) == (PAGE, "2019-04-01T00:00:00Z")


BROKEN = ["{", "[1]", "\0", '{"url": "ftp://x"}', '{"captured_at": "spring"}', '{"status": "fine"}', "[" * 10**5]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_sidecar_is_one_line_and_the_page_is_read(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "page.html")
    (tmp_path / "page.html.meta.json").write_text(text)
    trouble, found = read(path)
    assert isinstance(found, Capture)
    assert isinstance(trouble, Unreadable)
    assert (trouble.lost, "\n" in str(trouble)) == (False, False)
    assert "page.html.meta.json" in str(trouble)


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("empty.html", b"", "empty", "an empty file"),
    ("page.html", b"%PDF-1.7 ...", "format", "a PDF"),
    ("page.html", b"\x89PNG\r\n", "format", "an image"),
    ("page.txt", b"ab\0cd", "format", "binary data"),
    ("site.zip", b"PK\x03\x04", "format", "a ZIP"),
    ("page.mhtml", b"MIME-Version: 1.0", "format", "an MHTML"),
    ("archive.db", b"SQLite format 3\0", "format", "a database"),
    ("page.html.meta.json", b"{}", "format", "sidecar"),
]


@pytest.mark.parametrize(("name", "body", "what", "why"), REFUSED)
def test_what_is_no_page_is_one_line(tmp_path: Path, name: str, body: bytes, what: str, why: str) -> None:
    result = read_refusal(write(tmp_path / name, body))
    assert (result.what, result.lost) == (what, True)
    assert why in str(result)
    assert str(tmp_path / name) in str(result)


def test_a_file_of_200_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert (read_refusal(path).what, "191 MiB" in str(read_refusal(path))) == ("size", True)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "gone.html")
    os.mkfifo(tmp_path / "pipe")
    assert read_refusal(tmp_path / "link.html").why == "a link to a file that does not exist"
    assert read_refusal(tmp_path / "gone.html").why == "no such file or folder"
    assert read_refusal(tmp_path / "pipe").why == "neither a file nor a folder"


@contextmanager
def not_root() -> Iterator[None]:
    """While inside, this process is nobody where it was root, who may read everything."""
    before = os.geteuid()
    os.seteuid(before or 65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_no_permission_is_one_line() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        page = write(folder / "page.html")
        inner = write(folder / "closed" / "page.html")
        page.chmod(0)
        inner.parent.chmod(0)
        with not_root():
            assert read_refusal(page) == Unreadable(str(page), "permission", "no permission to read it")
            assert read_refusal(inner).what == "permission"
            assert [(item.where, item.what) for item in read(folder) if isinstance(item, Unreadable)] == [
                (str(page), "permission"),
                (str(inner.parent), "permission"),
            ]
        inner.parent.chmod(0o755)


def test_a_page_of_another_site_is_left_out_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", url="https://www.example.org/a")
    assert read(path) == [Omission(str(path), "host", "example.org")]


def test_a_folder_gives_its_pages_in_order_and_counts_the_rest(tmp_path: Path) -> None:
    write(tmp_path / "b" / "two.html", html(2), url=address(2))
    write(tmp_path / "a.html", html(1))
    three().save(tmp_path, name="c")
    for name in ("b/style.css", "photo.JPG", ".hidden.html", ".git/page.html", "README", "b/list.csv"):
        write(tmp_path / name, "no page")
    result = read(tmp_path)
    assert [item.body for item in result if isinstance(item, Capture)] == [html(1), html(1), html(2), html(3), html(2)]
    skipped = sorted((item.reason, Path(item.where).name) for item in result if isinstance(item, Omission))
    assert skipped == [
        ("asset", "photo.JPG"),
        ("asset", "style.css"),
        ("companion", "README"),
        ("hidden", ".hidden.html"),
        ("hidden", "page.html"),
        ("sidecar", "two.html.meta.json"),
        ("unknown", "list.csv"),
    ]


@pytest.mark.parametrize("name", ["post.md", "post", "post.export"])
def test_a_file_with_a_sidecar_is_a_page_in_a_folder_too(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "Brief #58—Foreign Policy", url=PAGE)
    write(tmp_path / f"other-{name}", "no page")
    assert [item.url for item in read(tmp_path) if isinstance(item, Capture)] == [PAGE]


def test_a_folder_goes_on_behind_a_bad_file(tmp_path: Path) -> None:
    write(tmp_path / "a.html", b"")
    write(tmp_path / "b.html", html(2))
    bad, good = read(tmp_path)
    assert isinstance(bad, Unreadable)
    assert isinstance(good, Capture)


@pytest.mark.parametrize("inside", [[], ["style.css"], [".page.html"], ["notes"]])
def test_a_folder_without_pages_is_told(tmp_path: Path, inside: list[str]) -> None:
    for name in inside:
        write(tmp_path / name, "no page")
    *_, last = read(tmp_path)
    assert last == Unreadable(str(tmp_path), "empty", "a folder that holds no pages")
