"""The sample archive, made by the command that people type."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.scrapy_running import ROOT


def make_sample(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m demo` on archive.db and warcs/ in the folder."""
    places = ["--db", str(folder / "archive.db"), "--warcs", str(folder / "warcs"), "--make"]
    command = [sys.executable, "-m", "demo", *places, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
