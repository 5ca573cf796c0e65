"""What a run read in texts that no editor did to them: words lost, garbled or added in many posts at once."""

from __future__ import annotations

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
from scraper.markup.charset import find_garbled_words
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
    SELECT tonight.path, old.record, new.record,
        max(ifnull(announced, ''), ifnull(strftime('%Y-%m-%dT%H:%M:%SZ', lastmod), '')) > before.captured_at,
        before.extractor <> :extractor,
        is_check OR tonight.shown IS (
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
_LOST, _OTHER = 0.1, 0.5  # of the words: with next to none in their place, or whatever is there now
_FEW = 4  # of so many known pages one may be alone with its fault
_SENTENCE = 3  # words that two posts gained alike; fewer may be chance


@dataclass(frozen=True, slots=True)
class TextChange:
    """What a page showed before and tonight."""

    path: str
    before: Brief
    after: Brief
    is_announced: bool  # REST, a feed or a sitemap named an edit between
    has_other_rules: bool = False  # what counts was read by other rules than tonight's
    is_seen_again: bool = False  # the night before saw the same
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
    def is_known_empty(self) -> bool:
        """Whether the page has no text any more, and that counts already."""
        return not self.after.body and self.is_seen_again and not self.was_held

    @property
    def is_revision(self) -> bool:
        """Whether the page shows another value than before, or one less."""
        return any(render_value(self.before, name) != render_value(self.after, name) for name in REVISED)


@dataclass(frozen=True, slots=True)
class TextDoubt:
    """What is wrong with the texts of some pages.

    `is_lone`: they say nothing of the other posts, for they are few, or an earlier night held all of them and three
    times as many other known pages read well tonight. Where some were held, at most one of them is newer than those.
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


def apply_news(changes: Iterable[TextChange], news: Collection[str], stale: Collection[str]) -> list[TextChange]:
    """The changes; those in `news` are announced too, by tonight's lists, whatever clock these have.

    Those in `stale` are not: the page does not show the edit that was announced.
    """
    return [
        replace(change, is_announced=(change.is_announced or change.path in news) and change.path not in stale)
        for change in changes
    ]


def find_unexplained(changes: Iterable[TextChange], stale: Collection[str]) -> Iterator[str]:
    """Find the pages that show other values than those that count, and that no edit explains.

    The pages in `stale` do not show the edit that was announced. What the last night showed already needs no edit.
    """
    for change in changes:
        is_explained = change.is_announced or change.is_dated or change.has_other_rules or change.is_seen_again
        if change.is_revision and (change.path in stale or not is_explained):
            yield change.path


def count_lasting_gaps(changes: Sequence[TextChange], alone: Collection[str] = ()) -> dict[str, object]:
    """Count for each field the posts that lack it as they did before: that they lack it says nothing of the night.

    Nor does it of those in `alone`, whose fault earlier nights saw.
    """
    gaps = Counter(
        name
        for change in changes
        for name in FIELDS
        if not getattr(change.after, name)
        and (change.is_known_empty or change.path in alone or not getattr(change.before, name))
        and (name not in BRIEF_FIELDS or "brief" in (change.before.kind, change.after.kind))
    )
    return {f"coverage/{name}/lacked": number for name, number in gaps.items()}


def find_short_texts(changes: Iterable[TextChange], least: int) -> Iterator[str]:
    """Find the posts whose text had fewer than `least` characters before: that it is short is nothing of this night."""
    return (change.path for change in changes if len(change.before.body or "") < least)


def find_text_doubts(
    changes: Sequence[TextChange], unchanged: Sequence[TextChange], read: int, share: float
) -> list[TextDoubt]:
    """Find what is wrong with so large a share of the `read` posts that the site must be at fault, or still is wrong.

    An edited post may lose words, and a new one has none to lose: only the others, with those that are `unchanged` to
    the byte, say whether texts are cut.
    """
    known = [*changes, *unchanged]
    others = [change for change in known if not change.is_announced]
    found = (
        ("lost words, and no edit of them was announced", filter(_has_lost_text, changes), others, len(others)),
        ("have their letters garbled", filter(_is_garbled, changes), known, read),
        ("have one title, and had others", _find_one_title(changes), known, read),
        ("gained the same words, and no edit was announced", _find_same_words(changes), known, read),
    )
    doubts = []
    for words, bad, witnesses, count in found:
        paths = frozenset(change.path for change in bad)
        held = frozenset(change.path for change in changes if change.was_held and change.path in paths)
        is_few = len(paths) < share * count or (paths == held and _FEW * len(paths) <= len(witnesses))
        is_lone = is_few and not (held and _are_newest(paths, witnesses))
        if paths and (held or not is_lone):
            doubts.append(TextDoubt(words, paths, count, held, is_lone))
    return doubts


def _are_newest(paths: Collection[str], witnesses: Iterable[TextChange]) -> bool:
    """Whether several of these are newer than all posts that read well: what the site does to new posts goes on."""
    days = {change.path: change.before.published or "" for change in witnesses}
    newest = max((day for path, day in days.items() if path not in paths), default="")
    return sum(days[path] >= newest for path in paths if path in days) > 1


def _count_words(brief: Brief) -> Counter[str]:
    return Counter((brief.body or "").split())


def _has_lost_text(change: TextChange) -> bool:
    lost, words = change.losses.total(), _count_words(change.before).total()
    if change.is_announced or change.is_known_empty or not words:
        return False
    return lost >= _OTHER * words or (lost >= _LOST * words and change.additions.total() * 5 <= lost)


def _is_garbled(change: TextChange) -> bool:
    before, after = (len(find_garbled_words(f"{b.title} {b.body}")) for b in (change.before, change.after))
    return after > before


def _find_one_title(changes: Sequence[TextChange]) -> Iterator[TextChange]:
    titles = Counter(change.after.title for change in changes if change.after.title)
    for change in changes:
        if titles[change.after.title or ""] > 1 and change.before.title != change.after.title:
            yield change


def _find_same_words(changes: Sequence[TextChange]) -> Iterator[TextChange]:
    """An editor may add a sentence to many posts: each edit is announced then."""
    for first, second in combinations(changes[:100], 2):
        is_announced = first.is_announced and second.is_announced
        if not is_announced and len(first.additions.keys() & second.additions.keys()) >= _SENTENCE:
            yield from (first, second)
