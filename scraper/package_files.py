"""The files beside the code that belong to it: templates, tables of names, what Datasette tells readers."""

from __future__ import annotations

from pathlib import Path

from scraper.errors import IncompleteInstall


def read_package_file(path: Path) -> str:
    """The text of a file that was installed with the code. Raises IncompleteInstall where it is not there."""
    return require_package_file(path).read_text(encoding="utf-8")


def require_package_file(path: Path) -> Path:
    """The path, which is there. Raises IncompleteInstall."""
    if not path.exists():
        raise IncompleteInstall(f"{path}: a file of the program is missing: install brief-archive again")
    return path
