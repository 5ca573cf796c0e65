"""Text and bytes for standard output, or for a file whose name is given; `-` as a name means standard output."""

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
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # what a file to which standard output leads can say


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output for bytes. A reader that has seen enough (`| head`) ends it quietly. Raises DiskTrouble."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        if error.filename is not None:  # it is another file that is the trouble
            raise
        silence()
        raise DiskTrouble(f"standard output: {error.strerror}") from error


def silence() -> None:
    """Have nothing more written to standard output: Python flushes once more at its end, and would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_text(parts: Iterable[str]) -> None:
    """Write text to standard output as it is. Raises DiskTrouble."""
    with standard_output() as out:
        for part in parts:
            out.write(part.encode("utf-8", "replace"))


def write_text(name: str, parts: Iterable[str]) -> None:
    """Write text to the file of that name, to standard output for `-`. Raises DiskTrouble."""
    if name == STDOUT:
        print_text(parts)
        return
    try:
        with Path(name).open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        raise DiskTrouble(f"{name}: {error.strerror}: choose another file") from error
