"""What waits: lines of web archives' indexes, records that repeat others, readings that could not be stored."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.gaps import next_command
from pipelines.gaps.known_posts import Posts
from pipelines.gaps.records import Gap
from scraper.address import identity

_LINES = """SELECT path, archive, state, count(*), min(timestamp), max(timestamp), group_concat(DISTINCT reason),
        min(url) FROM mementos WHERE state NOT IN ('taken', 'same', 'other') GROUP BY path, archive, state
    ORDER BY path, archive, state DESC"""
_REVISITS = "SELECT url, captured_at, name, warc_file FROM revisits ORDER BY url, captured_at"
_REFUSED = """SELECT problems.path, message, captures.captured_at FROM problems
    JOIN captures ON captures.id = capture_id
    WHERE kind = 'refused' AND NOT EXISTS (SELECT 1 FROM readings WHERE readings.capture_id = problems.capture_id
        AND substr(message, 1, length(readings.path) + 1) = readings.path || ' ')
    ORDER BY problems.path, problems.id"""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one archive's index on one path that came to the same."""

    path: str
    archive: str
    state: str
    count: int
    first: str  # YYYYMMDDhhmmss
    last: str
    reasons: str | None
    url: str

    @property
    def span(self) -> str:
        """`2018-11-02 to 2019-01-05`, or the one day."""
        days = dict.fromkeys(f"{at[:4]}-{at[4:6]}-{at[6:8]}" for at in (self.first, self.last))
        return " to ".join(days)


def lines_by_home(db: sqlite3.Connection, posts: Posts) -> dict[str, list[Lines]]:
    """What web archives told and the archive does not have, by the home of its post."""
    found: dict[str, list[Lines]] = defaultdict(list)
    for row in db.execute(_LINES):
        if row[0] not in posts.withdrawn:
            found[posts.homes.get(row[0], row[0])].append(Lines(*row))
    return dict(found)


def memento_gaps(lines: dict[str, list[Lines]], posts: Posts) -> Iterator[Gap]:
    """A line a path, an archive and a state: what is still to be asked for, and what came and was no good."""
    for home, told in lines.items():
        post = posts.at(home)
        for one in told:
            if one.state in ("waiting", "failed"):
                reason = f" ({one.reasons})" if one.reasons else ""
                yield Gap(
                    kind="memento",
                    what=one.path,
                    where=f"{one.archive}: {one.count} {one.state}{reason}, {one.span}",
                    next=_ask(one),
                    domain=post.domain if post else None,
                    count=one.count,
                    paths=(one.path,),
                    url=one.url,
                )


def _ask(lines: Lines) -> str:
    ask = next_command.waiting if lines.state == "waiting" else next_command.elsewhere
    return ask(lines.archive, lines.path, lines.url)


def revisit_gaps(db: sqlite3.Connection, posts: Posts) -> Iterator[Gap]:
    """Records that say a page was unchanged, where the record that has its bytes never came."""
    for url, at, name, file in db.execute(_REVISITS):
        path = identity(url)
        if path in posts.withdrawn:
            continue
        post = posts.at(path)
        came = f" (it came in {name})" if name else ""
        yield Gap(
            kind="revisit",
            what=path,
            where=f"seen unchanged {at or 'at an unknown time'}, in {file}{came}; another file has the page itself",
            next=next_command.wayback(path, url),
            domain=post.domain if post else None,
            paths=(path,),
            url=url,
        )


def refused_gaps(db: sqlite3.Connection, posts: Posts) -> Iterator[Gap]:
    """Captures that were kept while what was read in them broke a rule of the tables."""
    for path, message, at in db.execute(_REFUSED):
        about = message.partition(" could not be stored")[0]
        if not {path, about} & posts.withdrawn:
            yield Gap(
                kind="refused",
                what=about,
                where=f"{message} (capture of {at or 'an unknown time'})",
                next=next_command.read_again(path),
                paths=(path,),
            )
