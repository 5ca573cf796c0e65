"""Reads files that are installed with the code: templates, tables of names, Datasette's metadata."""

from __future__ import annotations

from pathlib import Path

from scraper.errors import IncompleteInstall


def read_package_file(path: Path) -> str:
    """Read a file that is installed with the code. Raises IncompleteInstall if it is missing."""
    return require_package_file(path).read_text(encoding="utf-8")


def require_package_file(path: Path) -> Path:
    """Return the path if the file exists. Raises IncompleteInstall."""
    if not path.exists():
        raise IncompleteInstall(f"{path}: a file of the program is missing: install brief-archive again")
    return path
