"""What each way of learning of posts knows that the others do not; the archive itself is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.gaps.known_posts import Post
from pipelines.gaps.records import Channel, Sighting

ARCHIVE = "archive"
# In the order of how much of the site each should know.
_ORDER = ("sitemap", "rest", "feed", "listing", "link", "wayback", "commoncrawl")


def sightings(posts: Iterable[Post]) -> tuple[Sighting, ...]:
    """Each post with the channels that name it, by path; what is no post, or may never have been one, is left out."""
    real = (post for post in posts if not post.other and not post.doubtful)
    told = (Sighting(post.home, post.url, post.fidelity is not None, _sorted(post.channels)) for post in real)
    return tuple(sorted(told, key=lambda one: one.path))


def channels(seen: Sequence[Sighting]) -> tuple[Channel, ...]:
    """A row a channel that knows any post, and one for the archive."""
    knowing = {name: {one.path for one in seen if name in one.channels} for name in _named(seen)}
    archived = {one.path for one in seen if one.archived}
    everyone = {**knowing, ARCHIVE: archived}
    return tuple(_channel(name, everyone, archived) for name in everyone)


def _channel(name: str, everyone: dict[str, set[str]], archived: set[str]) -> Channel:
    own = everyone[name]
    others = (paths for other, paths in everyone.items() if other not in (name, ARCHIVE))
    unknown = {other: len(own - paths) for other, paths in everyone.items()}
    return Channel(name, len(own), len(own & archived), len(own.difference(*others)), unknown)


def _named(seen: Iterable[Sighting]) -> tuple[str, ...]:
    return _sorted({name for one in seen for name in one.channels})


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)))
