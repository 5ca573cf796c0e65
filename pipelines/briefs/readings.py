"""What each capture said of each post, kept so that a brief can be folded again from all of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs import codec
from pipelines.briefs.brief_rows import Briefs
from pipelines.briefs.merge import Kept, fold
from pipelines.briefs.sealing import Sealing
from pipelines.pages import redirects
from pipelines.withdrawals import withdrawn_posts
from scraper.records import Reading

_RECORD = "SELECT id FROM records WHERE digest = ?"
_ADD_RECORD = "INSERT INTO records (digest, record) VALUES (?, ?)"
_ADD = """INSERT INTO readings (capture_id, path, brief_path, fidelity, wp_id, record_id, title, published, shown)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SAID = "SELECT fidelity FROM readings WHERE capture_id = ? AND path = ?"
_OF_BRIEF = """SELECT capture_id, captured_at, fidelity, record_id, records.digest, captures.digest, captures.path,
        readings.path, readings.shown, captures.outcome = 'rest'
    FROM readings JOIN captures ON captures.id = capture_id JOIN records ON records.id = record_id
    WHERE brief_path = ? AND records.digest <> ?"""
_TEXT = "SELECT record FROM records WHERE id = ?"
_SHORT = re.compile(r"^/\?p=(\d+)$")
_NUMBERED = "SELECT DISTINCT path FROM readings WHERE wp_id = ? AND path NOT LIKE '/?p=%'"
_ALIKE = """SELECT DISTINCT other.path FROM readings AS one JOIN readings AS other USING (wp_id, published)
    WHERE one.path = ? AND wp_id = ? AND other.path NOT LIKE '/?p=%'"""
_NUMBERS = "SELECT DISTINCT wp_id FROM readings WHERE path = ? AND wp_id IS NOT NULL"
_Texts = dict[tuple[int, int], Reading]  # by record and fidelity
_ADOPT = "UPDATE readings SET brief_path = ? WHERE path = ?"
_BRIEF_OF = "SELECT brief_path FROM readings WHERE path = ? LIMIT 1"
_BRIEFS_OF_CAPTURE = "SELECT DISTINCT brief_path FROM readings WHERE capture_id = ?"
_FORGET = "DELETE FROM readings WHERE capture_id = ?"
_LONGEST = 18  # digits: what is longer is no number of a post, nor of SQLite
_LEFT = "SELECT 1 FROM readings WHERE brief_path = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class _Row:
    """A reading without its text."""

    capture_id: int
    captured_at: str | None
    fidelity: int
    record_id: int
    tie: tuple[str, ...]
    shown: object  # a digest of what is published in it, None in archives of old
    rest: bool

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return self.fidelity, self.captured_at or "", self.tie


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one archive, and the briefs folded from them."""

    db: sqlite3.Connection
    briefs: Briefs

    @property
    def sealing(self) -> Sealing:
        """What keeps withdrawn posts from readers."""
        return Sealing(self.db, self.briefs)

    def add(self, capture_id: int, reading: Reading) -> int:
        """Keep the reading and bring its brief up to date; how many briefs are new by it.

        Of a withdrawn post only that the capture tells of it is kept.
        """
        reading, text = codec.storable(reading)
        path, wp_id = reading.brief.path, reading.brief.wp_id
        if self.db.execute(_SAID, (capture_id, path)).fetchone():
            return 0  # a feed that names a post twice: the first is as good
        hidden = withdrawn_posts.find_post(self.db, path) is not None
        record_id = withdrawn_posts.find_sealed_record(self.db) if hidden else self._record(text)
        told = reading.brief.title, reading.brief.published, codec.shown(reading)
        known = self._brief_of(path) or self._home(path)
        self.db.execute(_ADD, (capture_id, path, known, reading.fidelity, wp_id, record_id, *told))
        self.settle(path)
        if withdrawn_posts.find_post(self.db, path) is not None:
            return 0
        return self._fold(self._brief_of(path) or path, capture_id, {(record_id, reading.fidelity): reading})

    def forget(self, capture_id: int) -> list[str]:
        """Forget what the capture said; the paths of the briefs to `fold` when it has said it anew."""
        briefs = self.briefs_of(capture_id)
        self.db.execute(_FORGET, (capture_id,))
        return briefs

    def briefs_of(self, capture_id: int) -> list[str]:
        """The paths of the briefs that the capture tells of."""
        return [row[0] for row in self.db.execute(_BRIEFS_OF_CAPTURE, (capture_id,))]

    def fold(self, paths: Iterable[str]) -> None:
        """Write these briefs again out of all their readings; one that has none left goes."""
        for path in paths:
            self._fold(path)

    def settle(self, path: str) -> None:
        """Bring each post to where it is found now, after something was seen at `path`.

        That is where permanent redirects lead to, and for `/?p=N` the permalink that told the number.
        """
        leading = redirects.find_leading_paths(self.db, path)
        for one in leading[:]:
            self._bring_home(one)
            for (wp_id,) in self.db.execute(_NUMBERS, (one,)).fetchall():
                self._bring_home(f"/?p={wp_id}")
                leading.append(f"/?p={wp_id}")
        for one in leading:
            self.sealing.spread(one)

    def _bring_home(self, path: str) -> None:
        old = self._brief_of(path)
        if old is None or (home := self._home(path)) == old:
            return
        self.db.execute(_ADOPT, (home, path))
        if self.db.execute(_LEFT, (old,)).fetchone() is None:
            self.briefs.move(old, home)
        self._fold(old)
        self._fold(home)

    def _brief_of(self, path: str) -> str | None:
        row = self.db.execute(_BRIEF_OF, (path,)).fetchone()
        return None if row is None else str(row[0])

    def _record(self, text: str) -> int:
        digest, record = codec.packed(text)
        row = self.db.execute(_RECORD, (digest,)).fetchone()
        return int(row[0] if row else self.db.execute(_ADD_RECORD, (digest, record)).lastrowid or 0)

    def _home(self, path: str) -> str:
        """Where the post of `path` is now: at the end of its redirects, for `/?p=N` at the permalink of number N.

        Of several permalinks that told one number, as two hosts may, one of the same day of publication; without
        such a one it stays where it is.
        """
        short = _SHORT.match(path)
        if short is None or len(short[1]) > _LONGEST:
            return redirects.find_final_path(self.db, path)
        homes = self._finals(_NUMBERED, int(short[1]))
        if len(homes) > 1:
            homes = self._finals(_ALIKE, path, int(short[1])) or {path}
        return min(homes, default=path)

    def _finals(self, sql: str, *values: object) -> set[str]:
        return {redirects.find_final_path(self.db, row[0]) for row in self.db.execute(sql, values).fetchall()}

    def _fold(self, path: str, capture_id: int | None = None, fresh: _Texts | None = None) -> int:
        """Write the brief again; `fresh` is the new reading of `capture_id`, if there is one."""
        rows = sorted(
            (self._row(row) for row in self.db.execute(_OF_BRIEF, (path, withdrawn_posts.SEALED))),
            key=lambda row: row.order,
        )
        if not rows:
            self.briefs.drop(path)
            return 0
        brief_id = self.briefs.id_of(path)
        if brief_id is not None and _says_it_again(rows, capture_id):
            self.briefs.same_again(brief_id, rows[-2].capture_id, rows[-1].capture_id)
            return 0
        texts = fresh or {}
        rows = _telling(rows)
        kept = [Kept(self._reading(row, texts), row.capture_id, row.captured_at, row.tie, row.rest) for row in rows]
        return int(self.briefs.write(fold(path, kept)))

    def _row(self, row: tuple[int, str | None, int, int, bytes, str, str, str, bytes | None, int]) -> _Row:
        capture_id, captured_at, fidelity, record_id, record_digest, *tie, shown, rest = row
        return _Row(capture_id, captured_at, fidelity, record_id, (record_digest.hex(), *tie), shown, bool(rest))

    def _reading(self, row: _Row, texts: _Texts) -> Reading:
        key = (row.record_id, row.fidelity)
        if key not in texts:
            record = self.db.execute(_TEXT, (row.record_id,)).fetchone()[0]
            texts[key] = codec.loaded(codec.unpacked(record), row.fidelity)
        return texts[key]


def _telling(rows: list[_Row]) -> list[_Row]:
    """The rows without those in the midst of others that show the same: they change nothing in what is folded."""
    around = zip([None, *rows], rows, [*rows[1:], None], strict=False)
    return [row for before, row, after in around if not (_alike(before, row) and _alike(row, after))]


def _alike(one: _Row | None, other: _Row | None) -> bool:
    if one is None or other is None or one.shown is None:
        return False
    return (one.fidelity, one.rest, one.shown) == (other.fidelity, other.rest, other.shown)


def _says_it_again(rows: list[_Row], capture_id: int | None) -> bool:
    """Whether the reading of `capture_id` is the newest and equal to the one before it."""
    if len(rows) < 2 or rows[-1].capture_id != capture_id:
        return False
    before, last = rows[-2:]
    return (last.record_id, last.fidelity, last.rest) == (before.record_id, before.fidelity, before.rest)
