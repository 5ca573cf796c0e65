"""Every command that writes, on a disk with little room: a tmpfs, which needs root."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.attacks.outcome import Outcome, read_captures, run_command
from benchmarks.attacks.sites import fill_base, list_places, list_verbs, run_servers
from scraper.errors import DOUBTFUL, IO, OK, PARTLY

_LARGEST = 6000  # kB free
_KNOWN = 30  # posts that the archive has before
_ENDS = {OK, DOUBTFUL, PARTLY, IO}  # a night doubts that the newest post is of 2025


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Run each command with `number` sizes of room, from 8 kB to 6 MB."""
    del seed
    outcome = Outcome("full disk")
    base = fill_base(folder / "base", _KNOWN)
    with run_servers() as servers:
        for name, words in list_verbs(servers, folder).items():
            for turn in range(number):
                free = round(8 * (_LARGEST / 8) ** (turn / max(1, number - 1)))
                _try_verb(outcome, folder / "disk", base, (name, words, free))
    return outcome


def _try_verb(outcome: Outcome, folder: Path, base: Path, attempt: tuple[str, list[str], int]) -> None:
    name, words, free = attempt
    with _mount_disk(folder, base, free):
        before = read_captures(base)
        end = run_command(folder, [*words, *list_places(folder)])
        what = f"{name} with {free} kB free (exit code {end.code})"
        outcome.note_end(end, what)
        outcome.note("tracebacks", end.code not in _ENDS and not end.is_hung, f"{what}: {end.errors[-200:]}")
        subprocess.run(["mount", "-o", "remount,size=100m", folder], check=True)
        outcome.note_state(folder, before, what)


@contextmanager
def _mount_disk(folder: Path, base: Path, free: int) -> Iterator[None]:
    """A disk with a copy of the archive and this many kB free."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "none", folder], check=True)
    try:
        shutil.copytree(base, folder, dirs_exist_ok=True)
        used = shutil.disk_usage(folder).used // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + free}k", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
