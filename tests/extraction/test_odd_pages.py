"""Whatever one page holds or meets, its bytes are kept, a row tells of it, and the other pages are taken in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.archive import SqliteArchive
from pipelines.captures import capture_rows
from pipelines.captures.read_back import read_payload
from pipelines.captures.warc_writer import WarcAppender
from pipelines.ingest import run_steps
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.verify import verify_archive
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.records import Capture
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.specimens import SITE, make_capture, make_settings, open_archive, read_rows

_TEXT = b"<body class='single-post'><h1>The ferry</h1><p>Brief #7\xe2\x80\x94Education</p><p>It sails again.</p>"
_PAGE = make_capture(_TEXT, path="/2020/01/01/ferry/", source="live")


def _page(n: int, *headers: tuple[str, str], status: int = 200) -> Capture:
    url = f"{SITE}/2020/01/{n + 1:02}/ferry/"
    return replace(_PAGE, body=_TEXT + b"%d" % n, url=url, headers=headers, status=status)


_ODD = {
    "a cookie in Latin-1": _page(1, ("Set-Cookie", 'a=ü; b="é"; path=/'), ("Link", '<x>; title="ü"')),
    "a link in UTF-8": _page(2, ("Link", '<https://x.example/Ü>; rel="x"; title="日本"')),
    "a header's name": _page(3, ("X-Ümlaut", "yes"), ("日本", "no"), ("", ""), (":", "\0")),
    "a name with a space": _page(4, ("Content-Encoding ", "gzip"), ("Content-Length ", "9")),
    "a status of 20 digits": _page(5, status=10**20),
    "a status of 5,000 digits": _page(6, status=10**5000),
    "no status": _page(7, status=-1),
    "half a character": replace(_page(8), url=f"{SITE}/2020/01/09/\ud83d/", name="\udcff.html"),
    "a zero in the address": replace(_page(9), url=f"{SITE}/2020/01/10/a\0b/"),
    "a line end in the address": replace(_page(10), url=f"{SITE}/2020/01/11/a\r\nb/"),
    "a type with a zero": replace(_page(11), content_type="text/html; charset=\0\ud800"),
    **{
        f"a redirect to {target!r}": replace(_page(n, ("Location", target), status=301), body=b"moved")
        for n, target in enumerate(
            ("\0", "/2019/01/02/a\0b/", f"{SITE}/\ud800/", "http://[x/", f"{SITE}:99999999/", f"{SITE}/ü/", "//"), 12
        )
    },
}


def _take(archive: SqliteArchive, capture: Capture) -> CaptureItem:
    item = CaptureItem(capture, SITE_HOSTS)
    run_steps(archive, item)
    return item


def test_odd_pages_are_rows_like_any_other(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=100) as archive:
        taken = {name: _take(archive, capture).taken for name, capture in _ODD.items()}
        assert archive.tally["faults"] == 0
    assert {name for name, how in taken.items() if how != "new"} == set()
    assert read_rows(tmp_path, "SELECT message FROM problems WHERE kind IN ('fault', 'refused')") == []
    chosen = make_settings(tmp_path)
    assert verify_archive(chosen).damage == ()
    assert rebuild_archive(chosen, into=str(tmp_path / "new.db")).lost == ()
    assert compare_tables(read_tables(tmp_path / "archive.db"), read_tables(tmp_path / "new.db")) == []


_WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(("Location", "Content-Encoding", "Content-Length ", " Transfer-Encoding", "gzip")),
)


def test_any_headers_give_the_same_bytes_back(tmp_path: Path) -> None:
    with closing(WarcAppender(tmp_path)) as warcs:

        @settings(max_examples=30, deadline=None)
        @given(st.lists(st.tuples(_WORDS, _WORDS), max_size=4), st.sampled_from((200, 302)))
        def check(headers: list[tuple[str, str]], status: int) -> None:
            capture = replace(_PAGE, headers=tuple(headers), status=status)
            place = warcs.add(capture, capture.path)
            assert read_payload(tmp_path, place) == capture.body
            again = read_capture(tmp_path / place.file, RecordPosition(place.offset, 0))
            assert again is not None
            assert (again.body, again.url, again.status, again.truncated) == (capture.body, capture.url, status, False)

        check()


def _fail_once(step: Callable[..., object]) -> Callable[..., object]:
    """The step, which fails when it first meets the second page."""
    failures: list[object] = []

    def run(*args: object, **options: object) -> object:
        if not failures and any("/2020/01/02/" in str(getattr(part, "path", "")) for part in args):
            failures.append(args)
            raise LookupError("nobody foresaw this")
        return step(*args, **options)

    run.__name__ = step.__name__
    return run


@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        ("pipelines.captures.warc_writer.make_record", "brief"),
        ("pipelines.captures.origins.find_known_capture", "brief"),
        ("pipelines.captures.capture_rows.add_capture", "unreadable"),
        ("pipelines.ingest.validate", "unreadable"),
        ("pipelines.extract._extract_capture", "unreadable"),
    ],
)
def test_a_fault_on_one_page_costs_no_bytes_and_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, outcome: str
) -> None:
    module, _, name = place.rpartition(".")
    monkeypatch.setattr(place, _fail_once(getattr(import_module(module), name)))
    with open_archive(tmp_path, batch=100) as archive:
        items = [_take(archive, _page(n)) for n in range(3)]
        assert archive.tally["faults"] == 1
    assert [item.taken for item in items] == ["new"] * 3
    rows = read_rows(tmp_path, "SELECT outcome, warc_file, warc_offset, digest FROM captures ORDER BY path")
    assert [row[0] for row in rows] == ["brief", outcome, "brief"]
    for row, item in zip(rows, items, strict=True):
        capture = read_capture(tmp_path / "warcs" / row[1], RecordPosition(row[2], 0))
        assert capture is not None
        assert (capture.body, capture.digest) == (item.capture.body, row[3])
    assert len(read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'fault'")) == 1


def test_a_page_that_cannot_be_stored_at_all_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> object:
        if any("/2020/01/02/" in str(getattr(part, "path", "")) for part in args):
            raise LookupError("nobody foresaw this")
        return add(*args, **options)  # type: ignore[arg-type]

    add = capture_rows.add_capture
    monkeypatch.setattr(capture_rows, "add_capture", fail)
    with open_archive(tmp_path, batch=100) as archive:
        assert [_take(archive, _page(n)).taken for n in range(3)] == ["new", None, "new"]
        assert archive.tally["faults"] == 1
    ((message,),) = read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'fault'")
    assert "/2020/01/02/ferry/" in message
