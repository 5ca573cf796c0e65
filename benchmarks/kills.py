"""`python -m benchmarks.kills`: 30 random `kill -9` on a crawl of a real WordPress of 600 posts; what was lost?"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.support.killing import Kills, crawl_killed, difference
from tests.support.scrapy_running import scrapy
from tests.wordpress.posts import wordpress_posts
from tests.wordpress.server import WordPress, running


def _measure(site: WordPress, folder: Path, kills: int, seed: int, longest: float) -> tuple[Kills, int]:
    undisturbed, killed = folder / "undisturbed", folder / "killed"
    for place in (undisturbed, killed):
        place.mkdir()
    scrapy(undisturbed, "crawl", "briefs", "-a", f"start={site.url}").check_returncode()
    told = crawl_killed(site, killed, kills, random.Random(seed), longest)
    return told, len(difference(undisturbed, killed))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=600)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=3.2, help="seconds that a run may live")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running(wordpress_posts(options.posts)) as site:
        told, differing = _measure(site, Path(name), options.kills, options.seed, options.longest)
    table = Table("what", "figure", title=f"{options.posts} posts, seed {options.seed}", title_justify="left")
    table.add_row("runs killed at work", str(told.killed))
    table.add_row("posts asked for by each run", " ".join(map(str, told.runs)))
    table.add_row("rows that differ from an undisturbed run", str(differing))
    table.add_row("stored pages fetched again", str(len(told.again)))
    table.add_row("in flight at a kill: all, most", f"{sum(told.in_flight)}, {max(told.in_flight)}")
    table.add_row("exit code of the last run", str(told.returncode))
    Console(width=200).print(table)


if __name__ == "__main__":
    main()
