"""What each channel (sitemap, feed, web archive …) knows that the others do not; the archive itself is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.gaps.known_posts import Post
from pipelines.gaps.records import Channel, Sighting

ARCHIVE = "archive"
# The channel that should know most of the site comes first.
_ORDER = ("sitemap", "rest", "feed", "listing", "link", "wayback", "commoncrawl")


def list_sightings(posts: Iterable[Post]) -> tuple[Sighting, ...]:
    """List each post with the channels that name it, by path; addresses that may never have been posts are left out."""
    posts_known = (post for post in posts if not post.is_no_post and not post.is_doubtful)
    sightings = (
        Sighting(post.home, post.url, post.fidelity is not None, _sort_channels(post.channels)) for post in posts_known
    )
    return tuple(sorted(sightings, key=lambda sighting: sighting.path))


def count_channels(sightings: Sequence[Sighting]) -> tuple[Channel, ...]:
    """Count the posts of each channel that knows any, and of the archive."""
    names = _sort_channels({name for sighting in sightings for name in sighting.channels})
    by_channel = {name: {sighting.path for sighting in sightings if name in sighting.channels} for name in names}
    archived = {sighting.path for sighting in sightings if sighting.archived}
    paths = {**by_channel, ARCHIVE: archived}
    return tuple(_count_channel(name, paths, archived) for name in paths)


def _count_channel(name: str, paths: dict[str, set[str]], archived: set[str]) -> Channel:
    own = paths[name]
    others = (theirs for other, theirs in paths.items() if other not in (name, ARCHIVE))
    unknown = {other: len(own - theirs) for other, theirs in paths.items()}
    return Channel(name, len(own), len(own & archived), len(own.difference(*others)), unknown)


def _sort_channels(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)))
