"""A terminal for programs that look whether there is one."""

from __future__ import annotations

import os
import pty
import re
from collections.abc import Iterator

import pytest

COLUMNS = 80
_CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def open_terminal() -> tuple[int, int]:
    """Descriptors of the end that a person would sit at, and of the program's; skips the test where there are none."""
    try:
        return pty.openpty()
    except OSError:
        pytest.skip("what a terminal shows is NOT checked: this machine has no pseudo-terminals (/dev/pts)")


def read_all(leader: int) -> str:
    """What is shown until the last program that holds the other end has ended; codes for colours left out."""
    text = b"".join(_read(leader)).decode()
    os.close(leader)
    return _CODES.sub("", text).replace("\r", "")


def _read(leader: int) -> Iterator[bytes]:
    try:
        while part := os.read(leader, 65536):
            yield part
    except OSError:  # how Linux says that nobody writes any more
        return
