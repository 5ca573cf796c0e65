"""Everything that is missing from the archive, read without its lock."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.database.opening import read_current_archive
from pipelines.gaps.channel_counts import count_channels, list_sightings
from pipelines.gaps.hints import find_hints
from pipelines.gaps.known_posts import Posts, read_posts
from pipelines.gaps.number_gaps import find_number_gaps
from pipelines.gaps.post_gaps import find_post_gaps
from pipelines.gaps.records import KINDS, Gaps
from pipelines.gaps.waiting_gaps import find_memento_gaps, find_refused_gaps, find_revisit_gaps, read_mementos

_ORDER = list(KINDS)


def collect_gaps(settings: BaseSettings) -> Gaps:
    """Collect what is missing, in the order of `KINDS`, and what each channel knows.

    Raises BadInput where there is no archive or one of an older schema, ForeignDatabase, NewerSchema, DamagedArchive.
    """
    with read_current_archive(Path(settings["ARCHIVE_DB"])) as db:
        db.execute("BEGIN")  # one state of the archive, though a crawl may be writing
        return _read_gaps(db)


def _read_gaps(db: sqlite3.Connection) -> Gaps:
    posts = read_posts(db)
    mementos = read_mementos(db, posts)
    refused = list(find_refused_gaps(db, posts))
    refused_paths = {gap.what for gap in refused}
    of_posts = [gap for gap in find_post_gaps(posts, mementos) if gap.what not in refused_paths]
    of_numbers, notes = find_number_gaps(db, posts, find_hints(db, posts, of_posts))
    waiting = [*find_memento_gaps(mementos, posts), *find_revisit_gaps(db, posts), *refused]
    sightings = list_sightings(posts)
    gaps = sorted((*of_numbers, *of_posts, *waiting), key=lambda gap: _ORDER.index(gap.kind))
    return Gaps(tuple(gaps), count_channels(sightings), sightings, (*notes, *_describe_left_out(posts)))


def _describe_left_out(posts: Posts) -> list[str]:
    others = sum(post.is_no_post for post in posts)
    doubtful = sum(post.is_doubtful and not post.is_no_post for post in posts)
    counts = (
        (others, "addresses of a post's shape that are no posts: static pages, attachments, listings"),
        (doubtful, "addresses that were only ever seen as not found, and that nobody names"),
        (len(posts.withdrawn), "pages withdrawn from readers"),
    )
    return [f"{count} {words}" for count, words in counts if count]
