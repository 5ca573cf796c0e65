"""What `make bench` writes: a page whose pictures are there, and are SVG."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from benchmarks.growth import Growth
from benchmarks.page import write_page


def test_the_page_has_its_tables_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    growths = [
        Growth("pages", "CPU ms a page & more", "pages", (100, 1000), (5.0, 5.5)),
        Growth("none", "Nothing", "pages", (1,), (0.0,)),
    ]
    write_page({"ours": [2.0, 3.0, 2.5], "a peer": [5.0]}, 100, 46_000, growths, tmp_path)
    text = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert "| ours | 25.00 | 40 | 144,000 | 1.00 |" in text
    assert "| a peer | 50.00 | 20 | 72,000 | 2.00 |" in text
    pictures = re.findall(r"\]\((img/.*?)\)", text)
    assert len(pictures) == 2
    for name in pictures:
        root = etree.fromstring((tmp_path / name).read_bytes())
        assert len(root.findall("{*}circle")) in (1, 2)
