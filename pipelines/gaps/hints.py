"""What hints at the brief that carries a missing number: addresses, links and earlier labels that name it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.extraction.wording.label import read_closing_label, read_label
from pipelines.extraction.wording.slug_label import read_slug_label
from pipelines.gaps import next_command
from pipelines.gaps.known_posts import Posts
from pipelines.gaps.records import Gap
from scraper.address import identity, permalink_date
from scraper.console.invocation import command_line

_SHOWN = 3  # addresses of one period; more of them are no hint and are only counted
_LINKS = """SELECT DISTINCT text, links.url, briefs.path FROM links JOIN briefs ON briefs.id = brief_id
    WHERE text LIKE '%#%' ORDER BY text, links.url, briefs.path"""
_OLD_LABELS = """SELECT DISTINCT old, briefs.path, seen_at FROM revisions JOIN briefs ON briefs.id = brief_id
    WHERE field = 'label' AND old IS NOT NULL ORDER BY briefs.path, seen_at"""
_BARE = """SELECT published, path, domain FROM briefs
    WHERE number IS NULL AND kind = 'brief' AND published IS NOT NULL ORDER BY published, path"""
_CARRIED = "SELECT path, domain, number FROM briefs WHERE number IS NOT NULL AND domain IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Hint:
    """Where a number is named, and how to get there."""

    text: str
    path: str
    url: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """All hints of an archive."""

    by_number: Mapping[tuple[str, int], Sequence[Hint]]  # those that name this very number
    lacking: list[tuple[str, str, str | None]]  # day in the address, path, domain: known posts without a good capture
    bare: list[tuple[str, str, str | None]]  # day, path, domain: briefs in the archive without a number

    def describe_neighbours(self, domain: str, days: Sequence[str]) -> tuple[str, ...]:
        """Describe which posts are of the period between the two days; nothing where only one day is known."""
        if len(days) < 2:
            return ()
        elsewhere = {hint.path for hints in self.by_number.values() for hint in hints}
        lacking = [path for path in self._select_days(self.lacking, domain, days) if path not in elsewhere]
        bare = [path for path in self._select_days(self.bare, domain, days) if path not in elsewhere]
        groups = (("not captured well", lacking), ("without a number", bare))
        return tuple(f"of that time and {word}: {_list_paths(paths)}" for word, paths in groups if paths)

    @staticmethod
    def _select_days(posts: list[tuple[str, str, str | None]], domain: str, days: Sequence[str]) -> list[str]:
        return [path for day, path, owner in posts if days[0] <= day <= days[-1] and owner in (None, domain)]


def _list_paths(paths: Sequence[str]) -> str:
    return ", ".join(paths) if len(paths) <= _SHOWN else f"{len(paths)} posts"


def find_hints(db: sqlite3.Connection, posts: Posts, lacking: Sequence[Gap]) -> Hints:
    """Find hints in addresses, in links of the briefs' texts, and in labels that were changed."""
    by_number: dict[tuple[str, int], list[Hint]] = defaultdict(list)
    for label, hint in (
        *_find_in_addresses(db, posts, {gap.what: gap for gap in lacking}),
        *_find_in_links(db, posts),
        *_find_in_old_labels(db, posts),
    ):
        if all(hint.path != other.path for other in by_number[label]):
            by_number[label].append(hint)
    days = [(permalink_date(gap.what), gap.what, gap.domain) for gap in lacking]
    bare = [row for row in db.execute(_BARE) if row[1] not in posts.withdrawn]
    return Hints(by_number, sorted((day, path, domain) for day, path, domain in days if day), bare)


def _find_in_addresses(
    db: sqlite3.Connection, posts: Posts, lacking: dict[str, Gap]
) -> Iterator[tuple[tuple[str, int], Hint]]:
    labels = {path: (domain, number) for path, domain, number in db.execute(_CARRIED)}
    for path, home in sorted(posts.homes.items()):
        label = read_slug_label(path)
        if label is None or path in posts.withdrawn or labels.get(home) == label:
            continue
        gap = lacking.get(home)
        state = "not captured well" if gap else "in the archive as " + " ".join(map(str, labels.get(home, ("a post",))))
        command = gap.next if gap else command_line("explain", home)
        yield label, Hint(f"its address may be {path} ({state})", path, gap.url if gap else None, command)


def _find_in_links(db: sqlite3.Connection, posts: Posts) -> Iterator[tuple[tuple[str, int], Hint]]:
    for text, url, linking_path in db.execute(_LINKS):
        closing = read_closing_label(text)
        label = closing[1] if closing else read_label(text)
        if label is None or label.number is None or label.domain is None or linking_path in posts.withdrawn:
            continue
        path = identity(url)
        if path not in posts.withdrawn:
            clue = f"{linking_path} links to it: {url}"
            yield (label.domain, label.number), Hint(clue, path, url, next_command.suggest_wayback(path))


def _find_in_old_labels(db: sqlite3.Connection, posts: Posts) -> Iterator[tuple[tuple[str, int], Hint]]:
    for old, path, seen_at in db.execute(_OLD_LABELS):
        label = read_label(old)
        if label and label.number is not None and label.domain and path not in posts.withdrawn:
            text = f"{path} was labelled {label.text} until {seen_at or 'an unknown time'}"
            yield (label.domain, label.number), Hint(text, path, None, command_line("explain", path))
