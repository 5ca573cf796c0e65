"""Names of files without the folders above them, which are the operator's business."""

from __future__ import annotations

import os
import re
from pathlib import Path


class FolderNames:
    """Folders that are called by their last part alone: `/home/ada/old/saved/page.html` is `saved/page.html`."""

    def __init__(self) -> None:
        self._stems: dict[str, str] = {}  # what is left out of names, and what stands in its place

    def add_folder(self, folder: Path) -> None:
        """Shorten the names of all that lies below this path from now on."""
        absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - it keeps the name of a link
        home = Path(os.path.expanduser("~"))  # noqa: PTH111 - a user without a home is no error
        if home.is_relative_to(absolute):  # its name may be that of a user
            self._stems[str(folder / home.relative_to(absolute))] = "~"
        elif folder.is_absolute() or ".." in folder.parts:
            self._stems[str(folder)] = absolute.name

    def shorten_text(self, text: str) -> str:
        """Shorten the names that stand in a message."""
        for stem in sorted((stem for stem in self._stems if stem in text), key=len):
            text = re.sub(rf"(?<![\w.~/]){re.escape(stem)}(?![\w-]|\.\w)", self._stems[stem].replace("\\", r"\\"), text)
        return text
