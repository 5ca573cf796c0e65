"""A wall clock a day later each night, for the site and for the program alike, or for one of them alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")
DAY = 86_400


@dataclass
class Clock:
    """The clocks of the processes begun from here on: a library loaded before theirs adds the seconds of a file."""

    folder: Path
    seconds: int = 0

    @classmethod
    def begin(cls, folder: Path) -> Clock:
        """Compile the library and have it loaded. Without a C compiler nights are seconds apart."""
        clock = cls(folder)
        if compiler := shutil.which("cc"):
            library = folder / "clock.so"
            subprocess.run([compiler, "-shared", "-fPIC", "-o", library, _SOURCE], check=True)
            os.environ |= {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(folder / "site")}
        clock.set()
        return clock

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the program, whose clock may be another than the site's."""
        return dict(os.environ) | {"CLOCK_SHIFT": str(self.folder / "own")}

    def set(self, *, own: int = 0, site: int = 0) -> None:
        """Let the program's clock and the site's be off by so many seconds."""
        for name, error in (("own", own), ("site", site)):
            (self.folder / name).write_text(str(self.seconds + error))

    def advance(self, days: int = 1) -> None:
        self.seconds += days * DAY
        self.set()
