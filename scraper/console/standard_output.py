"""Writes text and bytes to standard output or to a named file; the name `-` means standard output."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scraper.errors import DiskTrouble

STDIN = STDOUT = "-"
WRITE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # of a file that standard output is redirected to


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output for bytes. A reader that closes the pipe (`| head`) is no error. Raises DiskTrouble."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        if error.filename is not None:  # another file failed, not standard output
            raise
        discard_output()
        raise DiskTrouble(f"standard output: {error.strerror}") from error


def discard_output() -> None:
    """Discard further output: Python flushes standard output once more when it exits, and would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_text(parts: Iterable[str]) -> None:
    """Write text to standard output unchanged. Raises DiskTrouble."""
    with standard_output() as out:
        for part in parts:
            out.write(part.encode("utf-8", "replace"))


def write_text(name: str, parts: Iterable[str]) -> None:
    """Write text to the named file, or to standard output for `-`. Raises DiskTrouble."""
    if name == STDOUT:
        print_text(parts)
        return
    try:
        with Path(name).open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        raise DiskTrouble(f"{name}: {error.strerror}: choose another file") from error
