"""`python -m benchmarks.nights [--nights N] [--seed S] [--only WORDS] [--always FAULTS]`: nights on a real WordPress.

The truth of each night is written first. Each scenario is some nights in a row, a day apart; a seed gives their order.
Prints the table of events, what was expected and what was seen, and how much was lost, late, false or overwritten.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.nights import breaks, edits, machine
from benchmarks.nights.clock import Clock
from benchmarks.nights.faults import FAULTS
from benchmarks.nights.story import MORE, Scenario, Story, expect, list_scenarios
from tests.nights.simulation import Event, Night, Simulation, list_rows, sum_up
from tests.wordpress.posts import wordpress_posts
from tests.wordpress.server import run_wordpress, wait_for_next_second

_SCENARIOS = [*list_scenarios(edits), *breaks.FAULTY_NIGHTS, *list_scenarios(breaks), *list_scenarios(machine)]
_POSTS = 24


def choose_scenarios(only: str, seed: int, part: str) -> Sequence[Scenario]:
    """The scenarios in the order of the seed, those alone whose names have one of the words, or a part of all."""
    words = [word.strip() for word in only.split(";") if word.strip()]
    chosen = [s for s in _SCENARIOS if not words or any(word in s.__name__ for word in words)]
    if seed:
        random.Random(seed).shuffle(chosen)
    first, parts = map(int, part.split("/"))
    return chosen[first - 1 :: parts]


def list_nights(story: Story, scenarios: Sequence[Scenario], nights: int) -> Iterator[Event]:
    """The events of each night, after they have happened."""
    yield expect("the first night")
    count = 1
    for scenario in scenarios:
        for event in scenario(story):
            yield event
            count += 1
        if count >= nights:
            return
        story.mend()


def play(story: Story, simulation: Simulation, scenarios: Sequence[Scenario], nights: int) -> Iterator[Night]:
    for number, event in enumerate(list_nights(story, scenarios, nights), 1):
        wait_for_next_second()
        yield simulation.run_night(number, () if event.name == "nothing" else (event,))
        story.clock.advance()


def main(words: Sequence[str]) -> int:
    """Play the nights; 1 if anything was lost, late, false or overwritten."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=sys.maxsize, help="end after so many")
    parser.add_argument("--seed", type=int, default=0, help="of the order; 0: as they are written")
    parser.add_argument("--only", default="", help="words of the names of scenarios, with ; between")
    parser.add_argument(
        "--always", default="", help='what the site is like on all nights: "REST shut;sitemap with dates"'
    )
    parser.add_argument("--part", default="1/1", help="the Kth of N parts, as 1/4, to play them side by side")
    options = parser.parse_args(words)
    posts = [replace(post, content=post.content + MORE) for post in wordpress_posts(_POSTS)]
    with TemporaryDirectory() as folder:
        clock = Clock.begin(Path(folder))
        with run_wordpress(posts) as site:
            story = Story(site, clock, {post.slug: post for post in posts if post.status == "publish"})
            for name in filter(None, options.always.split(";")):
                site.plug_in(name.replace(" ", "-"), FAULTS[name])
            story.begin()
            simulation = Simulation(Path(folder), site.url, story.truth)
            simulation.false_words, simulation.edits = story.false_words, story.edits
            simulation.environment, story.simulation = clock.environment, simulation
            played: list[Night] = []
            for night in play(
                story, simulation, choose_scenarios(options.only, options.seed, options.part), options.nights
            ):
                played.append(night)
                _print_night(night)
        return _print_figures(played)


def _print_night(night: Night) -> None:
    print(list(list_rows([night]))[-1], flush=True)
    if not night.is_as_expected:
        print(f"  unexpected: {'; '.join(night.messages)}", flush=True)
    for name in ("wrong", "false_versions", "false_words"):
        if paths := getattr(night, name):
            print(f"  {name}: {' '.join(paths[:6])}", flush=True)


def _print_figures(played: Sequence[Night]) -> int:
    figures = sum_up(played)
    quiet = Counter(night.requests for night in played[1:] if not night.events)
    print(f"{len(played)} nights: {figures}")
    print(f"requests of quiet nights, robots.txt included: {dict(sorted(quiet.items()))}")
    print(f"requests a night: {sum(night.requests for night in played[1:]) / max(1, len(played) - 1):.1f}")
    return int(any(figures.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
