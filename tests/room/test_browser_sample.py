"""The note on a sample's pages in a real browser: it is seen at once, fits a telephone, and is printed."""

from __future__ import annotations

from pathlib import Path

from tests.support.browser import DESKTOP, NARROW, browse_room


def test_the_note_is_seen_without_a_move(sample: Path) -> None:
    with browse_room(sample / "archive.db", "--warcs", str(sample / "warcs")) as room:
        for size in (DESKTOP, NARROW):
            with room.visit(size) as visit:
                for path in ("/", "/archive/briefs/1", "/archive/brief_list", "/-/captured/20"):
                    note = visit.open(path).get_by_text("Sample: every brief here is invented.")
                    box = note.bounding_box()
                    assert box is not None and box["y"] + box["height"] < 300, path
                    assert size == NARROW or visit.faults() == [], path
                visit.page.emulate_media(media="print")
                assert note.is_visible()
