"""The sample archive, made by the command that people type."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support import warm_start
from tests.support.scrapy_running import ROOT
from tests.support.waiting import LIMIT

BRIEFS = ROOT / ".venv/bin/briefs"


def make_sample(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `briefs demo` on archive.db and warcs/ in the folder."""
    places = ["--db", str(folder / "archive.db"), "--warcs", str(folder / "warcs")]
    return warm_start.run(["demo", *places, *words], ROOT, LIMIT, program=BRIEFS)
