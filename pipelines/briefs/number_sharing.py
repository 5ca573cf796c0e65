"""Posts of several sites that share one WordPress number, where no address tells them apart.

A reading of `/?p=N` is of one post with another there if the site itself showed both, if title and day are the same, or
one of them and the words. The post that the site itself shows at that address keeps it, else the one of a permalink's
day, else the earliest; each other gets a path that is a digest of its number, day and title, whatever came first.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from itertools import chain

from pipelines.briefs import codec
from pipelines.captures.capture_rows import add_problems
from pipelines.pages import addresses
from scraper.address import make_urn
from scraper.records import Problem

_SHARING = """SELECT ifnull(readings.title, ''), ifnull(readings.published, '') FROM readings
    WHERE wp_id = :number AND (path = :short OR path LIKE 'urn:%')"""
_READINGS = """SELECT capture_id, readings.path, ifnull(readings.title, ''), ifnull(readings.published, ''), record,
        fidelity, captures.path = :short
    FROM readings JOIN records ON records.id = record_id JOIN captures ON captures.id = capture_id
    WHERE wp_id = :number AND (readings.path = :short OR readings.path LIKE 'urn:%')
    ORDER BY ifnull(readings.published, ''), ifnull(readings.title, ''), capture_id"""
_DAYS = """SELECT DISTINCT published FROM readings WHERE wp_id = ? AND published IS NOT NULL
    AND path NOT LIKE '/?p=%' AND path NOT LIKE 'urn:%'"""
_IS_WITHDRAWN = "SELECT 1 FROM withdrawals WHERE path = ? AND undone_at IS NULL"
_IS_READ = "SELECT 1 FROM readings WHERE :path IN (path, brief_path) LIMIT 1"
_FORGET = """DELETE FROM pages WHERE path = :path AND path LIKE 'urn:%'
    AND NOT EXISTS (SELECT 1 FROM captures WHERE path = :path)
    AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE :path IN (path, post))"""
_NAMES = "SELECT path FROM problems WHERE kind = 'number' AND capture_id IS NULL"
_DELETE_PROBLEM = "DELETE FROM problems WHERE kind = 'number' AND capture_id IS NULL AND path = ?"
_ALIKE = 0.8  # of the words of the shorter text: an edited post has more in common, two posts have less
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Sharer:
    """A reading that may have to share its number."""

    capture_id: int
    path: str
    title: str
    day: str
    label: str | None
    words: frozenset[str]
    is_own: bool  # the site showed it at the short link itself

    def is_same_post(self, other: _Sharer) -> bool:
        if self.is_own and other.is_own:
            return True
        same = (self.title == other.title) + (self.day == other.day)
        if same == 1 and len({self.label, other.label} - {None}) < 2:
            least = min(len(self.words), len(other.words))
            return len(self.words & other.words) >= _ALIKE * least > 0
        return same == 2


@dataclass(frozen=True, slots=True)
class NumberSharing:
    """The posts that have one WordPress number."""

    db: sqlite3.Connection
    number: int

    @property
    def short_link(self) -> str:
        """The path that they share."""
        return f"/?p={self.number}"

    def find_moves(self) -> list[tuple[int, str, str]]:
        """The captures whose reading must move: each with the path where it stands and the one to go to."""
        values = {"number": self.number, "short": self.short_link}
        sharing = set(self.db.execute(_SHARING, values))  # a table of distinct rows costs more than mostly none of them
        if len(sharing) < 2 or self.db.execute(_IS_WITHDRAWN, (self.short_link,)).fetchone():
            return []
        readings = [_make_sharer(*row) for row in self.db.execute(_READINGS, values)]
        known = {self.short_link, *(path for (path,) in self.db.execute(_NAMES))}
        posts = _group_posts([reading for reading in readings if reading.path in known])
        days = {day for (day,) in self.db.execute(_DAYS, (self.number,))}
        posts.sort(key=lambda post: (not any(r.is_own for r in post), not any(r.day in days for r in post)))
        paths = [self.short_link, *(self._name_post(post[0]) for post in posts[1:])]
        placed = ((reading, new) for new, post in zip(paths, posts, strict=False) for reading in post)
        return [(reading.capture_id, reading.path, new) for reading, new in placed if reading.path != new]

    def add_name(self, path: str) -> None:
        """Add a path that `find_moves` chose to pages, and tell why the post has no address."""
        addresses.add_page(self.db, path, None, None)
        if path != self.short_link:
            message = f"Another post has the number {self.number}, and nothing names an address of this one."
            add_problems(self.db, None, path, (Problem("url", "number", message),))

    def forget_name(self, path: str) -> None:
        """Remove a path that no reading has any more, if nothing but `add_name` put it there."""
        if not self.db.execute(_IS_READ, {"path": path}).fetchone():
            self.db.execute(_DELETE_PROBLEM, (path,))
            self.db.execute(_FORGET, {"path": path})

    def _name_post(self, reading: _Sharer) -> str:
        return make_urn(f"{self.short_link}\n{reading.day}\n{reading.title}".encode())


def _make_sharer(
    capture_id: int, path: str, title: str, day: str, record: bytes, fidelity: int, is_own: int
) -> _Sharer:
    brief = codec.load_record(record, fidelity).brief
    words = frozenset(_WORD.findall((brief.body or "").casefold()))
    return _Sharer(capture_id, path, title, day, brief.label, words, bool(is_own))


def _group_posts(readings: list[_Sharer]) -> list[list[_Sharer]]:
    """Group the readings of one post, in the order of their first ones."""
    groups: list[list[_Sharer]] = []
    for reading in readings:
        same = [group for group in groups if any(map(reading.is_same_post, group))]
        others = [group for group in groups if group not in same]
        groups = [*others, sorted([*chain.from_iterable(same), reading], key=readings.index)]
    return sorted(groups, key=lambda group: readings.index(group[0]))
