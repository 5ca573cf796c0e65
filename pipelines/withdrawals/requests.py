"""Withdrawals that people ask for while another command writes: it carries them out at its next commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Asked:
    """A post that somebody waits to see withdrawn."""

    file: Path  # gone as soon as it is done, or nobody waits any more
    post: str
    reason: str


@contextmanager
def asking(archive: Path, post: str, reason: str) -> Iterator[None]:
    """While inside, whoever writes to the archive is asked to withdraw the post."""
    folder = _folder(archive)
    file = folder / f"{uuid4().hex}.json"
    _write(file, json.dumps([post, reason]))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # others ask too
            folder.rmdir()


def asked(archive: Path) -> list[Asked]:
    """What the writer is asked for; costs it one look for a folder that is hardly ever there."""
    found = []
    for file in _folder(archive).glob("*.json"):
        with suppress(FileNotFoundError):  # who asked stopped waiting just now
            found.append(Asked(file, *json.loads(file.read_text(encoding="utf-8"))))
    return found


def _write(file: Path, text: str) -> None:
    part = file.with_suffix(".tmp")
    while True:
        file.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another command ended its own waiting, and took the empty folder away
            part.write_text(text, encoding="utf-8")
            part.replace(file)
            return


def _folder(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}-asked")
