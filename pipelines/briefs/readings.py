"""What each capture says of each post, kept so that a brief can be merged again from all of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs import codec
from pipelines.briefs.brief_rows import Briefs
from pipelines.briefs.claims import KIND, Claims
from pipelines.briefs.held_readings import HeldReadings
from pipelines.briefs.holding import hold_readings
from pipelines.briefs.merge import merge_readings
from pipelines.briefs.number_sharing import NumberSharing
from pipelines.briefs.ranked_reading import RankedReading
from pipelines.briefs.reading_rows import ReadingRow, drop_unchanged, is_repetition, select_rows, set_hearsay_aside
from pipelines.briefs.sealing import Sealing
from pipelines.pages import redirects
from pipelines.withdrawals import withdrawn_posts
from scraper.records import Reading

_RECORD = "SELECT id FROM records WHERE digest = ?"
_ADD_RECORD = "INSERT INTO records (digest, record) VALUES (?, ?)"
_ADD = """INSERT INTO readings (capture_id, path, brief_path, fidelity, wp_id, record_id, title, published, shown)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_EXISTING = "SELECT fidelity FROM readings WHERE capture_id = ? AND path = ?"
_TEXT = "SELECT record FROM records WHERE id = ?"
_SHORT_LINK = re.compile(r"^/\?p=(\d+)$")
_NUMBERED = """SELECT DISTINCT path FROM readings WHERE wp_id = ? AND path LIKE '/%' AND path NOT LIKE '/?p=%'
    AND NOT EXISTS (SELECT 1 FROM readings AS short WHERE short.path = ?
        AND abs(julianday(short.published) - julianday(readings.published)) > 1)"""
_SAME_DAY = """SELECT DISTINCT other.path FROM readings AS one JOIN readings AS other USING (wp_id, published)
    WHERE one.path = ? AND wp_id = ? AND other.path LIKE '/%' AND other.path NOT LIKE '/?p=%'"""
# Nothing leads there or from there, and no reading at the short link of its number is to be moved there.
_SETTLED = f"""SELECT NOT EXISTS ({withdrawn_posts.ACTIVE})
    AND NOT EXISTS (SELECT 1 FROM redirects WHERE path = :path)
    AND NOT EXISTS (SELECT 1 FROM redirects WHERE target = :path)
    AND NOT EXISTS (SELECT 1 FROM readings WHERE path = :path AND (brief_path <> :path OR EXISTS (
        SELECT 1 FROM readings AS short WHERE short.path = '/?p=' || readings.wp_id)))"""  # noqa: S608 - our own names
_NUMBERS = "SELECT DISTINCT wp_id FROM readings WHERE path = ? AND wp_id IS NOT NULL"
_Texts = dict[tuple[int, int], Reading]  # by record and fidelity
_ADOPT = "UPDATE readings SET brief_path = ? WHERE path = ?"
_BRIEF_OF = "SELECT brief_path FROM readings WHERE path = ? LIMIT 1"
_BRIEFS_OF_CAPTURE = "SELECT DISTINCT brief_path FROM readings WHERE capture_id = ?"
_STANDING = """SELECT fidelity, record, url, brief_path FROM readings
    JOIN records ON records.id = record_id JOIN captures ON captures.id = capture_id
    WHERE capture_id = ? AND readings.path = ? AND records.digest <> ?"""
_PLACE_OF = """SELECT path FROM readings WHERE capture_id = ?1 AND path = ?2
    UNION ALL SELECT path FROM readings WHERE capture_id = ?1 LIMIT 1"""
_PLACE = """UPDATE readings SET path = ?, brief_path = ?, published = ?, shown = ?
    WHERE capture_id = ? AND path = ?"""
_PLACE_PROBLEMS = (
    f"""DELETE FROM problems WHERE capture_id = :capture AND path = :old AND kind <> '{KIND}' AND EXISTS (
        SELECT 1 FROM problems AS other WHERE other.capture_id = :capture AND other.path = :new
        AND other.field IS problems.field AND other.kind = problems.kind AND other.message = problems.message)""",  # noqa: S608
    f"UPDATE problems SET path = :new WHERE capture_id = :capture AND path = :old AND kind <> '{KIND}'",  # noqa: S608
)
_FORGET = "DELETE FROM readings WHERE capture_id = ?"
_LONGEST = 18  # digits: a longer number is no post's, and does not fit into SQLite's integers
_LEFT = "SELECT 1 FROM readings WHERE brief_path = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one archive, and the briefs merged from them."""

    db: sqlite3.Connection
    briefs: Briefs

    @property
    def claims(self) -> Claims:
        """The part that knows which pages speak for another path than their own."""
        return Claims(self.db)

    @property
    def doubts(self) -> HeldReadings:
        """The part that marks what does not count yet."""
        return HeldReadings(self.db)

    @property
    def sealing(self) -> Sealing:
        """The part that keeps withdrawn posts from readers."""
        return Sealing(self.db, self.briefs)

    def add(self, capture_id: int, reading: Reading, own: tuple[str, str | None] | None = None) -> int:
        """Store the reading and merge its brief again; return how many briefs are new.

        `own` is path and address of the page, None where it is a list of posts. Of a withdrawn post nothing is stored
        but that the capture shows it.
        """
        packed = codec.pack_reading(reading)
        reading = packed.reading
        named, wp_id = reading.brief.path, reading.brief.wp_id
        path = self.claims.choose_path(reading.brief, own[0]) if own else named
        if self.db.execute(_EXISTING, (capture_id, path)).fetchone():
            return 0  # a feed may hold a post twice: the first one counts
        is_settled = self._is_settled(path)  # then nothing is withdrawn either
        hidden = not is_settled and withdrawn_posts.find_withdrawn_post(self.db, path) is not None
        record_id = withdrawn_posts.find_sealed_record(self.db) if hidden else self._add_record(packed)
        placed = _place_reading(reading, path, own[1] if own else None)
        shown = packed.shown if placed is reading else codec.digest_published_values(placed)
        published = placed.brief.title, placed.brief.published, shown
        number = wp_id or _read_number(path)
        brief_path = path if is_settled else self._find_brief(path) or self._find_current_path(path)
        self.db.execute(_ADD, (capture_id, path, brief_path, reading.fidelity, number, record_id, *published))
        if path != named:
            self.claims.report(capture_id, named, path)
        self.settle_claims(named)
        path = self._part_posts(number, capture_id, path) if number else path
        brief_path = self.relocate_posts(path)
        if not is_settled and withdrawn_posts.find_withdrawn_post(self.db, path) is not None:
            return 0
        return self._merge_brief(brief_path, capture_id, {(record_id, reading.fidelity): reading})

    def find_place(self, capture_id: int, named: str) -> str:
        """The path under which the capture's reading stands that names this path as its own."""
        return str(self.db.execute(_PLACE_OF, (capture_id, named)).fetchone()[0])

    def forget_capture(self, capture_id: int) -> list[str]:
        """Delete the readings of a capture; return the paths of the briefs to `merge` when it has been stored again."""
        briefs = self.find_briefs(capture_id)
        self.db.execute(_FORGET, (capture_id,))
        return briefs

    def find_briefs(self, capture_id: int) -> list[str]:
        """The paths of the briefs that the capture shows."""
        return [row[0] for row in self.db.execute(_BRIEFS_OF_CAPTURE, (capture_id,))]

    def merge(self, paths: Iterable[str]) -> None:
        """Write these briefs again from all their readings; a brief without readings is dropped."""
        for path in paths:
            self.settle_claims(path)
            self._merge_brief(path)

    def settle_claims(self, path: str) -> None:
        """Move the readings of pages that name this path to where all captures together show them to belong."""
        moves = list(self.claims.find_misplaced(path))
        for capture_id, old, new in moves:
            self._move_reading(capture_id, old, new)
        for path_to_post in sorted({path, *(new for _, _, new in moves)} if moves else ()):
            self.relocate_posts(path_to_post)

    def _part_posts(self, number: int, capture_id: int, path: str) -> str:
        """Part the posts that share this number; return the path where the reading of `capture_id` at `path` is now."""
        sharing = NumberSharing(self.db, number)
        moves = sharing.find_moves()
        for moved_capture, old, new in moves:
            sharing.add_name(new)
            self._move_reading(moved_capture, old, new)
        for old in sorted({old for _, old, _ in moves}):
            sharing.forget_name(old)
            self.relocate_posts(old)
        return next((new for moved, old, new in moves if (moved, old) == (capture_id, path)), path)

    def _move_reading(self, capture_id: int, old: str, new: str) -> None:
        row = self.db.execute(_STANDING, (capture_id, old, withdrawn_posts.SEALED)).fetchone()
        if row is None:
            return
        fidelity, record, url, left = row
        reading = _place_reading(codec.load_record(record, fidelity), new, url)
        joined = self._find_brief(new) or self._find_current_path(new)
        shown = codec.digest_published_values(reading)
        self.db.execute(_PLACE, (new, joined, reading.brief.published, shown, capture_id, old))
        for sql in _PLACE_PROBLEMS:
            self.db.execute(sql, {"capture": capture_id, "old": old, "new": new})
        self.merge((left, joined))

    def relocate_posts(self, path: str) -> str:
        """Move each post to its present path, after `path` was captured; return where the post of `path` is now.

        That is where permanent redirects lead, and for `/?p=N` the permalink with that number.
        """
        if self._is_settled(path):
            return path
        partners = redirects.find_partners(self.db, path)
        for named in partners:
            self.settle_claims(named)
        leading = redirects.find_leading_paths(self.db, path) if partners else [path]
        for path_to_post in leading[:]:
            if partners or _read_number(path) is not None or self._find_brief(path) != path:
                self._relocate_post(path_to_post)
            for (wp_id,) in self.db.execute(_NUMBERS, (path_to_post,)).fetchall():
                self._relocate_post(f"/?p={wp_id}")
                leading.append(f"/?p={wp_id}")
        for path_to_post in leading if withdrawn_posts.has_withdrawals(self.db) else ():
            self.sealing.seal_if_withdrawn(path_to_post)
        return self._find_brief(path) or path

    def _is_settled(self, path: str) -> bool:
        """Whether a post is where it is read, as most are, and nothing is to be moved there or from there."""
        return _read_number(path) is None and bool(self.db.execute(_SETTLED, {"path": path}).fetchone()[0])

    def _relocate_post(self, path: str) -> None:
        old = self._find_brief(path)
        if old is None or (new := self._find_current_path(path)) == old:
            return
        self.db.execute(_ADOPT, (new, path))
        if self.db.execute(_LEFT, (old,)).fetchone() is None:
            self.briefs.move(old, new)
        self._merge_brief(old)
        self._merge_brief(new)

    def _find_brief(self, path: str) -> str | None:
        row = self.db.execute(_BRIEF_OF, (path,)).fetchone()
        return None if row is None else str(row[0])

    def _add_record(self, packed: codec.PackedReading) -> int:
        if row := self.db.execute(_RECORD, (packed.digest,)).fetchone():
            return int(row[0])
        return int(self.db.execute(_ADD_RECORD, (packed.digest, packed.record)).lastrowid or 0)

    def _find_current_path(self, path: str) -> str:
        """Where the post of `path` is now: at the end of its redirects, for `/?p=N` at the permalink with number N.

        Two hosts may use one number: a permalink of another day is another post's, and of several permalinks one with
        the same day is taken; without one the post stays where it is.
        """
        number = _read_number(path)
        if number is None:
            return redirects.find_final_path(self.db, path)
        paths = self._find_final_paths(_NUMBERED, number, path)
        if len(paths) > 1:
            paths = self._find_final_paths(_SAME_DAY, path, number) or {path}
        return min(paths, default=path)

    def _find_final_paths(self, sql: str, *values: object) -> set[str]:
        return {redirects.find_final_path(self.db, row[0]) for row in self.db.execute(sql, values).fetchall()}

    def _merge_brief(self, path: str, capture_id: int | None = None, new_readings: _Texts | None = None) -> int:
        """Write the brief again; `new_readings` holds the new reading of `capture_id`, if there is one."""
        rows, unconfirmed = set_hearsay_aside(select_rows(self.db, path))
        if not rows:
            self.briefs.drop(path)
            return 0
        brief_id = self.briefs.find_id(path)
        if brief_id is not None or unconfirmed:  # nothing was reported of a brief that is new
            self.briefs.report(path, "unconfirmed", None, unconfirmed)
        if brief_id is not None and is_repetition(rows, capture_id) and not self.briefs.is_reported_absent(path):
            self.briefs.replace_source(brief_id, rows[-2].capture_id, rows[-1].capture_id)
            return 0
        texts = new_readings or {}
        holding = hold_readings([self._rank(row, texts) for row in drop_unchanged(rows)], self.doubts.is_confirmed)
        if holding.held or any(row.is_held for row in rows):
            self.doubts.mark(path, (ranked.capture_id for ranked in holding.held))
            if not holding.counting:
                self.briefs.drop(path)
            self.briefs.report(path, "held", None, list(holding.reports))
        return int(self.briefs.write(merge_readings(path, holding.counting), brief_id)) if holding.counting else 0

    def merge_held(self) -> int:
        """Write the briefs again of which something is held, after a run was judged; return how many are new."""
        return sum(map(self._merge_brief, self.doubts.list_briefs()))

    def _rank(self, row: ReadingRow, texts: _Texts) -> RankedReading:
        known = row.capture_id, row.captured_at, row.tie, row.rest, row.shown, row.is_live, row.crawl_id, row.verdict
        return RankedReading(self._load_reading(row, texts), *known, row.is_hearsay)

    def _load_reading(self, row: ReadingRow, texts: _Texts) -> Reading:
        key = (row.record_id, row.fidelity)
        if key not in texts:
            record = self.db.execute(_TEXT, (row.record_id,)).fetchone()[0]
            texts[key] = codec.load_record(record, row.fidelity)
        return _place_reading(texts[key], *row.place)


def _read_number(path: str) -> int | None:
    match = _SHORT_LINK.match(path)
    return int(match[1]) if match and len(match[1]) <= _LONGEST else None


def _place_reading(reading: Reading, path: str, url: str | None) -> Reading:
    """The reading as one of the post of this path: its page may name another that is not its own."""
    if reading.brief.path == path:
        return reading
    from pipelines.extraction.own_address import restore_own_address  # noqa: PLC0415 - it loads all rules

    return restore_own_address(reading, path, url)
