"""Bags of BagIt: the payload is read, tag files are none, and what does not agree with the manifests is told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sources.events import Omission, Unreadable
from tests.support.warc_writing import html, read, three

PAGE = html(1)


def bag(root: Path, payload: dict[str, bytes], algorithm: str = "sha256", agent: str = "bagger 2.8") -> Path:
    """Write a bag with one manifest; the payload's names are below data/."""
    lines = []
    for name, body in payload.items():
        path = root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        lines.append(f"{hashlib.new(algorithm, body).hexdigest()}  data/{name}\n")
    (root / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    (root / "bag-info.txt").write_text(f"Bag-Software-Agent: {agent}\nPayload-Oxum: 1.1\n")
    (root / f"manifest-{algorithm}.txt").write_text("".join(lines))
    return root


def pages(root: Path) -> list[str]:
    found = (item for item in read(root) if isinstance(item, Capture))
    return [Path(item.name or "").relative_to(root).as_posix() for item in found]


def problems(root: Path) -> list[tuple[str, str, bool]]:
    found = (item for item in read(root) if isinstance(item, Unreadable))
    return [(Path(item.where).relative_to(root).as_posix(), item.what, item.lost) for item in found]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_the_payload_is_read_and_tag_files_are_none(tmp_path: Path, algorithm: str) -> None:
    root = bag(tmp_path, {"site/page.html": PAGE, "README.txt": b"What is in here", "notes.txt": b"A note"}, algorithm)
    (root / "about").mkdir()
    (root / "about" / "mets.xml").write_text("<mets/>")
    assert pages(root) == ["data/notes.txt", "data/site/page.html"]
    assert problems(root) == []
    left_out = [item for item in read(root) if isinstance(item, Omission)]
    assert len(left_out) == 5
    assert {item.reason for item in left_out} == {"companion"}


def test_of_our_own_bag_the_records_are_read(tmp_path: Path) -> None:
    payload = {"README.txt": b"U.S.", "objects/briefs/page.html": PAGE, "objects/briefs.jsonl": b'{"path": "/"}'}
    root = bag(tmp_path, payload | {"metadata/metadata.csv": b"a,b"}, agent="brief-archive")
    three().save(root / "data" / "objects")
    found = read(root)
    assert [item.source for item in found if isinstance(item, Capture)] == ["warc"] * 3
    assert sum(isinstance(item, Omission) for item in found) == 7


def test_a_bag_in_a_bag(tmp_path: Path) -> None:
    bag(tmp_path / "data" / "inner", {"page.html": PAGE})
    inner = {path.name: path.read_bytes() for path in (tmp_path / "data" / "inner").iterdir() if path.is_file()}
    bag(tmp_path, {f"inner/{name}": body for name, body in inner.items()} | {"inner/data/page.html": PAGE})
    assert pages(tmp_path) == ["data/inner/data/page.html"]
    assert problems(tmp_path) == []


def test_what_does_not_agree_is_told(tmp_path: Path) -> None:
    root = bag(tmp_path, dict.fromkeys(("changed.html", "gone.html", "gone.png", "same.html"), PAGE))
    (root / "data" / "changed.html").write_bytes(html(2))
    (root / "data" / "new.html").write_bytes(html(3))
    for name in ("gone.html", "gone.png"):
        (root / "data" / name).unlink()
    manifest = root / "manifest-sha256.txt"
    more = f"{'0' * 64}  ../../etc/passwd\n{'0' * 64} *data/%0Aodd.html\n"
    manifest.write_text(manifest.read_text() + more)
    assert problems(root) == [
        ("data/changed.html", "damaged", False),
        ("data/gone.html", "missing", True),
        ("data/gone.png", "missing", False),
        ("manifest-sha256.txt", "damaged", False),
        ("data/\nodd.html", "missing", True),
        ("data/new.html", "damaged", False),
    ]
    assert pages(root) == ["data/changed.html", "data/new.html", "data/same.html"]


def test_a_bag_that_lost_its_declaration_or_its_manifest(tmp_path: Path) -> None:
    (bag(tmp_path / "a", {"page.html": PAGE}) / "bagit.txt").unlink()
    (bag(tmp_path / "b", {"page.html": PAGE}) / "manifest-sha256.txt").unlink()
    assert pages(tmp_path) == ["a/data/page.html", "b/data/page.html"]
    assert problems(tmp_path) == [("b", "damaged", False)]


def test_a_tag_file_that_was_changed_is_told(tmp_path: Path) -> None:
    root = bag(tmp_path, {"page.html": PAGE})
    (root / "tagmanifest-sha256.txt").write_text(f"{'0' * 64}  bag-info.txt\n{'1' * 64}  lost.txt\n")
    assert problems(root) == [("bag-info.txt", "damaged", False), ("lost.txt", "missing", False)]
