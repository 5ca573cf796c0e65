"""What a run read in texts that no editor did to them: words lost, garbled or added in many posts at once."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pipelines.briefs import codec
from pipelines.briefs.merge import REVISED, render_value
from pipelines.extraction.version import EXTRACTOR
from pipelines.withdrawals.withdrawn_posts import SEALED
from scraper.crawl.probe import BRIEF_FIELDS, FIELDS
from scraper.records import Brief

# The pages of a run, each with what was read of it last before and counts, and whether an edit between was announced.
# A page with the bytes of a held capture is a check: it shows tonight what the archive does not count.
_PAIRS = """WITH tonight (path, record_id, shown_at, shown, is_check) AS (
        SELECT readings.path, record_id, captured_at, shown, 0 FROM readings JOIN captures ON captures.id = capture_id
        WHERE crawl_id = :crawl AND outcome = 'brief' AND source = 'live' AND readings.path = captures.path
        UNION ALL
        SELECT checks.path, record_id, checked_at, shown, 1 FROM checks JOIN captures ON captures.id = checks.capture_id
        JOIN readings ON readings.capture_id = captures.id AND readings.path = checks.path
        WHERE checked_at >= (SELECT started_at FROM crawls WHERE id = :crawl) AND crawl_id IS NOT :crawl
            AND outcome = 'brief' AND source = 'live' AND held = 1)
    SELECT tonight.path, old.record, new.record, ifnull(announced, '') > before.captured_at,
        is_check OR before.extractor <> :extractor OR tonight.shown IS (
            SELECT shown FROM captures JOIN readings ON capture_id = captures.id AND readings.path = captures.path
            WHERE captures.path = tonight.path AND outcome = 'brief' AND source = 'live' AND crawl_id IS NOT :crawl
                AND captures.captured_at < shown_at ORDER BY captures.captured_at DESC LIMIT 1),
        is_check OR (
            SELECT held FROM captures JOIN readings ON capture_id = captures.id AND readings.path = captures.path
            WHERE captures.path = tonight.path AND outcome = 'brief' AND source = 'live' AND crawl_id IS NOT :crawl
                AND captures.captured_at < shown_at ORDER BY captures.captured_at DESC LIMIT 1)
    FROM tonight JOIN captures AS before ON before.id = (
        SELECT captures.id FROM captures JOIN readings ON capture_id = captures.id AND readings.path = captures.path
        WHERE captures.path = tonight.path AND outcome = 'brief' AND source = 'live' AND held = 0 AND fidelity > 0
            AND captures.captured_at < shown_at
        ORDER BY captures.captured_at DESC LIMIT 1)
    JOIN readings AS known ON known.capture_id = before.id AND known.path = tonight.path
    JOIN records AS old ON old.id = known.record_id JOIN records AS new ON new.id = tonight.record_id
    JOIN pages ON pages.path = tonight.path WHERE :sealed NOT IN (old.digest, new.digest)"""
# The pages of a run that showed the very bytes of a capture that the archive has.
_UNCHANGED = """SELECT checks.path, record FROM checks JOIN captures ON captures.id = checks.capture_id
    JOIN readings ON readings.capture_id = captures.id AND readings.path = checks.path
    JOIN records ON records.id = record_id
    WHERE checked_at >= (SELECT started_at FROM crawls WHERE id = :crawl) AND outcome = 'brief'
        AND source = 'live' AND held = 0 AND records.digest <> :sealed"""
_GARBLED = re.compile(r"Ã[\x80-\xbf]|â\x80|â€|Â[\xa0-\xbf]")
_LOST, _OTHER = 0.1, 0.5  # of the words: with next to none in their place, or whatever is there now
_FEW = 4  # of so many known pages one may be alone with its fault
_SENTENCE = 3  # words that two posts gained alike; fewer may be chance


@dataclass(frozen=True, slots=True)
class TextChange:
    """What a page showed before and tonight."""

    path: str
    before: Brief
    after: Brief
    is_announced: bool  # REST or a feed named an edit between
    is_seen_again: bool = False  # the night before saw the same, or other rules read what counts
    was_held: bool = False  # what the page showed last before tonight is held

    @property
    def losses(self) -> Counter[str]:
        return _count_words(self.before) - _count_words(self.after)

    @property
    def additions(self) -> Counter[str]:
        return _count_words(self.after) - _count_words(self.before)

    @property
    def is_dated(self) -> bool:
        """Whether the page itself states a later change than before."""
        return bool(self.before.modified and self.after.modified and self.after.modified > self.before.modified)

    @property
    def is_revision(self) -> bool:
        """Whether a value would be published that is another than before."""
        values = ((render_value(self.before, name), render_value(self.after, name)) for name in REVISED)
        return any(new is not None and new != old for old, new in values)


@dataclass(frozen=True, slots=True)
class TextDoubt:
    """What is wrong with the texts of some pages.

    `is_lone`: they say nothing of the other posts, for they are few, or an earlier night held all of them and three
    times as many other known pages read well tonight.
    """

    words: str
    paths: frozenset[str]
    read: int
    held: frozenset[str]  # by an earlier night
    is_lone: bool

    def __str__(self) -> str:
        return f"{len(self.paths)} of {self.read} posts {self.words}: {', '.join(sorted(self.paths)[:3])}"


def read_changes(db: sqlite3.Connection, crawl_id: int) -> list[TextChange]:
    """Read the changes of the run."""
    rows = db.execute(_PAIRS, {"crawl": crawl_id, "sealed": SEALED, "extractor": EXTRACTOR}).fetchall()
    return [
        TextChange(path, codec.load_record(before, 1).brief, codec.load_record(after, 1).brief, *map(bool, known))
        for path, before, after, *known in rows
    ]


def read_unchanged(db: sqlite3.Connection, crawl_id: int) -> list[TextChange]:
    """Read what the pages show that the run found as they were."""
    rows = db.execute(_UNCHANGED, {"crawl": crawl_id, "sealed": SEALED})
    briefs = ((path, codec.load_record(record, 1).brief) for path, record in rows)
    return [TextChange(path, brief, brief, is_announced=False) for path, brief in briefs]


def apply_news(changes: Iterable[TextChange], news: Collection[str]) -> list[TextChange]:
    """The changes, of which those of these paths are announced too: by tonight's lists, whatever clock they have."""
    return [replace(change, is_announced=change.is_announced or change.path in news) for change in changes]


def find_unexplained(changes: Iterable[TextChange], stale: Collection[str]) -> Iterator[str]:
    """Find the pages that show other values than those that count, and that no edit explains.

    The pages in `stale` do not show the edit that was announced. What the last night showed already needs no edit.
    """
    for change in changes:
        is_explained = change.is_announced or change.is_dated or change.is_seen_again
        if change.is_revision and (change.path in stale or not is_explained):
            yield change.path


def count_lasting_gaps(changes: Sequence[TextChange]) -> dict[str, object]:
    """Count for each field the posts that lack it as they did before: that they lack it says nothing of the night."""
    gaps = Counter(
        name
        for change in changes
        for name in FIELDS
        if not (getattr(change.before, name) or getattr(change.after, name))
        and (name not in BRIEF_FIELDS or "brief" in (change.before.kind, change.after.kind))
    )
    return {f"coverage/{name}/lacked": number for name, number in gaps.items()}


def find_text_doubts(changes: Sequence[TextChange], read: int, share: float, unchanged: int) -> list[TextDoubt]:
    """Find what is wrong with so large a share of the `read` posts that the site must be at fault, or still is wrong.

    An edited post may lose words, and a new one has none to lose: only the others, with those that are `unchanged` to
    the byte, say whether texts are cut.
    """
    others = unchanged + sum(not change.is_announced for change in changes)
    known, held = unchanged + len(changes), {change.path for change in changes if change.was_held}
    found = (
        (
            "lost words, and no edit of them was announced",
            {c.path for c in changes if _has_lost_text(c)},
            others,
            others,
        ),
        ("have their letters garbled", {c.path for c in changes if _is_garbled(c)}, read, known),
        ("have one title, and had others", set(_find_one_title(changes)), read, known),
        ("gained the same words, and no edit was announced", set(_find_same_words(changes)), read, known),
    )
    doubts = []
    for words, paths, count, witnesses in found:
        is_lone = len(paths) < share * count or (paths <= held and _FEW * len(paths) <= witnesses)
        if paths and (paths & held or not is_lone):
            doubts.append(TextDoubt(words, frozenset(paths), count, frozenset(paths & held), is_lone))
    return doubts


def _count_words(brief: Brief) -> Counter[str]:
    return Counter((brief.body or "").split())


def _has_lost_text(change: TextChange) -> bool:
    lost, words = change.losses.total(), _count_words(change.before).total()
    if change.is_announced or not words:
        return False
    return lost >= _OTHER * words or (lost >= _LOST * words and change.additions.total() * 5 <= lost)


def _is_garbled(change: TextChange) -> bool:
    before, after = (len(_GARBLED.findall(f"{b.title} {b.body}")) for b in (change.before, change.after))
    return after > before


def _find_one_title(changes: Sequence[TextChange]) -> Iterator[str]:
    titles = Counter(change.after.title for change in changes if change.after.title)
    for change in changes:
        if titles[change.after.title or ""] > 1 and change.before.title != change.after.title:
            yield change.path


def _find_same_words(changes: Sequence[TextChange]) -> Iterator[str]:
    """An editor may add a sentence to many posts: each edit is announced then."""
    for first, second in combinations(changes[:100], 2):
        is_announced = first.is_announced and second.is_announced
        if not is_announced and len(first.additions.keys() & second.additions.keys()) >= _SENTENCE:
            yield from (first.path, second.path)
