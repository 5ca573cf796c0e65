"""`kill -9` while a command writes, each command that does: then it runs to its end, and nothing is lost."""

from __future__ import annotations

import random
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attacks.outcome import Outcome, read_briefs, read_captures, run_command
from benchmarks.attacks.sites import fill_base, list_places, list_verbs, run_servers

_KNOWN, _POSTS = 15, 40  # posts that the archive has before, and that there are
_MOST = 12  # changes of files that a command lives to see
_ROUNDS = 3  # kills of one archive
_BETWEEN = "a run was killed as it committed"  # behind the journal's record; the next command mends it


@dataclass(slots=True)
class Changes:
    """How often the files of a folder were seen changed."""

    folder: Path
    most: int
    _seen: frozenset[tuple[str, int, int]] = frozenset()
    _number: int = -1  # the first look sees a change

    def is_time(self) -> bool:
        """Whether the last change that a command may live to see has come."""
        now = frozenset(self._list_files())
        self._number += now != self._seen
        self._seen = now
        return self._number >= self.most

    def _list_files(self) -> list[tuple[str, int, int]]:
        found = []
        for path in self.folder.rglob("*"):
            try:
                state = path.stat()
            except OSError:  # gone meanwhile
                continue
            found.append((str(path), state.st_size, state.st_mtime_ns))
        return found


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Kill about `number` commands, each verb as often as the others, and compare with undisturbed archives."""
    outcome, chance = Outcome("kill -9"), random.Random(seed)
    base = fill_base(folder / "base", _KNOWN)
    with run_servers(_POSTS) as servers:
        verbs = list_verbs(servers, folder)
        for name, words in verbs.items():
            place = folder / "disk"
            undisturbed = _run_undisturbed(folder / f"{name}-undisturbed", base, words)
            for _ in range(-(-number // (_ROUNDS * len(verbs)))):
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(base, place)
                _kill_verb(outcome, place, undisturbed, (name, [*words, *list_places(place)]), chance)
    return outcome


def _run_undisturbed(folder: Path, base: Path, words: list[str]) -> Path:
    shutil.copytree(base, folder)
    run_command(folder, [*words, *list_places(folder)])
    return folder


def _kill_verb(
    outcome: Outcome, folder: Path, undisturbed: Path, verb: tuple[str, list[str]], chance: random.Random
) -> None:
    name, words = verb
    most = _MOST
    for _ in range(_ROUNDS):
        before = read_captures(folder)
        changes = Changes(folder, chance.randint(1, most))
        end = run_command(folder, words, changes.is_time)
        outcome.note_end(end, f"{name} killed")
        outcome.note_state(folder, before, f"{name} killed at change {changes.most}", _BETWEEN)
        if end.code != -signal.SIGKILL:  # it was over before
            outcome.tries -= 1
            most = max(1, changes.most - 1)
    outcome.note_end(run_command(folder, words), f"{name} after kills")
    outcome.tries -= 1  # it was not attacked
    outcome.note_state(folder, frozenset(), f"{name} after kills")
    differing = read_briefs(undisturbed) ^ read_briefs(folder)
    outcome.note("lost", len(differing), f"{name} after kills: {sorted(differing, key=repr)[:1]}")
