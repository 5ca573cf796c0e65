"""Archives where nothing can be written: a folder without the permission, a read-only mount. As root too."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support import warm_start
from tests.support.scrapy_running import ROOT, words_of
from tests.support.waiting import LIMIT

_WITHOUT_POWERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # permissions hold for root as well
_MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """While inside, no permission to write to the folder and to all that is in it."""
    before = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in before.items():
        path.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


def powerless(words: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody whom permissions bind."""
    return subprocess.run([*_prefix(), *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


def _prefix() -> tuple[str, ...]:
    return _WITHOUT_POWERS if os.geteuid() == 0 else ()


def run_on_read_only_mount(folder: Path, words: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command that sees the folder mounted read-only; skips the test where nobody may mount."""
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    inside = [*alone, "sh", "-c", _MOUNTED, str(folder)]
    if subprocess.run([*inside, "true"], check=False, capture_output=True).returncode:
        pytest.skip("a read-only mount NOT checked: this machine lets nobody mount")
    return subprocess.run([*inside, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


def scrapy(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ARGS…` on the archive in the folder as somebody whom permissions bind."""
    return warm_start.run(words_of(folder, *args), ROOT, LIMIT, _prefix())


def copy_in_use(folder: Path, *, with_index: bool) -> None:
    """Have the archive as a copy that was made while somebody wrote: its newest title is in the -wal file alone."""
    database = folder / "archive.db"
    aside = folder / "aside"
    aside.mkdir()
    shutil.copy(database, aside)
    with closing(sqlite3.connect(aside / "archive.db")) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("INSERT INTO memory (key, value, changed_at) VALUES ('copied', 'in use', '2026-01-01T00:00:00Z')")
        db.commit()
        for ending in ("", "-wal", "-shm")[: 3 if with_index else 2]:
            shutil.copy(f"{aside}/archive.db{ending}", f"{database}{ending}")
    shutil.rmtree(aside)
