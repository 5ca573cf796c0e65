"""Withdrawals requested while another command writes: that command carries them out at its next commit."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class WithdrawalRequest:
    """A post that somebody asks to withdraw."""

    file: Path  # removed when the post is withdrawn, or nobody waits any more
    post: str
    reason: str
    copies: tuple[str, ...] = ()  # paths to withdraw with it


@contextmanager
def request_withdrawal(archive: Path, post: str, reason: str, copies: Collection[str] = ()) -> Iterator[None]:
    """While inside, the command that writes to the archive sees the request to withdraw the post."""
    folder = _get_folder(archive)
    file = folder / f"{uuid4().hex}.json"
    try:
        # Inside: an interruption may come as soon as the file is there.
        _write(file, json.dumps([post, reason, sorted(copies)]))
        yield
    finally:
        file.unlink(missing_ok=True)
        _get_part(file).unlink(missing_ok=True)
        with suppress(OSError):  # the folder holds other requests
            folder.rmdir()


def read_pending_requests(archive: Path) -> list[WithdrawalRequest]:
    """The requests that the writer has to carry out; usually there is not even a folder for them."""
    requests = []
    for file in _get_folder(archive).glob("*.json"):
        with suppress(FileNotFoundError):  # the command that requested it stopped waiting just now
            requests.append(WithdrawalRequest(file, *json.loads(file.read_text(encoding="utf-8"))))
    return requests


def _write(file: Path, text: str) -> None:
    part = _get_part(file)
    while True:
        file.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another command stopped waiting, and removed the empty folder
            part.write_text(text, encoding="utf-8")
            part.replace(file)
            return


def _get_part(file: Path) -> Path:
    return file.with_suffix(".tmp")


def _get_folder(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}-asked")
