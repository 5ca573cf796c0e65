"""Two commands that write to one archive at once: one waits or refuses, and nothing is lost."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.attacks.outcome import Captures, Outcome, read_captures, run_command
from benchmarks.attacks.sites import POSTS, run_servers, write_warc
from scraper.errors import BUSY, DOUBTFUL, OK, PARTLY


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Run `number` pairs of commands on one archive."""
    outcome, chance = Outcome("two writers"), random.Random(seed)
    source = write_warc(folder / "source.warc")
    before: Captures = frozenset()
    with run_servers() as servers, ThreadPoolExecutor(2) as pool:
        verbs = [*servers.values(), ["ingest", str(source)], ["reextract", "--all"]]
        run_command(folder, ["ingest", source])
        for turn in range(number):
            hidden = POSTS[turn % len(POSTS)].path
            pair = chance.sample([*verbs, ["withdraw", hidden, "--reason", "asked"]], 2)
            for words, end in zip(pair, pool.map(lambda words: run_command(folder, words), pair), strict=True):
                outcome.note_end(end, words[0])
                is_refused = end.code not in (OK, DOUBTFUL, PARTLY, BUSY)
                outcome.note("tracebacks", is_refused, f"{words[:2]} ended with {end.code}: {end.errors[-200:]}")
            outcome.note_state(folder, before, " and ".join(words[0] for words in pair))
            before = read_captures(folder)
    return outcome
