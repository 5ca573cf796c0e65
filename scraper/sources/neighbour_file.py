"""Files beside a page, whose names are made of the page's name."""

from __future__ import annotations

from pathlib import Path


def is_neighbour(path: Path) -> bool:
    """Whether there is such a file; a name that is too long is nobody's."""
    try:
        return path.is_file()
    except OSError:
        return False
