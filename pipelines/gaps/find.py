"""All that is missing from the archive, read without its lock."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.db_errors import told
from pipelines.gaps.channels import channels, sightings
from pipelines.gaps.hints import hints
from pipelines.gaps.known_posts import Posts, known_posts
from pipelines.gaps.numbers import number_gaps
from pipelines.gaps.posts import post_gaps
from pipelines.gaps.records import KINDS, Gaps
from pipelines.gaps.waiting import lines_by_home, memento_gaps, refused_gaps, revisit_gaps
from pipelines.opening import archive_to_read

_ORDER = list(KINDS)


def find_gaps(settings: BaseSettings) -> Gaps:
    """What is missing, in the order of `KINDS`, and what each channel knows.

    Raises BadInput where no archive is or one of an older schema, ForeignDatabase, NewerSchema, DamagedArchive.
    """
    with closing(archive_to_read(Path(settings["ARCHIVE_DB"]))) as db, told(Path(settings["ARCHIVE_DB"])):
        db.execute("BEGIN")  # one moment of it, though a crawl may write meanwhile
        return _gaps(db)


def _gaps(db: sqlite3.Connection) -> Gaps:
    posts = known_posts(db)
    lines = lines_by_home(db, posts)
    refused = list(refused_gaps(db, posts))
    told_already = {gap.what for gap in refused}
    of_posts = [gap for gap in post_gaps(posts, lines) if gap.what not in told_already]
    of_numbers, notes = number_gaps(db, posts, hints(db, posts, of_posts))
    waiting = [*memento_gaps(lines, posts), *revisit_gaps(db, posts), *refused]
    seen = sightings(posts)
    ordered = sorted((*of_numbers, *of_posts, *waiting), key=lambda gap: _ORDER.index(gap.kind))
    return Gaps(tuple(ordered), channels(seen), seen, (*notes, *_left_out(posts)))


def _left_out(posts: Posts) -> list[str]:
    others = sum(post.other for post in posts)
    doubtful = sum(post.doubtful and not post.other for post in posts)
    told = (
        (others, "addresses of a post's shape that are no posts: static pages, attachments, listings"),
        (doubtful, "addresses that were only ever seen as not found, and that nobody names"),
        (len(posts.withdrawn), "pages withdrawn from readers"),
    )
    return [f"{count} {words}" for count, words in told if count]
