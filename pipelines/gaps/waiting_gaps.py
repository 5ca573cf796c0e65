"""What waits: mementos that were not fetched, revisits without their original, readings that could not be stored."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.gaps import next_command
from pipelines.gaps.known_posts import Posts
from pipelines.gaps.records import Gap
from scraper.address import identity, is_web, split_part
from scraper.console.invocation import command_line

_LINES = """SELECT path, archive, state, count(*), min(timestamp), max(timestamp), group_concat(DISTINCT reason),
        min(url), min(file) FROM mementos WHERE state NOT IN ('taken', 'same', 'other') GROUP BY path, archive, state
    ORDER BY path, archive, state DESC"""
_REVISITS = "SELECT url, captured_at, name, warc_file FROM revisits ORDER BY url, captured_at"
_REFUSED = """SELECT problems.path, message, captures.captured_at FROM problems
    JOIN captures ON captures.id = capture_id
    WHERE kind = 'refused' AND NOT EXISTS (SELECT 1 FROM readings WHERE readings.capture_id = problems.capture_id
        AND substr(message, 1, length(readings.path) + 1) = readings.path || ' ')
    ORDER BY problems.path, problems.id"""


@dataclass(frozen=True, slots=True)
class MementoGroup:
    """Mementos of one path in one web archive that are in the same state."""

    path: str
    archive: str
    state: str
    count: int
    first: str  # YYYYMMDDhhmmss
    last: str
    reasons: str | None
    url: str
    file: str | None  # one of the WARC files that the index names

    @property
    def place(self) -> str:
        """The web archive; of an index beside WARC files the file too, which nobody has given yet."""
        is_lacking = self.file and not is_web(self.archive)
        return f"{self.archive} ({self.file} was not given; ingest both together)" if is_lacking else self.archive

    @property
    def span(self) -> str:
        """`2018-11-02 to 2019-01-05`, or the one day."""
        days = dict.fromkeys(f"{at[:4]}-{at[4:6]}-{at[6:8]}" for at in (self.first, self.last))
        return " to ".join(days)


def read_mementos(db: sqlite3.Connection, posts: Posts) -> dict[str, list[MementoGroup]]:
    """Read the mementos that web archives list and the archive does not have, by the home of their post."""
    groups: dict[str, list[MementoGroup]] = defaultdict(list)
    for row in db.execute(_LINES):
        if row[0] not in posts.withdrawn:
            home = posts.homes.get(row[0]) or posts.homes.get(split_part(row[0])[0], row[0])
            groups[home].append(MementoGroup(*row))
    return dict(groups)


def find_memento_gaps(mementos_by_home: dict[str, list[MementoGroup]], posts: Posts) -> Iterator[Gap]:
    """Yield a gap for each path, web archive and state: mementos still to be fetched, and those that failed."""
    for home, groups in mementos_by_home.items():
        post = posts.get_post(home)
        for group in groups:
            if group.state in ("waiting", "failed"):
                reason = f" ({group.reasons})" if group.reasons else ""
                yield Gap(
                    kind="memento",
                    what=group.path,
                    where=f"{group.place}: {group.count} {group.state}{reason}, {group.span}",
                    next=_suggest_command(group),
                    domain=post.domain if post else None,
                    count=group.count,
                    paths=(group.path,),
                    url=group.url,
                )


def _suggest_command(group: MementoGroup) -> str:
    suggest = next_command.suggest_fetch if group.state == "waiting" else next_command.suggest_other_archive
    return suggest(group.archive, group.path, group.url)


def find_revisit_gaps(db: sqlite3.Connection, posts: Posts) -> Iterator[Gap]:
    """Yield a gap for each revisit whose original record was never taken in."""
    for url, at, name, file in db.execute(_REVISITS):
        path = identity(url)
        if path in posts.withdrawn:
            continue
        post = posts.get_post(path)
        came = f" (it came in {name})" if name else ""
        yield Gap(
            kind="revisit",
            what=path,
            where=f"seen unchanged {at or 'at an unknown time'}, in {file}{came}; another file has the page itself",
            next=next_command.suggest_wayback(path, url),
            domain=post.domain if post else None,
            paths=(path,),
            url=url,
        )


def find_refused_gaps(db: sqlite3.Connection, posts: Posts) -> Iterator[Gap]:
    """Yield a gap for each capture whose reading broke a rule of the tables; its bytes are kept."""
    for path, message, at in db.execute(_REFUSED):
        about = message.partition(" could not be stored")[0]
        if not {path, about} & posts.withdrawn:
            yield Gap(
                kind="refused",
                what=about,
                where=f"{message} (capture of {at or 'an unknown time'})",
                next=command_line("reextract", "--all", "--path", path),
                paths=(path,),
            )
