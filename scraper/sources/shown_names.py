"""How the archive names the files it was given: without the folders above them, which are the operator's business."""

from __future__ import annotations

import os
import re
from pathlib import Path


class ShownNames:
    """Names as they are stored: a page of `/home/ada/old/saved/` is `saved/page.html`, whichever way that was typed."""

    def __init__(self) -> None:
        self._stems: dict[str, str] = {}  # what is left out of names, and what stands in its place

    def add_source(self, given: Path) -> str:
        """Shorten the names of all that lies below this path from now on; return its own name as it is stored."""
        absolute = Path(os.path.abspath(given))  # noqa: PTH100 - it keeps the name of a link
        home = Path(os.path.expanduser("~"))  # noqa: PTH111 - a user without a home is no error
        if home.is_relative_to(absolute):  # its name may be that of a user
            self._stems[str(given / home.relative_to(absolute))] = "~"
            return "~"
        if not given.is_absolute() and ".." not in given.parts:
            return str(given)
        self._stems[str(given)] = absolute.name
        return absolute.name

    def shorten_text(self, text: str) -> str:
        """Shorten the names that stand in a message."""
        for stem in sorted((stem for stem in self._stems if stem in text), key=len):
            text = re.sub(rf"(?<![\w.~/]){re.escape(stem)}(?![\w-]|\.\w)", self._stems[stem].replace("\\", r"\\"), text)
        return text

    def shorten_name(self, name: str) -> str:
        """Shorten the name of a file; one from elsewhere, as our own records tell it, keeps its last part."""
        for end in (*(mark.start() for mark in re.finditer("[/!]", name)), len(name)):
            if name[:end] in self._stems:
                return self._stems[name[:end]] + name[end:]
        return name.rpartition("/")[2] if name.startswith("/") else name
