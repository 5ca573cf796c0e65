"""`kill -9` at random moments of a crawl, a backfill, an ingest: then the command runs to its end."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.attacks.outcome import Outcome, read_briefs, read_captures, run_process
from benchmarks.attacks.sites import POSTS, run_servers
from tests.support.scrapy_running import command
from tests.support.specimens import SITE
from tests.support.warc_writing import Warc

_LONGEST = 4.0  # seconds that a process lives


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Kill about `number` processes, each verb as often as the others, and compare with undisturbed archives."""
    outcome, chance = Outcome("kill -9"), random.Random(seed)
    source = write_warc(folder / "source.warc")
    with run_servers() as verbs:
        del verbs["nightly"]
        verbs["ingest"] = ["ingest", str(source)]
        for name, words in verbs.items():
            _kill_verb(outcome, folder / name, words, number // len(verbs), chance)
    return outcome


def write_warc(path: Path) -> Path:
    """A WARC file of the posts."""
    warc = Warc()
    for post in POSTS:
        warc.page(post.number % 28 + 1, post.page(), url=SITE + post.path)
    path.write_bytes(b"".join(warc.records))
    return path


def _kill_verb(outcome: Outcome, folder: Path, words: list[str], number: int, chance: random.Random) -> None:
    undisturbed = folder / "undisturbed"
    undisturbed.mkdir(parents=True)
    run_process(command(undisturbed, *words))
    kills = turn = 0
    while kills < number:
        turn += 1
        killed = folder / str(turn)
        killed.mkdir()
        for _ in range(min(10, number - kills)):
            before = read_captures(killed)
            end = run_process(command(killed, *words), kill_after=chance.uniform(0.5, _LONGEST))
            kills += 1
            outcome.note_end(end, f"{words[0]} killed")
            outcome.note_state(killed, before, f"{words[0]} killed")
        outcome.note_end(run_process(command(killed, *words)), f"{words[0]} after kills")
        outcome.tries -= 1  # it was not attacked
        outcome.note_state(killed, frozenset(), f"{words[0]} after kills")
        differing = read_briefs(undisturbed) ^ read_briefs(killed)
        outcome.note("lost", len(differing), f"{words[0]} after kills: {sorted(differing, key=repr)[:1]}")
