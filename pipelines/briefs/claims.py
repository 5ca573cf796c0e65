"""Pages that name the address of another post as theirs: which of them speak for it, and which stay apart.

Such a page speaks for the other path if it shows the post that is there: by its WordPress number or its title, or by a
redirect between the two. It does as well where nothing else shows what is there; of several such pages that disagree,
the first one decides. All captures together decide, so their order does not matter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.captures.capture_rows import add_problems
from pipelines.pages import redirects
from pipelines.withdrawals import seals
from scraper.address import split_part
from scraper.records import Brief, Problem

KIND = "claim"
# A page that stays apart is found again by its problem under the path that it names.
_VOICES = f"""SELECT capture_id, readings.path, captures.path, outcome = 'brief', wp_id, seal_title(title, :key),
        source <> 'live', ifnull(captured_at, '9'), captures.digest
    FROM readings JOIN captures ON captures.id = capture_id
    WHERE readings.path = :path OR capture_id IN (
        SELECT capture_id FROM problems WHERE path = :path AND kind = '{KIND}' AND field = 'path')"""  # noqa: S608
_IS_CLAIMED = f"""SELECT EXISTS (SELECT 1 FROM readings JOIN captures ON captures.id = capture_id
        WHERE readings.path = :path AND captures.path <> :path AND outcome = 'brief')
    OR EXISTS (SELECT 1 FROM problems WHERE path = :path AND kind = '{KIND}' AND field = 'path')"""  # noqa: S608
_FORGET = f"DELETE FROM problems WHERE capture_id = ? AND kind = '{KIND}'"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Voice:
    """One capture's reading of a post, as far as it tells whose post it is."""

    capture_id: int | None  # None for one that is still to be stored
    path: str  # where its reading stands, or would stand
    own: str  # of its page
    is_page: bool  # and no list of posts, such as a feed
    number: int | None
    title: str | None  # sealed
    rank: tuple[object, ...] = ()

    def agrees(self, other: Voice) -> bool:
        """Whether both show one post."""
        own_number = self.own.removeprefix("/?p=")
        numbers = {self.number, int(own_number) if own_number.isdecimal() and len(own_number) < 18 else None} - {None}
        return other.number in numbers or (self.title is not None and self.title == other.title)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one archive's pages."""

    db: sqlite3.Connection

    def choose_path(self, brief: Brief, own: str) -> str:
        """The path under which a page's reading is stored: the one that the page names, or its own."""
        if own == brief.path:
            return own
        title = seals.seal_title(brief.title, seals.find_key(self.db))
        voice = Voice(None, brief.path, own, True, brief.wp_id, title, (True, "9", "~"))
        return own if voice in self._find_apart(brief.path, [*self._read_voices(brief.path), voice]) else brief.path

    def find_misplaced(self, path: str) -> Iterator[tuple[int, str, str]]:
        """The captures whose reading of `path` must move: each with the path where it stands and the one to go to."""
        if not self.db.execute(_IS_CLAIMED, {"path": path}).fetchone()[0]:
            return
        voices = self._read_voices(path)
        apart = self._find_apart(path, voices)
        for voice in voices:
            assert voice.capture_id is not None
            place = voice.own if voice in apart else path
            if voice in apart:
                self.report(voice.capture_id, path, voice.own)
            elif voice.path != path:
                self.db.execute(_FORGET, (voice.capture_id,))
            if voice.path != place:
                yield voice.capture_id, voice.path, place

    def _read_voices(self, path: str) -> list[Voice]:
        rows = self.db.execute(_VOICES, {"path": path, "key": seals.find_key(self.db)}).fetchall()
        return [Voice(row[0], row[1], split_part(row[2])[0], bool(row[3]), row[4], row[5], row[6:]) for row in rows]

    def _find_apart(self, path: str, voices: Iterable[Voice]) -> set[Voice]:
        """The voices of pages that name the path and show another post than the one that is there."""
        voices = list(voices)
        accepted = [voice for voice in voices if not voice.is_page or voice.own == path]
        others = [voice for voice in voices if voice not in accepted]
        if not accepted:
            accepted = [min(others, key=lambda voice: voice.rank)]
        redirected = set(redirects.find_partners(self.db, path))
        apart = {voice for voice in others if voice not in accepted and voice.own not in redirected}
        accepted += [voice for voice in others if voice.own in redirected]
        while agreeing := {voice for voice in apart if any(map(voice.agrees, accepted))}:
            accepted += agreeing
            apart -= agreeing
        return apart

    def report(self, capture_id: int, path: str, own: str) -> None:
        """Report under both paths that a page stays apart."""
        for place, field, message in (
            (own, "url", f"The page names {path} as its address and shows another post: it keeps its own path."),
            (path, "path", f"{own} names this address as its own and shows another post: it stays apart."),
        ):
            add_problems(self.db, capture_id, place, (Problem(field, KIND, message),))
