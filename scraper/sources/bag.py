"""Separates the payload of a BagIt bag from its tag files, and checks the digests that its manifests state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from scraper.sources import media_type as media
from scraper.sources.events import Unreadable

DECLARATION = "bagit.txt"
_INFO, _PAYLOAD = "bag-info.txt", "data"
_OWN = re.compile(r"^Bag-Software-Agent:\s*brief-archive\b", re.MULTILINE)
_ALGORITHMS = ("sha512", "sha384", "sha256", "sha1", "md5")  # strongest first; a bag may have a manifest for each
_LINE = re.compile(r"([0-9A-Fa-f]{32,128})[ \t]+\*?(\S(?:.*\S)?)\s*")
_ESCAPES = {"%0A": "\n", "%0D": "\r", "%25": "%"}


def is_tag_file(path: Path) -> bool:
    """Whether a file describes the bag that it lies in, or is what our own export made of the captures beside it."""
    path = path.absolute()
    if not (bag := next(filter(_is_bag, path.parents), None)):
        return False
    if path.relative_to(bag).parts[0] != _PAYLOAD:
        return True
    return _is_own(bag) and media.guess_by_name(path.name) not in ("warc", "wacz")


def check_bag(bag: Path) -> Iterator[Unreadable]:
    """Yield each file that is missing, was changed, or is in no manifest. Raises OSError."""
    names = {path.relative_to(bag).as_posix() for path in (bag / _PAYLOAD).rglob("*") if path.is_file()}
    manifest = _find_manifest(bag, "manifest")
    if manifest is None:
        why = "a bag without a manifest of digests that can be verified; read all the same"
        yield Unreadable(str(bag), "damaged", why, lost=False)
    for path in filter(None, (manifest, _find_manifest(bag, "tagmanifest"))):
        for name, digest in _parse_manifest(path).items():
            names.discard(name)
            yield from _check_file(bag, name, digest, path)
    for name in sorted(names) if manifest else ():
        why = f"not listed in {manifest.name if manifest else ''}; read all the same"
        yield Unreadable(str(bag / name), "damaged", why, lost=False)


def _check_file(bag: Path, name: str, digest: str, manifest: Path) -> Iterator[Unreadable]:
    path, algorithm = bag / name, manifest.stem.rpartition("-")[2]
    if PurePosixPath(name).is_absolute() or ".." in name.split("/"):
        yield Unreadable(str(manifest), "damaged", f"{name!r} leads out of the bag; ignored", lost=False)
    elif not path.is_file():
        is_lost = name.startswith(_PAYLOAD + "/") and not media.is_asset(name)
        yield Unreadable(str(path), "missing", f"listed in {manifest.name} and not in the bag", lost=is_lost)
    else:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
        if actual != digest:
            why = f"its {algorithm} is not the one that {manifest.name} states: it was changed"
            yield Unreadable(str(path), "damaged", why, lost=False)


def _find_manifest(bag: Path, kind: str) -> Path | None:
    paths = (bag / f"{kind}-{algorithm}.txt" for algorithm in _ALGORITHMS)
    return next((path for path in paths if path.is_file()), None)


def _parse_manifest(path: Path) -> dict[str, str]:
    """Parse a manifest into the digests of its files, in lower case."""
    lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    matches = filter(None, map(_LINE.fullmatch, lines))
    return {re.sub("%0A|%0D|%25", lambda m: _ESCAPES[m[0]], match[2]): match[1].lower() for match in matches}


@lru_cache(maxsize=1024)
def _is_bag(folder: Path) -> bool:
    """Whether a folder is a bag, even one that has lost its declaration."""
    is_declared = (folder / DECLARATION).is_file()
    return is_declared or ((folder / _PAYLOAD).is_dir() and any(folder.glob("manifest-*.txt")))


@lru_cache(maxsize=64)
def _is_own(bag: Path) -> bool:
    info = bag / _INFO
    return info.is_file() and _OWN.search(info.read_text("utf-8", errors="replace")) is not None
